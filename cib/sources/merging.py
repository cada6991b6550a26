"""Staged rows to the parts of a case: records of one post are made one, within an ingest and with what was committed before.

Parts are written aside under new names; the caller commits. Cost: the keys of all committed posts are read once, rows only where
a part is touched; sorting spills to the engine's folder.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import parquet, queryfile, schema
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.sources.batch import STAGED_POST
from cib.sources.raw import rejects
from cib.sources.staging import Mapped, put

PART_ROWS = 1_000_000
WORK = {
    "named": pa.schema(
        [
            ("file_ix", pa.int32()),
            ("source_record", pa.int64()),
            ("platform", pa.string()),
            ("account_id", pa.string()),
            ("post_id", pa.string()),
        ]
    ),
    "hit": pa.schema([("platform", pa.string()), ("post_id", pa.string()), ("account_id", pa.string()), ("part", pa.string())]),
    "plan": pa.schema(
        [
            ("file_ix", pa.int32()),
            ("source_record", pa.int64()),
            ("platform", pa.string()),
            ("post_id", pa.string()),
            ("part", pa.string()),
            ("is_foreign", pa.bool_()),
            ("is_new", pa.bool_()),
            ("is_shared", pa.bool_()),
        ]
    ),
    "merged": pa.schema([*schema.arrow(schema.POST), pa.field("part", pa.string())]),
}
ORDER = pa.schema([("place", pa.int64()), ("post_id", pa.string())])


@dataclass(frozen=True)
class Outcome:
    """What became of the staged rows, per file_ix: posts, merged, refused, first_at, last_at, accounts."""

    counts: dict[int, dict[str, Any]]


class Merge:
    """One merge. `stages` are the folders of the inputs, `resolutions` {file_ix: seconds}; work tables live in `folder`."""

    def __init__(self, case: Case, engine: DuckDB, folder: Path):
        self.case = case
        self.engine = engine
        self.folder = folder
        self.record_parts: dict[str, list[str]] = {table: list(parts) for table, parts in case.record["parts"].items()}

    def run(self, stages: Sequence[Path], resolutions: dict[int, int]) -> Outcome:
        """Write the new parts and return the counts. `case.record` is changed by `accept` only."""
        self._staged = Mapped([stage / "post.arrow" for stage in stages], STAGED_POST)
        self.engine.hold("staged", self._staged.placed())
        self.engine.bind("staged_account", [stage / "account.parquet" for stage in stages])
        self.engine.bind("staged_reject", [stage / "reject.parquet" for stage in stages])
        rows = _inputs(resolutions)
        self._put("input", [rows], rows.schema)
        self._work("named", "ingest_name")
        touched = self._hits()
        self._work("plan", "ingest_plan")
        self._write_posts(touched, resolutions)
        self._write_accounts(stages)
        self._write_rejects()
        return Outcome(self._counts())

    def close(self) -> None:
        """Let go of the staged rows: files that are mapped cannot be removed everywhere."""
        for table in ("staged", "merged"):
            self.engine.hold(table, STAGED_POST.empty_table())
        self._staged = self._made = Mapped([], STAGED_POST)

    def accept(self) -> None:
        """Put the new list of parts into the case's record; the caller commits it."""
        for table in schema.DATA_TABLES:
            filled = [part for part in self.record_parts[table] if not part.endswith("empty.parquet")]
            self.case.record["parts"][table] = filled or self.record_parts[table]

    def _work(self, table: str, query: str) -> int:
        return self._put(table, self.engine.read(queryfile.load(query).text), WORK[table])

    def _put(self, table: str, rows: Iterable[pa.RecordBatch | pa.Table], shape: pa.Schema) -> int:
        path = self.folder / f"{table}.parquet"
        n_rows = parquet.write(path, shape, rows)
        self.engine.bind(table, [path])
        return n_rows

    def _hits(self) -> list[str]:
        """Find the committed parts that hold a staged key, and bind their rows as `touched`."""
        found, touched = [], []
        for part in self.record_parts[schema.POST]:
            self.engine.bind("part", [self.case.root / "data" / part])
            hits = self.engine.read(queryfile.load("ingest_hit").text, {"part": part}).read_all()
            if hits.num_rows:
                found.append(hits)
                touched.append(part)
        self._put("hit", found, WORK["hit"])
        parts = touched or self.record_parts[schema.POST][:1]
        self.engine.bind("touched", [self.case.root / "data" / part for part in parts])
        return touched

    def _write_posts(self, touched: Sequence[str], resolutions: Mapping[int, int]) -> None:
        """Write new posts and the parts that a merge touched."""
        merged = put(self.folder / "merged.arrow", WORK["merged"], self._merged())
        self._made = Mapped([merged], WORK["merged"], first=self._staged.end)
        self.engine.hold("merged", self._made.placed())
        order = self.engine.read(queryfile.load("ingest_order").text)
        new_parts = list(self._parts(schema.POST, self._new(order, resolutions)))
        for part in touched:
            self.engine.bind("part", [self.case.root / "data" / part])
            rewritten = list(
                self._parts(schema.POST, self.engine.read(queryfile.load("ingest_rewrite").text, {"part": part}), taken=new_parts)
            )
            at = self.record_parts[schema.POST].index(part)
            self.record_parts[schema.POST][at : at + 1] = rewritten
        self.record_parts[schema.POST] += new_parts

    def _merged(self) -> Iterable[pa.RecordBatch]:
        """The posts of which there are several records; the query is spared where there are none."""
        plan = pq.read_table(self.folder / "plan.parquet", columns=["is_shared"], use_threads=False)
        return self.engine.read(queryfile.load("ingest_merge").text) if pc.any(plan["is_shared"]).as_py() else ()

    def _new(self, order: Iterable[pa.RecordBatch], resolutions: Mapping[int, int]) -> Iterator[pa.Table]:
        """The rows that an order names, a row group at a time."""
        shape = schema.arrow(schema.POST)
        seconds = np.zeros(1 + max(resolutions, default=0), np.int32)
        seconds[list(resolutions)] = list(resolutions.values())
        for named in parquet.regrouped(order, ORDER):
            places = named["place"].to_numpy()
            is_made = places >= self._made.first
            rows = self._staged.take(places[~is_made])
            rows = rows.append_column("resolution_s", pa.array(seconds[rows["file_ix"].to_numpy()]))
            rows = rows.set_column(rows.column_names.index("post_id"), "post_id", named["post_id"].filter(pa.array(~is_made)))
            rows = rows.select(shape.names).cast(shape)
            if is_made.any():
                made = self._made.take(places[is_made]).select(shape.names).cast(shape)
                back = np.argsort(np.concatenate([np.flatnonzero(~is_made), np.flatnonzero(is_made)]))
                rows = pa.concat_tables([rows, made]).combine_chunks().take(pa.array(back))
            yield rows

    def _write_accounts(self, stages: Sequence[Path]) -> None:
        self.engine.bind("account", self.case.parts(schema.ACCOUNT))
        if not any(pq.read_metadata(stage / "account.parquet").num_rows for stage in stages):
            return
        rows = self.engine.read(queryfile.load("ingest_account").text)
        self.record_parts[schema.ACCOUNT] = list(self._parts(schema.ACCOUNT, rows))

    def _write_rejects(self) -> None:
        refused = (_refused(batch) for batch in self.engine.read(queryfile.load("ingest_foreign").text))
        staged = self.engine.read(queryfile.load("ingest_reject").text)
        both = (rows for source in (staged, refused) for rows in source if rows.num_rows)
        self.record_parts[schema.REJECT] += self._parts(schema.REJECT, both)

    def _counts(self) -> dict[int, dict[str, Any]]:
        out: dict[int, dict[str, Any]] = {}
        for query in ("ingest_count", "ingest_span"):
            for row in self.engine.read(queryfile.load(query).text).read_all().to_pylist():
                out.setdefault(row["file_ix"], {}).update(row)
        return out

    def _parts(self, table: str, rows: Iterable[pa.RecordBatch | pa.Table], *, taken: Sequence[str] = ()) -> Iterator[str]:
        """Write `rows` in parts of at most PART_ROWS and yield their names; no name of an earlier part is used again."""
        shape = schema.arrow(table)
        for piece in _pieces(rows, PART_ROWS):
            names = [*self.case.record["parts"][table], *self.record_parts[table], *taken]
            name = f"{table}/{self._next(table, names):06d}.parquet"
            parquet.write(self.case.root / "data" / name, shape, piece)
            yield name

    def _next(self, table: str, names: Sequence[str]) -> int:
        written = {path.name for path in (self.case.root / "data" / table).glob("*.parquet")}
        numbers = (name.rsplit("/", 1)[-1].removesuffix(".parquet") for name in [*names, *written])
        return 1 + max((int(number) for number in numbers if number.isdigit()), default=0)


