"""Pictures as SVG, drawn here so that the page needs no program. Colours come from the style sheet; shapes do without them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup

from cib.languages import Voice

Point = Sequence[int]
Place = Callable[[Point], tuple[float, float]]
WIDTH = 900
PANEL, BASE, GUTTER = 78, 100, 34  # timeline: height of a panel, baseline of the upper one, room for the axis between
MAP_WIDTH, MARGIN = 720, 24
CROWDED = ((300, 5.5), (1500, 3.5), (5000, 2.0))  # so many accounts: so large a mark
TEXT_MARK = 7.5
DENSE = 500  # ties in a group from which lines are drawn fainter


def _shape(name: str, r: float) -> str:
    """Return the path of a mark of radius about `r` around the current point."""
    ring = f"m{-r:g} 0a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
    s, d, c, w, e = 0.88 * r, 1.2 * r, 0.8 * r, 0.4 * r, 0.6 * r
    return {
        "circle": ring,
        "ring": f"{ring}m{0.5 * r:g} 0a{0.5 * r:g} {0.5 * r:g} 0 1 1 {r:g} 0a{0.5 * r:g} {0.5 * r:g} 0 1 1 {-r:g} 0z",
        "square": f"m{-s:g} {-s:g}h{2 * s:g}v{2 * s:g}h{-2 * s:g}z",
        "diamond": f"m0 {-d:g}l{d:g} {d:g}l{-d:g} {d:g}l{-d:g} {-d:g}z",
        "triangle": f"m0 {-d:g}l{d:g} {1.9 * d:g}h{-2 * d:g}z",
        "plus": f"m{-w:g} {-r:g}h{2 * w:g}v{e:g}h{e:g}v{2 * w:g}h{-e:g}v{e:g}h{-2 * w:g}v{-e:g}h{-e:g}v{-2 * w:g}h{e:g}z",
        "cross": f"m{-c:g} {-c:g}l{2 * c:g} {2 * c:g}m0 {-2 * c:g}l{-2 * c:g} {2 * c:g}",
    }[name]


def mark(name: str) -> Markup:
    """Return a kind's mark, the size of a letter. Hidden from screen readers: its meaning always stands beside it in words."""
    return Markup(
        '<svg class="mark {0}" width="16" height="16" viewBox="-10 -10 20 20" aria-hidden="true"><path d="M0 0{1}"/></svg>'
    ).format(name, _shape(name, TEXT_MARK))


def strip(percentile: float) -> Markup:
    """Return a line from the lowest to the highest reference group, with a dot where the cluster stands."""
    dot = Markup('<circle cx="{0}" cy="6" r="4"/>').format(round(4 + 92 * percentile, 1))
    return Markup(
        '<svg class="strip" width="104" height="13" viewBox="0 0 100 12" aria-hidden="true"><path d="M4 6h92M50 2v8"/>{0}</svg>'
    ).format(dot)


def network(drawn: dict[str, Any], voice: Voice) -> Markup:
    """Return the map: a mark per account, a line per tie, each cluster named and linked to its card."""
    points = [point for group in drawn["groups"] for point in group["points"]]
    if not points:
        return Markup("")
    left, low = (min(p[i] for p in points) for i in (0, 1))
    wide, high = (max(max(p[i] for p in points) - start, 1) for i, start in ((0, left), (1, low)))
    scale = (MAP_WIDTH - 2 * MARGIN) / max(wide, high)

    def at(point: Point) -> tuple[float, float]:  # the layout's y points up
        return round(MARGIN + (point[0] - left) * scale, 1), round(MARGIN + (low + high - point[1]) * scale, 1)

    size = next((size for most, size in CROWDED if len(points) <= most), CROWDED[-1][1])
    body = Markup("").join(
        [path("across", _lines(drawn["across"], at)), *(_group(group, at, size, voice=voice) for group in drawn["groups"])]
    )
    box = Markup(f"0 0 {round(wide * scale + 2 * MARGIN)} {round(high * scale + 2 * MARGIN + 12)}")
    return Markup('<svg class="network" viewBox="{0}" role="group" aria-labelledby="map-title">{1}{2}</svg>').format(
        box, _title(voice("Map of the groups. The table below holds the same groups."), name="map-title"), body
    )


