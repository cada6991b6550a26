"""Posts for human coders: drawn by lot from every cluster and from everybody else, blinded; and what coders found, read back."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from cib import parquet, queryfile, runs
from cib.case import Case
from cib.coding import agreement
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.text import cell, visible

MAX_CLUSTERS, MAX_PER_CLUSTER, MAX_TEXT = 100, 1000, 10_000
SHEETS, KEY = ("coder_1.csv", "coder_2.csv"), "key.csv"


def write(
    case: Case, folder: Path, engine: DuckDB, *, out: Path, per_cluster: int = 20, seed: int = 0, n_coders: int = 2
) -> dict[str, Any]:
    """Write a sheet per coder (item, lang, text, code, note) and key.csv (item, cluster_id, platform, post_id, n_texts) to `out`.

    From each of the MAX_CLUSTERS largest clusters of the run in `folder` `per_cluster` different texts are drawn, and as many as
    from all of them together from accounts in no cluster. Neither account, time nor cluster stands on a sheet, every coder has an
    order of his own, and an item's number tells nothing. Same run and seed, same bytes. Nothing that exists is overwritten.
    Cost: two passes over the texts of the period, within DuckDB's memory.
    """
    if not 1 <= per_cluster <= MAX_PER_CLUSTER:
        raise CaseError(f"--per-cluster {per_cluster}: expected a number from 1 to {MAX_PER_CLUSTER}.")
    if out.exists():
        raise CaseError(f"{out} exists, and may hold the work of coders. Give another folder: --out FOLDER")
    names = [row["cluster_id"] for row in runs.load(folder, "cluster", ["cluster_id"]).to_pylist()][:MAX_CLUSTERS]
    if not names:
        raise CaseError(f"Run {folder.name} has no cluster to draw from. Choose another with --run.")
    aside = out.with_name(f".{out.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        rows, sizes = _draw(case, folder, engine, names=names, per_cluster=per_cluster, seed=seed, aside=aside)
        order = np.random.default_rng([seed, 1]).permutation(len(rows))
        items = [{"item": f"P{number + 1:05d}", **rows[place]} for number, place in enumerate(order.tolist())]
        for number, name in enumerate(SHEETS[:n_coders]):
            own = np.random.default_rng([seed, 2, number]).permutation(len(items)).tolist()
            _sheet(aside / name, ("item", "lang", "text", "code", "note"), [{**items[i], "code": "", "note": ""} for i in own])
        key = [{**item, "n_texts": sizes[item["cluster_id"]]} for item in items]
        _sheet(aside / KEY, ("item", "cluster_id", "platform", "post_id", "n_texts"), key)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    n_controls = sum(not row["cluster_id"] for row in rows)
    files = [str(out / name) for name in (*SHEETS[:n_coders], KEY)]
    return {"run": folder.name, "clusters": len(names), "posts": len(rows) - n_controls, "controls": n_controls, "files": files}


def _draw(
    case: Case, folder: Path, engine: DuckDB, *, names: Sequence[str], per_cluster: int, seed: int, aside: Path
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the posts drawn, by cluster and text, and how many different texts each cluster has."""
    engine.bind("post", case.parts("post"))
    engine.bind("member", sorted((folder / "member").glob("*.parquet")))
    period = runs.parameters(folder).period
    counted = engine.read(queryfile.load("code_count").text, period).read_all().to_pylist()
    sizes = {row["cluster_id"]: row["n_texts"] for row in counted}
    n_drawn = {name: min(per_cluster, sizes.get(name, 0)) for name in names}
    n_drawn[""] = min(sum(n_drawn.values()), sizes.get("", 0))
    drawn: list[tuple[str, int]] = []
    for number, (name, n) in enumerate(n_drawn.items()):
        places = np.random.default_rng([seed, 0, number]).choice(sizes.get(name, 0), n, replace=False) if n else []
        drawn += [(name, int(place)) for place in sorted(places)]
    columns = zip(*drawn, strict=True) if drawn else ((), ())
    table = pa.table([pa.array(column, kind) for column, kind in zip(columns, (pa.string(), pa.int64()), strict=True)],
                     names=["cluster_id", "place"])  # fmt: skip
    path = aside / "drawn.parquet"
    parquet.write(path, table.schema, [table])
    engine.bind("drawn", [path])
    rows = engine.read(queryfile.load("code_drawn").text, period).read_all().to_pylist()
    path.unlink()
    return rows, sizes


def _sheet(path: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows as CSV that a spreadsheet opens: with a byte order mark, no formulas, nothing invisible."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file, lineterminator="\r\n")
        sheet.writerow(columns)
        for row in rows:
            values = (row[column] for column in columns)
            sheet.writerow([cell(visible(v)[:MAX_TEXT]) if isinstance(v, str) else v for v in values])


def compare(paths: Sequence[Path], *, seed: int = 0) -> dict[str, Any]:
    """Return how far coders agree, and what they found per cluster; see `agreement.compare`."""
    if len(paths) < 2:
        raise CaseError(f"--codes was given {len(paths)} times; agreement takes the sheets of two coders or more.")
    codes = [_read(path, ("item", "code")) for path in paths]
    key = _read(paths[0].with_name(KEY), ("item", "cluster_id"))
    if strange := sorted(set().union(*codes) - set(key)):
        raise CaseError(f"{paths[0].with_name(KEY)} knows no item {strange[0]}. Keep it beside the sheets that it belongs to.")
    return agreement.compare(codes, key, seed=seed)


def _read(path: Path, columns: tuple[str, str]) -> dict[str, str]:
    """Return the second of two columns of a sheet by the first; cells without a value as ''."""
    if not path.is_file():
        raise CaseError(f"{path} does not exist. The sheets and {KEY} come from: cib code CASE")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("cp1252", "replace")
    lines = text.splitlines()
    mark = max(";\t,", key=lines[0].count) if lines else ","
    rows = list(csv.DictReader(lines, delimiter=mark))
    names = {(name or "").strip().casefold(): name for name in (rows[0] if rows else {})}
    if missing := [column for column in columns if column not in names]:
        raise CaseError(f"{path} has no column {', '.join(missing)}; expected {' and '.join(columns)}.")
    item, value = (names[column] for column in columns)
    found: dict[str, str] = {}
    for row in rows:
        name = " ".join((row[item] or "").split())
        if name in found:
            raise CaseError(f"{path}: item {name} is there twice. Each item has one row.")
        if name:
            found[name] = " ".join((row[value] or "").split())
    return found