def _pieces(rows: Iterable[pa.RecordBatch | pa.Table], size: int) -> Iterator[Iterator[pa.RecordBatch | pa.Table]]:
    """Cut a stream of batches into streams of at most `size` rows each; use one up before asking for the next."""
    source = iter(rows)
    held = [next(source, None)]

    def piece() -> Iterator[pa.RecordBatch | pa.Table]:
        n_left = size
        while held[0] is not None and n_left:
            batch = held[0]
            yield batch.slice(0, n_left)
            n_taken = min(n_left, batch.num_rows)
            n_left -= n_taken
            held[0] = batch.slice(n_taken) if n_taken < batch.num_rows else next(source, None)

    while held[0] is not None:
        yield piece()


def _inputs(resolutions: dict[int, int]) -> pa.Table:
    columns_ = {"file_ix": pa.array(resolutions.keys(), pa.int32()), "resolution_s": pa.array(resolutions.values(), pa.int32())}
    return pa.table(columns_)


def _refused(batch: pa.RecordBatch) -> pa.Table:
    rows = batch.to_pylist()
    raws = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    tables = [
        rejects(
            row["source_file"], [row["source_record"]], [raw], fields=["post_id"], reasons=["another account owns this post_id"]
        )
        for row, raw in zip(rows, raws, strict=True)
    ]
    return pa.concat_tables(tables) if tables else schema.arrow(schema.REJECT).empty_table()
