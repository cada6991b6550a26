"""Carriers over time, as SVG: one line per platform, a step for each new account. Drawn here: the page needs no program."""

from itertools import pairwise
from typing import Any

import numpy as np
from markupsafe import Markup

from cib.carriers.tables import Tables
from cib.htmlreport import show
from cib.htmlreport.activity import BINS_S, MAX_BINS, Grid
from cib.htmlreport.pictures import WIDTH, path

FINE_S = (1, 10, 60, 300, 900)
HEIGHT, TOP, LEFT, RIGHT = 230, 14, 46, 150
MAX_LINES = 7  # platforms with a line of their own: as many as can be told apart
NARROW = 8  # from such a share of the whole the middle of the order gets a picture of its own
LABEL_GAP = 15


def grids(times: np.ndarray, resolution_s: int) -> list[Grid]:
    """Return the bins of the picture of the whole, and of its middle where that is too narrow to be seen in the whole.

    times  int64[n_carriers], UTC seconds of first posts, ascending
    """
    whole = _grid(int(times[0]), int(times[-1]), resolution_s)
    middle = _grid(int(times[len(times) // 20]), int(times[-1 - len(times) // 20]), resolution_s)
    return [whole, middle] if middle.bin_s * middle.n * NARROW < whole.bin_s * whole.n else [whole]


def series(tables: Tables, grid: Grid) -> dict[str, Any]:
    """Return, per platform, the carriers so far at the end of each bin, and how many came before and after the picture."""
    counts: dict[str, list[int]] = {}
    last = grid.first + grid.n - 1
    for row in tables.ask("spread_bin", bin_s=grid.bin_s, first_bin=grid.first, last_bin=last):
        counts.setdefault(row["platform"], [0] * (grid.n + 2))[row["bin"] - grid.first + 1] = row["n_new"]
    most = sorted(counts, key=lambda name: (-sum(counts[name]), name))
    kept = {name: counts[name] for name in most[:MAX_LINES]}
    if rest := [counts[name] for name in most[MAX_LINES:]]:
        kept["the other platforms"] = [sum(values) for values in zip(*rest, strict=True)]
    lines = [{"platform": show.name(name) or "unnamed", **_line(values)} for name, values in kept.items()]
    return {
        "first": grid.when(0),
        "middle": grid.when(grid.n // 2) if grid.n > 1 else "",
        "halfway": grid.n // 2 / grid.n,
        "last": grid.when(grid.n),
        "unit": show.duration(grid.bin_s),
        "before": sum(line["before"] for line in lines),
        "after": sum(line["after"] for line in lines),
        "lines": lines,
    }


def cumulative(drawn: dict[str, Any]) -> Markup:
    """Return the picture of `series`. Its numbers stand in the tables of the page."""
    most = max(max(line["so_far"]) for line in drawn["lines"]) or 1
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - 30
    body = [path("axis", f"M{LEFT} {TOP}V{TOP + high}H{LEFT + wide}")]
    body += [_text(LEFT - 6, TOP + 5, show.number(most), anchor="end"), _text(LEFT - 6, TOP + high, "0", anchor="end")]
    body += [
        _text(LEFT, HEIGHT - 10, drawn["first"], anchor="start"),
        _text(LEFT + wide, HEIGHT - 10, drawn["last"], anchor="end"),
    ]
    body.append(_text(LEFT + round(wide * drawn["halfway"]), HEIGHT - 10, drawn["middle"], anchor="middle"))
    taken: list[float] = []
    for number, line in enumerate(drawn["lines"]):
        steps = len(line["so_far"])
        points = [(LEFT + wide * i / steps, TOP + high * (1 - n / most)) for i, n in enumerate([line["before"], *line["so_far"]])]
        body.append(path(f"line p{number}", "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in _steps(points))))
        y = _free(points[-1][1], taken)
        label = f"{line['platform']}, {show.number(line['so_far'][-1])}"
        body.append(
            Markup('<text class="p{0}" x="{1}" y="{2}">{3}</text>').format(number, LEFT + wide + 8, round(y + 4, 1), label)
        )
    frame = Markup('<svg class="spread" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>')
    told = f"Accounts that carried it so far, per platform, from {drawn['first']} to {drawn['last']}"
    return frame.format(WIDTH, HEIGHT, told, Markup("").join(body))


def _grid(first_s: int, last_s: int, resolution_s: int) -> Grid:
    """Return the finest bins that the times know and the page can draw."""
    fits = (s for s in (*FINE_S, *BINS_S) if s >= resolution_s and last_s // s - first_s // s < MAX_BINS)
    bin_s = next(fits, BINS_S[-1])
    return Grid(bin_s, first_s // bin_s, last_s // bin_s - first_s // bin_s + 1)


def _line(values: list[int]) -> dict[str, Any]:
    before, *inside, after = values
    so_far = (before + np.cumsum(inside)).tolist()
    return {"so_far": so_far, "before": before, "after": after}


def _steps(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of a line that keeps its height until the next step."""
    corners = [points[0]]
    for before, (x, y) in pairwise(points):
        if y != before[1]:
            corners += [(x, before[1]), (x, y)]
    return [*corners, points[-1]]


def _free(y: float, taken: list[float]) -> float:
    """Return the place nearest above `y` where a label covers no other."""
    while any(abs(y - other) < LABEL_GAP for other in taken):
        y -= 1
    taken.append(y)
    return y


def _text(x: float, y: float, text: str, *, anchor: str) -> Markup:
    return Markup('<text x="{0}" y="{1}" text-anchor="{2}">{3}</text>').format(x, y, anchor, text)
