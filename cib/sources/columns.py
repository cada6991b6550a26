"""One batch of an input to rows of `post`, `account` and `reject`: everything is converted here, nothing is read or written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema, text
from cib.sources import cells, languages, layouts, times
from cib.sources.batch import STAGED_POST, Batch, Source, Tally
from cib.sources.entities import entities
from cib.sources.profiles import platforms, profiles
from cib.sources.raw import rejects

LOST = "looks like a number that lost digits in a spreadsheet"
KEYS = ("post_id", "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account")


@dataclass(frozen=True)
class Rows:
    """The rows made of one batch; `n_accounts` input rows told of an account only, `n_others` of `reject` are no posts."""

    post: pa.Table
    account: pa.Table
    reject: pa.Table
    n_accounts: int
    n_others: int = 0


def posts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of posts. Cost: linear in its cells; Python runs once per distinct text and address."""
    moments = batch.times("created_at", source)
    made: dict[str, pa.Array] = {"account_id": batch.column("account_id", cells.ids), "created_at": moments.values}
    apart = batch.column("is_account", cells.booleans, pa.bool_()).fill_null(False)
    bad = _judged(batch, made["account_id"], unread=pc.if_else(apart, None, _unread(moments)))
    others = pc.replace_substring(batch.column("other"), ": ", f": {layouts.NO_POST}", max_replacements=1)
    bad = pc.coalesce(others, bad)
    good = pc.and_(bad.is_null(), pc.invert(apart))
    tally.take(moments, good)
    made |= _plain(batch, source)
    made |= _languages(made, tally)
    made |= _retweets(batch, made, tally)
    made |= entities(batch, made["text"])
    made["extra"] = batch.extra()
    table = _staged(made, batch, source).filter(good)
    n_apart = pc.sum(pc.and_(apart, bad.is_null())).as_py() or 0
    profiled = profiles(batch, source, made, counted=pc.and_(apart, bad.is_null()))
    return Rows(table, profiled, _rejects(batch, source.name, bad), n_apart, pc.sum(others.is_valid()).as_py() or 0)


def accounts(batch: Batch, source: Source, tally: Tally) -> Rows:
    """Return the rows of one batch of accounts."""
    account_id = batch.column("account_id", cells.ids)
    bad = _judged(batch, account_id, unread=pa.nulls(len(account_id), pa.string()))
    seen_at = batch.when("collected_at", source)
    made = {"account_id": account_id, "platform": platforms(batch), "collected_at": seen_at, "extra": batch.extra()}
    made["created_at"] = pa.nulls(len(account_id), pa.timestamp("us"))
    profiled = profiles(batch, source, made, counted=bad.is_null())
    return Rows(STAGED_POST.empty_table(), profiled, _rejects(batch, source.name, bad), profiled.num_rows)


def _unread(moments: times.Times) -> pa.Array:
    """Return why the time of a post cannot be read, as "field: reason"; NULL where it can."""
    reasons = pc.binary_join_element_wise("created_at", moments.reason.fill_null("missing"), ": ")
    return pc.if_else(moments.values.is_null(), reasons, None).cast(pa.string())


def _judged(batch: Batch, account_id: pa.Array, *, unread: pa.Array) -> pa.Array:
    """Return why a row cannot be used, as "field: reason"; NULL where it can. What the format refuses is refused first."""
    missing = pc.if_else(account_id.is_null(), "account_id: missing", None).cast(pa.string())
    lost = pc.if_else(cells.rounded(account_id), f"account_id: {LOST}", None).cast(pa.string())
    return pc.coalesce(batch.column("refused"), missing, lost, unread.cast(pa.string()))


def _plain(batch: Batch, source: Source) -> dict[str, pa.Array]:
    """The columns that are only converted."""
    made = {"platform": platforms(batch)}
    made |= {name: batch.column(name, cells.keys) for name in KEYS} | {"container": batch.column("container", cells.ids)}
    made |= {name: batch.column(name) for name in ("text", "lang", "client", "permalink")}
    counts = ("like_count", "retweet_count", "reply_count", "view_count")
    made |= {name: batch.column(name, cells.integers, pa.int64()) for name in counts}
    made |= {name: batch.column(name, cells.booleans, pa.bool_()) for name in ("deleted", "lang_guessed")}
    return made | {name: batch.when(name, source) for name in ("collected_at", "edited_at")}


def _languages(made: Mapping[str, pa.Array], tally: Tally) -> dict[str, pa.Array]:
    """Guess the language of posts that come without one, where that can be done."""
    n_silent = pc.sum(pc.and_(made["lang"].is_null(), made["text"].is_valid())).as_py() or 0
    tally.n_silent += n_silent
    if not n_silent or not languages.guesser():
        return {}
    lang, guessed = languages.fill(made["lang"], made["lang_guessed"], made["text"])
    tally.n_guessed += made["lang"].null_count - lang.null_count
    return {"lang": lang, "lang_guessed": guessed}


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


def _rejects(batch: Batch, name: str, bad: pa.Array) -> pa.Table:
    rows = np.flatnonzero(bad.is_valid().to_numpy(zero_copy_only=False))
    if not rows.size:
        return schema.arrow(schema.REJECT).empty_table()
    if batch.lines is not None:
        raws = [line.removesuffix("\n") for line in batch.lines.take(pa.array(rows)).to_pylist()]
    else:
        found = batch.given.take(pa.array(rows)).to_pylist()
        raws = [json.dumps({k: v for k, v in row.items() if v is not None}, default=str, ensure_ascii=False) for row in found]
    fields, reasons = zip(*(value.split(": ", 1) for value in bad.take(pa.array(rows)).to_pylist()), strict=True)
    return rejects(name, batch.records.take(pa.array(rows)).to_pylist(), raws, fields=fields, reasons=reasons)
