"""Writes `member`: which accounts belong together, how strongly, in which role. igraph stays behind this door."""

import random
from dataclasses import dataclass

import igraph
import numpy as np
import pyarrow as pa

from cib.runs import Run

RESOLUTION = 0.05  # constant Potts model: a cluster's density of ties is above this
MIN_BLOCK = 200  # accounts; smaller communities share one block
MIN_CLUSTER = 3
MIN_LED, LED_SHARE = 2, 0.9


def block(run: Run) -> None:
    """Write the work table `block`: coarse communities of accounts by what they act on, whenever they do.

    Found without time, so that acting at the same moment cannot make a block. Communities under 200 accounts, and accounts
    that share
    nothing, are block 0. Cost: linear in the acts on objects of two or more accounts.
    """
    n_accounts = run.n_rows["account_code"]
    links = run.read("community_link")
    account, item = links["account_ix"].to_numpy(), links["object_ix"].to_numpy()
    items, item_row = np.unique(item, return_inverse=True)
    graph = igraph.Graph(n_accounts + len(items), edges=np.stack([account, n_accounts + item_row], axis=1))
    label = np.array(
        _leiden(graph, seed=run.parameters.seed, objective="modularity", resolution=1.0)[:n_accounts], dtype=np.int64
    )
    size = np.bincount(label, minlength=1)
    large = [int(c) for c in np.argsort(-size, kind="stable") if size[c] >= MIN_BLOCK]
    number = np.zeros(len(size), np.int32)
    number[large] = np.arange(1, len(large) + 1)
    rows = pa.table({"account_ix": pa.array(np.arange(n_accounts, dtype=np.int32)), "block": pa.array(number[label])})
    run.put("block", rows)
    run.note("blocks", sizes=np.bincount(number[label], minlength=len(large) + 1).tolist())


@dataclass
class Ties:
    """Ties as arrays. pairs: int32[n, 2] account numbers; bits: float64[n]."""

    pairs: np.ndarray
    bits: np.ndarray

    def keep(self, mask: np.ndarray) -> "Ties":
        return Ties(self.pairs[mask], self.bits[mask])


def gather(run: Run) -> None:
    """Write `member_score`: the members of every cluster, its sources, and their place in it.

    Sources, accounts that only ever come first, are no vertices: being copied is no coordination. The rest is cut to its
    2-core and split
    by Leiden under the constant Potts model, unit weights, seeded, vertices in account order; clusters under three accounts
    are dropped.
    """
    rows = run.part("tie_score")
    ties = Ties(
        np.stack([rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()], axis=1), rows["surprise_bits"].to_numpy()
    )
    sources = find_sources(run.read("precedence"))
    inner = ties.keep(np.logical_not(np.isin(ties.pairs, sources).any(axis=1)))
    label = _clusters(inner, run.parameters.seed)
    members = _members(inner, label)
    members += _attach(ties, sources, label)
    members.sort()
    names = ("account_ix", "cluster_id", "is_source", "n_ties", "bits")
    columns = list(zip(*members, strict=True)) or [()] * len(names)
    kinds = (pa.int32(), pa.string(), pa.bool_(), pa.int64(), pa.float64())
    run.put("member_score", pa.table([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], names=list(names)))
    run.note(
        "clusters", sources=len(sources), ties_of_sources=len(ties.bits) - len(inner.bits), clusters=len(set(label.values()))
    )


def find_sources(rows: pa.Table) -> np.ndarray:
    """Return the accounts that come first: nine of ten of their meeting posts, and at least two, precede every post that
    they met.

    What such an account did would be the same had nobody copied it. A post that met another in the same second (or minute,
    where the data
    have no finer time) did not come first.
    """
    led, met = rows["n_led"].to_numpy(), rows["n_met"].to_numpy()
    return rows["account_ix"].to_numpy()[(led >= MIN_LED) & (led >= LED_SHARE * met)]


