"""Mastodon's API and those made like it: Gab, Truth Social. Contents are HTML; ids of one server mean nothing on another.

A status is therefore named by its uri and an account by its url. An answer names its parent by the server's own id only.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cib import text
from cib.sources import lists
from cib.sources.cells import derived
from cib.sources.layouts import Format
from cib.sources.making import Cells, given, plain

_PLATFORMS = {"truthsocial.com": "truth_social", "gab.com": "gab"}
STRINGS = pa.list_(pa.string())


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    markup = cells.text("reblog.content", "content")
    address = cells.text("url", "uri")
    platform = pa.nulls(len(address), pa.string())
    for host, name in _PLATFORMS.items():
        platform = pc.coalesce(platform, given(pc.match_substring_regex(address, rf"^https://(?:www\.)?{host}/"), name))
    links = derived(markup, lambda html: text.links(html) or text.urls(text.plain(html)), STRINGS)
    answered = cells.text("in_reply_to_account_id")
    named = lists.pick(cells.lists("mentions[].id"), cells.lists("mentions[].url"), answered)
    return cells.put(
        surface=platform,
        words=plain(markup),
        links=lists.union([links, lists.single(cells.text("reblog.card.url", "card.url"))]),
        note=plain(cells.text("account.note")),
        answered=pc.coalesce(named, answered),
    )


def _either(path: str) -> tuple[str, str]:
    """A boost repeats the status that it passes on."""
    return f"reblog.{path}", path


FORMAT = Format(
    name="mastodon",
    says="Mastodon statuses, JSON; Truth Social and Gab alike",
    platform="mastodon",
    marks=(
        frozenset(("content", "account.acct", "created_at")),
        frozenset(("content", "account.username", "created_at", "url")),
        frozenset(("content", "acct", "created_at", "url")),
    ),
    columns={
        "platform": ("surface",),
        "post_id": ("uri", "url", "id"),
        "account_id": ("account.url", "account.acct", "acct", "account.id"),
        "created_at": ("created_at",),
        "text": ("words",),
        "lang": _either("language"),
        "client": ("application.name",),
        "container": ("group.id",),
        "retweet_of": ("reblog.uri", "reblog.url", "reblog.id"),
        "retweet_of_account": ("reblog.account.url", "reblog.account.acct", "reblog.account.id"),
        "reply_to": ("in_reply_to_id",),
        "reply_to_account": ("answered",),
        "quote_of": ("quote.uri", "quote.quoted_status.uri", "quote_id"),
        "quote_of_account": ("quote.account.url", "quote.quoted_status.account.url"),
        "urls": ("links",),
        "hashtags": _either("tags[].name"),
        "mentions": _either("mentions[].url|acct|id"),
        "media": _either("media_attachments[].url|id"),
        "like_count": ("favourites_count",),
        "retweet_count": ("reblogs_count",),
        "reply_count": ("replies_count",),
        "permalink": ("url",),
        "edited_at": ("edited_at",),
        "handle": ("account.acct", "acct", "account.username"),
        "display_name": ("account.display_name",),
        "account_created_at": ("account.created_at",),
        "description": ("note",),
        "followers": ("account.followers_count",),
        "following": ("account.following_count",),
        "posts": ("account.statuses_count",),
        "verified": ("account.verified",),
        "profile_image": ("account.avatar_static", "account.avatar"),
    },
    made=("surface", "words", "links", "note", "answered"),
    prepare=_made,
    json=True,
    lists=("statuses",),
    reads=(
        "content",
        "reblog.content",
        "account.note",
        "card.url",
        "reblog.card.url",
        "in_reply_to_account_id",
        "mentions[].id",
        "mentions[].url",
    ),
    fallback=frozenset(("hashtags", "mentions")),
    profile=("account",),
    copies=("reblog", "quote"),
    lacks="the uri of an answered status: answers are counted among statuses read from one server",
)
GAB = Format(
    name="gab_compact",
    says="Gab's newer JSON with short names (i, c, ul, rbc, rc, fbc)",
    platform="gab",
    marks=(frozenset(("i", "c", "account.un")), frozenset(("i", "c", "account.i"))),
    columns={
        "post_id": ("i",),
        "account_id": ("account.i", "account.un"),
        "created_at": ("ca", "created_at"),
        "text": ("words",),
        "like_count": ("fbc",),
        "retweet_count": ("rbc",),
        "reply_count": ("rc",),
        "permalink": ("ul",),
        "handle": ("account.un", "account.ac"),
        "display_name": ("account.dn",),
    },
    made=("words",),
    prepare=lambda table: Cells(table).put(words=plain(Cells(table).text("c"))),
    json=True,
    reads=("c",),
    profile=("account",),
    lacks="reposts, answers and quotes: their short names are not documented",
)
