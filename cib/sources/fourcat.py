"""4CAT's CSV. Its columns differ by data source; ids of Telegram messages come with their chat already."""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells, given

BASE = {
    "post_id": ("id",),
    "account_id": ("author_id", "author"),
    "created_at": ("unix_timestamp", "timestamp_utc", "timestamp"),
    "text": ("body",),
    "lang": ("language_guess", "language"),
    "urls": ("urls",),
    "hashtags": ("hashtags",),
    "mentions": ("mentions",),
    "like_count": ("like_count", "likes"),
    "retweet_count": ("retweet_count", "shares", "forwards"),
    "reply_count": ("reply_count", "comments"),
    "view_count": ("impression_count", "views"),
    "permalink": ("link", "post_url", "url"),
    "handle": ("author", "author_username"),
    "display_name": ("author_fullname", "author_name"),
    "followers": ("author_followers",),
    "verified": ("author_verified",),
    "account_created_at": ("author_created_at",),
}
X = Format(
    name="fourcat_x",
    says="4CAT CSV: X/Twitter",
    platform="twitter",
    marks=(frozenset(("id", "author", "body", "timestamp", "is_retweet", "is_quote_tweet")),),
    columns=BASE
    | {
        "is_retweet": ("is_retweet",),
        "retweet_of_account": ("retweeted_user",),
        "reply_to_account": ("replied_author", "replied_user"),
        "quote_of": ("quote_tweet_id",),
        "quote_of_account": ("quoted_user", "quote_author"),
        "client": ("source",),
    },
    zone="UTC",
    lacks="ids of retweeted posts (equal texts count as one)",
)


def _telegram(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    chat, answered = cells.text("chat"), cells.text("reply_to")
    forwarded = cells.text("author_forwarded_from_id", "author_forwarded_from_username")
    return cells.put(
        answered=pc.if_else(pc.match_substring(answered, "-"), answered, pc.binary_join_element_wise(chat, answered, "-")),
        forwarded=forwarded.is_valid(),
        source=given(forwarded.is_valid(), forwarded),
    )


TELEGRAM = Format(
    name="fourcat_telegram",
    says="4CAT CSV: Telegram",
    platform="telegram",
    marks=(frozenset(("id", "chat", "author", "body", "timestamp")),),
    columns=BASE
    | {
        "container": ("chat",),
        "account_id": ("author_id", "author", "author_username"),
        "is_retweet": ("forwarded",),
        "retweet_of_account": ("source",),
        "reply_to": ("answered",),
        "handle": ("author_username", "author"),
    },
    made=("answered", "forwarded", "source"),
    prepare=_telegram,
    lacks="which message a forward passes on; without unix_timestamp its times are in the zone of 4CAT's server",
)
BLUESKY = Format(
    name="fourcat_bluesky",
    says="4CAT CSV: Bluesky",
    platform="bluesky",
    marks=(frozenset(("id", "author", "body", "timestamp", "replied_to_post", "quoted_post")),),
    columns=BASE | {"reply_to": ("replied_to_post",), "quote_of": ("quoted_post",), "reply_to_account": ("replied_to_user",)},
    zone="UTC",
    lacks="reposts",
)
TIKTOK = Format(
    name="fourcat_tiktok",
    says="4CAT CSV: TikTok",
    platform="tiktok",
    marks=(
        frozenset(("id", "author", "body", "timestamp", "music_id")),
        frozenset(("id", "author", "body", "timestamp", "music_name")),
    ),
    columns=BASE | {"post_id": ("id",), "permalink": ("tiktok_url",)},
    zone="UTC",
    lacks="duets and stitches; sounds are in extra.music_id",
)
OTHER = Format(
    name="fourcat",
    says="4CAT CSV: other sources",
    marks=(frozenset(("id", "thread_id", "author", "body", "timestamp")),),
    columns=BASE | {"container": ("thread_id",)},
    lacks="the platform: the file does not name it",
)
