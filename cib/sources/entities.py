"""Addresses, hashtags, mentions and media of posts, and what of them and of the text is compared."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import text, urls
from cib.sources import cells
from cib.sources.batch import Batch, array

STRINGS = pa.list_(pa.string())


def entities(batch: Batch, texts: pa.Array) -> dict[str, pa.Array]:
    """Lists as the file gives them, else out of the text; and what is compared: text_key, url_keys, domains."""
    made = {}
    for name, function in (("urls", text.urls), ("hashtags", text.hashtags), ("mentions", text.mentions)):
        made[name] = cells.filled(_found(batch, name, partial(cells.derived, texts, function, STRINGS)))
    for name, mark in (("hashtags", "#"), ("mentions", "@")):
        made[name] = pa.ListArray.from_arrays(made[name].offsets, pc.utf8_ltrim(made[name].values, characters=mark))
    made["media"] = cells.filled(batch.lists("media")) if batch.has("media") else _no_lists(len(texts))
    made["text_key"] = cells.derived(texts, text.key, pa.string())
    made["url_keys"] = _each(made["urls"], urls.canonical)
    made["domains"] = _each(made["url_keys"], urls.domain)
    made["rule_version"] = pa.array([urls.RULE_VERSION], pa.string()).take(pa.array(np.zeros(len(texts), np.int8)))
    return made


def _found(batch: Batch, name: str, from_text: Callable[[], pa.Array]) -> pa.Array:
    """A list as the file gives it; as the text has it where the file never does, or may leave it out (`fallback`)."""
    if not batch.has(name):
        return from_text()
    given = batch.lists(name)
    return pc.coalesce(given, from_text()) if name in batch.layout.format.fallback and given.null_count else given


def _no_lists(n_rows: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(n_rows + 1, np.int32)), pa.array([], pa.string()))


def _each(column: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply `function` to the values of the lists; NULL results and repetitions inside a list go."""
    values = cells.derived(column.flatten(), function, pa.string())
    rows = pc.list_parent_indices(column).cast(pa.int64())
    order = pa.array(np.arange(len(values)))
    table = pa.table({"row": rows, "value": values, "order": order}).filter(values.is_valid())
    kept = table.group_by(["row", "value"], use_threads=False).aggregate([("order", "min")]).sort_by("order_min")
    lengths = np.bincount(kept["row"].to_numpy(), minlength=len(column))
    return pa.ListArray.from_arrays(cells.offsets(lengths), array(kept["value"]))
