"""How links moved from platform to platform: the facts of that section. Only where a case has several platforms."""

from collections import defaultdict
from typing import Any

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import say

MAX_PAIRS, MAX_PAGES = 20, 15
FEW = 10  # pages that two platforms share, under which nothing is said about which one is first


def flow(run: Reading) -> dict[str, Any] | None:
    """Return which platform had shared pages first, and the pages that went furthest; None where no page is on two platforms."""
    pairs = [row for row in run.rows("platform_flow") if row["what"] == "page"]
    if not pairs:
        return None
    pages: dict[str, list[Row]] = defaultdict(list)
    for row in run.rows("link_hop"):
        if row["what"] == "page":
            pages[row["object"]].append(row)
    clusters = sorted(pages, key=lambda page: (-_n(pages[page], "n_accounts"), page))
    led = sorted(pairs, key=lambda row: (-row["n_objects"], -row["n_first"], row["from_platform"], row["to_platform"]))
    chosen = [row for row in led if (row["n_first"], row["to_platform"]) > (row["n_second"], row["from_platform"])]
    return {
        "n_pages": run.notes["link_hop"]["objects"].get("page", 0),
        "pairs": [_pair(row) for row in chosen[:MAX_PAIRS]],
        "pairs_left_out": max(len(chosen) - MAX_PAIRS, 0),
        "pages": [_page(page, pages[page]) for page in clusters[:MAX_PAGES]],
        "pages_left_out": max(run.notes["link_hop"]["objects"].get("page", 0) - MAX_PAGES, 0),
    }


def _n(rows: list[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def _pair(row: Row) -> dict[str, Any]:
    return {
        "from": show.name(row["from_platform"]),
        "to": show.name(row["to_platform"]),
        "n": row["n_objects"],
        "n_first": row["n_first"],
        "n_second": row["n_second"],
        "n_unknown": row["n_objects"] - row["n_first"] - row["n_second"],
        "expected": show.decimal(row["expected_first"]),
        "lag": show.gap(row["median_lag_s"]) if row["median_lag_s"] is not None else say("none ## no length of time"),
        "lags": _between(row["low_lag_s"], row["high_lag_s"]) if row["low_lag_s"] is not None else "",
        "n_groups": row["n_first_clusters"],
        "n_same": row["n_first_same_cluster"],
        "too_few": row["n_first"] + row["n_second"] < FEW,
    }


def _between(low: float, high: float) -> str:
    return say("{low} to {high}", low=show.gap(low), high=show.gap(high))


def _page(page: str, hops: list[Row]) -> dict[str, Any]:
    return {
        "page": show.address(page),
        "n_accounts": _n(hops, "n_accounts"),
        "n_groups": _n(hops, "n_accounts_clusters"),
        "hops": [
            {
                "platform": show.name(hop["platform"]),
                "at": show.moment(hop["first_at"], min(hop["resolution_s"], 86_400)),
                "lag": _lag(hop),
                "group": show.name(hop["cluster_id"]) or None,
                "n_accounts": hop["n_accounts"],
            }
            for hop in sorted(hops, key=lambda hop: hop["hop_ix"])
        ],
    }


def _lag(hop: Row) -> str | None:
    """Return how long after the platform before, no finer than the times are."""
    if hop["lag_s"] is None:
        return None
    return say("{time} later", time=show.gap(hop["lag_s"])) if hop["is_sure"] else say("(whether later, the times do not tell)")
