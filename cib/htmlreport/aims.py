"""What each cluster pushes, beside everybody else, and whom it amplifies, answers and mentions."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import message, say

MAX_PUSHED = 10
MAX_WHOM = 5
COMMON = 2.0  # a share less than this many times everybody else's is no mark of the group
PUSHED: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    (message("Hashtags"), "terms", lambda one: show.name(f"#{one}")),
    (message("Domains"), "domains", show.address),
    (message("Addresses"), "url_keys", show.address),
)
WHOM = (
    ("retweet", message("Whom it amplifies")),
    ("reply", message("Whom it answers")),
    ("mention", message("Whom it mentions otherwise")),
)


def pushes(run: Reading, clusters: list[Row]) -> dict[str, list[dict[str, Any]]]:
    """Return per cluster its hashtags, domains and addresses with counts, foremost what it uses more than everybody else.

    Only what the cluster table names is counted, at most MAX_PUSHED of a kind. One pass over the posts. Reads shown.
    """
    named = [(c["cluster_id"], what, one) for c in clusters for _, what, _ in PUSHED for one in (c[what] or [])[:MAX_PUSHED]]
    columns = zip(*named, strict=True) if named else ((), (), ())
    names = ("cluster_id", "what", "name")
    run.bind("pushed", pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}))
    rows = sorted(run.ask("report_push"), key=lambda row: (-_ratio(row), -row["n_posts"], row["name"]))
    found: dict[str, list[dict[str, Any]]] = {}
    for what, column, safe in PUSHED:
        for cluster in clusters:
            own = [row for row in rows if (row["cluster_id"], row["what"]) == (cluster["cluster_id"], column)]
            if own:
                names_of = [_pushed(row, safe) for row in own]
                found.setdefault(cluster["cluster_id"], []).append({"what": say(what), "names": names_of})
    return found


def _ratio(row: Row) -> float:
    """Return how many times everybody else's share of posts the group's share is; one post is added to all counts."""
    n_rest, n_own_rest = row["n_posts_all"] - row["n_posts"], row["n_own_all"] - row["n_own"]
    return (row["n_posts"] + 1) / (row["n_own"] + 1) * (n_own_rest + 1) / (n_rest + 1)


def _pushed(row: Row, safe: Callable[[str], str]) -> dict[str, Any]:
    counts = {"n": row["n_posts"], "n_all": row["n_posts_all"]}
    return {"name": safe(row["name"]), **counts, "ratio": round(_ratio(row), 2), "common": _ratio(row) < COMMON}


def whom(run: Reading, by_cluster: dict[str, list[Row]]) -> dict[str, list[dict[str, Any]]]:
    """Return per cluster the accounts that its members, sources apart, act on most: MAX_WHOM by kind of act, with counts.

    Memory: the members' posts of the columns that name others, within DuckDB's. Reads shown.
    """
    known = {name: _roles(members) for name, members in by_cluster.items()}
    kinds: dict[tuple[str, str], list[Row]] = {}
    for row in run.ask("report_whom", n_shown=MAX_WHOM):
        kinds.setdefault((row["cluster_id"], row["what"]), []).append(row)
    found: dict[str, list[dict[str, Any]]] = {}
    for name in by_cluster:
        for what, title in WHOM:
            if rows := kinds.get((name, what)):
                accounts = [_aimed_at(row, known[name]) for row in rows]
                found.setdefault(name, []).append({"what": say(title), "n_posts": rows[0]["n_all"], "accounts": accounts})
    return found


def _roles(members: list[Row]) -> dict[tuple[str, str], str]:
    """Return what to write beside an account of the group itself."""
    return {(m["platform"], m["account_id"]): say(words.OWN["source" if m["role"] == "source" else "member"]) for m in members}


def _aimed_at(row: Row, known: dict[tuple[str, str], str]) -> dict[str, Any]:
    name = show.name(row["handle"] or row["target_id"])
    own = known.get((row["platform"], row["target_id"]), "")
    return {"name": name, "n_posts": row["n_posts"], "n_accounts": row["n_accounts"], "own": own}
