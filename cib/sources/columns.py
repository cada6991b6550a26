"""One batch of an input file to rows of `post`, `account` and `reject`. Everything that normalises stands here; nothing is read or written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema, text, urls
from cib.sources import cells, times
from cib.sources.formats import PROFILE, Layout

MAX_RAW = 65_536
STRINGS = pa.list_(pa.string())
# Staged rows know their input and how full they are; the resolution of an input is known at its end only.
STAGED_POST = pa.schema(
    [f for f in schema.arrow(schema.POST) if f.name != "resolution_s"] + [pa.field("file_ix", pa.int32()), pa.field("n_filled", pa.int32())]
)
STAGED_ACCOUNT = pa.schema(
    [*schema.arrow(schema.ACCOUNT), pa.field("seen_at", pa.timestamp("us")), pa.field("file_ix", pa.int32()), pa.field("record", pa.int64())]
)
KEYS = ("post_id", "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account")


@dataclass
class Tally:
    """What is known of an input when its last batch is through."""

    n_naive: int = 0
    n_by_prefix: int = 0
    n_times: int = 0
    n_odd_seconds: int = 0
    n_odd_days: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def resolution_s(self) -> int:
        """Resolution of the times; under 20 of them nothing can be said."""
        if self.n_times < 20 or self.n_odd_seconds:
            return 1
        return 60 if self.n_odd_days else 86_400

    def take(self, read: times.Times, good: pa.Array) -> None:
        moments = read.values.filter(good).cast(pa.int64()).to_numpy(zero_copy_only=False)
        self.n_naive += read.naive
        self.n_times += moments.size
        self.n_odd_seconds += int(np.count_nonzero(moments % 60_000_000))
        self.n_odd_days += int(np.count_nonzero(moments % 86_400_000_000))


@dataclass(frozen=True)
class Source:
    """Where rows come from: input name, its number in this ingest, what its columns mean, the zone of naive times."""

    name: str
    file_ix: int
    layout: Layout
    timezone: str


@dataclass(frozen=True)
class Rows:
    """The rows made of one batch."""

    post: pa.Table
    account: pa.Table
    reject: pa.Table


class Batch:
    """A batch of raw cells with the meaning of its columns."""

    def __init__(self, table: pa.Table, records: pa.Array, layout: Layout):
        self.table = layout.format.prepare(table).combine_chunks()
        self.records = records
        self.layout = layout

    def raw(self, name: str) -> list[pa.Array]:
        """The cells that a canonical column may come from; empty when the file has none."""
        sources = [c for c in self.layout.columns.get(name, ()) if c in self.table.column_names]
        return [_array(self.table.column(c)) for c in sources]

    def has(self, name: str) -> bool:
        return bool(self.raw(name))

    def column(self, name: str, convert=cells.strings, kind: pa.DataType | None = None) -> pa.Array:
        found = self.raw(name)
        return cells.first([convert(c) for c in found]) if found else pa.nulls(len(self.records), kind or pa.string())

    def when(self, name: str, timezone: str) -> pa.Array:
        found = self.raw(name)
        return times.read(found[0], timezone=timezone).values if found else pa.nulls(len(self.records), pa.timestamp("us"))

    def extra(self) -> pa.Array:
        named = {
            name: cells.strings(_array(self.table.column(c)))
            for c, name in self.layout.rest.items()
            if c in self.table.column_names and not pa.types.is_map(self.table.schema.field(c).type)
        }
        return cells.extra(named, len(self.records))


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def posts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of posts. Cost: linear in its cells; Python runs once per distinct text and address."""
    moments = _times(batch, source)
    made: dict[str, pa.Array] = {"account_id": batch.column("account_id", cells.ids), "created_at": moments.values}
    bad = _judged(made["account_id"], moments)
    good = bad.is_null()
    tally.take(moments, good)
    made |= _plain(batch, source)
    made |= _retweets(batch, made, tally)
    made |= _entities(batch, made["text"])
    made["extra"] = _all_extra(batch)
    table = _staged(made, batch, source).filter(good)
    return Rows(table, _profiles(batch, source, made).filter(good), _rejects(batch, source.name, bad))


