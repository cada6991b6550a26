"""The map as a picture for a page: plain SVG without script, style sheet, link or font of its own, and the same as PNG."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.errors import MissingExtraError
from cib.graphfiles.markup import quoted
from cib.graphfiles.network import Network

WIDTH, MARGIN, LEGEND = 1600.0, 40.0, 330.0  # LEGEND: width of the column at the right
MAX_LINES, MAX_DOTS = 20_000, 20_000
MAX_LEGEND = 24
N_LABELS, N_OBJECTS, MAX_NAME = 3, 40, 24  # names per cluster, and of objects; characters of a name
FONT = 13.0
GREY = "#6b6b6b"
Point = tuple[float, float]
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" \
font-family="DejaVu Sans, Noto Sans, Arial, sans-serif" font-size="{font:g}">
<title>{title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
"""


def write_svg(paths: Sequence[Path], network: Network, description: str) -> None:
    """Write the picture. At most MAX_LINES edges, the heaviest, and MAX_DOTS accounts; what is not drawn is said below it."""
    (path,) = paths
    path.write_text(draw(network, description), encoding="utf-8", newline="\n")


def write_png(paths: Sequence[Path], network: Network, description: str) -> None:
    """Write the picture twice as wide in pixels. Names are drawn with the machine's fonts: pixels may differ between machines."""
    try:
        import resvg_py
    except ImportError as error:
        raise MissingExtraError("PNG needs resvg_py, which is not installed. Run: pip install 'cib[png]'") from error
    (path,) = paths
    path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=draw(network, description), zoom=2, background="#ffffff")))


def draw(network: Network, description: str) -> str:
    """Return the picture as SVG: edges below accounts below names, the clusters at the right, the words at the bottom."""
    rows = network.nodes.slice(0, MAX_DOTS).to_pylist()
    points, height = _place(rows)
    drawn = _drawn(network, len(rows))
    undrawn = {"accounts": network.nodes.num_rows - len(rows), "edges": network.edges.num_rows - drawn.num_rows}
    told = [f"{n} {what} of the map are not drawn here." for what, n in undrawn.items() if n]
    words = textwrap.wrap(" ".join([description, *told]), 210)
    parts = [*_lines(drawn, rows, points), *_dots(rows, points), *_names(rows, points), *_legend(rows), *_words(words, height)]
    whole = height + 1.6 * FONT * len(words) + MARGIN
    head = HEAD.format(width=WIDTH, height=whole, font=FONT, title=quoted(description))
    return head + "\n".join(parts) + "\n</svg>\n"


def _place(rows: Sequence[dict]) -> tuple[list[Point], float]:
    """Return where each account stands on the page, and where the map ends below."""
    if not rows:
        return [], 2 * MARGIN
    xy = np.array([(row["x"], -row["y"]) for row in rows])  # y points up in GEXF and down in SVG
    low, span = xy.min(axis=0), np.maximum(np.ptp(xy, axis=0), 1.0)
    room = WIDTH - LEGEND - 2 * MARGIN
    scale = min(room / span[0], room / span[1])
    placed = (xy - low) * scale + MARGIN + (room - span * scale) / 2 * (1, 0)
    height = max(float(span[1] * scale) + 2 * MARGIN, 1.8 * FONT * (MAX_LEGEND + 2) + MARGIN)
    return [(round(float(x), 1), round(float(y), 1)) for x, y in placed], height


def _radius(row: dict, n: int) -> float:
    """Return the radius of an account: the more there are, the smaller."""
    return round(row["size"] * min(0.45, 9.0 / max(n, 1) ** 0.5), 2)


def _drawn(network: Network, n: int) -> pa.Table:
    """Return the MAX_LINES heaviest edges between the first n accounts, in their order."""
    edges = network.edges.select(["source", "target", "weight"])
    edges = edges.filter(pc.and_(pc.less(edges["source"], n), pc.less(edges["target"], n)))
    heaviest = np.argsort(-edges["weight"].to_numpy(), kind="stable")[:MAX_LINES]
    return edges.take(np.sort(heaviest))


