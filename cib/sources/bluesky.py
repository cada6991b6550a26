"""Bluesky: the jetstream's events, and posts as the API shows them (getPosts, searchPosts, feeds, threads).

Times: a client may claim any createdAt. The jetstream's own clock (time_us) is used; of API posts the earlier of createdAt and
indexedAt. Facets carry address, tag and account themselves, so their byte offsets are not needed.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.cells import derived
from cib.sources.layouts import Format
from cib.sources.making import Cells, given, joined, part

POST, REPOST, PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"
_ALPHABET = {letter: place for place, letter in enumerate("234567abcdefghijklmnopqrstuvwxyz")}
OWNER = r"^at://(?P<x>did:[^/]+)/"
# What a post's record holds, below the place where the record stands.
RECORD = (
    "facets[].features[].uri", "facets[].features[].tag", "facets[].features[].did", "tags[]", "langs[]",
    "embed.external.uri", "embed.media.external.uri", "embed.record.uri", "embed.record.record.uri",
    "embed.images[].image.ref.$link", "embed.media.images[].image.ref.$link", "embed.video.ref.$link",
)  # fmt: skip


def below(place: str) -> tuple[str, ...]:
    return tuple(f"{place}.{path}" for path in RECORD)


def record(cells: Cells, place: str) -> dict[str, pa.Array]:
    """What every kind of Bluesky export says in the record of a post."""

    def features(name: str) -> pa.Array:
        return lists.flat(cells.raw(f"{place}.facets[].features[].{name}", pa.list_(pa.list_(pa.string()))))

    def one(path: str) -> pa.Array:
        return lists.single(cells.text(f"{place}.{path}"))

    quoted = cells.text(f"{place}.embed.record.uri", f"{place}.embed.record.record.uri")
    quoted = given(pc.match_substring(quoted, f"/{POST}/"), quoted)
    pictures = [cells.lists(f"{place}.{path}images[].image.ref.$link") for path in ("embed.", "embed.media.")]
    return {
        "links": lists.union([features("uri"), one("embed.external.uri"), one("embed.media.external.uri")]),
        "tags": lists.union([features("tag"), cells.lists(f"{place}.tags[]")]),
        "names": features("did"),
        "pictures": lists.union([*pictures, one("embed.video.ref.$link")]),
        "tongue": lists.first(cells.lists(f"{place}.langs[]")),
        "quoted": quoted,
        "quoted_account": part(quoted, OWNER),
    }


def written_at(rkey: str) -> str | None:
    """Return the microseconds since 1970 that a record key of 13 letters counts; None where it is no such key.

    >>> written_at("3mmoojp4cd223")
    '1779719008756000'
    """
    if len(rkey) != 13 or not all(letter in _ALPHABET for letter in rkey):
        return None
    number = 0
    for letter in rkey:
        number = number * 32 + _ALPHABET[letter]
    return str((number & (2**63 - 1)) >> 10)


def _event(table: pa.Table) -> pa.Table:
    """Posts made, edited and deleted, reposts, profiles. All else (likes, follows, blocks) is kept apart by name."""
    cells = Cells(table)
    kind, collection, operation = cells.text("kind"), cells.text("commit.collection"), cells.text("commit.operation")
    rkey, clock = cells.text("commit.rkey"), cells.text("time_us")
    gone, edit = pc.equal(operation, "delete"), pc.equal(operation, "update")
    post, repost = pc.equal(collection, POST).fill_null(False), pc.equal(collection, REPOST).fill_null(False)
    subject, parent = cells.text("commit.record.subject.uri"), cells.text("commit.record.reply.parent.uri")
    profile = pc.and_(pc.equal(collection, PROFILE), pc.invert(gone)).fill_null(False)
    named = pc.and_(pc.equal(kind, "identity"), cells.text("identity.handle").is_valid()).fill_null(False)
    wanted = pc.or_(pc.or_(post, pc.and_(repost, pc.invert(gone).fill_null(False))), pc.or_(profile, named))
    # A deletion says when it happened, not when the post was made: that is in the post's key.
    made_at = pc.if_else(gone, derived(given(pc.and_(gone, post), rkey), written_at, pa.string()), None).cast(pa.string())
    passed_on = given(repost, subject)
    what = pc.coalesce(joined(operation, " of ", collection), kind, pa.scalar("an event of no kind"))
    return cells.put(
        key=given(collection.is_valid(), joined("at://", cells.text("did"), "/", collection, "/", rkey)),
        moment=pc.coalesce(made_at, clock),
        edited=given(pc.and_(edit, post), clock),
        gone=given(pc.and_(gone, post), "true"),
        passed_on=passed_on,
        passed_on_account=part(passed_on, OWNER),
        answered_account=part(parent, OWNER),
        address=given(post, joined("https://bsky.app/profile/", cells.text("did"), "/post/", rkey)),
        apart=pc.or_(profile, named),
        other=given(pc.invert(wanted), joined("kind: ", what)),
        **record(cells, "commit.record"),
    )


RECORD_COLUMNS = {
    "lang": ("tongue",),
    "quote_of": ("quoted",),
    "quote_of_account": ("quoted_account",),
    "urls": ("links",),
    "hashtags": ("tags",),
    "mentions": ("names",),
    "media": ("pictures",),
}
RECORD_MADE = ("tongue", "quoted", "quoted_account", "links", "tags", "names", "pictures")
JETSTREAM = Format(
    name="bluesky_jetstream",
    says="Bluesky jetstream events, one per line",
    platform="bluesky",
    marks=(frozenset(("did", "time_us", "kind")),),
    columns={
        "post_id": ("key",),
        "account_id": ("did",),
        "created_at": ("moment",),
        "text": ("commit.record.text",),
        "retweet_of": ("passed_on",),
        "retweet_of_account": ("passed_on_account",),
        "reply_to": ("commit.record.reply.parent.uri",),
        "reply_to_account": ("answered_account",),
        **RECORD_COLUMNS,
        "permalink": ("address",),
        "edited_at": ("edited",),
        "deleted": ("gone",),
        "other": ("other",),
        "is_account": ("apart",),
        "handle": ("identity.handle",),
        "display_name": ("commit.record.displayName",),
        "description": ("commit.record.description",),
        "profile_image": ("commit.record.avatar.ref.$link",),
    },
    made=(
        *("key", "moment", "edited", "gone", "passed_on", "passed_on_account", "answered_account", "address", "apart", "other"),
        *RECORD_MADE,
    ),
    prepare=_event,
    json=True,
    reads=(
        "kind",
        "time_us",
        "commit.collection",
        "commit.operation",
        "commit.rkey",
        "commit.record.subject.uri",
        *below("commit.record"),
    ),
    fallback=frozenset(("urls", "hashtags")),
    copies=("commit.record.facets", "commit.record.embed"),
    lacks="likes and follows (kept apart, counted), follower counts; profiles only where they change",
)


def _shown(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    uri, claimed, indexed = cells.text("uri"), cells.text("record.createdAt"), cells.text("indexedAt")
    parent = cells.text("record.reply.parent.uri")
    return cells.put(
        moment=pc.if_else(pc.less(indexed, claimed).fill_null(False), indexed, pc.coalesce(claimed, indexed)),
        answered_account=part(parent, OWNER),
        address=joined("https://bsky.app/profile/", cells.text("author.did"), "/post/", part(uri, r"/(?P<x>[^/]+)$")),
        **record(cells, "record"),
    )


POSTS = Format(
    name="bluesky_posts",
    says="Bluesky API posts: getPosts, searchPosts",
    platform="bluesky",
    marks=(frozenset(("uri", "author.did", "record.createdAt")), frozenset(("uri", "author.did", "record.text"))),
    columns={
        "post_id": ("uri",),
        "account_id": ("author.did",),
        "created_at": ("moment",),
        "text": ("record.text",),
        "reply_to": ("record.reply.parent.uri",),
        "reply_to_account": ("answered_account",),
        **RECORD_COLUMNS,
        "like_count": ("likeCount",),
        "retweet_count": ("repostCount",),
        "reply_count": ("replyCount",),
        "permalink": ("address",),
        "handle": ("author.handle",),
        "display_name": ("author.displayName",),
        "account_created_at": ("author.createdAt",),
        "description": ("author.description",),
        "followers": ("author.followersCount",),
        "following": ("author.followsCount",),
        "posts": ("author.postsCount",),
        "profile_image": ("author.avatar",),
    },
    made=("moment", "answered_account", "address", *RECORD_MADE),
    prepare=_shown,
    json=True,
    lists=("posts",),
    reads=("record.createdAt", "indexedAt", *below("record")),
    fallback=frozenset(("urls", "hashtags")),
    profile=("author",),
    copies=("record.facets", "record.embed", "embed"),
    lacks="who reposted",
)