def accounts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of accounts."""
    account_id = batch.column("account_id", cells.ids)
    reason = pc.if_else(account_id.is_null(), "account_id: missing", pa.scalar(None, pa.string()))
    made = {"account_id": account_id, "platform": _platform(batch), "collected_at": batch.when("collected_at", source.timezone)}
    table = _profiles(batch, source, made, every=True, extra=_all_extra(batch))
    return Rows(STAGED_POST.empty_table(), table.filter(reason.is_null()), _rejects(batch, source.name, reason))


def _times(batch: Batch, source: Source) -> times.Times:
    return times.read(batch.raw("created_at")[0], timezone=source.timezone)


def _judged(account_id: pa.Array, moments: times.Times) -> pa.Array:
    """Return why a row cannot be a post, as "field: reason"; NULL where it can."""
    when = pc.if_else(moments.values.is_null(), pc.binary_join_element_wise("created_at", moments.reason.fill_null("missing"), ": "), None)
    return pc.if_else(account_id.is_null(), "account_id: missing", when.cast(pa.string()))


def _platform(batch: Batch) -> pa.Array:
    return batch.column("platform").fill_null(batch.layout.format.platform)


def _plain(batch: Batch, source: Source) -> dict[str, pa.Array]:
    """The columns that are only converted."""
    made = {"platform": _platform(batch)}
    made |= {name: batch.column(name, cells.ids) for name in (*KEYS, "container")}
    made |= {name: batch.column(name) for name in ("text", "lang", "client", "permalink")}
    counts = ("like_count", "retweet_count", "reply_count", "view_count")
    made |= {name: batch.column(name, cells.integers, pa.int64()) for name in counts}
    made |= {name: batch.column(name, cells.booleans, pa.bool_()) for name in ("deleted", "lang_guessed")}
    return made | {name: batch.when(name, source.timezone) for name in ("collected_at", "edited_at")}


def _retweets(batch: Batch, made: Mapping[str, pa.Array], tally: Tally) -> dict[str, pa.Array]:
    """Give a retweet whose target is unknown the text that it passes on as its target: equal texts are one object."""
    target, author = made["retweet_of"], made["retweet_of_account"]
    by_prefix = not batch.has("retweet_of") and not batch.has("is_retweet")
    if by_prefix:
        flagged = pc.match_substring_regex(made["text"], r"^RT @\w+:").fill_null(False)
        tally.n_by_prefix += pc.sum(flagged).as_py() or 0
    else:
        flagged = batch.column("is_retweet", cells.booleans, pa.bool_()).fill_null(False)
    flagged = pc.and_(flagged, target.is_null())
    if not pc.any(flagged).as_py():
        return {}
    passed_on = pc.if_else(flagged, made["text"], None).cast(pa.string())
    named = cells.derived(passed_on, lambda t: text.without_rt(t)[0], pa.string())
    hashed = cells.derived(passed_on, lambda t: "text:" + _sha16(text.without_rt(t)[1]), pa.string())
    return {"retweet_of": pc.coalesce(target, hashed), "retweet_of_account": pc.coalesce(author, named)}


def _sha16(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]


def _entities(batch: Batch, texts: pa.Array) -> dict[str, pa.Array]:
    """Lists as the file gives them, else out of the text; and what is compared: text_key, url_keys, domains."""
    made = {}
    for name, function in (("urls", text.urls), ("hashtags", text.hashtags), ("mentions", text.mentions)):
        found = batch.raw(name)
        made[name] = cells.lists(found[0]) if found else cells.filled(cells.derived(texts, function, STRINGS))
    for name, mark in (("hashtags", "#"), ("mentions", "@")):
        made[name] = pa.ListArray.from_arrays(made[name].offsets, pc.utf8_ltrim(made[name].values, characters=mark))
    made["media"] = cells.lists(batch.raw("media")[0]) if batch.has("media") else _no_lists(len(texts))
    made["text_key"] = cells.derived(texts, text.key, pa.string())
    made["url_keys"] = _each(made["urls"], urls.canonical)
    made["domains"] = _each(made["url_keys"], urls.domain)
    made["rule_version"] = pa.array([urls.RULE_VERSION], pa.string()).take(pa.array(np.zeros(len(texts), np.int8)))
    return made


def _no_lists(n_rows: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(n_rows + 1, np.int32)), pa.array([], pa.string()))


def _each(column: pa.Array, function) -> pa.Array:
    """Apply `function` to the values of the lists; NULL results and repetitions inside a list go."""
    values = cells.derived(column.flatten(), function, pa.string())
    rows = pc.list_parent_indices(column).cast(pa.int64())
    order = pa.array(np.arange(len(values)))
    table = pa.table({"row": rows, "value": values, "order": order}).filter(values.is_valid())
    kept = table.group_by(["row", "value"], use_threads=False).aggregate([("order", "min")]).sort_by("order_min")
    lengths = np.bincount(kept["row"].to_numpy(), minlength=len(column))
    return pa.ListArray.from_arrays(cells.offsets(lengths), _array(kept["value"]))


def _all_extra(batch: Batch) -> pa.Array:
    given = [c for c in batch.layout.rest if c == "extra" and pa.types.is_map(batch.table.schema.field(c).type)]
    return _array(batch.table.column(given[0])) if given else batch.extra()


def _staged(made: dict[str, pa.Array], batch: Batch, source: Source) -> pa.Table:
    n_rows = len(batch.records)
    made["source_file"] = pa.array([source.name], pa.string()).take(pa.array(np.zeros(n_rows, np.int8)))
    made["source_record"] = batch.records
    made["file_ix"] = pa.array(np.full(n_rows, source.file_ix, np.int32))
    filled = np.zeros(n_rows, np.int32)
    for name, column in made.items():
        if pa.types.is_nested(column.type):
            filled += pc.greater(pc.list_value_length(column) if not pa.types.is_map(column.type) else _map_lengths(column), 0).to_numpy(zero_copy_only=False)
        else:
            filled += column.is_valid().to_numpy(zero_copy_only=False)
    made["n_filled"] = pa.array(filled)
    return pa.table([made[name].cast(STAGED_POST.field(name).type) for name in STAGED_POST.names], schema=STAGED_POST)


def _map_lengths(column: pa.Array) -> pa.Array:
    return pa.array(np.diff(column.offsets.to_numpy()))


def _profiles(batch: Batch, source: Source, made: Mapping[str, pa.Array], *, every: bool = False, extra: pa.Array | None = None) -> pa.Table:
    """The account's side of each row: handle, followers, …; all columns NULL where the file says nothing of accounts."""
    n_rows = len(batch.records)
    rows = {"platform": made["platform"], "account_id": made["account_id"]}
    for given, name in PROFILE.items():
        own = given if batch.has(given) or not every else name
        kind = STAGED_ACCOUNT.field(name).type
        if name == "created_at":
            rows[name] = batch.when(own, source.timezone)
        else:
            convert = {pa.int64(): cells.integers, pa.bool_(): cells.booleans}.get(kind, cells.strings)
            rows[name] = batch.column(own, convert, kind)
    rows["extra"] = extra if extra is not None else cells.extra({}, n_rows)
    rows["seen_at"] = made["collected_at"] if every else pc.coalesce(made["collected_at"], made["created_at"])
    rows["file_ix"] = pa.array(np.full(n_rows, source.file_ix, np.int32))
    rows["record"] = batch.records
    return pa.table([rows[name].cast(STAGED_ACCOUNT.field(name).type) for name in STAGED_ACCOUNT.names], schema=STAGED_ACCOUNT)


