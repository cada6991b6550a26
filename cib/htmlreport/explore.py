"""What the page is explored by: accounts, ties and meetings as columns of one JSON, as small as a page may carry them."""

import json
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.htmlreport import citations, show, words
from cib.htmlreport.activity import Grid, grid, seconds
from cib.htmlreport.network import Placed
from cib.htmlreport.phrases import phrases
from cib.htmlreport.reading import Reading, Row
from cib.languages import ENGLISH, Language, Said, joined, say

MAX_ACCOUNTS = 20_000
MAX_TIES = 100_000
MAX_MEETINGS = 5_000
MAX_PER_PAIR = 3
MAX_LINES = 100  # of the table of evidence as it is written; with the page's script all meetings are in it
MAX_EXCERPT = 140  # characters of a post in the table and beside the map
MAX_TEXT_BYTES = 1_000_000  # of all excerpts: after them no further meeting is taken
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&'\u2028\u2029"}
T = TypeVar("T")


class Names:
    """Values numbered in the order in which they come up."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return self.number.setdefault(value, len(self.number))

    @property
    def values(self) -> list[Any]:
        return list(self.number)


def explore(run: Reading, clusters: list[Row], placed: Placed, *, cards: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the page's data island. Every string that an account wrote has passed through `show`.

    Ties are written by their first account: `degree` counts those of each account, `step` says how far on the second one lies.
    Meetings come of every cluster in turn, of a pair the rarest first. A post is written once, whatever it takes part in.
    """
    number = {cluster["cluster_id"]: i for i, cluster in enumerate(clusters)}
    carded = {card["id"] for card in cards}
    graphs, sets = Names(), Names()
    period = _period(placed.ties, run.resolution_s(sorted(run.graphs)))
    ties = _ties(placed, period, graphs=graphs, sets=sets)
    platforms, roles = Names(), Names()
    accounts = [_account(m, platforms=platforms, roles=roles) for m in placed.members]
    meetings = _meetings(run, placed, number, graphs=graphs)
    n_groups = max([len(cards), *(number[name] + 1 for name in set(placed.home))])
    return {
        "groups": [_group(cluster, carded) for cluster in clusters[:n_groups]],
        "graphs": [show.name(name) for name in graphs.values],
        "sets": [{"graphs": one[:-1], "weak": one[-1]} for one in sets.values],
        "platforms": platforms.values,
        "roles": [say(words.ROLES[code][0]) for code in roles.values],
        "source_role": roles.number.get("source", -1),
        "accounts": {
            "x": placed.points[:, 0].tolist(),
            "y": placed.points[:, 1].tolist(),
            "group": [number[name] for name in placed.home],
            **_columns(accounts, ("name", "id", "platform", "role", "coordination", "ties")),
        },
        "ties": ties,
        "period": None if period is None else {"start": str(period.when(0)), "step_s": period.bin_s, "n": period.n},
        **meetings,
    }


def as_json(island: dict[str, Any], language: Language = ENGLISH) -> str:
    """Return JSON that can stand inside an element of HTML and in a script alike, with what the page says in a language. Times
    stay as they are: the page's script compares them, and writes them in the language's order.

    >>> as_json({"a": "</script>"}).split(",")[0]
    '{"a":"\\\\u003c/script\\\\u003e"'
    """
    said = _said({**island, "words": phrases(language)}, language)
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.translate(ESCAPES)


def _said(value: Any, language: Language) -> Any:
    """Return the island with every sentence of ours in a language. Columns without one are passed on as they are."""
    if isinstance(value, Said):
        return value.to(language)
    if isinstance(value, dict):
        return {key: _said(one, language) for key, one in value.items()}
    if isinstance(value, list) and any(isinstance(one, (Said, dict, list)) for one in value):
        return [_said(one, language) for one in value]
    return value


def counts(island: dict[str, Any], n_ties: int) -> dict[str, int]:
    """Return how much of the run can be explored on the page. n_ties: between the accounts on the map, drawn or not."""
    n_drawn = len(island["ties"]["step"])
    return {
        "accounts": len(island["accounts"]["x"]),
        "ties": n_drawn,
        "ties_left_out": n_ties - n_drawn,
        "meetings": len(island["meetings"]["a"]),
    }