def _lines(edges: pa.Table, rows: Sequence[dict], points: Sequence[Point]) -> Iterator[str]:
    heaviest = max(pc.max(edges["weight"]).as_py() or 1.0, 1.0)
    opacity = min(max(60.0 / max(edges.num_rows, 1) ** 0.6, 0.06), 0.5)
    yield f'<g stroke-opacity="{opacity:.2f}" fill="none">'
    for a, b, weight in zip(*(column.to_pylist() for column in edges.columns), strict=True):
        colour = _colour(rows[a]) if rows[a]["cluster"] == rows[b]["cluster"] else GREY
        (x, y), (x2, y2) = points[a], points[b]
        yield f'<path d="M{x:g} {y:g}L{x2:g} {y2:g}" stroke="{colour}" stroke-width="{0.4 + 1.6 * weight / heaviest:.2f}"/>'
    yield "</g>"


def _dots(rows: Sequence[dict], points: Sequence[Point]) -> Iterator[str]:
    yield '<g stroke="#ffffff" stroke-width="0.6">'
    for row, (x, y) in zip(rows, points, strict=True):
        yield f'<circle cx="{x:g}" cy="{y:g}" r="{_radius(row, len(rows)):g}" fill="{_colour(row)}"/>'
    yield "</g>"


def _names(rows: Sequence[dict], points: Sequence[Point]) -> Iterator[str]:
    """Yield the names of the N_LABELS largest accounts per cluster, where they cover no other name. A picture is passed on alone:
    only flagged accounts are named in it, nobody who is for review, explained, or a source; of objects, tags and addresses."""
    told_apart = [i for i, row in enumerate(rows) if row["flagged"] or row.get("verb") in ("hashtag", "link")]
    order = sorted(told_apart, key=lambda i: (-rows[i]["size"], i))
    told: Counter[str] = Counter()
    boxes: list[tuple[float, float, float]] = []
    yield '<g fill="#1a1a1a" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
    for i in order:
        cluster, (x, y) = rows[i]["cluster"], points[i]
        name = _short(rows[i]["label"])
        left, right = x + _radius(rows[i], len(rows)) + 3, x + 0.62 * FONT * len(name) + 12
        free = all(right < a or left > b or abs(y - top) > 1.2 * FONT for a, b, top in boxes)
        # A cluster stands for its accounts; each object of a map of objects stands for itself.
        if told[cluster] < (N_OBJECTS if rows[i].get("node_type") == "object" else N_LABELS) and free:
            told[cluster] += 1
            boxes.append((left, right, y))
            yield f'<text x="{left:.1f}" y="{y + FONT / 3:.1f}">{quoted(name)}</text>'
    yield "</g>"


def _legend(rows: Sequence[dict]) -> Iterator[str]:
    """Yield the clusters, the largest first, in their colours."""
    members = [row for row in rows if row["role"] not in (None, "source")]
    sizes = Counter(row["cluster"] for row in members)
    looks = {row["cluster"]: row for row in members}
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    x, y = WIDTH - LEGEND + MARGIN, MARGIN
    for cluster in ranked[:MAX_LEGEND]:
        words = f"{cluster}: {sizes[cluster]} accounts, {looks[cluster]['cluster_kind']}"
        yield f'<circle cx="{x:g}" cy="{y - FONT / 3:.1f}" r="6" fill="{_colour(looks[cluster])}"/>'
        yield f'<text x="{x + 14:g}" y="{y:g}" fill="#1a1a1a">{quoted(_short(words, 44))}</text>'
        y += 1.8 * FONT
    if len(ranked) > MAX_LEGEND:
        yield f'<text x="{x + 14:g}" y="{y:g}" fill="{GREY}">and {len(ranked) - MAX_LEGEND} more clusters</text>'
        y += 1.8 * FONT
    if len(members) < len(rows):
        yield f'<text x="{x + 14:g}" y="{y:g}" fill="{GREY}">Grey: of no cluster, or only a source</text>'


def _words(lines: Sequence[str], top: float) -> Iterator[str]:
    for i, line in enumerate(lines):
        yield f'<text x="{MARGIN:g}" y="{top + 1.6 * FONT * i:.1f}" fill="{GREY}">{quoted(line)}</text>'


def _colour(row: dict[str, Any]) -> str:
    return f"#{row['red']:02x}{row['green']:02x}{row['blue']:02x}"


def _short(text: str, n: int = MAX_NAME) -> str:
    line = " ".join(text.split())
    return line if len(line) <= n else line[: n - 1] + "…"
