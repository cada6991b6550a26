"""Open Measures (before: SMAT): hits of its search as JSON, and its CSV, for Bluesky and for Truth Social and Gab."""

import json

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.bluesky import OWNER, RECORD_COLUMNS, RECORD_MADE, below, record
from cib.sources.cells import derived
from cib.sources.layouts import Format
from cib.sources.making import Cells, given, joined, part, plain

STRINGS = pa.list_(pa.string())


def _hit(path: str) -> tuple[str, str]:
    """A value in a hit, and in the CSV."""
    return f"_source.{path}", path


def _bluesky(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    author, rkey = cells.text(*_hit("author")), cells.text(*_hit("rkey_str"))
    parent = cells.text(*_hit("reply.parent.uri"))
    uri = joined("at://", author, "/app.bsky.feed.post/", rkey)
    made = record(cells, "_source")
    made["links"] = lists.union([made["links"], lists.single(cells.text("embed.external.uri"))])
    return cells.put(
        key=pc.coalesce(uri, cells.text("_id")),
        parent_account=part(parent, OWNER),
        address=joined("https://bsky.app/profile/", author, "/post/", rkey),
        **made,
    )


BLUESKY = Format(
    name="openmeasures_bluesky",
    says="Open Measures: Bluesky posts, hits or CSV",
    platform="bluesky",
    marks=(
        frozenset(("_id", "_source.author", "_source.createdAt")),
        frozenset(("_id", "author", "createdAt", "authorProfile.did")),
    ),
    columns={
        "post_id": ("key",),
        "account_id": _hit("author"),
        "created_at": _hit("createdAt"),
        "text": _hit("text"),
        "reply_to": _hit("reply.parent.uri"),
        "reply_to_account": ("parent_account",),
        **RECORD_COLUMNS,
        "permalink": ("address",),
        "handle": _hit("authorProfile.handle"),
        "display_name": _hit("authorProfile.display_name"),
        "collected_at": _hit("openmeasures_meta.last_scraped_ts"),
    },
    made=("key", "parent_account", "address", *RECORD_MADE),
    prepare=_bluesky,
    zone="UTC",
    json=True,
    lists=("hits.hits",),
    reads=("_id", *_hit("rkey_str"), "embed.external.uri", *below("_source")),
    fallback=frozenset(("urls", "hashtags")),
    copies=("_source.facets", "sort", "_score"),
    lacks="reposts; in CSV also record keys, so posts keep the id of their content",
)


def _accounts(written: str) -> list[str]:
    """Ids of accounts in a list of objects, as JSON or as Python writes it."""
    try:
        found = json.loads(written if '"' in written else written.replace("'", '"'))
    except (ValueError, RecursionError):
        return []
    named = (
        (entry.get("id") or entry.get("username") for entry in found if isinstance(entry, dict))
        if isinstance(found, list)
        else ()
    )
    return [name for name in named if isinstance(name, str)]


def _statuses(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    kind = cells.text("_index", "_id")
    return cells.put(
        words=plain(cells.text(*_hit("content_cleaned"), *_hit("content"))),
        names=derived(cells.text("_source.mentions", "mentions"), _accounts, STRINGS),
        surface=pc.coalesce(given(pc.starts_with(kind, "gab"), "gab"), given(pc.starts_with(kind, "mastodon"), "mastodon")),
    )


STATUSES = Format(
    name="openmeasures_statuses",
    says="Open Measures: Truth Social and Gab statuses, hits or CSV",
    platform="truth_social",
    marks=(
        frozenset(("_id", "_source.account.id", "_source.created_at")),
        frozenset(("_id", "account.id", "created_at", "content_cleaned")),
        frozenset(("_id", "account.id", "created_at", "content")),
    ),
    columns={
        "platform": ("surface",),
        "post_id": ("_source.id", "_id"),
        "account_id": _hit("account.id"),
        "created_at": _hit("created_at"),
        "text": ("words",),
        "lang": _hit("language"),
        "retweet_of": _hit("reblog.id"),
        "retweet_of_account": _hit("reblog.account.id"),
        "reply_to": _hit("in_reply_to_id"),
        "reply_to_account": _hit("in_reply_to_account_id"),
        "quote_of": _hit("quote_id"),
        "mentions": ("names",),
        "like_count": _hit("favourites_count"),
        "retweet_count": _hit("reblogs_count"),
        "reply_count": _hit("replies_count"),
        "permalink": _hit("url"),
        "handle": _hit("account.username"),
        "display_name": _hit("account.display_name"),
        "followers": _hit("account.followers_count"),
        "account_created_at": _hit("account.created_at"),
    },
    made=("words", "names", "surface"),
    prepare=_statuses,
    zone="UTC",
    json=True,
    lists=("hits.hits",),
    reads=("_index", *_hit("content_cleaned"), *_hit("content"), *_hit("mentions")),
    profile=("_source.account", "account"),
    copies=("_source.reblog", "sort", "_score"),
    lacks="accounts of reposted statuses",
)