def lines(island: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the first MAX_LINES meetings as rows of a table."""
    meetings, posts = island["meetings"], island["posts"]
    shown = range(min(MAX_LINES, len(meetings["a"])))

    def post(p: int) -> dict[str, Any]:
        name = posts["name"][p] or island["accounts"]["name"][posts["node"][p]]
        return {"name": name, "at": show.dated(posts["at"][p]), "text": posts["text"][p], "link": posts["link"][p]}

    return [
        {
            "group": island["groups"][meetings["group"][i]]["id"],
            "graph": island["graphs"][meetings["graph"][i]],
            "object": island["objects"][meetings["object"][i]],
            "posts": [post(meetings["a"][i]), post(meetings["b"][i])],
            "gap": meetings["gap"][i],
            "bits": meetings["bits"][i],
        }
        for i in shown
    ]


def _group(cluster: Row, carded: set[str]) -> dict[str, Any]:
    level = cluster["claim_level"]
    name = show.name(cluster["cluster_id"])
    return {
        "id": name,
        "kind": words.kind(cluster["kind"], level),
        "mark": words.mark(cluster["kind"], level),
        "level": say("{n} of 4: {what}", n=level, what=say(words.LEVELS[level])),
        "card": name in carded,
    }


def _name(member: Row) -> str:
    return show.name(member["handle"]) or show.name(member["account_id"])


def _account(member: Row, *, platforms: Names, roles: Names) -> dict[str, Any]:
    return {
        "name": _name(member),
        "id": show.name(member["account_id"]),
        "platform": platforms(show.name(member["platform"])),
        "role": roles(member["role"]),
        "coordination": round(100 * (member["coordination"] or 0.0)),
        "ties": member["n_ties"] or 0,
    }


def _period(ties: pa.Table, resolution_s: int) -> Grid | None:
    """Return the steps in which ties can be chosen by time, from their first meeting to their last; None where none is dated."""
    first, last = pc.min(ties["first_at"]).as_py(), pc.max(ties["last_at"]).as_py()
    return None if first is None or last is None else grid(seconds(first), seconds(last), resolution_s)


def _steps(column: pa.ChunkedArray, period: Grid | None, *, unknown: int) -> list[int]:
    """Return the step of the period in which each time lies; `unknown` where a tie has none."""
    if period is None:
        return [unknown] * len(column)
    micros = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())
    known = pc.fill_null(micros, 0).to_numpy() // (1_000_000 * period.bin_s) - period.first
    return np.where(pc.is_valid(micros).to_numpy(), known, unknown).tolist()


def _ties(placed: Placed, period: Grid | None, *, graphs: Names, sets: Names) -> dict[str, list[int]]:
    """Return the ties in the order of their ends, as columns of whole numbers. `set` numbers a tie's graphs together with
    whether it is weak: passes only within its group, not by itself. `first` and `last` are the steps of the period in which its
    accounts met first and last; a tie without times was there all the time."""
    n = len(placed.members)
    order = np.lexsort((placed.edges[:, 1], placed.edges[:, 0]))
    edges = placed.edges[order]
    degree = np.bincount(edges[:, 0], minlength=n)
    starts = np.cumsum(degree) - degree
    step = np.diff(edges[:, 1], prepend=0)
    first = starts[degree > 0]
    step[first] = edges[first, 1] - edges[first, 0]
    told = placed.ties.take(order)
    weak = [found_by == "extent" for found_by in told["found_by"].to_pylist()]
    of_ties = zip(weak, told["graphs"].to_pylist(), strict=True)
    return {
        "degree": degree.tolist(),
        "step": step.tolist(),
        "bits": [round(bits or 0.0) for bits in told["surprise_bits"].to_pylist()],
        "set": [sets((*sorted(graphs(name) for name in names or []), weak)) for weak, names in of_ties],
        "posts": [n_pairs or 0 for n_pairs in told["n_post_pairs"].to_pylist()],
        "first": _steps(told["first_at"], period, unknown=0),
        "last": _steps(told["last_at"], period, unknown=period.n - 1 if period else 0),
    }


class Posts:
    """Posts that meetings speak of, each written once, and how many bytes their excerpts take. A post of an account on the map
    has no name: it is the account's."""

    def __init__(self, placed: Placed) -> None:
        self.node = {(m["platform"], m["account_id"]): i for i, m in enumerate(placed.members)}
        self.names = [_name(m) for m in placed.members]
        self.place: dict[tuple[Any, ...], int] = {}
        self.written: list[dict[str, Any]] = []
        self.files = Names()
        self.n_bytes = 0

    def add(self, row: Row, side: str, post: dict[str, Any]) -> int:
        """Return the number of the post on one side of a meeting. post: the same as `citations.cite` tells it."""
        key = tuple(row[f"{part}_{side}"] for part in ("platform", "account", "post_platform", "post"))
        if key not in self.place:
            self.place[key] = len(self.written)
            self.written.append(self._post(post, self.node.get(key[:2], -1)))
            self.n_bytes += len(self.written[-1]["text"].encode())
        return self.place[key]

    def _post(self, post: dict[str, Any], node: int) -> dict[str, Any]:
        note = [part for part in (post["retweet"], say("deleted since") if post["deleted"] else "") if part]
        return {
            "node": node,
            "name": "" if node >= 0 and post["account"] == self.names[node] else post["account"],
            "at": str(post["at"]),
            "note": joined(" · ", note),
            "text": show.cut(post["text"], MAX_EXCERPT),
            "id": post["id"],
            "link": post["permalink"] or "",
            "file": self.files(post["file"]),
            "record": post["record"],
        }


def _meetings(run: Reading, placed: Placed, number: dict[str, int], *, graphs: Names) -> dict[str, Any]:
    """Return the meetings, and the posts, objects and files that they speak of, each once."""
    rows = run.ask("report_meeting", n_meetings=MAX_MEETINGS, n_per_pair=MAX_PER_PAIR)
    rows.sort(key=lambda row: (row["place"], number[row["cluster_id"]]))
    known = citations.look_up(run, rows, {"": placed.members})
    posts, objects, kinds = Posts(placed), Names(), Names()
    found = []
    for row in rows:
        if posts.n_bytes > MAX_TEXT_BYTES:
            break
        told = citations.cite(run, row, known)
        sides = zip(citations.sides(row), told["posts"], strict=True)
        a, b = (posts.add(row, side, post) for side, post in sides)
        found.append(
            {
                "group": number[row["cluster_id"]],
                "graph": graphs(row["graph"]),
                "kind": kinds(told["object_kind"]),
                "object": objects(told["object"]),
                "a": a,
                "b": b,
                "gap": told["gap"],
                "gap_s": row["gap_s"],
                "bits": told["bits"],
            }
        )
    return {
        "meetings": _columns(found, ("group", "graph", "kind", "object", "a", "b", "gap", "gap_s", "bits")),
        "posts": _columns(posts.written, ("node", "name", "at", "note", "text", "id", "link", "file", "record")),
        "objects": objects.values,
        "kinds": kinds.values,
        "files": posts.files.values,
    }


def _columns(rows: list[dict[str, T]], names: tuple[str, ...]) -> dict[str, list[T]]:
    return {name: [row[name] for row in rows] for name in names}
