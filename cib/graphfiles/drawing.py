"""From edges by name to a map: node order, colours, sizes, positions."""

import colorsys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import layout, runs
from cib.graphfiles.accounts import NAME, flat, key, unique
from cib.graphfiles.links import ENDS, Links
from cib.graphfiles.network import Network
from cib.text import visible

# Okabe & Ito 2008, told apart by colour-blind readers; their black is left to text.
# Their yellow comes last: on white it is hardly seen.
OKABE_ITO = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (0, 114, 178), (213, 94, 0), (204, 121, 167), (240, 228, 66))
Hues = dict[str, tuple[int, int, int]]
GREY = (160, 160, 160)
GOLDEN_TURN = 0.618033988749895  # of the colour circle: consecutive hues stay far apart, however many there are
SIZES = (4.0, 20.0)
ATTRIBUTES = ("handle", *NAME, "cluster", "cluster_kind", "role", "flagged", "coordination", "posts")


def palette(n: int) -> list[tuple[int, int, int]]:
    """Return n colours, red, green and blue from 0 to 255: Okabe-Ito first, then hues a golden turn apart.

    >>> palette(8)[0], palette(8)[7]
    ((230, 159, 0), (166, 43, 43))
    """
    hues = (colorsys.hls_to_rgb(i * GOLDEN_TURN % 1.0, (0.41, 0.65)[i // 5 % 2], 0.59) for i in range(n - len(OKABE_ITO)))
    return [*OKABE_ITO[:n], *((round(255 * r), round(255 * g), round(255 * b)) for r, g, b in hues)]


def colours(run_folder: Path, inside: pa.Table) -> Hues:
    """Return the colour of each cluster. The largest clusters get the colours that are easiest to tell apart."""
    clusters = runs.load(run_folder, "cluster", ["cluster_id", "n_accounts"])
    ranked = clusters.sort_by([("n_accounts", "descending"), ("cluster_id", "ascending")])["cluster_id"].to_pylist()
    names = dict.fromkeys([*ranked, *sorted(set(inside["first_cluster"].to_pylist()))])
    return dict(zip(names, palette(len(names)), strict=True))


def draw(links: Links, people: pa.Table, *, also: pa.Table, hues: Hues, size_by: str, seed: int) -> Network:
    """Return the map of `links`.

    people   every account that can occur, described (accounts.describe), in order
    also     accounts (columns NAME) that are drawn even where no edge reaches them; perhaps none
    hues     colour per cluster; grey for a source and for an account outside
    size_by  coordination or posts
    """
    nodes = people.take(pc.index_in(flat(key(unique([also, *links.names]))), value_set=flat(key(people))))
    source, target = (pc.index_in(key(links.rows, suffix=end), value_set=flat(key(nodes))).to_numpy() for end in "ab")
    order = np.lexsort((target, source))
    ends = {"source": source[order], "target": target[order]}
    points = layout.positions(nodes.num_rows, np.column_stack(tuple(ends.values())), seed=seed)
    edges = pa.table(ends | {name: links.rows[name].take(order) for name in links.rows.column_names if name not in ENDS})
    if "leader" in edges.column_names:
        edges = edges.set_column(edges.column_names.index("leader"), "leader", _leader(edges, nodes["id"]))
    table = account_nodes(nodes, points, hues=hues, size_by=size_by)
    return Network(table, edges, directed=links.directed, cap=links.cap, left_out=links.left_out)


def account_nodes(nodes: pa.Table, points: np.ndarray, *, hues: Hues, size_by: str) -> pa.Table:
    """Return described accounts as nodes: NODE_LOOK, then ATTRIBUTES."""
    return pa.table(_looks(nodes, points, hues=hues, size_by=size_by) | {name: nodes[name] for name in ATTRIBUTES})


def _leader(edges: pa.Table, ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the node id of the account that leads: outside the tables nobody knows which end was a."""
    is_a = pc.equal(edges["leader"], "a")  # NULL where nobody leads, and so is the result
    return pc.if_else(is_a, ids.take(edges["source"]), ids.take(edges["target"]))


def _looks(nodes: pa.Table, points: np.ndarray, *, hues: Hues, size_by: str) -> dict[str, Any]:
    """Return the columns of NODE_LOOK. The label shows what a handle hides: a direction mark, a character of no width."""
    labels = [visible(handle or account) for handle, account in _rows(nodes, "handle", "account_id")]
    colour = [hues[cluster] if role not in (None, "source") else GREY for cluster, role in _rows(nodes, "first_cluster", "role")]
    rgb = np.array(colour, dtype=np.int64).reshape(-1, 3)
    xy = points.round(2) + 0.0  # no -0.0
    looks = {"id": nodes["id"], "label": pa.array(labels, pa.string()), "x": xy[:, 0], "y": xy[:, 1]}
    return looks | {"size": _sizes(nodes[size_by]), "red": rgb[:, 0], "green": rgb[:, 1], "blue": rgb[:, 2]}


def _sizes(values: pa.ChunkedArray) -> np.ndarray:
    """Return float64[n] within SIZES: a share of 1 as it is, a count by its logarithm (1,023 posts: the largest)."""
    low, high = SIZES
    numbers = pc.fill_null(values, 0).to_numpy()
    share = numbers if pa.types.is_floating(values.type) else np.log2(1.0 + numbers) / 10
    return (low + (high - low) * np.clip(share, 0.0, 1.0)).round(2)


def _rows(table: pa.Table, *columns: str) -> zip:
    return zip(*(table[column].to_pylist() for column in columns), strict=True)
