"""Telegram Desktop's result.json: one chat or a whole account. Message ids are unique only within their chat, so ids are CHAT-ID.

Channels and accounts are numbered apart; both are named with their kind (channel123, user123), as the export does in from_id.
"""

import json

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.cells import derived
from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, given, joined

KINDS = "text_entities[].type"
TEXTS = "text_entities[].text"
HREFS = "text_entities[].href"
_PREFIXES = {"channel": "channel", "supergroup": "channel", "group": "chat", "chat": "user"}


def _plain(written: str) -> str | None:
    """Return the text that older exports write as a string, or as a list of strings and objects with a text."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    parts = found if isinstance(found, list) else [found]
    texts = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return "".join(text for text in texts if isinstance(text, str))


def _chat(cells: Cells) -> pa.Array:
    """The chat: as the export's head says; else the channel that wrote, in whose own chat it did."""
    kind, number = cells.text("^.type"), cells.text("^.id")
    found = pa.nulls(len(kind), pa.string())
    for ending, prefix in _PREFIXES.items():
        found = pc.coalesce(found, given(pc.ends_with(kind, ending), joined(prefix, number)))
    writer = cells.text("from_id")
    return pc.coalesce(found, joined("chat", number), given(pc.starts_with(writer, "channel"), writer))


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    chat, kinds, texts = _chat(cells), cells.lists(KINDS), cells.lists(TEXTS)
    whole = pc.binary_join(texts, "")
    # Only exports of before 2022 lack text_entities: there Python reads the text of each message.
    old = derived(pc.if_else(whole.is_null(), cells.raw("text!"), None).cast(pa.string()), _plain, pa.string())
    words = pc.coalesce(whole, old)

    def of(kind: str, values: pa.Array) -> pa.Array:
        return lists.where(_equal(kinds, kind), values)

    answered = pc.coalesce(cells.text("reply_to_peer_id"), chat)
    service = pc.equal(cells.text("type"), "service")
    found = lists.union([of("link", texts), of("text_link", cells.lists(HREFS)), addresses(words)])
    return cells.put(
        chat=chat,
        key=joined(chat, "-", cells.text("id")),
        words=words,
        links=found,
        tags=lists.union([of("hashtag", texts)]),
        names=lists.union([of("mention", texts)]),
        forwarded=cells.text("forwarded_from", "forwarded_from_id").is_valid(),
        answered=joined(answered, "-", cells.text("reply_to_message_id")),
        other=given(service, joined("type: a service message, ", cells.text("action").fill_null("of no named kind"))),
    )


def _equal(column: pa.Array, value: str) -> pa.Array:
    return pa.ListArray.from_arrays(column.offsets, pc.equal(column.values, value))


DESKTOP = Format(
    name="telegram_desktop",
    says="Telegram Desktop result.json: one chat, or a whole account",
    platform="telegram",
    marks=(
        frozenset(("date_unixtime", "from_id", "text")),
        frozenset(("date_unixtime", "actor_id")),
        frozenset(("in:messages", "from_id", "date", "text")),
        frozenset(("in:chats.list[].messages", "from_id", "date")),
    ),
    columns={
        "post_id": ("key",),
        "account_id": ("from_id", "actor_id"),
        "created_at": ("date_unixtime", "date"),
        "text": ("words",),
        "client": ("via_bot",),
        "container": ("chat",),
        "is_retweet": ("forwarded",),
        "retweet_of_account": ("forwarded_from_id",),
        "reply_to": ("answered",),
        "urls": ("links",),
        "hashtags": ("tags",),
        "mentions": ("names",),
        "edited_at": ("edited_unixtime", "edited"),
        "other": ("other",),
        "display_name": ("from", "actor"),
    },
    made=("key", "words", "chat", "forwarded", "answered", "links", "tags", "names", "other"),
    prepare=_made,
    json=True,
    lists=("messages", "chats.list[].messages"),
    reads=(
        "^.type",
        "^.id",
        "text!",
        KINDS,
        TEXTS,
        HREFS,
        "id",
        "type",
        "action",
        "forwarded_from",
        "reply_to_message_id",
        "reply_to_peer_id",
    ),
    fallback=frozenset(("hashtags", "mentions")),
    lacks="which message a forward passes on (forwards of one text count as one), handles, views",
)
