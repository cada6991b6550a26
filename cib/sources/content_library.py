"""Meta's Content Library: posts of Facebook, Instagram and Threads, as CSV with dotted columns or as JSON."""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, given


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    kind = pc.utf8_lower(_kind(cells))
    instagram = given(pc.match_substring_regex(kind, r"instagram|^ig_|\big\b"), "instagram")
    threads = given(pc.match_substring(kind, "threads"), "threads")
    surface, place = cells.text("surface.id", "surface.username"), cells.text("surface.type")
    return cells.put(
        platform=pc.coalesce(instagram, threads),
        links=addresses(cells.text("text"), cells.text("link_attachment.link")),
        place=given(pc.match_substring_regex(pc.utf8_lower(place), "group|event"), surface),
    )


def _kind(cells: Cells) -> pa.Array:
    """What tells the platform: the kind of owner, else the address in the library, else the kind of content."""
    return cells.text("post_owner.type", "mcl_url", "content_type")


FORMAT = Format(
    name="meta_content_library",
    says="Meta Content Library: Facebook, Instagram and Threads posts, CSV or JSON",
    platform="facebook",
    marks=(
        frozenset(("post_owner.id", "creation_time")),
        frozenset(("post_owner.username", "creation_time")),
        frozenset(("mcl_url", "creation_time")),
    ),
    columns={
        "platform": ("platform",),
        "post_id": ("id",),
        "account_id": ("post_owner.id", "post_owner.username", "owner.id"),
        "created_at": ("creation_time",),
        "text": ("text",),
        "lang": ("lang",),
        "container": ("place",),
        "retweet_of": ("shared_post_id",),
        "urls": ("links",),
        "hashtags": ("hashtags",),
        "like_count": ("statistics.like_count", "statistics.reaction_count"),
        "retweet_count": ("statistics.share_count",),
        "reply_count": ("statistics.comment_count",),
        "view_count": ("statistics.views", "statistics.view_count"),
        "permalink": ("mcl_url",),
        "edited_at": ("modified_time",),
        "handle": ("post_owner.username",),
        "display_name": ("post_owner.name",),
    },
    made=("platform", "links", "place"),
    prepare=_made,
    zone="UTC",
    json=True,
    lists=("data",),
    reads=("post_owner.type", "content_type", "surface.id", "surface.username", "surface.type", "link_attachment.link"),
    lacks="whom a post answers; shares that add words count as retweets too",
)
