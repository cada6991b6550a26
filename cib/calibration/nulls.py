"""The nulls of calibration: copies of a run in which one thing is chance by construction, played through the run's own steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from cib import edges, embeddings, fusion, neartext, projection, significance, timing
from cib.graphdef import GraphDef
from cib.runs import N_SLOTS, SLOT_S, Run

DAY_S = 86_400


@contextmanager
def shadow(run: Run, name: str) -> Iterator[Run]:
    """Give a run beside this one, and leave nothing of it behind."""
    other = run.shadow(name)
    try:
        yield other
    finally:
        other.fade()


def authors(shadow: Run, *, rng: np.random.Generator) -> None:
    """Write `score` for the same posts by other authors, exchanged within slot of the week and block."""
    rows = shadow.read("author_stratum", {"slot_s": SLOT_S, "n_slots": N_SLOTS})
    stratum = rows["block"].to_numpy().astype(np.int64) * N_SLOTS + rows["slot"].to_numpy()
    order = np.lexsort((rng.random(len(stratum)), stratum))
    by_other = rows["account_ix"].to_numpy()[order]
    shadow.put("author", pa.table({"post_ix": rows["post_ix"], "account_ix": pa.array(by_other)}))
    shadow.write("action", "shuffled_action")
    neartext.match(shadow)
    embeddings.match(shadow)
    _edges(shadow)


def _edges(shadow: Run) -> None:
    """Play the steps from acts to edges."""
    projection.project(shadow)
    significance.test(shadow)
    timing.test(shadow)
    edges.score(shadow)


def times(shadow: Run, *, rng: np.random.Generator) -> None:
    """Write `trial` for the same accounts on the same items, where who came when is exchanged on each item.

    Every act keeps its post, time and crowd; only whose it is changes, among those who acted on the item. Similar texts know no
    items but matches of two posts: there, authors are exchanged among all posts that hang together by matches. Cost: pairs and
    scores once more. Memory: 40 bytes per act.
    """
    every = shadow.parameters
    before = [
        (graph, *_exchangeable(shadow, graph)) for graph in every.graphs if graph.tested
    ]  # the shadow's own acts take their name
    for graph, acts, item in before:
        account = np.empty(len(item), np.int32)
        account[np.argsort(item, kind="stable")] = acts["account_ix"].to_numpy()[np.lexsort((rng.random(len(item)), item))]
        shadow.put("action", _action(acts, account, graph.deed))
        shadow.parameters = replace(every, graphs=(graph,))
        projection.project(shadow)
    shadow.parameters = every
    if not before:  # nothing is tested, and nothing will be found worth asking: in empty tables
        projection.project(shadow)
    significance.test(shadow)


def _action(acts: pa.Table, account: np.ndarray, deed: str) -> pa.Table:
    """Return `action` of one verb for these acts by these accounts."""
    n = len(account)
    return pa.table(
        {
            **{name: acts[name] for name in ("object_ix", "acted_at", "post_ix")},
            "account_ix": pa.array(account),
            "verb": pa.repeat(deed, n),
            "post_platform": pa.nulls(n, pa.string()),
            "post_id": pa.nulls(n, pa.string()),
            "is_first": pa.repeat(True, n),
        }
    )


def _exchangeable(run: Run, graph: GraphDef) -> tuple[pa.Table, np.ndarray]:
    """Return the acts of one graph and, int64[n_acts], the item within which they may be exchanged."""
    params = run.graph_params(graph)
    if graph.join != "similar":
        acts = run.read("exchangeable", params)
        return acts, acts["item_ix"].to_numpy()
    acts = run.read("near_act", params)
    post = acts["post_ix"].to_numpy()
    by_post = np.argsort(post)
    widest_s = max((w for w in run.windows[graph.name] if w), default=-1)
    met = run.read("match_near", {**params, "widest_s": widest_s})
    a, b = (by_post[np.searchsorted(post, met[side].to_numpy(), sorter=by_post)] for side in met.column_names)
    linked = coo_matrix((np.ones(len(a), bool), (a, b)), shape=(len(post), len(post)))
    return acts, connected_components(linked, directed=False)[1].astype(np.int64)


def ask(shadow: Run, *, rng: np.random.Generator, most: int) -> int:
    """Write the work table `timing` of a shadow that is scored, for at most `most` pairs worth asking, drawn without regard
    to anything. Returns how many were left out."""
    worth = shadow.read("worth_timing", {"ln_most": timing.ln_most(shadow)})
    drawn = np.sort(rng.permutation(len(worth))[:most])
    shadow.put("candidate", worth.take(pa.array(drawn)), part="timing", alone=True)
    timing.closeness(shadow)
    return len(worth) - len(drawn)


def days(shadow: Run, *, rng: np.random.Generator) -> np.ndarray | None:
    """Write `tie` for posts moved by whole days, each account by its own number, around the end of the period to its beginning.

    Returns int64[n_accounts]: by how many days, an even number, since windows reach a day; None, and writes nothing, where the
    posts span less than four days.
    """
    span = shadow.read("acted_span").to_pylist()[0]
    start = span["first_at"] // DAY_S * DAY_S
    n_days = (span["last_at"] - start) // DAY_S + 1
    if n_days < 4:
        return None
    moved = 2 * rng.integers(0, n_days // 2, shadow.n_rows["account_code"])
    account = pa.array(np.arange(len(moved), dtype=np.int32))
    shadow.put("delay", pa.table({"account_ix": account, "moved_s": pa.array(moved * DAY_S)}))
    around = {"start": start, "span_s": n_days * DAY_S}
    shadow.write("scope", "delayed_scope", params=around)
    shadow.write("action", "delayed_action", params=around)
    shadow.write("activity", params={"slot_s": SLOT_S, "n_slots": N_SLOTS})
    neartext.match(shadow)
    embeddings.match(shadow)
    _edges(shadow)
    fusion.fuse(shadow)
    return moved
