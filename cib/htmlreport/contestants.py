"""Contestants and targets: what a run's lists and calendar tell of the groups, for observers. Only where lists or a calendar were
given."""

from collections import defaultdict
from typing import Any

from cib import electiondays
from cib.htmlreport import blindspots, show
from cib.htmlreport.bursts import picture_data
from cib.htmlreport.reading import Reading, Row
from cib.languages import figure, joined, known, message, say

MAX_PERSONS, MAX_PER_GROUP, MAX_GROUPS, MAX_PICTURES, MAX_LIKE, MAX_USES = 60, 5, 30, 6, 40, 40
FEW = 5  # posts under which a row of group and person is left to the table
ACTS = {
    "retweet": message("passes on"),
    "link": message("links to the site of"),
    "reply": message("answers"),
    "mention": message("mentions"),
    "quote": message("quotes"),
    "name": message("names"),
}
ENTRIES = {  # what lists hold
    "handle": message("{n, plural, one {# handle} other {# handles}}"),
    "account_id": message("{n, plural, one {# id} other {# ids}}"),
    "name": message("{n, plural, one {# name} other {# names}}"),
    "domain": message("{n, plural, one {# site} other {# sites}}"),
    "term": message("{n, plural, one {# term} other {# terms}}"),
}
SAID = {"side": message("side"), "party": message("party"), "gender": message("gender"), "role": message("role")}
WHY = (  # reasons of the table impersonation
    message("Its handle holds {name} whole."),
    message("Its handle looks the same as {name}."),
    message("Its display name looks the same as {name}."),
    message("Its handle is {n} letter away from {name}."),
    message("Its handle is {n} letters away from {name}."),
    message("Its display name is {n} letter away from {name}."),
    message("Its display name is {n} letters away from {name}."),
    message("Its profile text is that of {name}."),
    message("Its picture has the address of that of {name}."),
)
ATTRIBUTES = ("side", "party", "gender", "role")
ADDRESSES = ("reply", "mention", "quote")


def contestants(run: Reading, clusters: list[Row]) -> dict[str, Any] | None:
    """Return the facts of the section; None where the run had neither lists nor a calendar.

    clusters  in reading order. Every table is cut, and what is left out is counted; in memory: the run's observer tables.
    """
    lists, phases = run.parameters.get("lists") or [], run.rows("phase")
    if not lists and not phases:
        return None
    order = {cluster["cluster_id"]: number for number, cluster in enumerate(clusters)}
    persons = _persons(run.rows("target"))
    return {
        "lists": [_list(one) for one in lists],
        "blind": blindspots.sentences(run),
        "unseen": blindspots.unseen(run, lists),
        "persons": persons[:MAX_PERSONS],
        "persons_left_out": max(len(persons) - MAX_PERSONS, 0),
        "has_names": any(person["named"]["n"] for person in persons),
        "has_views": any(person["views"] for person in persons),
        "matrix": _matrix(run.rows("cluster_target"), order),
        "groups": [_group(row) for row in run.rows("target_group")],
        "bursts": _bursts(run, order),
        "uses": _uses(run.rows("list_use"), order),
        "alike": _alike(run.rows("impersonation"), run.notes.get("impersonation", {})),
        "phases": _phases(phases, order),
    }


def _list(record: Row) -> dict[str, Any]:
    return {
        "name": show.name(record["name"]),
        "file": show.name(record["file"]),
        "columns": [f"{ours} = {show.name(theirs)}" for ours, theirs in sorted(record["columns"].items())],
        "persons": record["persons"],
        "entries": dict(sorted(record["entries"].items())),
        "sought": joined(", ", _sought(record)),
        "refused": record["refused"],
        "sha256": record["sha256"],
    }


def _sought(record: Row) -> list[str]:
    """Return how many persons a list names, and how much there is to look for."""
    persons = [say("{n, plural, one {# person} other {# persons}}", n=record["persons"])] if record["persons"] else []
    return [*persons, *(say(ENTRIES[kind], n=n) for kind, n in sorted(record["entries"].items()) if kind in ENTRIES)]


