"""The groups over time: lineages through the run's slices, what became of each, and how many accounts it had when."""

import datetime as dt
from collections import defaultdict
from typing import Any

from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import figure, joined, say
from cib.wording import EVENT_WORDS

MAX_LANES = 40  # lineages drawn and told
MAX_EVENTS = 8  # of each lineage
N_TICKS = 5
DAY_S = 86_400
EPOCH = dt.datetime(1970, 1, 1)


def over_time(run: Reading, clusters: list[Row], carded: set[str]) -> dict[str, Any] | None:
    """Return the lineages of the run in the reading order of their clusters; None where no slices were asked for.

    The MAX_LANES lineages with most accounts in most slices are told, the rest is counted.

    carded  the clusters that have a card to link to
    """
    noted = run.notes.get("slices")
    if not noted:
        return None
    lives: dict[str, list[Row]] = defaultdict(list)
    for row in run.rows("slice"):
        lives[row["lineage"]].append(row)
    rank = {cluster["cluster_id"]: number for number, cluster in enumerate(clusters)}
    largest = sorted(lives, key=lambda name: (-sum(row["n_accounts"] for row in lives[name]), name))[:MAX_LANES]
    largest.sort(key=lambda name: (rank.get(lives[name][-1]["cluster_id"], len(rank)), lives[name][0]["slice_ix"], name))
    by_name = {cluster["cluster_id"]: cluster for cluster in clusters}
    when = _Clock(noted)
    return {
        "length": _length(noted["length_s"]),
        "step": _length(noted["step_s"]),
        "n_slices": noted["slices"],
        "finer_than_data": noted["finer_than_data"],
        "ties_in_no_slice": noted["ties_in_no_slice"],
        "ticks": [{"slice": i, "from": when(i)} for i in _ticks(noted["slices"])],
        "until": when.end(noted["slices"] - 1),
        "lineages": [_lineage(lives[name], by_name, carded, when=when) for name in largest],
        "lineages_left_out": len(lives) - len(largest),
    }


class _Clock:
    """The beginning of each slice in words, to the day where all slices begin at one hour."""

    def __init__(self, noted: dict[str, Any]) -> None:
        self.origin_s, self.length_s, self.step_s = noted["origin_s"], noted["length_s"], noted["step_s"]
        self.resolution_s = DAY_S if self.step_s % DAY_S == 0 else 60

    def __call__(self, slice_ix: int) -> str:
        return self._say(self.origin_s + slice_ix * self.step_s)

    def end(self, slice_ix: int) -> str:
        return self._say(self.origin_s + slice_ix * self.step_s + self.length_s)

    def _say(self, seconds: int) -> str:
        return show.moment(EPOCH + dt.timedelta(seconds=seconds), self.resolution_s)


def _length(seconds: int) -> str:
    """Return a length of time in words, days from two on."""
    if seconds < 2 * DAY_S:
        return show.duration(seconds)
    if seconds % DAY_S:
        return say("{x} days ## a part of a day among them", x=figure(f"{seconds / DAY_S:.4g}"))
    return say("{n, plural, one {# day} other {# days}}", n=seconds // DAY_S)


def _ticks(n_slices: int) -> list[int]:
    """Return the slices that are named on the axis: at most N_TICKS, evenly apart, none so late that its name has no room."""
    return list(range(0, n_slices - n_slices // 8, max(-(-n_slices // N_TICKS), 1)))


def _lineage(life: list[Row], clusters: dict[str, Row], carded: set[str], *, when: _Clock) -> dict[str, Any]:
    """Return one lineage. life: its rows of `slice`, in order."""
    cluster = clusters.get(life[-1]["cluster_id"])
    present = [row for row in life if row["n_accounts"]]
    told = [_told(row, when) for row in life if row["event"] != "continuation"]
    ended = life[-1]["n_accounts"] == 0
    return {
        "id": show.name(life[0]["lineage"]),
        "cluster": show.name(cluster["cluster_id"]) if cluster else None,
        "has_card": life[-1]["cluster_id"] in carded,
        "mark": words.mark(cluster["kind"], cluster["claim_level"]) if cluster else "none",
        "first": when(present[0]["slice_ix"]),
        "last": when.end(present[-1]["slice_ix"]),
        "n_slices": len(present),
        "n_accounts": {"least": min(row["n_accounts"] for row in present), "most": max(row["n_accounts"] for row in present)},
        "sizes": [[row["slice_ix"], row["n_accounts"]] for row in present],
        "events": [_event(row) for row in life if row["event"] != "continuation"],
        "told": told[:MAX_EVENTS] + ([show.many(len(told) - MAX_EVENTS, "more change")] if len(told) > MAX_EVENTS else []),
        "ended": ended,
    }


def _event(row: Row) -> dict[str, Any]:
    return {"slice": row["slice_ix"], "event": row["event"], "other": show.name(row["other"]) if row["other"] else None}


def _told(row: Row, when: _Clock) -> str:
    """Return an event in words, with the beginning of its slice."""
    other = show.name(row["other"]) if row["other"] else ""
    if other and row["event"] == "split":
        what = say("split off from {other}", other=other)
    elif other and row["event"] == "merge":
        what = say("merged with {other}", other=other)
    else:
        what = say(EVENT_WORDS[row["event"]])
    return joined(" ", [what, when(row["slice_ix"])])
