"""Twitter API 2: raw pages with includes, streams, twarc2 flattened, bare lists; and pages of accounts.

In a flattened post, author and referenced posts stand inside it. Pages are brought to that shape (`flattened`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.layouts import Format
from cib.sources.making import Cells, given, joined

Records = Iterator[tuple[str, dict[str, Any]]]
REFERRED = "referenced_tweets[]."
URLS = "entities.urls[].unwound_url|expanded_url|url"
HASHTAGS = "entities.hashtags[].tag"
MENTIONS = "entities.mentions[].id|username"
READS = tuple(
    REFERRED + path
    for path in ("type", "id", "author_id", "text", "note_tweet.text", URLS, HASHTAGS, MENTIONS, "attachments.media_keys[]")
)


def flattened(document: dict[str, Any]) -> Records:
    """Return the posts or accounts of one page or stream event, with what `includes` knows put inside each, and its errors.

    A page without data may stand for no result; one that holds neither data, errors nor meta is refused.
    """
    includes = document.get("includes")
    known = {kind: _by_id(includes, kind) for kind in ("users", "tweets")}
    data = document.get("data")
    found = data if isinstance(data, list) else [] if data is None else [data]
    for post in found:
        if isinstance(post, dict):
            yield "", _filled(post, known) | {"__twarc": document.get("__twarc")}
        else:
            yield "not a JSON object", {"data": post}
    errors = document.get("errors")
    for error in errors if isinstance(errors, list) else []:
        said = error.get("title") if isinstance(error, dict) else None
        yield f"the platform reports: {said if isinstance(said, str) else 'an error'}"[:200], {"error": error}
    if not found and not errors and "meta" not in document:
        yield "a page without data", document


def _by_id(includes: Any, kind: str) -> dict[str, dict[str, Any]]:
    rows = includes.get(kind) if isinstance(includes, dict) else None
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {row["id"]: row for row in rows if isinstance(row.get("id"), str)}


def _filled(post: dict[str, Any], known: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """One post, its author and the posts it refers to in it."""
    author, references = post.get("author_id"), post.get("referenced_tweets")
    out = post | ({"author": known["users"][author]} if isinstance(author, str) and author in known["users"] else {})
    if isinstance(references, list):
        out["referenced_tweets"] = [_referred(reference, known["tweets"]) for reference in references]
    return out


def _referred(reference: Any, posts: dict[str, dict[str, Any]]) -> Any:
    key = reference.get("id") if isinstance(reference, dict) else None
    return posts.get(key, {}) | reference if isinstance(key, str) else reference


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    kinds = cells.lists(REFERRED + "type")

    def of(kind: str, path: str) -> pa.Array:
        return lists.pick(kinds, cells.raw(REFERRED + path), kind)

    retweet_of = of("retweeted", "id")
    # Without `includes` the retweeted account is the one that the text names first: RT @name.
    named = pc.and_(retweet_of.is_valid(), pc.starts_with(cells.text("text"), "RT @"))
    first = given(named, lists.first(cells.lists(MENTIONS)))
    made = {
        "retweet_of": retweet_of,
        "retweet_of_account": pc.coalesce(of("retweeted", "author_id"), first),
        "retweet_text": pc.coalesce(of("retweeted", "note_tweet.text"), of("retweeted", "text")),
        "reply_to": of("replied_to", "id"),
        "reply_to_account": pc.coalesce(cells.text("in_reply_to_user_id"), of("replied_to", "author_id")),
        "quote_of": of("quoted", "id"),
        "quote_of_account": of("quoted", "author_id"),
        "address": joined("https://twitter.com/", cells.text("author.username").fill_null("i"), "/status/", cells.text("id")),
    }
    for name, path in (("urls", URLS), ("hashtags", HASHTAGS), ("mentions", MENTIONS), ("media", "attachments.media_keys[]")):
        made[name] = pc.coalesce(of("retweeted", path), cells.lists(path))
    return cells.put(**made)


ACCOUNT = {
    "handle": "username",
    "display_name": "name",
    "account_created_at": "created_at",
    "description": "description",
    "location": "location",
    "followers": "public_metrics.followers_count",
    "following": "public_metrics.following_count",
    "posts": "public_metrics.tweet_count",
    "verified": "verified",
    "profile_image": "profile_image_url",
}
MADE = ("retweet_of", "retweet_of_account", "retweet_text", "reply_to", "reply_to_account", "quote_of", "quote_of_account")
LISTS = ("urls", "hashtags", "mentions", "media")
POST = Format(
    name="twitter_v2",
    says="Twitter API 2 JSON: posts flattened by twarc2, or bare (academictwitteR)",
    platform="twitter",
    marks=(frozenset(("id", "author_id", "text", "created_at")), frozenset(("id", "author.id", "text", "created_at"))),
    columns={
        "post_id": ("id",),
        "account_id": ("author_id", "author.id"),
        "created_at": ("created_at",),
        "text": ("retweet_text", "note_tweet.text", "text"),
        "lang": ("lang",),
        "client": ("source",),
        **{name: (name,) for name in MADE if name != "retweet_text"},
        **{name: (name,) for name in LISTS},
        "like_count": ("public_metrics.like_count",),
        "retweet_count": ("public_metrics.retweet_count",),
        "reply_count": ("public_metrics.reply_count",),
        "view_count": ("public_metrics.impression_count",),
        "permalink": ("address",),
        "collected_at": ("__twarc.retrieved_at",),
        **{name: (f"author.{path}",) for name, path in ACCOUNT.items()},
    },
    made=(*MADE, *LISTS, "address"),
    prepare=_made,
    json=True,
    reads=(*READS, "in_reply_to_user_id", URLS, HASHTAGS, MENTIONS, "attachments.media_keys[]"),
    fallback=frozenset(("urls", "hashtags", "mentions")),
    profile=("author",),
    copies=("__twarc", "author.entities"),
    lacks="of bare posts: profiles, the whole text and links of long retweets",
)
PAGE = replace(
    POST,
    name="twitter_v2_page",
    says="Twitter API 2 JSON: raw pages and streams with includes, as twarc2 writes them",
    marks=(
        frozenset(("in:data", "id", "author_id", "text")),
        frozenset(("data.id", "data.author_id", "data.text")),
        frozenset(("includes.users[].username", "meta.result_count")),
    ),
    lists=("data",),
    whole=True,
    unfold=flattened,
    lacks="included posts and accounts that are not authors of the page's own posts are not counted as rows",
)
USERS = Format(
    name="twitter_v2_users",
    says="Twitter API 2 JSON: pages or lines of accounts",
    platform="twitter",
    marks=(
        frozenset(("in:data", "username", "public_metrics.followers_count")),
        frozenset(("data.username", "data.public_metrics.followers_count")),
    ),
    columns={
        "account_id": ("id",),
        "collected_at": ("__twarc.retrieved_at",),
        **{name: (path,) for name, path in ACCOUNT.items()},
    },
    json=True,
    lists=("data",),
    whole=True,
    unfold=flattened,
    copies=("__twarc",),
    lacks="posts",
)
