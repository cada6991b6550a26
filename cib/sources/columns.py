"""One batch of an input to rows of `post`, `account` and `reject`: everything is converted here, nothing is read or written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema, text
from cib.sources import cells, times
from cib.sources.batch import STAGED_ACCOUNT, STAGED_POST, Batch, Source, Tally
from cib.sources.entities import entities
from cib.sources.formats import PROFILE
from cib.sources.raw import rejects

KEYS = ("post_id", "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account")


@dataclass(frozen=True)
class Rows:
    """The rows made of one batch."""

    post: pa.Table
    account: pa.Table
    reject: pa.Table


def posts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of posts. Cost: linear in its cells; Python runs once per distinct text and address."""
    moments = _times(batch, source)
    made: dict[str, pa.Array] = {"account_id": batch.column("account_id", cells.ids), "created_at": moments.values}
    bad = _judged(made["account_id"], moments)
    good = bad.is_null()
    tally.take(moments, good)
    made |= _plain(batch, source)
    made |= _retweets(batch, made, tally)
    made |= entities(batch, made["text"])
    made["extra"] = batch.extra()
    table = _staged(made, batch, source).filter(good)
    return Rows(table, _profiles(batch, source, made), _rejects(batch, source.name, bad))


def accounts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of accounts."""
    account_id = batch.column("account_id", cells.ids)
    reason = pc.if_else(account_id.is_null(), "account_id: missing", pa.scalar(None, pa.string()))
    seen_at = batch.when("collected_at", source.timezone)
    made = {"account_id": account_id, "platform": _platform(batch), "collected_at": seen_at, "extra": batch.extra()}
    return Rows(STAGED_POST.empty_table(), _profiles(batch, source, made), _rejects(batch, source.name, reason))


def _times(batch: Batch, source: Source) -> times.Times:
    return times.read(batch.raw("created_at")[0], timezone=source.timezone)


def _judged(account_id: pa.Array, moments: times.Times) -> pa.Array:
    """Return why a row cannot be a post, as "field: reason"; NULL where it can."""
    when = pc.if_else(
        moments.values.is_null(), pc.binary_join_element_wise("created_at", moments.reason.fill_null("missing"), ": "), None
    )
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


def _staged(made: dict[str, pa.Array], batch: Batch, source: Source) -> pa.Table:
    n_rows = len(batch.records)
    made["source_file"] = pa.array([source.name], pa.string()).take(pa.array(np.zeros(n_rows, np.int8)))
    made["source_record"] = batch.records
    made["file_ix"] = pa.array(np.full(n_rows, source.file_ix, np.int32))
    return pa.table([made[name].cast(STAGED_POST.field(name).type) for name in STAGED_POST.names], schema=STAGED_POST)


def _profiles(batch: Batch, source: Source, made: Mapping[str, pa.Array]) -> pa.Table:
    """The account's side of each row: handle, followers, …; no row where a post says nothing of its account.

    In a file of accounts, `created_at` and `lang` are the account's own, and every row counts.
    """
    every = batch.layout.kind == schema.ACCOUNT
    rows = {"platform": made["platform"], "account_id": made["account_id"]}
    for given, name in PROFILE.items():
        own = given if batch.has(given) or not every else name
        kind = STAGED_ACCOUNT.field(name).type
        if name == "created_at":
            rows[name] = batch.when(own, source.timezone)
        else:
            convert = {pa.int64(): cells.integers, pa.bool_(): cells.booleans}.get(kind, cells.strings)
            rows[name] = batch.column(own, convert, kind)
    keep = pc.and_(rows["account_id"].is_valid(), reduce(pc.or_, [rows[name].is_valid() for name in PROFILE.values()]))
    keep = rows["account_id"].is_valid() if every else pc.and_(keep, made["created_at"].is_valid())
    rows["extra"] = made["extra"] if every else cells.extra({}, len(batch.records))
    rows["seen_at"] = made["collected_at"] if every else pc.coalesce(made["collected_at"], made["created_at"])
    rows["file_ix"] = pa.array(np.full(len(batch.records), source.file_ix, np.int32))
    rows["record"] = batch.records
    table = pa.table([rows[name].cast(STAGED_ACCOUNT.field(name).type) for name in STAGED_ACCOUNT.names], schema=STAGED_ACCOUNT)
    return table.filter(keep)


def _rejects(batch: Batch, name: str, bad: pa.Array) -> pa.Table:
    rows = np.flatnonzero(bad.is_valid().to_numpy(zero_copy_only=False))
    if not rows.size:
        return schema.arrow(schema.REJECT).empty_table()
    found = batch.table.take(pa.array(rows)).to_pylist()
    raws = [json.dumps({k: v for k, v in row.items() if v is not None}, default=str, ensure_ascii=False) for row in found]
    fields, reasons = zip(*(value.split(": ", 1) for value in bad.take(pa.array(rows)).to_pylist()), strict=True)
    return rejects(name, batch.records.take(pa.array(rows)).to_pylist(), raws, fields=fields, reasons=reasons)
