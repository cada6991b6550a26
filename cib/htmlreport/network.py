"""The map: which clusters and accounts are drawn, where they stand, and what is left out of the picture."""

from typing import Any

import numpy as np
import pyarrow as pa

from cib import layout
from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row

MAX_NODES = 5_000
MAX_EDGES = 20_000


def network(run: Reading, clusters: list[Row], members: list[Row]) -> dict[str, Any]:
    """Return the picture's nodes and edges by cluster, in reading order, with positions in whole units; and the counts left out.

    Clusters are drawn in the order given until MAX_NODES accounts are reached, of the last one its best-coordinated accounts;
    of the ties between drawn accounts the MAX_EDGES strongest. Cost: one pass over the ties; the layout states its own.

    members  at least those of the first clusters, up to MAX_NODES
    """
    chosen = _chosen(clusters, members)
    edges, n_ties = _edges(run, chosen)
    home = np.array([m["cluster_id"] for m in chosen], object)
    ends = home[edges]
    own_ties = edges[ends[:, 0] == ends[:, 1]]  # only these hold the springs: each cluster stands on its own
    points = np.rint(layout.positions(len(chosen), own_ties, seed=run.parameters["seed"])).astype(np.int64)
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
        "n_ties_left_out": n_ties - len(edges),
    }


def _chosen(clusters: list[Row], members: list[Row]) -> list[Row]:
    """Return the accounts to draw, sorted by name as their numbers in the layout must be."""
    rank = {cluster["cluster_id"]: number for number, cluster in enumerate(clusters)}
    known = [m for m in members if m["cluster_id"] in rank]
    known.sort(key=lambda m: (rank[m["cluster_id"]], -(m["coordination"] or 0.0), m["platform"], m["account_id"]))
    return sorted(known[:MAX_NODES], key=lambda m: (m["platform"], m["account_id"]))


def _edges(run: Reading, chosen: list[Row]) -> tuple[np.ndarray, int]:
    """Return int64[n, 2] account numbers of the strongest ties between drawn accounts, and how many such ties there are."""
    columns = {
        "node": pa.array(range(len(chosen)), pa.int64()),
        "platform": pa.array([m["platform"] for m in chosen], pa.string()),
        "account_id": pa.array([m["account_id"] for m in chosen], pa.string()),
    }
    run.bind("drawn", pa.table(columns))
    rows = run.ask("report_tie", max_edges=MAX_EDGES)
    edges = np.array([(row["node_a"], row["node_b"]) for row in rows], np.int64).reshape(-1, 2)
    return edges, rows[0]["n_ties"] if rows else 0


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