def _group(group: dict[str, Any], at: Place, size: float, *, voice: Voice) -> Markup:
    points = [at(point) for point in group["points"]]
    marks, crosses = (
        "".join(f"M{x:g} {y:g}{shape}" for (x, y), source in zip(points, group["sources"], strict=True) if source == copied)
        for copied, shape in ((False, _shape(group["mark"], size)), (True, _shape("cross", size)))
    )
    ties = "ties dense" if len(group["lines"]) > DENSE else "ties"
    middle, bottom = sum(x for x, _ in points) / len(points), max(y for _, y in points)
    label = Markup('<text x="{0}" y="{1}">{2}</text>').format(round(middle), round(bottom + size + 14), group["id"])
    told = voice(
        "{group}: {kind}, {n, plural, one {# account} other {# accounts}}",
        group=group["id"], kind=group["kind"], n=group["n_accounts"],
    )  # fmt: skip
    return Markup('<a href="#{0}" class="{1}">{2}{3}{4}{5}{6}</a>').format(
        group["id"], group["mark"], _title(told),
        path(ties, _lines(group["lines"], at)), path("dots", marks), path("copied", crosses), label,
    )  # fmt: skip


def _title(told: Markup, *, name: str = "") -> Markup:
    return (Markup('<title id="{1}">{0}</title>') if name else Markup("<title>{0}</title>")).format(told, name)


def _lines(lines: Iterable[Sequence[Point]], at: Place) -> str:
    ends = ((at(a), at(b)) for a, b in lines)
    return "".join(f"M{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}" for a, b in ends)


def path(name: str, d: str) -> Markup:
    """Return a path of that class; nothing where there is nothing to draw."""
    return Markup('<path class="{0}" d="{1}"/>').format(name, d) if d else Markup("")


def timeline(card: dict[str, Any], voice: Voice) -> Markup:
    """Return a cluster's posts over time, upwards, everybody's, downwards, each on its own scale, and the calendar's dates."""
    times = card["timeline"]
    below = BASE + GUTTER
    step = WIDTH / len(times["posts"])
    own = _bars(times["posts"], step, lambda share: (BASE - PANEL * share, BASE))
    everybody = _bars(times["all"], step, lambda share: (below, below + PANEL * share))
    axis = Markup('<path class="axis" d="M0 {1}H{0}M0 {2}H{0}"/>').format(WIDTH, BASE, below)
    ends = Markup('<text x="0" y="{1}">{2}</text><text x="{0}" y="{1}" text-anchor="end">{3}</text>').format(
        WIDTH, BASE + 23, voice.of(times["first"]), voice.of(times["last"])
    )
    label = voice(
        "Posts per {unit} of group {group}, and of all accounts. The table below holds the numbers.",
        unit=times["unit"],
        group=card["id"],
    )
    frame = Markup('<svg class="timeline" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" aria-label="{2}">{3}</svg>')
    return frame.format(
        WIDTH,
        below + PANEL + 4,
        label,
        path("own", own) + path("all", everybody) + axis + _dates(times["calendar"], below + PANEL) + ends,
    )


def _dates(calendar: list[dict[str, Any]], bottom: int) -> Markup:
    """Return a line and a name for each date, the names in turn on two rows so that neighbours stay apart."""
    drawn = []
    for number, one in enumerate(calendar):
        x, anchor = round(WIDTH * one["place"]), "start" if one["place"] < 0.6 else "end"
        line = Markup('<path class="date" d="M{0} {1}V{2}"/>').format(x, 14 * (number % 2), bottom)
        if (width := round(WIDTH * one["end"]) - x) > 1:
            line = Markup('<path class="span" d="M{0} 26h{1}V{2}h-{1}z"/>').format(x, width, bottom) + line
        drawn.append(line + Markup('<text class="what" x="{0}" y="{1}" text-anchor="{2}">{3}</text>').format(
            x + (4 if anchor == "start" else -4), 10 + 14 * (number % 2), anchor, one["what"]
        ))  # fmt: skip
    return Markup("").join(drawn)


def _bars(values: Sequence[int], step: float, span: Callable[[float], tuple[float, float]]) -> str:
    """Return a path of one bar per value that is not 0, scaled to the largest. span: share of the largest -> (top, bottom)."""
    most = max(values, default=0)
    bars = []
    for number, value in enumerate(values):
        if value:
            top, bottom = span(value / most)
            bars.append(f"M{number * step:.1f} {top:.1f}h{step * 0.86:.1f}V{bottom:.1f}h-{step * 0.86:.1f}z")
    return "".join(bars)
