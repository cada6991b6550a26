"""What a member of a cluster is like: how many ties it has inside, and how strongly it hangs together with the others."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

MIN_GROUP = 3  # an account and two others

Member = tuple[int, str, bool, int, float]  # account, cluster, is it a source, ties inside, bits


@dataclass
class Ties:
    """Ties as arrays. pairs: int32[n, 2] account numbers; bits: float64[n]."""

    pairs: np.ndarray
    bits: np.ndarray

    def keep(self, mask: np.ndarray) -> "Ties":
        return Ties(self.pairs[mask], self.bits[mask])


def members(ties: Ties, label: dict[int, str]) -> list[Member]:
    """Return (account, cluster, False, ties inside, bits) per member; bits as `cohesion` defines them."""
    inside: dict[str, list[tuple[float, int, int]]] = {}
    for (a, b), bits in zip(ties.pairs.tolist(), ties.bits.tolist(), strict=True):
        if label.get(a) is not None and label.get(a) == label.get(b):
            inside.setdefault(label[a], []).append((bits, a, b))
    rows = []
    for cluster, edges in inside.items():
        degree: dict[int, int] = {}
        for _, a, b in edges:
            degree[a], degree[b] = degree.get(a, 0) + 1, degree.get(b, 0) + 1
        rows += [(account, cluster, False, degree[account], bits) for account, bits in cohesion(edges).items()]
    return rows


def cohesion(edges: list[tuple[float, int, int]]) -> dict[int, float]:
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
        if len(group[large]) >= MIN_GROUP:
            for account in group[large]:
                bits_of.setdefault(account, bits)
            group[large] = [large] * MIN_GROUP  # all named; only the size matters from here
    return bits_of


def sources(ties: Ties, known: Iterable[int], label: dict[int, str]) -> list[Member]:
    """Return (source, cluster, True, ties, 0) for every source with a tie into a cluster: the cluster it has most ties with."""
    known = set(known)
    counts: dict[int, dict[str, int]] = {}
    for a, b in ties.pairs.tolist():
        for source, other in ((a, b), (b, a)):
            if source in known and other in label:
                mine = counts.setdefault(source, {})
                mine[label[other]] = mine.get(label[other], 0) + 1
    chosen = {source: min(mine, key=lambda c: (-mine[c], c)) for source, mine in counts.items()}
    return [(source, cluster, True, counts[source][cluster], 0.0) for source, cluster in chosen.items()]
