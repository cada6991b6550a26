"""GraphML as text: what igraph, networkx, Cytoscape and yEd read. Colours and positions under the names that Gephi knows."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from cib.graphfiles.markup import kind, quoted, values
from cib.graphfiles.network import BATCH, Network, dated, title

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<desc>{description}</desc>
"""
SMALLEST = 2.2250738585072014e-308  # igraph takes what is nearer to 0 for an overflow, and refuses the whole file
LOOKS = {"red": "r", "green": "g", "blue": "b"}


def write(path: Path, network: Network, *, description: str) -> None:
    """Write `network` to `path`. Memory: BATCH elements."""
    nodes, edges = (_readable(dated(rows)) for rows in (network.nodes, network.edges))
    data = {"node": nodes.drop_columns(["id"]), "edge": edges.drop_columns(["source", "target"])}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD.format(description=quoted(description)))
        for element, table in data.items():
            file.writelines(_declare(element, table))
        file.write(f'<graph edgedefault="{"directed" if network.directed else "undirected"}">\n')
        ids = [quoted(name) for name in nodes["id"].to_pylist()]
        for name, inner in zip(ids, _data("node", data["node"]), strict=True):
            file.write(f'<node id="{name}">{inner}</node>\n')
        ends = (edges[end].to_pylist() for end in ("source", "target"))
        for source, target, inner in zip(*ends, _data("edge", data["edge"]), strict=True):
            file.write(f'<edge source="{ids[source]}" target="{ids[target]}">{inner}</edge>\n')
        file.write("</graph>\n</graphml>\n")


def _readable(rows: pa.Table) -> pa.Table:
    """Return `rows` with numbers that are smaller than SMALLEST, and not 0, made that: a p-value becomes no smaller by it."""
    for i, column in enumerate(rows.schema):
        if pa.types.is_floating(column.type):
            size = pc.abs(rows[column.name])
            lost = pc.and_(pc.greater(size, 0.0), pc.less(size, SMALLEST))
            value = pc.if_else(lost, pc.multiply(pc.sign(rows[column.name]), SMALLEST), rows[column.name])
            rows = rows.set_column(i, column.name, value)
    return rows


def _declare(element: str, table: pa.Table) -> Iterator[str]:
    for column in table.schema:
        name = LOOKS.get(column.name, title(column.name))
        yield f'<key id="{element}_{column.name}" for="{element}" attr.name="{name}" attr.type="{kind(column.type)}"/>\n'


def _data(element: str, table: pa.Table) -> Iterator[str]:
    """Yield the data elements of each row in one string."""
    for start in range(0, table.num_rows, BATCH):
        rows = table.slice(start, BATCH)
        columns = [(f'<data key="{element}_{name}">', values(rows[name])) for name in rows.column_names]
        for row in zip(*(column for _, column in columns), strict=True):
            filled = zip(columns, row, strict=True)
            yield "".join(f"{before}{value}</data>" for (before, _), value in filled if value is not None)