def _rejects(batch: Batch, name: str, bad: pa.Array) -> pa.Table:
    rows = np.flatnonzero(bad.is_valid().to_numpy(zero_copy_only=False))
    if not rows.size:
        return schema.arrow(schema.REJECT).empty_table()
    found = batch.table.take(pa.array(rows)).to_pylist()
    raws = [json.dumps({k: v for k, v in row.items() if v is not None}, default=str, ensure_ascii=False) for row in found]
    fields, reasons = zip(*(value.split(": ", 1) for value in bad.take(pa.array(rows)).to_pylist()), strict=True)
    return rejects(name, batch.records.take(pa.array(rows)).to_pylist(), raws, fields=fields, reasons=reasons)


def rejects(name: str, records, raws, *, fields, reasons) -> pa.Table:
    """Return rows of `reject`; what is longer than 64 kB is cut, its SHA-256 is of the whole."""
    whole = [raw.encode("utf-8", "replace") for raw in raws]
    columns = {
        "file": [name] * len(whole),
        "record": list(records),
        "field": list(fields),
        "reason": list(reasons),
        "raw": [raw[:MAX_RAW].decode("utf-8", "ignore") for raw in whole],
        "sha256": [hashlib.sha256(raw).hexdigest() for raw in whole],
    }
    return pa.table(columns, schema=schema.arrow(schema.REJECT))
