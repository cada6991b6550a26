"""Tables prepared for CooRTweet: one row per (content, object). Rows of one content_id are one post with several objects."""

from cib.sources.layouts import Format

FORMAT = Format(
    name="coortweet",
    says="object_id, account_id, content_id, timestamp_share; the objects go to extra.object",
    marks=(frozenset(("object_id", "account_id", "content_id", "timestamp_share")),),
    columns={
        "post_id": ("content_id",),
        "account_id": ("account_id",),
        "created_at": ("timestamp_share",),
        "extra.object": ("object_id",),
    },
)
