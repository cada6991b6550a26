"""The posts that a person should read: per cluster a few meetings, both texts side by side, each with its place in its file."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import message, say

MAX_MEETINGS = 8  # on a card; half of them where there are many cards
MANY_CARDS = 50
OBJECT = message("object")
SAME = {1: message("in the same second"), 60: message("in the same minute"), 86_400: message("on the same day")}
AT_ONCE = message("at the same time")
Name = tuple[str, str]  # platform and id


@dataclass(frozen=True)
class Known:
    """What is looked up for the meetings: posts by name, handles by the name of the account."""

    posts: dict[Name, Row]
    handles: dict[Name, str | None]


def meetings(run: Reading, by_cluster: dict[str, list[Row]]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[str, Any]]]:
    """Return per cluster at most MAX_MEETINGS meetings, rarest first; and its typical pair, in words and with one meeting.

    Only the posts that these cite are looked up. Reads wanted and shown.
    """
    rarest = run.ask("report_evidence", n_shown=MAX_MEETINGS // (1 + (len(by_cluster) > MANY_CARDS)))
    pairs = run.ask("report_typical")
    known = look_up(run, [*rarest, *(row for row in pairs if row["post_a"] is not None)], by_cluster)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rarest:
        found.setdefault(row["cluster_id"], []).append(cite(run, row, known))
    return found, {row["cluster_id"]: _typical(run, row, known=known, shown=found.get(row["cluster_id"], [])) for row in pairs}


def look_up(run: Reading, rows: list[Row], by_cluster: dict[str, list[Row]]) -> Known:
    """Look up the posts that `rows` cite, and the handles of all members."""
    cited = sorted({(row[f"post_platform_{side}"], row[f"post_{side}"]) for row in rows for side in "ab"})
    platforms, ids = zip(*cited, strict=True) if cited else ((), ())
    run.bind("cited", pa.table({"platform": pa.array(platforms, pa.string()), "post_id": pa.array(ids, pa.string())}))
    posts = {(row["platform"], row["post_id"]): row for row in run.ask("report_post")}
    handles = {(m["platform"], m["account_id"]): m["handle"] for members in by_cluster.values() for m in members}
    return Known(posts, handles)


def _typical(run: Reading, row: Row, *, known: Known, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the typical pair: how often it met, how often chance would have it, and a meeting that is not among `shown`."""
    meeting = None if row["post_a"] is None else cite(run, row, known)
    accounts = [_account(row, side, known) for side in "ab"]
    return {
        "text": words.typical(show.name(row["graph"]), row),
        "accounts": accounts,
        "meeting": None if meeting in shown else meeting,
    }


def cite(run: Reading, row: Row, known: Known) -> dict[str, Any]:
    """Return one meeting, the earlier post first."""
    resolution_s = run.resolution_s([row["graph"]])
    graph = run.graphs.get(row["graph"], {})
    return {
        "graph": show.name(row["graph"]),
        "object_kind": say(words.OBJECTS.get(graph.get("verb", ""), OBJECT)),
        "object": _object(graph.get("verb", ""), row["object"]),
        "gap": _gap(row["gap_s"], resolution_s),
        "bits": round(row["item_bits"], 1) if row["item_bits"] is not None else None,
        "odds": show.odds(row["item_bits"]) if row["item_bits"] is not None else "",
        "posts": [_post(row, side, known) for side in sides(row)],
    }


def sides(row: Row) -> list[str]:
    """Return a and b, the one that acted earlier first."""
    return sorted("ab", key=lambda side: (row[f"acted_at_{side}"], side))


def _gap(seconds: int, resolution_s: int) -> str:
    """Return the time between two acts, no finer than the data know it."""
    if seconds >= resolution_s:
        return say("{time} apart", time=show.gap(seconds))
    return say(SAME.get(resolution_s, AT_ONCE))


def _object(verb: str, found: str | None) -> str:
    if verb == "link":
        return show.address(found or "")
    return show.cut(show.body(found), 2 * show.MAX_NAME)


def _post(row: Row, side: str, known: Known) -> dict[str, Any]:
    platform = row[f"platform_{side}"]
    post = known.posts.get((row[f"post_platform_{side}"], row[f"post_{side}"]), {})
    file = (row[f"source_file_{side}"] or "").replace("\\", "/").rsplit("/", 1)[-1]
    return {
        "account": _account(row, side, known),
        "platform": show.name(platform),
        "id": show.name(row[f"post_{side}"]),
        "at": show.moment(row[f"acted_at_{side}"], post.get("resolution_s")),
        "text": show.body(post.get("text")),
        "retweet": words.retweet(platform) if post.get("is_retweet") else "",
        "deleted": bool(post.get("deleted")),
        "permalink": show.permalink(post.get("permalink")),
        "file": show.name(file),
        "record": row[f"source_record_{side}"],
    }


def _account(row: Row, side: str, known: Known) -> str:
    account_id = row[f"account_{side}"]
    return show.name(known.handles.get((row[f"platform_{side}"], account_id)) or account_id)
