"""Posts over time: each cluster's beside everybody's, in bins that a page can draw."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cib import electiondays
from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import say

MAX_BINS = 180
MAX_TABLE = 14  # rows of the table beside the picture
BINS_S = (3600, 3 * 3600, 6 * 3600, 86_400, 7 * 86_400, 28 * 86_400, 364 * 86_400)
EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Grid:
    """The bins of all timelines: n bins of bin_s seconds from bin number `first`, counted from 1970."""

    bin_s: int
    first: int
    n: int

    def when(self, number: int) -> str:
        """Return the time at which the bin `number` of the grid begins."""
        return show.moment(
            EPOCH + dt.timedelta(seconds=(self.first + number) * self.bin_s), 60 if self.bin_s < 86_400 else 86_400
        )

    @property
    def unit(self) -> str:
        """The length of a bin in words."""
        hours, days = self.bin_s // 3600, self.bin_s // 86_400
        if days:
            return say("{n, plural, one {day} other {# days}} ## posts per", n=days)
        return say("{n, plural, one {hour} other {# hours}} ## posts per", n=hours)


def timelines(run: Reading, clusters: list[Row]) -> dict[str, dict[str, Any]]:
    """Return per cluster its posts and everybody's in bins, the calendar's dates, and a coarser table of the same.

    The bins reach from the first to the last meeting of any of the clusters: one wrong date far away squeezes no picture.
    Posts before and after are counted; a cluster all of whose posts lie there has no
    picture. Reads post, and shown(cluster_id, platform, account_id).
    """
    times = [cluster[end] for cluster in clusters for end in ("first_at", "last_at") if cluster[end]]
    if not times:
        return {}
    resolution_s = run.resolution_s(sorted(run.graphs))
    drawn = grid(seconds(min(times)), seconds(max(times)), resolution_s)
    last = drawn.first + drawn.n - 1
    counts: dict[str, list[int]] = {}
    for row in run.ask("report_activity", bin_s=drawn.bin_s, first_bin=drawn.first, last_bin=last):
        counts.setdefault(row["cluster_id"], [0] * (drawn.n + 2))[row["bin"] - drawn.first + 1] = row["n_posts"]
    before, *everybody, after = counts.pop("", [0] * (drawn.n + 2))
    common: dict[str, Any] = {
        "unit": drawn.unit,
        "first": drawn.when(0),
        "last": drawn.when(drawn.n),
        "calendar": _calendar(run, drawn),
    }
    common |= {"all": everybody, "all_outside": before + after}
    seen = {name: values for name, values in counts.items() if any(values[1:-1])}  # a band without a post shows nothing
    return {name: {**common, **_own(values, everybody, drawn)} for name, values in seen.items()}


def grid(first_s: int, last_s: int, resolution_s: int) -> Grid:
    """Return the finest bins that the data know and the page can draw, from the first second to the last."""
    fits = (s for s in BINS_S if s >= resolution_s and last_s // s - first_s // s < MAX_BINS)
    bin_s = next(fits, BINS_S[-1])
    return Grid(bin_s, first_s // bin_s, last_s // bin_s - first_s // bin_s + 1)


def _own(values: list[int], everybody: list[int], grid: Grid) -> dict[str, Any]:
    """Return a cluster's posts, how many lie outside the picture, and sums over runs of bins: the numbers behind the picture."""
    before, *posts, after = values
    step = -(-grid.n // MAX_TABLE)
    starts = range(0, grid.n, step)
    table = [{"from": grid.when(i), "posts": sum(posts[i : i + step]), "all": sum(everybody[i : i + step])} for i in starts]
    return {"posts": posts, "outside": before + after, "table": table}


def _calendar(run: Reading, grid: Grid) -> list[dict[str, Any]]:
    """Return the entries of the run's calendar and of case.toml that lie in the picture, with their places in it, 0 to 1."""
    entries = [*run.parameters.get("calendar", ()), *electiondays.gather(run.case.root, run.case.settings, None)]
    found = {}
    for entry in entries:
        since, until = (dt.datetime.fromisoformat(entry[end]) for end in ("since", "until"))
        place, end = ((seconds(when) / grid.bin_s - grid.first) / grid.n for when in (since, until))
        if place < 1 and max(end, place) >= 0:
            one = {"date": show.span(electiondays.said(entry)), "what": show.name(entry["what"])}
            found[since, until, one["what"]] = one | {"place": round(max(place, 0.0), 4), "end": round(min(end, 1.0), 4)}
    return [found[key] for key in sorted(found)]


def seconds(when: dt.datetime) -> int:
    """Return a time in UTC as seconds since 1970, rounded down."""
    return (when - EPOCH) // dt.timedelta(seconds=1)
