"""Where accounts stand on a map: positions that a person can read, the same for the same graph and seed."""

import math
import random
from collections.abc import Iterator

import igraph
import numpy as np

SPACING = 50.0  # a component of n accounts fills a disc of radius SPACING * sqrt(n): room for a node of size 20 and its label
GAP = 60.0  # between components
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))
GRID_FROM = 200  # accounts; below, every repulsion is computed
EFFORT = 40_000_000  # (account or tie) x iterations over all components
ITERATIONS = (30, 500)


def positions(n: int, edges: np.ndarray, *, seed: int) -> np.ndarray:
    """Return one point per account: components side by side, the largest first, each drawn by its own springs.

    Fruchterman-Reingold from a sunflower of points in account order. The number of iterations follows from the
    size of the whole graph, so that time is O(EFFORT + ITERATIONS[0] * (n + n_edges)): seconds up to 50,000
    accounts and a million edges. The picture is for reading; distances in it are no measure of anything.

    n      accounts, numbered 0 ... n - 1
    edges  int[n_edges, 2]; loops and repeated edges do no harm
    returns float64[n, 2], finite, centred on 0; bytes reproduce on one machine, two decimals across machines as a rule

    >>> positions(3, np.array([[0, 1]]), seed=0).round().tolist()
    [[-60.0, 90.0], [81.0, 90.0], [-10.0, -90.0]]
    """
    if n == 0:
        return np.empty((0, 2))
    edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    groups = list(_components(n, edges))
    n_iterations = _iterations([(len(members), len(inner)) for members, inner in groups])
    discs = [_draw(len(members), inner, n_iterations=n_iterations, seed=seed) for members, inner in groups]
    centres = _pack(np.array([SPACING * math.sqrt(len(members)) for members, _ in groups]))
    out = np.empty((n, 2))
    for (members, _), disc, centre in zip(groups, discs, centres, strict=True):
        out[members] = disc * (SPACING * math.sqrt(len(members))) + centre
    return out


def _components(n: int, edges: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (accounts ascending, edges renumbered within them) per component: largest first, then by first account."""
    label = np.array(igraph.Graph(n, edges).connected_components().membership)
    by_label = np.argsort(label, kind="stable")
    size = np.bincount(label)
    start = np.cumsum(size) - size
    within = np.empty(n, dtype=np.int64)
    within[by_label] = np.arange(n) - start[label[by_label]]
    edge_label = label[edges[:, 0]]
    by_edge_label = np.argsort(edge_label, kind="stable")
    n_edges = np.bincount(edge_label, minlength=size.size)
    edge_start = np.cumsum(n_edges) - n_edges
    first = by_label[start]
    for c in np.lexsort((first, -size)):
        inner = by_edge_label[edge_start[c] : edge_start[c] + n_edges[c]]
        yield by_label[start[c] : start[c] + size[c]], within[edges[inner]]


def _iterations(sizes: list[tuple[int, int]]) -> int:
    """Return the iterations that EFFORT allows for components of (accounts, edges)."""
    work = sum(n_edges + (n if n >= GRID_FROM else n * n // 40) for n, n_edges in sizes)  # a plain pair costs a 20th
    return min(max(EFFORT // max(work, 1), ITERATIONS[0]), ITERATIONS[1])


def _draw(n: int, edges: np.ndarray, *, n_iterations: int, seed: int) -> np.ndarray:
    """Return float64[n, 2] within the unit disc."""
    if n == 1:
        return np.zeros((1, 2))
    if n == 2:
        return np.array([[-1.0, 0.0], [1.0, 0.0]])
    k = np.arange(n)
    angle, radius = GOLDEN_ANGLE * k, np.sqrt(k + 0.5)
    start = np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    graph = igraph.Graph(n, edges)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        layout = graph.layout_fruchterman_reingold(
            niter=n_iterations, seed=start.tolist(), start_temp=math.sqrt(n), grid="grid" if n >= GRID_FROM else "nogrid"
        )
    finally:
        igraph.set_random_number_generator(random)
    points = np.array(layout.coords)
    return _fill(points - points.mean(axis=0))


def _fill(points: np.ndarray) -> np.ndarray:
    """Return points (centred) moved along their rays into the unit disc: the middle hardly, stragglers the more.

    Else a few accounts at the end of long springs shrink all others to a dot.
    """
    radius = np.sqrt((points**2).sum(axis=1, keepdims=True))
    share = radius / max(3 * float(np.median(radius)), 1e-9)
    inner = share / (1 + share)
    return points * (inner / np.maximum(radius, 1e-9) / max(float(inner.max()), 1e-9))


def _pack(radii: np.ndarray) -> np.ndarray:
    """Return the centres of discs (radii descending) set in rows from the top, about as wide as all are high, centred on 0."""
    side = 2 * radii + GAP
    width = max(1.2 * math.sqrt(float((side**2).sum())), float(side[0]))
    centres = np.empty((radii.size, 2))
    x = y = row_height = 0.0
    for i in range(radii.size):
        if x > 0 and x + side[i] > width:
            x, y, row_height = 0.0, y - row_height, 0.0
        row_height = max(row_height, side[i])
        centres[i] = x + side[i] / 2, y - row_height / 2
        x += side[i]
    return centres - (centres.min(axis=0) + centres.max(axis=0)) / 2
