"""Everything the page shows, gathered into one dictionary: the same facts that are written as JSON."""

from collections import Counter
from typing import Any

from cib.htmlreport import (
    advertisers,
    cards,
    contestants,
    examined,
    explore,
    finding,
    flow,
    judged,
    network,
    overtime,
    record,
    show,
    topics,
    trust,
    words,
)
from cib.htmlreport.reading import Reading, Row
from cib.languages import say

MAX_ROWS = 500  # clusters in the table


def gather(run: Reading) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the facts of the page, ready for JSON; the drawing of the map; and the data by which the page is explored.

    Every string that an account wrote has passed through `show`. In memory: the clusters, and the members of those that have
    a card or a place on the map; posts, ties and evidence are only streamed past.
    """
    clusters = cards.order(run.rows("cluster"))
    members = run.rows("member", of=_needed(clusters))
    made = cards.cards(run, clusters, members)
    placed = network.place(run, clusters, members, max_nodes=explore.MAX_ACCOUNTS, max_edges=explore.MAX_TIES)
    drawing = network.network(run, clusters, placed)
    island = explore.explore(run, clusters, placed, cards=made)
    facts = {
        "report": 1,
        "examined": examined.examined(run),
        "finding": finding.finding(run, clusters),
        "not_shown": [say(one) for one in finding.NOT_SHOWN],
        "against": finding.against(made),
        "alarms": finding.alarms(run, clusters),
        "calibration": trust.gates(run),
        "smallest": finding.smallest(run),
        "clusters": [_row(cluster) for cluster in clusters[:MAX_ROWS]],
        "clusters_left_out": max(len(clusters) - MAX_ROWS, 0),
        "kinds": _kinds(clusters),
        "since": run.manifest["notes"].get("names") if run.manifest.get("names_from") else None,
        "over_time": overtime.over_time(run, clusters, {cluster["cluster_id"] for cluster in clusters[: cards.MAX_CARDS]}),
        "targets": contestants.contestants(run, clusters),
        "topics": topics.topics(run),
        "flow": flow.flow(run),
        "advertisers": advertisers.advertisers(run),
        "judged": judged.judged(run),
        "map": {key: value for key, value in drawing.items() if key.startswith("n_")},
        "explore": explore.counts(island, placed.n_ties),
        "cards": made,
        "cards_left_out": len(clusters) - len(made),
        "graphs": record.graphs(run),
        "parameters": record.parameters(run),
        "left_out": record.left_out(run),
        "record": record.record(run),
    }
    return facts, drawing, island


def _needed(clusters: list[Row]) -> list[str]:
    """Return the names of the clusters whose members are shown on cards or on the map."""
    names, n_accounts = [], 0
    for number, cluster in enumerate(clusters):
        if number < cards.MAX_CARDS or n_accounts < explore.MAX_ACCOUNTS:
            names.append(cluster["cluster_id"])
            n_accounts += cluster["n_accounts"]
    return names


def _row(cluster: Row) -> dict[str, Any]:
    """Return a cluster's line in the table of clusters."""
    level = cluster["claim_level"]
    return {
        "id": show.name(cluster["cluster_id"]),
        "kind": words.kind(cluster["kind"], level),
        "mark": words.mark(cluster["kind"], level),
        "status": words.status(cluster),
        "level": level,
        "n_accounts": cluster["n_accounts"],
        "n_posts": cluster["n_posts"],
        "first_at": show.moment(cluster["first_at"], 86_400),
        "last_at": show.moment(cluster["last_at"], 86_400),
        "graphs": [show.name(graph) for graph in cluster["graphs"] or []],
    }


def _kinds(clusters: list[Row]) -> list[dict[str, Any]]:
    """Return the legend: the kinds that occur, with their marks and how often."""
    counts = Counter((words.kind(c["kind"], c["claim_level"]), words.mark(c["kind"], c["claim_level"])) for c in clusters)
    return [{"kind": kind, "mark": mark, "n": n} for (kind, mark), n in counts.items()]
