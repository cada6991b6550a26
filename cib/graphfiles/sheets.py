"""nodes.csv and edges.csv under the headers that Gephi's spreadsheet import knows: the way in that never breaks."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cib.graphfiles.network import BATCH, EDGE_LOOK, NODE_LOOK, Network, attributes, title
from cib.text import cell


def write(nodes_path: Path, edges_path: Path, network: Network) -> None:
    """Write both files. Text that a spreadsheet would take for a formula is held back by an apostrophe. Memory: BATCH rows."""
    nodes = network.nodes.drop_columns([name for name in NODE_LOOK if name not in ("id", "label")])
    _write(nodes_path, ["Id", "Label", *map(title, nodes.column_names[2:])], _batches(nodes))
    ids = network.nodes["id"].to_pylist()
    kind = "Directed" if network.directed else "Undirected"
    edges = ([ids[source], ids[target], kind, *rest] for source, target, *rest in _batches(network.edges))
    names = map(title, attributes(network.edges, EDGE_LOOK).column_names)
    _write(edges_path, ["Source", "Target", "Type", "Weight", *names], edges)


def _batches(table: Any) -> Iterator[tuple]:
    for start in range(0, table.num_rows, BATCH):
        rows = table.slice(start, BATCH)
        yield from zip(*(column.to_pylist() for column in rows.columns), strict=True)


def _write(path: Path, header: list[str], rows: Iterator[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(header)
        sheet.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return cell(value)
    return str(value).lower() if isinstance(value, bool) else value
