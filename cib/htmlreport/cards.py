"""One card per cluster: what it is, what speaks for and against, who is in it, what it pushes, when it was active."""

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa

from cib.htmlreport import activity, aims, citations, hours, show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import joined, message, say

MAX_CARDS = 100
MAX_MEMBERS = 200  # on a card; half of them where there are many cards
MAX_SOURCES = 50
NO_COUNTER = message("Nothing that was measured speaks against it. That is no proof: much was not measured.")
NOT_COMPARED = message(
    "No trait could be compared: too few accounts outside groups are like these. That says nothing for or against them. What is "
    "known is that its accounts met more often than chance explains."
)
THIN = message(
    "The whole case has too few equally active accounts to know what is ordinary: what stands out here may be ordinary elsewhere."
)
NO_REASON = message(
    "No trait stands out from ordinary accounts. What remains is that its accounts met more often than chance explains."
)


def order(clusters: list[Row]) -> list[Row]:
    """Return the clusters as people should read them: flagged, for review, explained; higher claims and larger groups first."""

    def place(cluster: Row) -> tuple[int, int, int, str]:
        rank = words.STATUS.index(words.status(cluster))
        return rank, -cluster["claim_level"], -cluster["n_accounts"], cluster["cluster_id"]

    return sorted(clusters, key=place)


def cards(run: Reading, clusters: list[Row], members: list[Row]) -> list[dict[str, Any]]:
    """Return the cards of the first MAX_CARDS clusters, which come in reading order. Cost: a few passes over the posts."""
    shown = clusters[:MAX_CARDS]
    by_cluster: dict[str, list[Row]] = {cluster["cluster_id"]: [] for cluster in shown}
    for member in members:
        if member["cluster_id"] in by_cluster:
            by_cluster[member["cluster_id"]].append(member)
    traits: dict[str, list[Row]] = defaultdict(list)
    for trait in run.rows("trait", of=list(by_cluster)):
        traits[trait["cluster_id"]].append(trait)
    _bind(run, by_cluster)
    timelines, weeks = activity.timelines(run, shown), hours.week(run, traits)
    pushes, whom = aims.pushes(run, shown), aims.whom(run, by_cluster)
    meetings, typical = citations.meetings(run, by_cluster)
    most = MAX_MEMBERS // (1 + (len(shown) > citations.MANY_CARDS))
    made = []
    for cluster in shown:
        name = cluster["cluster_id"]
        card = _card(run, cluster, by_cluster[name], most=most)
        card["pushes"], card["whom"] = pushes.get(name, []), whom.get(name, [])
        card["words"] = [show.name(word) for word in cluster["words"] or []]
        card["traits"] = _traits(traits[name], cluster["claim_level"])
        if not (card["traits"] or cluster["reasons"]):
            card["reasons"] = [{"text": say(NOT_COMPARED), "detail": ""}]
        if "case" in run.thin:
            card["counter"].append({"text": say(THIN), "detail": ""})
        card["unmeasured"] = _unmeasured(traits[name], cluster["claim_level"])
        card["timeline"], card["week"] = timelines.get(name), weeks.get(name)
        card["evidence"], card["typical"] = meetings.get(name, []), typical.get(name)
        made.append(card)
    return made


def _bind(run: Reading, by_cluster: dict[str, list[Row]]) -> None:
    """Let queries read the clusters that have a card, and their members without sources."""
    columns = ("cluster_id", "platform", "account_id")
    inside = [row for rows in by_cluster.values() for row in rows if row["role"] != "source"]
    text = pa.schema([(column, pa.string()) for column in columns])
    run.bind("shown", pa.Table.from_pylist([{column: row[column] for column in columns} for row in inside], schema=text))
    run.bind("wanted", pa.table({"cluster_id": pa.array(list(by_cluster), pa.string())}))


