"""The map of who acted on what: accounts of clusters, and the addresses, tags, posts and texts that most of them share."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import layout, queryfile
from cib.engines.duckdb import DuckDB
from cib.graphfiles import drawing
from cib.graphfiles.accounts import NAME, flat, key, unique
from cib.graphfiles.cuts import View
from cib.graphfiles.links import bind_members
from cib.graphfiles.network import Network
from cib.text import visible
from cib.wording import NO_KIND

TABLES = ("action", "account_code", "object_code")
EPOCH = dt.datetime(1970, 1, 1)
DARK = (70, 70, 70)
MAX_LABEL = 60  # characters; a text is an object too
EMPTY = pa.table(
    {name: pa.array([], pa.string()) for name in ("verb", "object", *NAME)}
    | {name: pa.array([], pa.int64()) for name in ("n_acts", "n_accounts", "n_all")}
)


@dataclass(frozen=True)
class Deeds:
    """Who acted on what: (verb, object, NAME, n_acts, n_accounts) per row, what is left out, the most objects there may be."""

    rows: pa.Table
    left_out: Mapping[str, int]
    cap: int


def read(view: View, engine: DuckDB, *, cap: int) -> Deeds:
    """Return the `cap` objects on which most accounts of clusters acted, and who did.

    DuckDB spills what does not fit; in memory: cap objects times the accounts of clusters.
    """
    parts = {table: sorted((view.run_folder / table).glob("*.parquet")) for table in TABLES}
    rows = EMPTY
    if all(parts.values()):
        for table, paths in parts.items():
            engine.bind(table, paths)
        span = {f"{name}_s": int((time - EPOCH).total_seconds()) for name, time in view.cut.span.items()}
        with bind_members(view, engine) as bound:
            rows = engine.read(queryfile.load("network_object").text, {"max_objects": cap, **span}).read_all() if bound else EMPTY
    n_shown = pc.count_distinct(_object(rows)).as_py()
    left_out = {"objects_over_the_cap": rows["n_all"][0].as_py() - n_shown if rows.num_rows else 0}
    if view.cut.top is not None:
        ranked = rows.group_by(list(NAME)).aggregate([("n_acts", "sum")])
        ranked = ranked.sort_by([("n_acts_sum", "descending"), *((name, "ascending") for name in NAME)])
        kept = rows.filter(pc.is_in(key(rows), value_set=flat(key(ranked.slice(0, view.cut.top)))))
        left_out["accounts_below_the_top"] = max(ranked.num_rows - view.cut.top, 0)
        left_out["edges_below_the_top"], rows = rows.num_rows - kept.num_rows, kept
    return Deeds(rows, left_out, cap)


def draw(deeds: Deeds, people: pa.Table, *, hues: drawing.Hues, seed: int) -> Network:
    """Return the map: accounts first, then objects; an edge leads from an account to an object, weight = acts."""
    rows = deeds.rows
    nodes = people.take(pc.index_in(flat(key(unique([rows]))), value_set=flat(key(people))))
    things = rows.group_by(["verb", "object"]).aggregate([("n_accounts", "max")])
    things = things.sort_by([("verb", "ascending"), ("object", "ascending")])
    source = pc.index_in(key(rows), value_set=flat(key(nodes))).to_numpy()
    target = pc.index_in(_object(rows), value_set=flat(_object(things))).to_numpy() + nodes.num_rows
    order = np.lexsort((target, source))
    points = layout.positions(nodes.num_rows + things.num_rows, np.column_stack((source[order], target[order])), seed=seed)
    acts = rows["n_acts"].take(order)
    edges = pa.table({"source": source[order], "target": target[order], "weight": pc.cast(acts, pa.float64()), "n_acts": acts})
    above = drawing.account_nodes(nodes, points[: nodes.num_rows], hues=hues, size_by="coordination")
    table = pa.concat_tables([above, _things(things, points[nodes.num_rows :])], promote_options="default")
    names = [*above.column_names[:8], "node_type", *above.column_names[8:], "verb", "object"]
    kinds = pa.array(["account"] * nodes.num_rows + ["object"] * things.num_rows, pa.string())
    facts: dict[str, Any] = {"left_out": deeds.left_out, "cap": deeds.cap, "capped": "max_objects"}
    return Network(table.append_column("node_type", kinds).select(names), edges, directed=True, **facts)


def _things(things: pa.Table, points: np.ndarray) -> pa.Table:
    """Return the objects as nodes. No account's id begins with #, so none is taken for an object."""
    n = things.num_rows
    names = list(zip(things["verb"].to_pylist(), things["object"].to_pylist(), strict=True))
    ids = [f"#{verb}:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:16]}" for verb, name in names]
    labels = [_short(visible(" ".join(name.split()))) for _, name in names]
    xy = points.round(2) + 0.0
    size = (4.0 + 1.6 * np.log2(1.0 + things["n_accounts_max"].to_numpy())).clip(4.0, 20.0).round(2)
    looks = {"id": pa.array(ids, pa.string()), "label": pa.array(labels, pa.string()), "x": xy[:, 0], "y": xy[:, 1], "size": size}
    looks |= {part: np.full(n, value, dtype=np.int64) for part, value in zip(("red", "green", "blue"), DARK, strict=True)}
    of_no_cluster = {name: pa.array([NO_KIND] * n, pa.string()) for name in ("cluster", "cluster_kind")}
    return pa.table(looks | of_no_cluster | {"verb": things["verb"], "object": things["object"]})


def _object(rows: pa.Table) -> pa.ChunkedArray:
    """Return one string per row that tells objects apart: no verb holds a colon."""
    return pc.binary_join_element_wise(rows["verb"], rows["object"], ":")


def _short(text: str) -> str:
    return text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1] + "…"
