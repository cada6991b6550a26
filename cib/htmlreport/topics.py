"""What many said against what was spread, with and without the groups found: the facts of that section."""

from typing import Any

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import message, say

MAX_TOPICS = 10  # of each kind and order
FEW = 3  # accounts under which a topic is left to the table
KINDS = {"hashtag": message("Hashtags"), "page": message("Pages linked to"), "site": message("Sites linked to")}


def topics(run: Reading) -> dict[str, Any] | None:
    """Return per kind of topic the MAX_TOPICS that most accounts published and the MAX_TOPICS that were spread most; None where
    no topic has FEW accounts. Spread is counted in accounts that pass on, quote or answer inside the data; where nobody does,
    in what the platforms tell of likes, retweets and answers.
    """
    by_kind: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for row in run.rows("topic"):
        if max(row["n_accounts"], row["n_spreaders"]) >= FEW:
            by_kind[row["what"]].append(row)
    made = [_kind(kind, rows) for kind, rows in by_kind.items() if rows]
    return {"kinds": made, "has_groups": any(one["has_groups"] for one in made)} if made else None


def _kind(kind: str, rows: list[Row]) -> dict[str, Any]:
    is_told = not any(row["n_spreaders"] for row in rows)
    spread = "rank_engagement" if is_told else "rank_spread"
    viral = [row for row in rows if row[spread] is not None and row["n_engagement" if is_told else "n_spreaders"]]
    prevalent = [row for row in rows if row["n_accounts"] >= FEW]
    write = show.address if kind != "hashtag" else _tag
    return {
        "kind": say(KINDS[kind]),
        "is_told": is_told,
        "has_groups": any(row["n_accounts_clusters"] or row["n_spreaders_clusters"] for row in rows),
        "prevalent": [_topic(row, write, spread) for row in _first(prevalent, "rank_prevalent")],
        "viral": [_topic(row, write, spread) for row in _first(viral, spread)],
    }


def _first(rows: list[Row], order: str) -> list[Row]:
    return sorted(rows, key=lambda row: (row[order], row["topic"]))[:MAX_TOPICS]


def _tag(topic: str) -> str:
    return "#" + show.name(topic)


def _topic(row: Row, write: Any, spread: str) -> dict[str, Any]:
    is_told = spread == "rank_engagement"
    whole, groups = ("n_engagement", "n_engagement_clusters") if is_told else ("n_spreaders", "n_spreaders_clusters")
    n_others = row["n_accounts"] - row["n_accounts_clusters"]
    spread_others = None if row[whole] is None else row[whole] - (row[groups] or 0)
    return {
        "topic": write(row["topic"]),
        "n_accounts": row["n_accounts"],
        "n_accounts_others": n_others,
        "place": _place(row["n_accounts"], n_others, ranks=(row["rank_prevalent"], row["rank_prevalent_others"])),
        "n_spread": row[whole],
        "n_spread_others": spread_others,
        "spread_place": _place(row[whole], spread_others, ranks=(row[spread], row[f"{spread}_others"])),
    }


def _place(n: int | None, n_others: int | None, *, ranks: tuple[int, int]) -> dict[str, Any]:
    """Return the place of a topic with the groups and without them; None where nobody is left."""
    first, others = (rank if count else None for rank, count in zip(ranks, (n, n_others), strict=True))
    return {"rank": first, "others": others, "lifted": first is not None and _lifted(first, others)}


def _lifted(rank: int, others: int | None) -> bool:
    """Whether a topic is among the first MAX_TOPICS only with the groups, by more than a place or two.

    >>> _lifted(3, 40), _lifted(3, None), _lifted(3, 9), _lifted(9, 12), _lifted(30, 90)
    (True, True, False, False, False)
    """
    return rank <= MAX_TOPICS and (others is None or others >= 2 * max(rank, MAX_TOPICS))