def _card(run: Reading, cluster: Row, members: list[Row], *, most: int) -> dict[str, Any]:
    level, code = cluster["claim_level"], cluster["kind"]
    resolution_s = run.resolution_s(cluster["graphs"] or [])
    inside = sorted((m for m in members if m["role"] != "source"), key=_strongest)
    sources = sorted((m for m in members if m["role"] == "source"), key=_strongest)
    return {
        "id": show.name(cluster["cluster_id"]),
        "status": words.status(cluster),
        "flagged": words.status(cluster) == "flagged",
        "kind": words.kind(code, level),
        "mark": words.mark(code, level),
        "level": level,
        "level_words": say(words.LEVELS[level]),
        "n_accounts": cluster["n_accounts"],
        "n_posts": cluster["n_posts"],
        "first_at": show.moment(cluster["first_at"], resolution_s),
        "last_at": show.moment(cluster["last_at"], resolution_s),
        "stability": cluster["stability"],
        "stability_words": words.stability(cluster["stability"]),
        "p_value": cluster["p_value"],
        "graphs": [{"name": show.name(g), **_sayings(run.graphs.get(g, {}))} for g in cluster["graphs"] or []],
        "reasons": _sentences(cluster["reasons"], level) or [{"text": say(NO_REASON), "detail": ""}],
        "counter": _sentences(cluster["counter_evidence"], level),
        "no_counter": say(NO_COUNTER),
        "benign": _sentences(cluster["benign"], level),
        "techniques": words.techniques(cluster["disarm"] or [], level),
        "roles": [
            {"role": say(words.ROLES[role][n > 1]), "n": n} for role, n in sorted(Counter(m["role"] for m in members).items())
        ],
        "members": [_member(m) for m in inside[:most]],
        "members_left_out": max(len(inside) - most, 0),
        "sources": [_member(m) for m in sources[:MAX_SOURCES]],
        "sources_left_out": max(len(sources) - MAX_SOURCES, 0),
    }


def _strongest(member: Row) -> tuple[float, int, str, str]:
    return -(member["coordination"] or 0.0), -(member["n_ties"] or 0), member["platform"], member["account_id"]


def _member(member: Row) -> dict[str, Any]:
    return {
        "platform": show.name(member["platform"]),
        "id": show.name(member["account_id"]),
        "handle": show.name(member["handle"]),
        "role": words.role(member),
        "coordination": round(member["coordination"] or 0.0, 2),
        "n_ties": member["n_ties"] or 0,
    }


def _sayings(graph: Row) -> dict[str, str]:
    return {key: words.stored(show.body(graph.get(key))) for key in ("says", "misleads")}


def _sentences(sentences: list[str] | None, level: int) -> list[dict[str, str]]:
    return [words.split(words.careful(words.stored(show.body(sentence)), level)) for sentence in sentences or []]


def _traits(rows: list[Row], level: int) -> list[dict[str, Any]]:
    """Return the measured traits that have a place among reference groups, the weightiest first."""
    placed = [row for row in rows if row["percentile"] is not None]
    placed.sort(key=lambda row: (row["direction"] == "describes", -abs(row["log_odds"] or 0.0), row["trait"]))
    return [
        {
            "name": words.careful(words.trait(row["trait"]), level),
            "family": row["family"],
            "value": words.measured(row["value"], row["unit"]),
            "percentile": round(row["percentile"], 3),
            "n_reference": row["n_reference"],
            "says": words.weighs(row["log_odds"] or 0.0, row["direction"]),
        }
        for row in placed
    ]


def _unmeasured(rows: list[Row], level: int) -> list[dict[str, Any]]:
    """Return the traits without a place, by the reason why."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["percentile"] is None:
            name = words.careful(words.trait(row["trait"]), level)
            if row["value"] is not None:
                name = joined("", [name, " (", words.measured(row["value"], row["unit"]), ")"])
            reason = words.stored(show.body(row["missing_reason"])) if row["missing_reason"] else say("no reason is known")
            by_reason[words.careful(reason, level)].append(name)
    return [{"reason": reason, "traits": sorted(names)} for reason, names in sorted(by_reason.items())]