def _clusters(ties: Ties, seed: int) -> dict[int, str]:
    """Return the cluster id of every account in one, ids by falling size."""
    found = groups(ties.pairs, seed)
    return {account: f"C{number:03d}" for number, group in enumerate(found, start=1) for account in group}


def groups(pairs: np.ndarray, seed: int) -> list[list[int]]:
    """Return the accounts of every cluster that ties without sources make, each sorted, by falling size, then by first account.

    pairs  int32[n, 2]  account numbers
    """
    accounts, rows = np.unique(pairs, return_inverse=True)
    graph = igraph.Graph(len(accounts), edges=rows.reshape(-1, 2))
    core = [v for v, k in enumerate(graph.coreness()) if k >= 2]
    part = _leiden(graph.induced_subgraph(core), seed=seed, objective="CPM", resolution=RESOLUTION)
    found: dict[int, list[int]] = {}
    for vertex, group in zip(core, part, strict=True):
        found.setdefault(group, []).append(int(accounts[vertex]))
    return sorted((g for g in found.values() if len(g) >= MIN_CLUSTER), key=lambda g: (-len(g), g))


def _leiden(graph: igraph.Graph, *, seed: int, objective: str, resolution: float) -> list[int]:
    """Return a community number per vertex. Same graph and seed, same answer: igraph draws from Python's generator."""
    if not graph.vcount():
        return []
    igraph.set_random_number_generator(random.Random(seed))
    try:
        part = graph.community_leiden(objective_function=objective, resolution=resolution, n_iterations=10)
    finally:
        igraph.set_random_number_generator(random)
    return part.membership


def _members(ties: Ties, label: dict[int, str]) -> list[tuple[int, str, bool, int, float]]:
    """Return (account, cluster, False, ties inside, bits) per member; bits as `_cohesion` defines them."""
    inside: dict[str, list[tuple[float, int, int]]] = {}
    for (a, b), bits in zip(ties.pairs.tolist(), ties.bits.tolist(), strict=True):
        if label.get(a) is not None and label.get(a) == label.get(b):
            inside.setdefault(label[a], []).append((bits, a, b))
    rows = []
    for cluster, edges in inside.items():
        degree: dict[int, int] = {}
        for _, a, b in edges:
            degree[a], degree[b] = degree.get(a, 0) + 1, degree.get(b, 0) + 1
        rows += [(account, cluster, False, degree[account], bits) for account, bits in _cohesion(edges).items()]
    return rows


def _cohesion(edges: list[tuple[float, int, int]]) -> dict[int, float]:
    """Return per account the largest surprise at which it still hangs together with two others, ties taken strongest first."""
    parent: dict[int, int] = {}
    group: dict[int, list[int]] = {}
    bits_of: dict[int, float] = {}

    def find(x: int) -> int:
        parent.setdefault(x, x)
        group.setdefault(x, [x])
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for bits, a, b in sorted(edges, key=lambda e: (-e[0], e[1], e[2])):
        small, large = sorted((find(a), find(b)), key=lambda r: len(group[r]))
        if small == large:
            continue
        parent[small] = large
        group[large] += group.pop(small)
        if len(group[large]) >= MIN_CLUSTER:
            for account in group[large]:
                bits_of.setdefault(account, bits)
            group[large] = [large] * MIN_CLUSTER  # all named; only the size matters from here
    return bits_of


def _attach(ties: Ties, sources: np.ndarray, label: dict[int, str]) -> list[tuple[int, str, bool, int, float]]:
    """Return (source, cluster, True, ties, 0) for every source with a tie into a cluster: the cluster it has most ties with."""
    known = set(sources.tolist())
    counts: dict[int, dict[str, int]] = {}
    for a, b in ties.pairs.tolist():
        for source, other in ((a, b), (b, a)):
            if source in known and other in label:
                mine = counts.setdefault(source, {})
                mine[label[other]] = mine.get(label[other], 0) + 1
    chosen = {source: min(mine, key=lambda c: (-mine[c], c)) for source, mine in counts.items()}
    return [(source, cluster, True, counts[source][cluster], 0.0) for source, cluster in chosen.items()]
