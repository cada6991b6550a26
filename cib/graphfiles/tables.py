"""The maps as tables: nodes and edges as CSV under Gephi's headers, as Parquet, and as a workbook without formulas."""

import csv
import datetime as dt
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from cib import parquet
from cib.errors import MissingExtraError
from cib.graphfiles.network import BATCH, EDGE_LOOK, NODE_LOOK, Network, attributes, dated, title
from cib.text import cell, xml

SHEET_ROWS = 1_048_575  # of a worksheet, below its header
CELL = 32_767  # characters that a cell holds
EPOCH = dt.datetime(2000, 1, 1)  # a workbook must say when it was made; the same run makes the same bytes


def nodes(network: Network) -> pa.Table:
    """Return the accounts under Gephi's headers: Id, Label, then what is known of each."""
    rows = network.nodes.drop_columns([name for name in NODE_LOOK if name not in ("id", "label")])
    return rows.rename_columns(["Id", "Label", *map(title, rows.column_names[2:])])


def edges(network: Network) -> pa.Table:
    """Return the edges under Gephi's headers: Source, Target, Type, Weight, then what is known of each."""
    ids, rows = network.nodes["id"], network.edges
    ends = {head: ids.take(rows[head.lower()]) for head in ("Source", "Target")}
    kind = pa.array(["Directed" if network.directed else "Undirected"] * rows.num_rows, pa.string())
    rest = attributes(rows, EDGE_LOOK)
    return pa.table(ends | {"Type": kind, "Weight": rows["weight"]} | {title(name): rest[name] for name in rest.column_names})


def write_csv(paths: Sequence[Path], network: Network, description: str) -> None:
    """Write nodes and edges. Text that a spreadsheet would take for a formula gets an apostrophe. Memory: BATCH rows."""
    for path, table in zip(paths, (nodes(network), dated(edges(network))), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(table.column_names)
            sheet.writerows([_csv_cell(value) for value in row] for row in _rows(table))


def write_parquet(paths: Sequence[Path], network: Network, description: str) -> None:
    """Write nodes, with colour, size and position, and edges; the description is in the metadata of both."""
    whole = network.nodes.rename_columns([title(name) for name in network.nodes.column_names])
    for path, table in zip(paths, (whole, edges(network)), strict=True):
        table = table.rename_columns([name.lower() for name in table.column_names])
        parquet.write(path, table.schema.with_metadata({"description": description}), table.to_batches())


def write_xlsx(paths: Sequence[Path], network: Network, description: str) -> None:
    """Write a workbook with the sheets about, nodes and edges. Every text is a text: no id is rounded, no formula is run.

    Rows beyond what a sheet holds are counted on the first sheet. Memory: one row, and what the distinct texts need.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("XLSX needs XlsxWriter, which is not installed. Run: pip install 'cib[xlsx]'") from error
    (path,) = paths
    sheets = {"nodes": nodes(network), "edges": dated(edges(network))}
    about = [description, *(_cut(name, table.num_rows) for name, table in sheets.items() if table.num_rows > SHEET_ROWS)]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": EPOCH})
        _fill(book.add_worksheet("about"), iter([line] for line in about))
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            _fill(sheet, iter([table.column_names]))
            _fill(sheet, _rows(table.slice(0, SHEET_ROWS)), first=1)


def _cut(name: str, n: int) -> str:
    return f"The sheet {name} holds the first {SHEET_ROWS} of {n} rows; the rest is in the CSV and Parquet files."


def _fill(sheet: Any, rows: Iterator[Sequence[Any]], *, first: int = 0) -> None:
    """Write rows by the type of each value: `write` would take a text that begins with = for a formula, and run it."""
    for y, row in enumerate(rows, first):
        for x, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(y, x, xml(value)[:CELL])
            elif isinstance(value, bool):
                sheet.write_boolean(y, x, value)
            elif value is not None and math.isfinite(value):
                sheet.write_number(y, x, value)


def _rows(table: pa.Table) -> Iterator[tuple]:
    for start in range(0, table.num_rows, BATCH):
        rows = table.slice(start, BATCH)
        yield from zip(*(column.to_pylist() for column in rows.columns), strict=True)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return cell(value)
    return str(value).lower() if isinstance(value, bool) else value
