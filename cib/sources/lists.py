"""Lists inside records: picking out of them, joining them. Arrow only, no Python per row."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.cells import offsets


def pick(kinds: pa.Array, values: pa.Array, kind: str | pa.Array) -> pa.Array:
    """Return, of every row, the first of its `values` whose counterpart in `kinds` is `kind`; NULL where none is.

    kinds, values  lists of equal lengths
    kind           a string, or one string per row
    """
    parents = pc.list_parent_indices(kinds).to_numpy(zero_copy_only=False).astype(np.int64)
    wanted = kind if isinstance(kind, str) else kind.take(pa.array(parents))
    hits = np.flatnonzero(pc.equal(kinds.flatten(), wanted).fill_null(False).to_numpy(zero_copy_only=False))
    rows, first = np.unique(parents[hits], return_index=True)
    places = np.full(len(kinds), -1, np.int64)
    places[rows] = hits[first]
    return values.flatten().take(pa.array(places, mask=places < 0))


def first(lists: pa.Array) -> pa.Array:
    """Return the first value of every list; NULL where there is none."""
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
    starts = np.concatenate([[0], np.cumsum(lengths)])[:-1]
    return lists.flatten().take(pa.array(starts, mask=lengths == 0))


def flat(nested: pa.Array) -> pa.Array:
    """Return lists of lists as lists; NULL stays NULL."""
    inner = nested.flatten()
    parents = pc.list_parent_indices(nested).to_numpy(zero_copy_only=False).astype(np.int64)
    lengths = pc.list_value_length(inner).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    totals = np.zeros(len(nested), np.int64)
    np.add.at(totals, parents, lengths)
    return pa.ListArray.from_arrays(offsets(totals), inner.flatten(), mask=nested.is_null())


def single(values: pa.Array) -> pa.Array:
    """Return every value as a list of its own; NULL as NULL."""
    lengths = values.is_valid().to_numpy(zero_copy_only=False).astype(np.int64)
    return pa.ListArray.from_arrays(offsets(lengths), values.drop_null(), mask=values.is_null())


def union(columns: Sequence[pa.Array]) -> pa.Array:
    """Return the values of all `columns` of lists, row by row, each once and without nothings; NULL where all are NULL."""
    rows, values = [], []
    for column in columns:
        rows.append(pc.list_parent_indices(column).to_numpy(zero_copy_only=False).astype(np.int64))
        values.append(column.flatten().cast(pa.string()))
    every, texts = np.concatenate(rows), pa.concat_arrays(values)
    table = pa.table({"row": every, "value": texts, "order": np.arange(len(every))}).filter(
        pc.invert(pc.is_in(texts, pa.array(("", None), pa.string())))
    )
    kept = table.group_by(["row", "value"], use_threads=False).aggregate([("order", "min")])
    kept = kept.sort_by([("row", "ascending"), ("order_min", "ascending")])
    lengths = np.bincount(kept["row"].to_numpy(), minlength=len(columns[0]))
    absent = np.logical_and.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in columns])
    texts = kept["value"].combine_chunks()
    texts = texts if isinstance(texts, pa.Array) else pa.concat_arrays(texts.chunks or [pa.array([], pa.string())])
    return pa.ListArray.from_arrays(offsets(lengths), texts, mask=pa.array(absent))


def where(condition: pa.Array, lists: pa.Array) -> pa.Array:
    """Return the elements of `lists` for which `condition` (lists of truth values, equally long) holds, the others as NULL."""
    values = pc.if_else(condition.flatten().fill_null(False), lists.flatten(), None).cast(lists.type.value_type)
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
    return pa.ListArray.from_arrays(offsets(lengths), values, mask=lists.is_null())
