"""Posts by hour of the week: when a cluster is awake, beside everybody, and by how much its day is shifted."""

from typing import Any

from cib.htmlreport.reading import Reading, Row
from cib.languages import Said, message, say

DAYS = (message("Mon"), message("Tue"), message("Wed"), message("Thu"), message("Fri"), message("Sat"), message("Sun"))
WEEK = 168
MAX_RESOLUTION_S = 3600  # coarser times have no hour
QUIET_HOURS = 6
MIN_POSTS = 100  # from which the quietest hours are told: of fewer posts they are luck


def week(run: Reading, traits: dict[str, list[Row]]) -> dict[str, dict[str, Any]]:
    """Return per cluster its posts by hour of the week (UTC, from Monday 00:00), everybody's by hour of the day, and sentences.

    Nothing where no post's hour is known. Reads post, and shown(cluster_id, platform, account_id).

    traits  rows of `trait` by cluster: clock_shift, where it was measured, is the estimated offset
    """
    counts: dict[str, list[int]] = {}
    for row in run.ask("report_hours", max_resolution_s=MAX_RESOLUTION_S):
        counts.setdefault(row["cluster_id"], [0] * WEEK)[row["hour"]] = row["n_posts"]
    everybody = _day(counts.pop("", [0] * WEEK))
    return {
        name: {"cells": cells, "all": everybody, "quiet": _quiet(_day(cells), everybody), "shift": _shift(traits.get(name, []))}
        for name, cells in counts.items()
    }


def _day(cells: list[int]) -> list[int]:
    """Return posts by hour of the day of posts by hour of the week."""
    return [sum(cells[hour::24]) for hour in range(24)]


def _quiet(own: list[int], everybody: list[int]) -> str:
    """Return the quietest hours of the group's day, and of everybody's, in one sentence; '' of too few posts."""
    if sum(own) < MIN_POSTS:
        return ""
    return say(
        "Quietest {n} hours: {own} UTC; of all accounts {all}.",
        n=QUIET_HOURS,
        own=_span(quietest(own)),
        all=_span(quietest(everybody)),
    )


def _span(start: int) -> Said:
    return say("{since} to {until}", since=f"{start:02d}:00", until=f"{(start + QUIET_HOURS) % 24:02d}:00")


def quietest(day: list[int]) -> int:
    """Return where the QUIET_HOURS hours in a row with the fewest posts begin, the earliest where several are alike.

    >>> quietest([5] * 22 + [0] * 2)
    18
    """
    sums = [sum(day[(start + i) % 24] for i in range(QUIET_HOURS)) for start in range(24)]
    return sums.index(min(sums))


def _shift(traits: list[Row]) -> str:
    """Return the estimated offset of the group's day, in one sentence; '' where it was not measured."""
    found = next((row["value"] for row in traits if row["trait"] == "clock_shift"), None)
    if found is None:
        return ""
    if round(found) == 0:
        return say(
            "By its posts that no tie rests on, where these suffice, its day lies as that of other accounts of its language."
        )
    return say(
        "By its posts that no tie rests on, where these suffice, its day is shifted by about {n, plural, one {# hour} "
        "other {# hours}} against other accounts of its language. Diaspora and travellers shift theirs too.",
        n=round(found),
    )
