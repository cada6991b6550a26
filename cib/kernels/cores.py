"""How deep each vertex of a graph lies: its core number."""

import numpy as np

from cib.kernels import kernel


@kernel
def _coreness(head, neighbour, degree, bin_start, place, order):
    """Replace degree[v] by the core number of v: vertices leave by rising degree, each lowering its neighbours' by one.

    head       int64[n + 1]  where each vertex's neighbours begin;  neighbour  int64[2 * n_edges]
    degree     int64[n]      in: degrees; out: core numbers
    bin_start  int64[n_degrees + 1]  where vertices of each degree begin in `order`
    place      int64[n]      where each vertex stands in `order`;  order  int64[n]  vertices by rising degree

    Source: Batagelj & Zaversnik 2003. Cost: linear in the edges.
    """
    for i in range(order.size):
        v = order[i]
        for x in range(head[v], head[v + 1]):
            u = neighbour[x]
            if degree[u] > degree[v]:
                front = bin_start[degree[u]]
                w = order[front]
                if u != w:
                    order[front], order[place[u]] = u, w
                    place[w], place[u] = place[u], front
                bin_start[degree[u]] += 1
                degree[u] -= 1


def coreness(pairs: np.ndarray, n_vertices: int) -> np.ndarray:
    """Return int64[n_vertices]: the largest k such that the vertex is in a subgraph in which everybody has k neighbours.

    pairs  int[n_edges, 2], each once, no loops. Memory: 32 bytes per edge and 40 per vertex.

    >>> coreness(np.array([[0, 1], [1, 2], [0, 2], [2, 3]]), 5).tolist()
    [2, 2, 2, 1, 0]
    """
    ends = np.concatenate([pairs[:, 0], pairs[:, 1]]).astype(np.int64)
    others = np.concatenate([pairs[:, 1], pairs[:, 0]]).astype(np.int64)
    degree = np.bincount(ends, minlength=n_vertices)
    head = np.concatenate([np.zeros(1, np.int64), np.cumsum(degree)])
    neighbour = others[np.argsort(ends, kind="stable")]
    order = np.argsort(degree, kind="stable")
    place = np.empty(n_vertices, np.int64)
    place[order] = np.arange(n_vertices)
    bin_start = np.searchsorted(degree[order], np.arange(degree.max(initial=0) + 2))
    _coreness(head, neighbour, degree, bin_start, place, order)
    return degree
