"""Golden files: parameters and rows in, rows out, one file per behaviour of a query."""

import csv
import io
import re
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest

from cib import parquet, queryfile
from cib.engines.duckdb import DuckDB

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.toml"))
LISTS = ("urls", "url_keys", "hashtags", "mentions", "domains", "media", "graphs")


def cell(text: str, column: str):
    """A golden cell: NULL, a number, a list a|b, a map k=v, or text."""
    if text == "NULL":
        return None
    if column in LISTS:
        return [word for word in text.split("|") if word]
    if column == "extra":
        return [tuple(entry.split("=", 1)) for entry in text.split("|") if entry]
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def rows(text: str) -> list[dict]:
    return [{k: cell(v, k) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text.strip()))]


def arrow(table: list[dict], columns: list[str]) -> pa.Table:
    """Rows as Arrow: ids and names are text, lists are lists of text, whatever is empty is a BIGINT."""
    arrays = {}
    for column in columns:
        values = [row[column] for row in table]
        if column in LISTS:
            kind = pa.list_(pa.string())
        elif column == "extra":
            kind = pa.map_(pa.string(), pa.string())
        elif re.search(r"(^|_)(id|of|to|account|platform|object|graph|verb|client|lang|text_key|handle|category|what|name)$", column):
            kind, values = pa.string(), [None if v is None else str(v) for v in values]
        elif column.endswith("created_at"):
            kind, values = pa.timestamp("us"), [None if v is None else v * 1_000_000 for v in values]
        elif any(isinstance(v, float) for v in values):
            kind = pa.float64()
        elif any(isinstance(v, bool) for v in values):
            kind = pa.bool_()
        elif any(isinstance(v, str) for v in values):
            kind = pa.string()
        else:
            kind = pa.int64()
        arrays[column] = pa.array(values, kind)
    return pa.table(arrays)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_query_gives_its_golden_rows(path, tmp_path):
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    query = queryfile.load(golden.get("query", path.stem.split("-")[0]))
    engine = DuckDB(threads=1)
    for name, text in golden.get("given", {}).items():
        table = arrow(rows(text), text.strip().splitlines()[0].split(","))
        parquet.write(tmp_path / f"{name}.parquet", table.schema, [table])
        engine.bind(name, [tmp_path / f"{name}.parquet"])
    params = {name: None for name in query.params} | golden.get("params", {})
    found = engine.read(query.text, params).read_all().to_pylist()
    wanted = rows(golden["expect"])
    columns = golden["expect"].strip().splitlines()[0].split(",")
    shown = [{c: plain(row[c]) for c in columns} for row in found]
    assert shown == wanted


def plain(value):
    """A value as a golden cell reads it: times as UTC seconds, numbers in text as numbers."""
    if hasattr(value, "timestamp"):
        return int((value - type(value)(1970, 1, 1)).total_seconds())
    if isinstance(value, str):
        return cell(value, "")
    return value
