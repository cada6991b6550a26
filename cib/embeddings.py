"""Writes `match` for graphs over precomputed embeddings: two posts of different accounts whose vectors point the same way."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib.graphdef import GraphDef
from cib.kernels import nearest
from cib.runs import Run

ROOM = 1 << 20  # matches that are found at once
N_OWN = 1000  # of an account's own latest posts that tell whether a post is new
N_COMPARED = 20_000  # latest posts of others within the window that a post is compared with
ROUNDING = 1e-12  # equal vectors may come out so far below 1
MAX_DIMS = 4096
_BETWEEN = re.compile(r"[\s,;|\[\]()\x1f]+")
LIKENESS = pa.schema([("post_a_ix", pa.int64()), ("post_b_ix", pa.int64()), ("similarity", pa.float64())])


@dataclass(frozen=True)
class Acts:
    """Posts with an embedding, by rising time. post, account, acted_at: int64[n]; vector: float64[n, n_dims], of length 1."""

    post: np.ndarray
    account: np.ndarray
    acted_at: np.ndarray
    vector: np.ndarray


def match(run: Run) -> None:
    """Write a part of `match` for every graph of the run that compares embeddings; without such a graph nothing.

    Two posts match within the graph's widest window when the cosine of their vectors is `min_similarity` or more and neither
    repeats an earlier post of its own account. What an embedding takes for near, and whether the threshold suits it, is the
    model's affair: the null prices whatever matches. An embedding that is no list of numbers, or not as long as most, is left out
    and counted.

    Bounded: a post is compared with the latest 20,000 in its window and 1,000 of its account's own, and keeps its latest
    2 * max_crowd + 1 matches, more than a crowd may have; what is cut is counted. Memory: 16 bytes per number, and one batch of
    text.
    """
    for graph in run.parameters.graphs:
        if graph.embedding is None:
            continue
        window_s = max((w for w in run.windows[graph.name] if w), default=-1)
        acts, unread = _acts(run, graph)
        cut = np.zeros(2, np.int64)
        found = similar(acts, graph, window_s=window_s, cut=cut)
        run.put("near_vector", pa.RecordBatchReader.from_batches(LIKENESS, found), part=graph.name, alone=True)
        run.write("match", "match_vector", params={"compared": graph.compared}, part=graph.name)
        facts = {"posts": len(acts.post), "unread": unread, "cut_comparisons": int(cut[0]), "cut_matches": int(cut[1])}
        run.note("embeddings", **{graph.name: facts})


def similar(acts: Acts, graph: GraphDef, *, window_s: int, cut: np.ndarray) -> Iterator[pa.RecordBatch]:
    """Yield the matches of posts at most `window_s` apart, as `match` defines them, by the later post. cut: int64[2]."""
    before = _before(acts.account)
    n_kept = 2 * graph.max_crowd + 1
    room = max(ROOM, n_kept)
    is_new = np.zeros(len(acts.post), np.bool_)
    earlier, later, cosine = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    bounds = (window_s, graph.min_similarity - ROUNDING, N_OWN, N_COMPARED, n_kept)
    act = 0
    while act < len(acts.post):
        act, n = nearest.match(
            act, acts.account, acts.acted_at, acts.vector, before, *bounds, is_new, cut, earlier, later, cosine
        )  # fmt: skip
        a, b = acts.post[earlier[:n]], acts.post[later[:n]]
        columns = [np.minimum(a, b), np.maximum(a, b), np.minimum(cosine[:n], 1.0)]
        yield pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=LIKENESS)


def numbers(given: str) -> np.ndarray | None:
    """Return the vector that a cell of a table spells, at length 1; None where it spells none.

    >>> numbers("[3, 4]"), numbers("3 none") is None
    (array([0.6, 0.8]), True)
    """
    words = [word for word in _BETWEEN.split(given) if word]
    try:
        vector = np.array([float(word) for word in words])
    except ValueError:
        return None
    length = math.hypot(*vector) if len(vector) <= MAX_DIMS else 0.0
    return vector / length if math.isfinite(length) and length > 0 else None


def _acts(run: Run, graph: GraphDef) -> tuple[Acts, int]:
    """Return the posts whose embedding is as long as most, and how many others there are."""
    columns: list[tuple[int, int, int]] = []
    vectors: list[np.ndarray] = []
    n = 0
    for batch in run.stream("embedding", {"verb": graph.deed, "name": graph.embedding}):
        n += batch.num_rows
        for *facts, given in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if (vector := numbers(given)) is not None:
                columns.append((facts[0], facts[1], facts[2]))
                vectors.append(vector)
    sizes = np.array([len(vector) for vector in vectors], np.int64)
    usual = int(np.bincount(sizes).argmax()) if len(sizes) else 0
    kept = np.flatnonzero(sizes == usual)
    table = np.array(columns, np.int64).reshape(-1, 3)[kept]
    vector = np.stack([vectors[i] for i in kept]) if len(kept) else np.empty((0, 0))
    post, account, acted_at = (np.ascontiguousarray(column) for column in table.T)
    return Acts(post, account, acted_at, vector), n - len(kept)


def _before(account: np.ndarray) -> np.ndarray:
    """Return int64[n]: the place of the same account's act before, -1 if none."""
    order = np.argsort(account, kind="stable")
    before = np.full(len(account), -1, np.int64)
    same = account[order][1:] == account[order][:-1]
    before[order[1:][same]] = order[:-1][same]
    return before
