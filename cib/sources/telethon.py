"""Telegram as its libraries write it: Telethon's to_dict, a minimal Telethon list, and the history dumps of telegram-cli.

Ids are CHAT-ID, chats and accounts are named with their kind, as Telegram Desktop does: a message has one id in all.
"""

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, given, joined, part

STRINGS = pa.list_(pa.string())


def _peer(cells: Cells, path: str) -> pa.Array:
    """A peer of to_dict as channel123, chat123 or user123."""
    kinds = (joined(kind, cells.text(f"{path}.{kind}_id")) for kind in ("channel", "chat", "user"))
    return pc.coalesce(*kinds)


def _slices(texts: pa.Array, entities: pa.Array) -> pa.Array:
    """The addresses that entities mark in texts. Their offsets count UTF-16 units. Python per message that has such an entity."""
    found: list[list[str] | None] = [None] * len(texts)
    marked = pc.match_substring(entities, "MessageEntityUrl").fill_null(False)
    for at in pc.indices_nonzero(pc.and_(marked, texts.is_valid())).to_pylist():
        units = texts[at].as_py().encode("utf-16-le", "surrogatepass")
        spans = [e for e in _dicts(entities[at].as_py()) if e.get("_") == "MessageEntityUrl"]
        places = [(e.get("offset"), e.get("length")) for e in spans]
        cut = [units[2 * a : 2 * (a + n)] for a, n in places if isinstance(a, int) and isinstance(n, int) and min(a, n) >= 0]
        words = (piece.decode("utf-16-le", "replace") for piece in cut)
        found[at] = [word for word in words if "." in word and not any(letter.isspace() for letter in word)]
    return pa.array(found, STRINGS)


def _to_dict(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    chat, words, entities = _peer(cells, "peer_id"), cells.text("message"), cells.text("entities")
    source, post = _peer(cells, "fwd_from.from_id"), cells.text("fwd_from.channel_post")
    linked = pa.array(
        [None if e is None else [str(x["url"]) for x in _dicts(e) if x.get("url")] for e in entities.to_pylist()], STRINGS
    )
    page = lists.single(cells.text("media.webpage.url"))
    service = pc.equal(cells.text("_"), "MessageService")
    return cells.put(
        chat=chat,
        key=joined(chat, "-", cells.text("id")),
        writer=pc.coalesce(_peer(cells, "from_id"), chat),
        forwarded=cells.text("fwd_from.date", "fwd_from._").is_valid(),
        source=given(post.is_valid(), joined(source, "-", post)),
        source_account=source,
        answered=joined(chat, "-", cells.text("reply_to.reply_to_msg_id")),
        links=lists.union([_slices(words, entities), linked, page, addresses(words)]),
        keys=lists.single(cells.text("media.photo.id", "media.document.id")),
        other=given(service, joined("type: a service message, ", cells.text("action._").fill_null("of no named kind"))),
    )


def _dicts(written: str) -> list[dict[str, Any]]:
    """The objects of a list; none where there is no list, or numbers in it that JSON does not know."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return []
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


TO_DICT = Format(
    name="telethon",
    says="Telethon messages as to_dict gives them, one per line or in a list",
    platform="telegram",
    marks=(
        frozenset(("peer_id.channel_id", "id", "date")),
        frozenset(("peer_id.user_id", "id", "date")),
        frozenset(("peer_id.chat_id", "id", "date")),
    ),
    columns={
        "post_id": ("key",),
        "account_id": ("writer",),
        "created_at": ("date",),
        "text": ("message",),
        "client": ("via_bot_id",),
        "container": ("chat",),
        "is_retweet": ("forwarded",),
        "retweet_of": ("source",),
        "retweet_of_account": ("source_account",),
        "reply_to": ("answered",),
        "urls": ("links",),
        "media": ("keys",),
        "view_count": ("views",),
        "retweet_count": ("forwards",),
        "reply_count": ("replies.replies",),
        "edited_at": ("edit_date",),
        "other": ("other",),
    },
    made=("key", "writer", "chat", "forwarded", "source", "source_account", "answered", "links", "keys", "other"),
    prepare=_to_dict,
    json=True,
    reads=(
        *(f"{peer}.{kind}_id" for peer in ("peer_id", "from_id", "fwd_from.from_id") for kind in ("channel", "chat", "user")),
        *("_", "id", "entities", "fwd_from._", "fwd_from.date", "fwd_from.channel_post", "reply_to.reply_to_msg_id", "action._"),
        *("media.photo.id", "media.document.id", "media.webpage.url"),
    ),
    lacks="handles; which message a forward from a private account passes on (forwards of one text count as one)",
)


def _minimal(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    sender = cells.text("sender_id")
    channel = part(sender, r"^-100(?P<x>\d+)$")
    group = part(sender, r"^-(?P<x>[1-9]\d*)$")
    writer = pc.coalesce(joined("channel", channel), joined("chat", group), joined("user", sender))
    chat = pc.if_else(channel.is_valid(), writer, cells.text("channel"))
    return cells.put(writer=writer, chat=chat, key=joined(chat, "-", cells.text("message_id")))


MINIMAL = Format(
    name="telethon_minimal",
    says="short Telethon scripts: message_id, sender_id, text, date, channel",
    platform="telegram",
    marks=(frozenset(("message_id", "sender_id", "text", "date")),),
    columns={
        "post_id": ("key",),
        "account_id": ("writer",),
        "created_at": ("date",),
        "text": ("text",),
        "container": ("chat",),
        "view_count": ("views",),
        "display_name": ("channel",),
    },
    made=("writer", "chat", "key"),
    prepare=_minimal,
    json=True,
    reads=("sender_id", "message_id"),
    lacks="forwards, answers, handles",
)


def _dump(table: pa.Table) -> pa.Table:
    cells = Cells(table)

    def peer(path: str) -> pa.Array:
        return joined(cells.text(f"{path}.peer_type"), cells.text(f"{path}.peer_id"))

    chat, source = peer("to"), peer("fwd_from")
    service = pc.equal(cells.text("event"), "service")
    return cells.put(
        chat=chat,
        key=joined(chat, "-", cells.text("id")),
        writer=peer("from"),
        forwarded=source.is_valid(),
        source_account=source,
        answered=joined(chat, "-", cells.text("reply_id")),
        links=lists.union([addresses(cells.text("text"), cells.text("media.url"))]),
        other=given(service, joined("event: a service message, ", cells.text("action.type").fill_null("of no named kind"))),
    )


DUMP = Format(
    name="telegram_history_dump",
    says="telegram-history-dump and telegram-cli, one event per line",
    platform="telegram",
    marks=(frozenset(("event", "from.peer_id", "to.peer_id", "date")),),
    columns={
        "post_id": ("key",),
        "account_id": ("writer",),
        "created_at": ("date",),
        "text": ("text",),
        "container": ("chat",),
        "is_retweet": ("forwarded",),
        "retweet_of_account": ("source_account",),
        "reply_to": ("answered",),
        "urls": ("links",),
        "other": ("other",),
        "handle": ("from.username",),
        "display_name": ("from.print_name",),
    },
    made=("key", "writer", "chat", "forwarded", "source_account", "answered", "links", "other"),
    prepare=_dump,
    json=True,
    reads=(
        *(f"{peer}.{name}" for peer in ("from", "to", "fwd_from") for name in ("peer_id", "peer_type")),
        *("id", "event", "reply_id", "media.url", "action.type"),
    ),
    profile=("from",),
    copies=("to", "fwd_from", "from.phone"),  # a telephone number is nobody's evidence
    lacks="which message a forward passes on (forwards of one text count as one), views",
)
