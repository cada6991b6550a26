"""The picture of a group's week: a cell per hour, darker where it posts more, and everybody's day below. SVG like the others."""

from typing import Any

from markupsafe import Markup

from cib.htmlreport.hours import DAYS
from cib.htmlreport.pictures import path
from cib.languages import Voice

WIDTH = 900
LABEL, CELL, ROW = 36, 36, 17  # width of the days' names; of an hour; height of a day
SHADES = 5
BAR = 34  # height of the tallest bar of everybody's day
TOP_OF_BARS = 7 * ROW + 22
EVERY = 3  # hours are named


def heatmap(card: dict[str, Any], voice: Voice) -> Markup:
    """Return the week of a card: 7 rows of 24 cells in SHADES steps of its busiest hour, and a bar per hour of all accounts."""
    week = card["week"]
    most, tallest = max(week["cells"], default=0), max(week["all"], default=0)
    shades = [""] * (SHADES + 1)
    for number, n in enumerate(week["cells"]):
        if n:
            day, hour = divmod(number, 24)
            shades[shade(n, most)] += f"M{_x(hour)} {day * ROW + ROW // 2}h{CELL - 1}"  # a stroke as thick as a day is high
    body = [path(f"own s{level}", shades[level]) for level in range(1, SHADES + 1)]
    body += [_text(0, day * ROW + 13, voice(name)) for day, name in enumerate(DAYS)]
    body += [_text(_x(hour), 7 * ROW + 15, f"{hour:02d}") for hour in range(0, 24, EVERY)]
    body += [path("all", "".join(_bar(hour, n / tallest) for hour, n in enumerate(week["all"]) if n))]
    label = voice("When group {group} posts: day of the week by hour, UTC. The table below holds the numbers.", group=card["id"])
    high = TOP_OF_BARS + BAR if tallest else 7 * ROW + 22  # no band where there is nothing to draw in it
    frame = Markup('<svg class="hours" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" aria-label="{2}">{3}</svg>')
    return frame.format(WIDTH, high, label, Markup("").join(body))


def shade(n: int, most: int) -> int:
    """Return the step of shade of a cell with posts, 1 to SHADES, by its share of the busiest.

    >>> [shade(n, 100) for n in (1, 20, 21, 100)]
    [1, 1, 2, 5]
    """
    return -(-n * SHADES // most)


def _x(hour: int) -> int:
    return LABEL + hour * CELL


def _text(x: int, y: int, what: str) -> Markup:
    return Markup('<text x="{0}" y="{1}">{2}</text>').format(x, y, what)


def _bar(hour: int, share: float) -> str:
    return f"M{_x(hour)} {TOP_OF_BARS}h{CELL - 1}v{BAR * share:.1f}h{1 - CELL}z"