def _persons(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the persons, those with most posts about them first: reach with and without the groups found."""
    by_person: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_person[row["list"], row["person"]][row["act"]] = row
    found = []
    for (name, person), acts in by_person.items():
        first = next(iter(acts.values()))
        own = acts.get("own", {})
        found.append(
            {
                "list": show.name(name),
                "person": show.name(person),
                "about": ", ".join(show.name(first[one]) for one in ATTRIBUTES if first[one]),
                "own": own.get("n_posts", 0),
                "likes": own.get("n_likes"),
                "views": own.get("n_views"),
                "any": _counts([acts[act] for act in ("any",) if act in acts]),
                "amplified": _counts([acts[act] for act in ("retweet", "link") if act in acts]),
                "addressed": _counts([acts[act] for act in ADDRESSES if act in acts]),
                "named": _counts([acts[act] for act in ("name",) if act in acts]),
            }
        )
    return sorted(found, key=lambda one: (-one["any"]["n"], one["list"], one["person"]))


def _counts(rows: list[Row]) -> dict[str, int]:
    """Return posts of all, of members of groups, and of flagged accounts."""
    columns = (("n", "n_posts"), ("groups", "n_posts_clusters"), ("flagged", "n_posts_flagged"))
    return {name: sum(row[column] for row in rows) for name, column in columns}


def _matrix(rows: list[Row], order: dict[str, int]) -> dict[str, Any]:
    """Return who acts on whom, group by group in reading order: the MAX_PER_GROUP acts with most posts of each."""
    by_group: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["n_posts"] >= FEW:
            by_group[row["cluster_id"]].append(row)
    made = []
    for name in sorted(by_group, key=lambda name: order.get(name, len(order)))[:MAX_GROUPS]:
        largest = sorted(by_group[name], key=lambda row: (-row["n_posts"], row["list"], row["person"], row["act"]))
        made += [
            {
                "group": show.name(name),
                "does": say(ACTS[row["act"]]),
                "direction": row["direction"],
                "person": show.name(row["person"]),
                "n": row["n_posts"],
                "n_accounts": row["n_accounts"],
                "share": share(row["share"]),
                "others": share(row["share_others"]),
                "more": row["share_others"] is not None and row["share"] >= 2 * row["share_others"],
            }
            for row in largest[:MAX_PER_GROUP]
        ]
    return {"rows": made, "left_out": len(rows) - len(made)}


def share(value: float | None) -> str:
    """Return a share in per cent.

    >>> share(0.4632), share(0.0004), share(0.0), share(None)
    ('46%', 'under 0.1%', '0%', 'nobody')
    """
    if value is None:
        return say("nobody ## whose share is asked")
    if 0 < value < 0.001:
        return say("under {x}%", x=figure("0.1"))
    return say("{x}%", x=figure(f"{100 * value:.1f}" if 0 < value < 0.1 else f"{100 * value:.0f}"))


def _group(row: Row) -> dict[str, Any]:
    kept = {key: value for key, value in row.items() if key.startswith("n_")}
    return {"list": show.name(row["list"]), "attribute": say(SAID[row["attribute"]]), "value": show.name(row["value"]), **kept}


def _bursts(run: Reading, order: dict[str, int]) -> dict[str, Any]:
    """Return, for the persons whom groups address most, a picture by the hour and a row per group beside all others."""
    rows = [row for row in run.rows("target_burst") if row["n_posts"] >= FEW or not row["cluster_id"]]
    by_person: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_person[row["list"], row["person"]].append(row)
    addressed = {key: sum(row["n_posts"] for row in own if row["cluster_id"]) for key, own in by_person.items()}
    largest = sorted((key for key, n in addressed.items() if n), key=lambda key: (-addressed[key], key))[:MAX_PICTURES]
    hours: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in run.rows("target_hour"):
        if (row["list"], row["person"]) in largest:
            hours[row["list"], row["person"]].append(row)
    made = []
    for key in largest:
        own = sorted(by_person[key], key=lambda row: order.get(row["cluster_id"], len(order)) if row["cluster_id"] else -1)
        made.append(
            {
                "person": show.name(key[1]),
                "list": show.name(key[0]),
                "about": ", ".join(show.name(own[0][one]) for one in ("side", "gender") if own[0][one]),
                "n_own": own[0]["n_own"],
                "picture": picture_data(hours[key]),
                "rows": [_burst(row) for row in own[: MAX_PER_GROUP + 1]],
            }
        )
    return {"persons": made, "left_out": sum(n > 0 for n in addressed.values()) - len(made)}


def _burst(row: Row) -> dict[str, Any]:
    return {
        "group": show.name(row["cluster_id"]) or say("all others"),
        "is_group": bool(row["cluster_id"]),
        "n": row["n_posts"],
        "n_accounts": row["n_accounts"],
        "n_hours": row["n_hours"],
        "peak": say("{n} at {time}", n=row["peak_posts"], time=show.moment(row["peak_at"], 60)),
        **blindspots.answers(row),
    }


def _uses(rows: list[Row], order: dict[str, int]) -> dict[str, Any]:
    """Return per list and topic which groups use it, beside all accounts in no group; most posts first within a topic."""
    whole = [row for row in rows if not row["entry"]]
    usual = {(row["list"], row["topic"]): row for row in whole if not row["cluster_id"]}
    entries: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["entry"]:
            entries[row["list"], row["topic"], row["cluster_id"]].append(row)
    made = []
    for row in sorted(whole, key=lambda row: (row["list"], row["topic"], -row["n_posts"], order.get(row["cluster_id"], -1))):
        key = (row["list"], row["topic"])
        if row["cluster_id"] and row["n_posts"] >= FEW:
            top = sorted(entries[*key, row["cluster_id"]], key=lambda one: (-one["n_posts"], one["entry"]))[:3]
            made.append(
                {
                    "list": show.name(row["list"]),
                    "topic": show.name(row["topic"]),
                    "group": show.name(row["cluster_id"]),
                    "n": row["n_posts"],
                    "n_retweets": row["n_retweets"],
                    "n_accounts": row["n_accounts"],
                    "share": share(row["share"]),
                    "others": share(usual[key]["share"]) if key in usual else share(0.0),
                    "most": [show.address(one["entry"]) for one in top],
                }
            )
    n_other = {f"{name}: {topic}" if topic else name: row["n_posts"] for (name, topic), row in sorted(usual.items())}
    return {
        "rows": made[:MAX_USES],
        "left_out": max(len(made) - MAX_USES, 0),
        "others": {show.name(k): n for k, n in n_other.items()},
    }


def _alike(rows: list[Row], noted: Row) -> dict[str, Any]:
    made = [
        {
            "handle": show.name(row["handle"] or row["account_id"]),
            "display": show.name(row["display_name"]),
            "person": show.name(row["person"]),
            "reasons": [known(show.body(reason), WHY) for reason in row["reasons"]],
            "group": show.name(row["cluster_id"]),
            "n_posts": row["n_posts"],
            "n_aimed": row["n_aimed"],
        }
        for row in sorted(
            rows, key=lambda row: (9 if row["distance"] is None else row["distance"], -row["n_aimed"], row["handle"] or "")
        )
    ]
    return {"rows": made[:MAX_LIKE], "left_out": max(len(made) - MAX_LIKE, 0), "not_compared": noted.get("left_out", 0)}


def _phases(rows: list[Row], order: dict[str, int]) -> list[dict[str, Any]]:
    """Return each entry of the calendar with the activity of every group in it and just before."""
    by_phase: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_phase[row["phase_ix"]].append(row)
    made = []
    for number in sorted(by_phase):
        own = sorted(by_phase[number], key=lambda row: order.get(row["cluster_id"], len(order)) if row["cluster_id"] else -1)
        first = own[0]
        times = {"since": first["since"].isoformat(sep=" "), "until": first["until"].isoformat(sep=" ")}
        made.append(
            {
                "what": show.name(first["what"]),
                "when": show.span(electiondays.said(times)),
                "covered": share(first["covered"]),
                "is_covered": first["covered"] == 1.0,
                "rows": [_phase(row) for row in own[: MAX_GROUPS + 1]],
            }
        )
    return made


def _phase(row: Row) -> dict[str, Any]:
    counts = {key: row[key] for key in ("n_posts", "n_accounts", "n_posts_before", "n_accounts_before")}
    return {"group": show.name(row["cluster_id"]) or say("all others"), "is_group": bool(row["cluster_id"]), **counts}
