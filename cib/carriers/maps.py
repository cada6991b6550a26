"""spread.gexf: accounts, the containers they published in and what they carried; who had it from whom, as far as it is seen."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa

from cib import layout
from cib.carriers.asked import Asked
from cib.carriers.tables import Row, Tables
from cib.graphfiles import gexf
from cib.graphfiles.accounts import PRINTABLE, node_id
from cib.graphfiles.drawing import SIZES, palette
from cib.graphfiles.network import NODE_LOOK, Network
from cib.htmlreport import show
from cib.text import visible

MAX_OBJECTS, MAX_HOPS, MAX_PUBLISHED = 100, 50_000, 50_000
INK = (60, 60, 60)  # of what was carried
ATTRIBUTES = pa.schema(
    [
        *((name, pa.string()) for name in ("is_a", "platform", "account_id", "handle")),
        *((name, pa.int64()) for name in ("rank", "posts")),
        ("first_at", pa.string()),
        ("after_first_s", pa.int64()),
        *((name, pa.string()) for name in ("how", "cluster", "cluster_kind", "role")),
        ("flagged", pa.bool_()),
    ]
)
OF_CARRIER = ("platform", "account_id", "handle", "rank", "how", "cluster", "cluster_kind", "role", "flagged")
EDGES = pa.schema(
    [
        *((name, pa.int64()) for name in ("source", "target")),
        ("weight", pa.float64()),
        ("verb", pa.string()),
        ("posts", pa.int64()),
        ("first_at", pa.string()),
        ("least_lag_s", pa.int64()),
    ]
)
ABOUT = (
    "Who carried {name}. Accounts in the colour of their platform, larger with more posts of it; paler, the containers they "
    "published in; grey, what they carried. An edge between accounts leads from the one whose post was retweeted, quoted or "
    "answered to the other. Order in these data is no cause, and the first here need not be the first. Left out: {rest}."
)


def write(path: Path, tables: Tables, *, question: Asked, platforms: list[Row], n_hops: int) -> dict[str, Any]:
    """Write the map of the `shown` carriers and return what it shows and leaves out, as the answer tells it.

    Memory: the shown carriers, MAX_HOPS hops, MAX_PUBLISHED places and MAX_OBJECTS addresses.
    """
    hops = tables.ask("spread_step", max_rows=MAX_HOPS)
    held = tables.ask("spread_holding", max_objects=MAX_OBJECTS)
    places = tables.ask("spread_published", max_rows=MAX_PUBLISHED)
    n_shown = tables.load("shown", ["platform"]).num_rows
    carriers = tables.head("spread_carrier", n_shown).to_pylist()
    coarse_s = {row["platform"]: row["resolution_s"] for row in platforms}
    for row in (*hops, *held, *places):
        row["first_at"] = show.moment(row["first_at"], coarse_s[row["platform"]])
    nodes = _nodes(carriers, places, held, hues=_hues(platforms))
    edges = _edges(nodes, hops=hops, places=places, held=held)
    left_out = {
        "later_carriers": sum(row["accounts"] for row in platforms) - n_shown,
        "hops": n_hops - len(hops),
        "addresses": (held[0]["n_objects"] if held else 0) - len({row["object"] for row in held}),
        "places": (places[0]["n_all"] if places else 0) - len(places),
    }
    network = _draw(nodes, edges, left_out)
    rest = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in left_out.items())
    aside = path.with_name(path.name + ".new")
    gexf.write(aside, network, description=ABOUT.format(name=visible(question.name), rest=rest))
    os.replace(aside, path)
    return network.summary


def _hues(platforms: list[Row]) -> dict[str, tuple[int, int, int]]:
    return dict(zip((row["platform"] for row in platforms), palette(len(platforms)), strict=True))


def _nodes(carriers: list[Row], places: list[Row], held: list[Row], *, hues: dict[str, tuple[int, int, int]]) -> dict[str, Row]:
    """Return the nodes by id: accounts in their order, then containers, then what was carried."""
    start = carriers[0]["carried_at"]
    nodes: dict[str, Row] = {}
    for row in carriers:
        nodes[node_id(row["platform"], row["account_id"])] = {
            **{name: row[name] for name in OF_CARRIER},
            "label": visible(row["handle"] or row["account_id"]),
            "is_a": "account",
            "posts": row["n_posts"],
            "first_at": show.moment(row["first_at"], row["resolution_s"]),
            "after_first_s": row["carried_at"] - start,
            "colour": hues[row["platform"]],
        }
    for row in places:
        node = nodes.setdefault(_container(row), {"is_a": "container", "platform": row["platform"], "posts": 0, "first_at": None})
        node |= {"label": visible(row["container"]), "colour": _pale(hues[row["platform"]])}
        _add(node, row)
    for row in held:
        node = nodes.setdefault(_object(row), {"is_a": "carried", "posts": 0, "first_at": None})
        node |= {"label": visible(row["object"].removeprefix("https://")), "colour": INK}
        _add(node, row)
    return nodes


def _add(node: Row, row: Row) -> None:
    node["posts"] += row["n_posts"]
    node["first_at"] = row["first_at"] if node["first_at"] is None else min(node["first_at"], row["first_at"])


def _edges(nodes: dict[str, Row], *, hops: list[Row], places: list[Row], held: list[Row]) -> list[Row]:
    """Return the edges between places in `nodes`, in order."""
    at = {name: place for place, name in enumerate(nodes)}
    made = [
        (node_id(row["platform"], row["from_account"]), node_id(row["platform"], row["to_account"]), row["verb"], row)
        for row in hops
    ]
    made += [(node_id(row["platform"], row["account_id"]), _container(row), "published in", row) for row in places]
    made += [(node_id(row["platform"], row["account_id"]), _object(row), "carried", row) for row in held]
    return [
        {
            "source": at[source],
            "target": at[target],
            "weight": float(row["n_posts"]),
            "verb": verb,
            "posts": row["n_posts"],
            "first_at": row["first_at"],
            "least_lag_s": row.get("least_lag_s"),
        }
        for source, target, verb, row in sorted(made, key=lambda one: (at[one[0]], at[one[1]], one[2]))
    ]


def _draw(nodes: dict[str, Row], edges: list[Row], left_out: dict[str, int]) -> Network:
    ends = np.array([(row["source"], row["target"]) for row in edges], np.int64).reshape(-1, 2)
    xy = layout.positions(len(nodes), ends, seed=0).round(2) + 0.0  # no -0.0
    rows = list(nodes.values())
    rgb = np.array([row["colour"] for row in rows], np.int64)
    posts = np.array([row["posts"] for row in rows], np.float64)
    size = (SIZES[0] + (SIZES[1] - SIZES[0]) * np.clip(np.log2(1.0 + posts) / 10, 0.0, 1.0)).round(2)
    labels = pa.array([row["label"] for row in rows], pa.string())
    looks = (pa.array(list(nodes), pa.string()), labels, xy[:, 0], xy[:, 1], size, rgb[:, 0], rgb[:, 1], rgb[:, 2])
    data = pa.Table.from_pylist([{name: row.get(name) for name in ATTRIBUTES.names} for row in rows], schema=ATTRIBUTES)
    table = pa.table(dict(zip(NODE_LOOK, looks, strict=True)) | {name: data[name] for name in ATTRIBUTES.names})
    return Network(table, pa.Table.from_pylist(edges, schema=EDGES), directed=True, cap=MAX_HOPS, left_out=left_out)


def _container(row: Row) -> str:
    """Return the id of a container. No account's begins with a plus: `node_id` encodes it."""
    return f"+container:{quote(row['platform'], safe='')}:{quote(row['container'], safe=PRINTABLE)}"


def _object(row: Row) -> str:
    return f"+carried:{quote(row['object'], safe=PRINTABLE)}"


def _pale(hue: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (255 - (255 - part) * 2 // 5 for part in hue)
    return red, green, blue
