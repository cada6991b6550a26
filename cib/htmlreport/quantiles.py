"""The picture of calibration: p-values where chance rules by construction, as they came against as they were due."""

from math import log10
from typing import Any

from markupsafe import Markup

from cib.languages import Voice

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 360, 300, 44, 44, 12
LAST = 8  # the axes end at 10^-8


def quantiles(gate: dict[str, Any], voice: Voice) -> Markup:
    """Return the picture of one gate: a line per graph, the diagonal of perfect p-values and the bound that a gate judges by.

    Across: minus log10 of the share of p-values that are as small; up: minus log10 of the p-value. Left of the diagonal they come
    too often, left of the bound the gate fails, right of the diagonal they are careful. The bound is drawn for the graph with
    the fewest tests and, where they differ, for that with the most.
    """
    graphs = [graph for graph in gate["graphs"] if graph["tests"]]
    if not graphs:
        return Markup("")
    label = voice(
        "{check}: probabilities as they came against as they were due. The table holds the numbers.", check=gate["title"]
    )
    ordered = sorted(graphs, key=lambda graph: graph["name"] == gate["worst"])  # it lies on top
    lines = [_line(graph, "seen", "graph worst" if graph["name"] == gate["worst"] else "graph") for graph in ordered]
    bounds = {graph["tests"]: _line(graph, "allowed", "bound") for graph in graphs}
    bound = bounds[min(bounds)] + (bounds[max(bounds)] if len(bounds) > 1 else Markup(""))
    return Markup('<svg class="quantiles" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}{4}{5}{6}</svg>').format(
        WIDTH, HEIGHT, label, _frame(voice), bound, Markup("").join(lines), _name(graphs, gate["worst"])
    )


def _at(across: float, up: float) -> tuple[float, float]:
    return (
        round(LEFT + (WIDTH - LEFT - 8) * min(max(across, 0.0), LAST) / LAST, 1),
        round(TOP + (HEIGHT - BOTTOM - TOP) * (1 - min(up, LAST) / LAST), 1),
    )


def _places(graph: dict[str, Any], which: str) -> list[tuple[float, float]]:
    """Return where the graph's line goes: a place for each p at which anything was seen, or may be."""
    return [_at(-log10(one[which] / graph["tests"]), -one["exponent"]) for one in graph["points"] if one[which]]


def _line(graph: dict[str, Any], which: str, kind: str) -> Markup:
    places = [_at(0.0, 0.0), *_places(graph, which)] if which == "seen" else _places(graph, which)
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in places)
    dots = "".join(f"M{x:g} {y:g}m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0z" for x, y in places[1:]) if which == "seen" else ""
    return Markup('<path class="{0}" d="{1}"/>').format(kind, path) + (
        Markup('<path class="{0} dot" d="{1}"/>').format(kind, dots) if dots else Markup("")
    )


def _frame(voice: Voice) -> Markup:
    (x0, y0), (x1, y1) = _at(0, 0), _at(LAST, LAST)
    ticks = Markup("").join(
        Markup('<text x="{0}" y="{1}" text-anchor="middle">{4}</text><text x="{2}" y="{3}" text-anchor="end">{4}</text>').format(
            _at(n, 0)[0], y0 + 16, x0 - 7, _at(0, n)[1] + 4, n
        )
        for n in range(0, LAST + 1, 2)
    )
    names = Markup(
        '<text x="{0}" y="{1}" text-anchor="middle">{4}</text>'
        '<text x="{2}" y="{3}" text-anchor="middle" transform="rotate(-90 {2} {3})">{5}</text>'
    ).format(
        (x0 + x1) / 2, HEIGHT - 8, 14, (y0 + y1) / 2,
        voice("share of all tests that came so small: one in 10ⁿ"), voice("their probability: one in 10ⁿ"),
    )  # fmt: skip
    axes = Markup('<path class="axis" d="M{0} {1}V{2}H{3}"/><path class="due" d="M{0} {2}L{3} {1}"/>').format(x0, y1, y0, x1)
    return axes + ticks + names


def _name(graphs: list[dict[str, Any]], worst: str) -> Markup:
    """Return the name of the graph nearest to its bound, beside its last point."""
    places = next((_places(graph, "seen") for graph in graphs if graph["name"] == worst), [])
    if not places:
        return Markup("")
    x, y = places[-1]
    anchor = "end" if x > 0.65 * WIDTH else "start"
    return Markup('<text class="what" x="{0}" y="{1}" text-anchor="{2}">{3}</text>').format(
        x + (8 if anchor == "start" else -8), y - 6, anchor, worst
    )
