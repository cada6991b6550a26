"""Writes the work table `alike`: pairs of accounts of the graphs that describe and are never tested, each with its weight."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib.graphdef import GraphDef
from cib.kernels import join
from cib.runs import Run

ROOM = 1 << 20  # pairs that are found at once
ROUNDING = 1e-12  # equal rows may come out so far below 1
ALIKE = pa.schema(
    [
        ("graph", pa.string()),
        ("account_a_ix", pa.int32()),
        ("account_b_ix", pa.int32()),
        ("window_s", pa.int32()),
        ("n_shared", pa.int32()),
        ("weight", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Acts:
    """Who acted on what, how often, by account and object. account: int32[nnz]; item, n_acts: int64[nnz]."""

    account: np.ndarray
    item: np.ndarray
    n_acts: np.ndarray


@dataclass(frozen=True)
class Matrix:
    """Accounts by items. account: int32[n_rows] rising; start: int64[n_rows + 1]; item: int64[nnz], 0 to n_items - 1, rising
    within a row; value: float64[nnz]."""

    account: np.ndarray
    start: np.ndarray
    item: np.ndarray
    value: np.ndarray


def describe(run: Run) -> None:
    """Write `alike`, and the part of `pair` of every timeless graph. Nothing here is tested, and nothing of it reaches `score`.

    A timeless join compares all that two accounts ever acted on: tf-idf `cosine`, or `jaccard` of the sets of objects; `profile`
    counts the marks that they share. Objects and marks of more than `max_crowd` accounts are left out and counted, so that each
    is compared with at most `max_crowd` others. Memory: about 100 bytes per account and object, 20 per account, and a million
    pairs at a time. An untested graph over windows weighs a pair by its coincidences.

    That two accounts like the same things is what friends, fans and readers have in common: high similarity is no coordination.
    """
    run.put("alike", ALIKE.empty_table())
    for graph in run.parameters.graphs:
        if graph.timeless:
            acts, left_out = _known(_acts(run, graph), graph.max_crowd)
            run.put("alike", pa.RecordBatchReader.from_batches(ALIKE, similar(acts, graph)), part=graph.name)
            run.write("pair", "pair_alike", params={"graph": graph.name}, part=graph.name)
            run.note("similar_accounts", **{graph.name: {"acts": int(acts.n_acts.sum()), **left_out}})
        elif not graph.tested and any(run.windows[graph.name]):
            run.write("alike", "alike_met", params=run.graph_params(graph), part=graph.name)


def similar(acts: Acts, graph: GraphDef) -> Iterator[pa.RecordBatch]:
    """Yield the pairs of accounts that share `graph.min_shared` objects and are at least `graph.min_similarity` alike."""
    matrix = weighted(acts) if graph.join == "cosine" else _flat(acts)
    size = np.diff(matrix.start)
    found = _near(matrix, graph) if graph.join == "cosine" else _common(matrix, graph.min_shared)
    for earlier, later, n_shared, product in found:
        weight = product if graph.join == "cosine" else n_shared / (size[earlier] + size[later] - n_shared)
        weight = n_shared.astype(float) if graph.join == "profile" else np.minimum(weight, 1.0)
        kept = weight >= graph.min_similarity - ROUNDING
        columns = [
            pa.array([graph.name] * np.count_nonzero(kept), pa.string()),
            pa.array(matrix.account[earlier[kept]]),
            pa.array(matrix.account[later[kept]]),
            pa.nulls(np.count_nonzero(kept), pa.int32()),
            pa.array(n_shared[kept]),
            pa.array(weight[kept]),
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=ALIKE)


def weighted(acts: Acts) -> Matrix:
    """Return the tf-idf matrix of acts, every row of length 1: n (ln((1 + N) / (1 + d)) + 1), n an account's acts on an object,
    d the accounts that acted on it, N all of these. So scikit-learn counts by default.
    """
    matrix = _flat(acts)
    n_rows = len(matrix.account)
    idf = np.log((1.0 + n_rows) / (1.0 + np.bincount(matrix.item))) + 1.0
    value = acts.n_acts * idf[matrix.item]
    row = np.repeat(np.arange(n_rows), np.diff(matrix.start))
    length = np.sqrt(np.bincount(row, weights=value * value, minlength=n_rows))
    return Matrix(matrix.account, matrix.start, matrix.item, value / length[row])


def _flat(acts: Acts) -> Matrix:
    """Return the matrix of who acted on what at all, every value 1."""
    account, n_items = np.unique(acts.account, return_counts=True)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_items)])
    return Matrix(account, start, _numbered(acts.item)[0], np.ones(len(acts.item)))


def _numbered(item: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int64[nnz], the number of each value among the different ones, by rising value, and how often each comes."""
    if not len(item) or item.min() < 0 or item.max() > 8 * len(item):
        _, number, n = np.unique(item, return_inverse=True, return_counts=True)
        return number.astype(np.int64), n
    n = np.bincount(item)  # objects are numbered closely, and counting is faster than sorting
    return (np.cumsum(n > 0) - 1)[item], n[n > 0]


def _acts(run: Run, graph: GraphDef) -> Acts:
    if graph.join == "profile":
        marks = run.part("shown")
        return Acts(marks["account_ix"].to_numpy(), marks["object_ix"].to_numpy(), np.ones(marks.num_rows, np.int64))
    rows = run.read("incidence", run.graph_params(graph))
    return Acts(*(rows[name].to_numpy() for name in ("account_ix", "object_ix", "n_acts")))


def _known(acts: Acts, max_crowd: int) -> tuple[Acts, dict[str, int]]:
    """Return the acts on objects of at most `max_crowd` accounts, and what that leaves out."""
    item, n_accounts = _numbered(acts.item)
    kept = n_accounts[item] <= max_crowd
    left_out = {
        "max_crowd": max_crowd,
        "objects_left_out": int(np.count_nonzero(n_accounts > max_crowd)),
        "acts_left_out": int(acts.n_acts[~kept].sum()),
    }
    return Acts(acts.account[kept], acts.item[kept], acts.n_acts[kept]), left_out


def _common(matrix: Matrix, min_shared: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield earlier row, later row, number of items shared and dot product of every two rows that share `min_shared` items."""
    n_rows = len(matrix.account)
    scratch = np.zeros(n_rows, np.int32), np.zeros(n_rows), np.empty(n_rows, np.int32)
    return _compared(matrix, lambda first, *columns: join.common(first, *columns[:6], min_shared, *scratch, *columns[6:]))


def _near(matrix: Matrix, graph: GraphDef) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield the same of every two rows whose dot product is also `graph.min_similarity` or more. Rows have the length 1."""
    n_rows = len(matrix.account)
    least = graph.min_shared, graph.min_similarity - ROUNDING
    scratch = np.zeros(n_rows, np.float32), np.empty(n_rows, np.int32)
    return _compared(matrix, lambda first, *columns: join.near(first, *columns[:6], *least, *scratch, *columns[6:]))


def _compared(matrix: Matrix, compare: Callable) -> Iterator[tuple[np.ndarray, ...]]:
    n_rows = len(matrix.account)
    room = max(ROOM, n_rows)
    head = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(matrix.item))])
    member, member_value = np.empty(len(matrix.item), np.int32), np.empty(len(matrix.item))
    join.members(matrix.start, matrix.item, matrix.value, head[:-1].copy(), member, member_value)
    columns = (matrix.start, matrix.item, matrix.value, head, member, member_value)
    found = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    first = 0
    while first < n_rows:
        first, n = compare(first, *columns, *found)
        yield tuple(column[:n].copy() for column in found)
