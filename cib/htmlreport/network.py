"""The map: which clusters and accounts are drawn, where they stand, and what is left out of the picture."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from cib import layout
from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row

MAX_NODES = 5_000
MAX_EDGES = 20_000


@dataclass(frozen=True)
class Placed:
    """Accounts of clusters and where they stand.

    members  one row per account, sorted by name: its number is its place
    home     object[n]: the cluster of each
    points   int64[n, 2]: where it stands, in whole units; y points up
    edges    int64[n_edges, 2]: the strongest ties between them, strongest first, as account numbers
    ties     the same ties with all that `report_tie` tells of them
    n_ties   all ties between them
    """

    members: list[Row]
    home: np.ndarray
    points: np.ndarray
    edges: np.ndarray
    ties: pa.Table
    n_ties: int


def place(run: Reading, clusters: list[Row], members: list[Row], *, max_nodes: int, max_edges: int) -> Placed:
    """Return the accounts of the first clusters with their positions, each cluster held together by its own ties alone.

    Clusters come in the order given until max_nodes accounts are reached, of the last one its best-coordinated accounts;
    of the ties between them the max_edges strongest. Cost: one pass over the ties; the layout states its own.

    members  at least those of the first clusters, up to max_nodes
    """
    chosen = _chosen(clusters, members, max_nodes)
    ties = _ties(run, chosen, max_edges)
    edges = np.column_stack([ties[end].to_numpy() for end in ("node_a", "node_b")])
    home = np.array([m["cluster_id"] for m in chosen], object)
    own_ties = edges[home[edges[:, 0]] == home[edges[:, 1]]]
    points = np.rint(layout.positions(len(chosen), own_ties, seed=run.parameters["seed"])).astype(np.int64)
    return Placed(chosen, home, points, edges, ties, ties["n_ties"][0].as_py() if ties.num_rows else 0)


def network(run: Reading, clusters: list[Row], placed: Placed) -> dict[str, Any]:
    """Return the picture's nodes and edges by cluster, in reading order; and the counts left out.

    The picture holds MAX_NODES accounts and MAX_EDGES ties: what is beyond them is placed anew without.
    """
    if len(placed.members) > MAX_NODES:
        placed = place(run, clusters, placed.members, max_nodes=MAX_NODES, max_edges=MAX_EDGES)
    chosen, home, points, edges = placed.members, placed.home, placed.points, placed.edges[:MAX_EDGES]
    ends = home[edges]
    groups = []
    for cluster in clusters:
        own = np.flatnonzero(home == cluster["cluster_id"])
        if own.size:
            inside = edges[(ends == cluster["cluster_id"]).all(axis=1)]
            groups.append(_group(cluster, [chosen[i] for i in own], points=points[own], lines=points[inside]))
    return {
        "groups": groups,
        "across": points[edges[ends[:, 0] != ends[:, 1]]].tolist(),
        "n_accounts": sum(m["role"] != "source" for m in chosen),
        "n_sources": sum(m["role"] == "source" for m in chosen),
        "n_accounts_left_out": run.count("member") - len(chosen),
        "n_ties": len(edges),
        "n_ties_left_out": placed.n_ties - len(edges),
    }


def _chosen(clusters: list[Row], members: list[Row], most: int) -> list[Row]:
    """Return the accounts to draw, sorted by name as their numbers in the layout must be."""
    rank = {cluster["cluster_id"]: number for number, cluster in enumerate(clusters)}
    known = [m for m in members if m["cluster_id"] in rank]
    known.sort(key=lambda m: (rank[m["cluster_id"]], -(m["coordination"] or 0.0), m["platform"], m["account_id"]))
    return sorted(known[:most], key=lambda m: (m["platform"], m["account_id"]))


def _ties(run: Reading, chosen: list[Row], most: int) -> pa.Table:
    """Return the strongest ties between drawn accounts, and how many such ties there are, as `report_tie` tells."""
    columns = {
        "node": pa.array(range(len(chosen)), pa.int64()),
        "platform": pa.array([m["platform"] for m in chosen], pa.string()),
        "account_id": pa.array([m["account_id"] for m in chosen], pa.string()),
    }
    run.bind("drawn", pa.table(columns))
    return run.table("report_tie", max_edges=most)


def _group(cluster: Row, members: list[Row], *, points: np.ndarray, lines: np.ndarray) -> dict[str, Any]:
    return {
        "id": show.name(cluster["cluster_id"]),
        "kind": words.kind(cluster["kind"], cluster["claim_level"]),
        "mark": words.mark(cluster["kind"], cluster["claim_level"]),
        "n_accounts": cluster["n_accounts"],
        "points": points.tolist(),
        "sources": [m["role"] == "source" for m in members],
        "lines": lines.tolist(),
    }
