"""Partitions of accounts by their ties: one by Leiden, and the one that a sweep agrees on. igraph stays behind this door."""

import random

import igraph
import numpy as np

RESOLUTION = 0.05  # constant Potts model: a cluster's density of ties is above this
SWEEP = tuple(RESOLUTION * 2.0**step for step in (-2, -1, 0, 1, 2))  # a log grid, as much above as below
N_SEEDS = 3
SWEPT_TIES = 15_000_000  # ties read in all partitions of a sweep together: fewer seeds where there are more
MIN_CLUSTER = 3
NOWHERE = -1


def leiden(graph: igraph.Graph, *, seed: int, objective: str, resolution: float) -> list[int]:
    """Return a community number per vertex. Same graph and seed, same answer: igraph draws from Python's generator."""
    if not graph.vcount():
        return []
    igraph.set_random_number_generator(random.Random(seed))
    try:
        part = graph.community_leiden(objective_function=objective, resolution=resolution, n_iterations=10)
    finally:
        igraph.set_random_number_generator(random)
    return part.membership


def communities(n_vertices: int, links: np.ndarray, *, seed: int) -> np.ndarray:
    """Return int64[n_vertices]: the community of each vertex by modularity. links  int[n_links, 2], each once."""
    graph = igraph.Graph(n_vertices, edges=links)
    return np.array(leiden(graph, seed=seed, objective="modularity", resolution=1.0), np.int64)


def labels(n_accounts: int, ties: np.ndarray, *, seed: int, resolution: float = RESOLUTION) -> np.ndarray:
    """Return int64[n_accounts]: the cluster of each account in one partition, NOWHERE where it is in none.

    The ties are cut to their 2-core and split by Leiden under the constant Potts model, unit weights, vertices in account order;
    groups under MIN_CLUSTER are none. ties  int[n_ties, 2], account numbers below n_accounts. Cost: about 4 s per million ties.
    """
    graph = igraph.Graph(n_accounts, edges=ties)
    core = np.flatnonzero(np.array(graph.coreness(), np.int64) >= 2)
    part = leiden(graph.induced_subgraph(core), seed=seed, objective="CPM", resolution=resolution)
    label = np.full(n_accounts, NOWHERE, np.int64)
    label[core] = part
    size = np.bincount(label[core], minlength=1)
    label[core[size[label[core]] < MIN_CLUSTER]] = NOWHERE
    return label


def together(label: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """Return bool[n_ties]: both ends of the tie are in one cluster."""
    first = label[ties[:, 0]]
    return (first != NOWHERE) & (first == label[ties[:, 1]])


def consensus(n_accounts: int, ties: np.ndarray, *, seed: int) -> tuple[np.ndarray, int]:
    """Return the partition that a sweep agrees on, as `labels` does, and of how many partitions it was made.

    One partition per resolution of SWEEP and seed. Ties whose ends are together in most of them are kept, and partitioned once
    more: so a cluster that is the same at all resolutions stays what it is, and where they differ the majority decides, tie by
    tie; no matrix of all accounts is made. Two groups that an account alternates between cannot run into one, because the last
    partition asks again for density. Cost: at most 15 partitions, at least five, and SWEPT_TIES ties in between.

    Source: Lancichinetti & Fortunato 2012, restricted to tied accounts and one round.
    """
    n_seeds = max(1, min(N_SEEDS, SWEPT_TIES // (len(SWEEP) * max(len(ties), 1))))
    agreed = np.zeros(len(ties), np.int64)
    for resolution in SWEEP:
        for turn in range(n_seeds):
            agreed += together(labels(n_accounts, ties, seed=seed + turn, resolution=resolution), ties)
    n_partitions = n_seeds * len(SWEEP)
    return labels(n_accounts, ties[2 * agreed > n_partitions], seed=seed), n_partitions
