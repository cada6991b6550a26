"""The shape that every graph file is written from: nodes, edges, and what was left out, checked for closure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NODE_LOOK = ("id", "label", "x", "y", "size", "red", "green", "blue")
EDGE_LOOK = ("source", "target", "weight")
TITLES = {"cluster_kind": "kind"}  # an attribute with the id `kind` hides a name that GEXF keeps for itself
COUNTED = {"account": "accounts", "object": "objects", "container": "containers", "carried": "carried"}  # a node, several
EMPTY = "This map is empty: no account of a cluster has a place in it."
BATCH = 16_384


@dataclass(frozen=True)
class Network:
    """One map, ready to be written.

    nodes     Arrow table: NODE_LOOK, then attributes; `id` is unique ASCII, colours are integers from 0 to 255
    edges     Arrow table: EDGE_LOOK, then attributes; `source` and `target` are row numbers of `nodes`
    directed  whether source and target mean something
    left_out  what the data hold and this map does not show, by reason
    cap       the largest number of edges that may be shown, or of what else `capped` names
    lineages  Arrow table: node (row number of `nodes`), lineage, since, until: when an account stood in which followed cluster
    """

    nodes: pa.Table
    edges: pa.Table
    directed: bool
    cap: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    lineages: pa.Table | None = None
    capped: str = "max_edges"

    def __post_init__(self) -> None:
        """Refuse a map whose edges lead nowhere: Gephi Lite would refuse the whole file."""
        n = self.nodes.num_rows
        if pc.count_distinct(self.nodes["id"]).as_py() != n:
            raise ValueError("Two nodes have one id.")
        for end in ("source", "target"):
            ix = self.edges[end].to_numpy()
            if np.any((ix < 0) | (ix >= n)):
                raise ValueError(f"An edge has a {end} that is no node.")

    @property
    def counted(self) -> dict[str, int]:
        """The nodes by what they are: accounts and, on maps that hold other things, objects, containers and so on."""
        kinds = next((name for name in ("node_type", "is_a") if name in self.nodes.column_names), None)
        if kinds is None:
            return {"accounts": self.nodes.num_rows}
        found = pc.value_counts(self.nodes[kinds]).to_pylist()
        return dict.fromkeys(("accounts",), 0) | {COUNTED[one["values"]]: one["counts"] for one in found}

    @property
    def summary(self) -> dict[str, Any]:
        """The counts that export.json reports, and a note where there is nothing to see."""
        note = {} if self.nodes.num_rows else {"note": EMPTY}
        return note | {
            "nodes": self.nodes.num_rows,
            **self.counted,
            "edges": self.edges.num_rows,
            self.capped: self.cap,
            "left_out": dict(self.left_out),
        }


def attributes(rows: pa.Table, look: tuple[str, ...]) -> pa.Table:
    """Return the columns of `rows` that are data, not looks."""
    return rows.drop_columns(list(look))


def title(name: str) -> str:
    """Return the name of an attribute as people read it."""
    return TITLES.get(name, name)


def dated(rows: pa.Table) -> pa.Table:
    """Return `rows` with times as ISO text in UTC, to the second, for files that know no times or each its own."""
    for i, column in enumerate(rows.schema):
        if pa.types.is_timestamp(column.type):
            whole = pc.cast(rows[column.name], pa.timestamp("s"), safe=False)
            rows = rows.set_column(i, column.name, pc.strftime(whole, format="%Y-%m-%dT%H:%M:%SZ"))
    return rows
