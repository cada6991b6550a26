"""The picture of the groups over time: a lane per lineage, a band where it is present. SVG like the other pictures."""

from itertools import pairwise
from typing import Any

from markupsafe import Markup

from cib.htmlreport.pictures import WIDTH, path
from cib.languages import Voice

LABEL, LANE, TOP, AXIS = 118, 24, 10, 26  # width of the names; height of a lane, of the margin above and the axis below
THIN, THICK = 1.5, 9.0  # half the thickness of a band of one account, and of the largest
DOT = 3.2


def lanes(told: dict[str, Any], voice: Voice) -> Markup:
    """Return the lanes of `overtime.over_time`: bands, dashes over pauses, lines to other lanes, names, and the axis."""
    number = {one["id"]: i for i, one in enumerate(told["lineages"])}
    column = (WIDTH - LABEL) / max(told["n_slices"], 1)
    most = max(one["n_accounts"]["most"] for one in told["lineages"])
    bottom = TOP + LANE * len(number)
    body = [path("axis", "".join(f"M{_x(t['slice'], column)} {TOP}V{bottom + 4}" for t in told["ticks"]))]
    body += [path("to", _bonds(one, number, column)) for one in told["lineages"]]
    body += [_lane(one, _y(i), column, most=most, voice=voice) for i, one in enumerate(told["lineages"])]
    for tick in told["ticks"]:
        body.append(
            Markup('<text x="{0}" y="{1}">{2}</text>').format(_x(tick["slice"], column) + 3, bottom + 18, voice.of(tick["from"]))
        )
    label = voice(
        "When each of {n, plural, one {# group} other {# groups}} was seen. The table below holds the same.", n=len(number)
    )
    frame = Markup('<svg class="lanes" viewBox="0 0 {0} {1}" role="group" aria-label="{2}">{3}</svg>')
    return frame.format(WIDTH, bottom + AXIS, label, Markup("").join(body))


def _x(slice_ix: float, column: float) -> float:
    return round(LABEL + slice_ix * column, 1)


def _y(lane: int) -> int:
    return TOP + LANE * lane + LANE // 2


def _lane(one: dict[str, Any], y: int, column: float, *, most: int, voice: Voice) -> Markup:
    """Return a lineage's name, its bands, and dashes where it pauses."""
    stays = _stays(one["sizes"])
    bands = "".join(_band(stay, y, column, most=most) for stay in stays)
    dashes = "".join(f"M{_x(before[-1][0] + 1, column)} {y}H{_x(after[0][0], column)}" for before, after in pairwise(stays))
    name = Markup('<text class="name" x="0" y="{0}">{1}</text>').format(y + 4, _called(one))
    name = Markup('<a href="#{0}">{1}</a>').format(one["cluster"], name) if one["has_card"] else name
    title = Markup("<title>{0}: {1}</title>").format(_called(one), "; ".join(map(voice.of, one["told"])))
    return Markup('<g class="{0}">{1}{2}{3}{4}</g>').format(one["mark"], title, name, path("away", dashes), path("stay", bands))


def _called(one: dict[str, Any]) -> str:
    return f"{one['id']} · {one['cluster']}" if one["cluster"] else one["id"]


def _stays(sizes: list[list[int]]) -> list[list[list[int]]]:
    """Return (slice, accounts) cut where a slice is missing.

    >>> _stays([[0, 4], [1, 5], [4, 5]])
    [[[0, 4], [1, 5]], [[4, 5]]]
    """
    found = [sizes[:1]]
    for before, after in pairwise(sizes):
        if after[0] == before[0] + 1:
            found[-1].append(after)
        else:
            found.append([after])
    return found


def _band(stay: list[list[int]], y: int, column: float, *, most: int) -> str:
    """Return the outline of one stay: along its upper edge, and back along the lower. The area of a mark grows with accounts."""
    half = [round(THIN + (THICK - THIN) * (n / most) ** 0.5, 1) for _, n in stay]
    ends = [_x(slice_ix + 1, column) for slice_ix, _ in stay]
    starts = [_x(slice_ix, column) for slice_ix, _ in stay]
    upper = "".join(f"V{y - h:g}H{x:g}" for h, x in zip(half, ends, strict=True))
    lower = "".join(f"V{y + h:g}H{x:g}" for h, x in zip(reversed(half), reversed(starts), strict=True))
    return f"M{starts[0]:g} {y}{upper}{lower}z"


def _bonds(one: dict[str, Any], number: dict[str, int], column: float) -> str:
    """Return a line from the lane to each one that it split from or merged into, a dot at its own end."""
    found = []
    for event in one["events"]:
        if event["other"] in number:
            x, own, other = _x(event["slice"], column), _y(number[one["id"]]), _y(number[event["other"]])
            found.append(f"M{x:g} {own}V{other}M{x - DOT:g} {own}a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0")
    return "".join(found)
