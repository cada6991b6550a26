"""Golden files: parameters and rows in, rows out, one per behaviour of a query. The stem up to the first `-` names the query.

Cells: NULL is NULL; a list is a|b, an empty entry of it '', a missing one NULL; a map is k=v|k=v; a timestamp is UTC seconds.
A column has the type that cib.schema gives it, in its own table first; times of work tables are whole seconds; else cells decide.
`xfail = "why"` marks a known fault of a query: the file fails until it is mended.
"""

import csv
import datetime as dt
import io
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest

from cib import parquet, queryfile, schema
from cib.engines.duckdb import DuckDB

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.toml"))
EPOCH = dt.datetime(1970, 1, 1)
ELSEWHERE = {c.name: c.type for columns in schema.TABLES.values() for c in columns if c.type != "timestamp"}
TYPES = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "double": pa.float64(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "timestamp": pa.timestamp("us"),
    "list<string>": pa.list_(pa.string()),
    "map<string>": pa.map_(pa.string(), pa.string()),
}
OWNED_ELSEWHERE = {
    "ingest_": "read against the adapters in test_sources*.py",
    "report_": "read through the page in test_htmlreport.py",
    "spread_holding": "read through the map in test_spread.py",
    "network_": "read through the files in test_graphfiles.py",
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.strip())))


def kind_of(table: str, column: str, cells: list[str]) -> str:
    own = {c.name: c.type for c in schema.TABLES.get(table, ())}
    if known := own.get(column) or ELSEWHERE.get(column):
        return known
    given = [cell for cell in cells if cell != "NULL"]
    for kind, reads in (("int64", int), ("double", float)):
        try:
            [reads(cell) for cell in given]
        except ValueError:
            continue
        return kind
    return "string"


def value(cell: str, kind: str):
    """The value that a golden cell stands for."""
    if cell == "NULL":
        return None
    if kind == "list<string>":
        return [None if word == "NULL" else word.replace("''", "") for word in cell.split("|") if word]
    if kind == "map<string>":
        return [tuple(entry.split("=", 1)) for entry in cell.split("|") if entry]
    if kind == "timestamp":
        return EPOCH + dt.timedelta(seconds=float(cell))
    return {"string": str, "int32": int, "int64": int, "double": float, "bool": "true".__eq__}[kind](cell)


def arrow(table: str, text: str) -> pa.Table:
    """The rows of `given.table` as Arrow."""
    columns = text.strip().splitlines()[0].split(",")
    cells = {column: [row[column] for row in rows(text)] for column in columns}
    kinds = {column: kind_of(table, column, cells[column]) for column in columns}
    return pa.table({c: pa.array([value(cell, kinds[c]) for cell in cells[c]], TYPES[kinds[c]]) for c in columns})


def shown(found) -> str:
    """A value of a result as a golden cell writes it."""
    if found is None:
        return "NULL"
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dt.datetime):
        return str(int((found - EPOCH).total_seconds()))
    if isinstance(found, list):
        return "|".join("=".join(entry) if isinstance(entry, tuple) else shown(entry) or "''" for entry in found)
    return str(found)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_query_gives_its_golden_rows(path, tmp_path, request):
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    if reason := golden.get("xfail"):
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason))
    query = queryfile.load(path.stem.split("-")[0])
    assert set(golden["given"]) == set(query.reads)
    assert set(golden.get("params", {})) <= query.params
    engine = DuckDB(threads=1)
    for name, text in golden["given"].items():
        table = arrow(name, text)
        parquet.write(tmp_path / f"{name}.parquet", table.schema, [table])
        engine.bind(name, [tmp_path / f"{name}.parquet"])
    found = engine.read(query.text, dict.fromkeys(query.params) | golden.get("params", {})).read_all().to_pylist()
    wanted = rows(golden["expect"])
    columns = golden["expect"].strip().splitlines()[0].split(",")
    lines = [{column: shown(row[column]) for column in columns} for row in found]
    if "ORDER BY" not in query.body.rsplit("FROM", 1)[-1]:  # a set
        lines.sort(key=str), wanted.sort(key=str)
    assert lines == wanted


def test_every_query_has_a_golden_file_or_a_test_of_its_own():
    known = {path.stem.split("-")[0] for path in GOLDEN}
    queries = {path.stem for path in queryfile.folder("queries").glob("*.sql")}
    assert known <= queries
    missing = {name for name in queries - known if not name.startswith(tuple(OWNED_ELSEWHERE))}
    assert not missing, f"no tests/golden file shows what {sorted(missing)} do"
