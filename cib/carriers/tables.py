"""The work tables of one question, in a folder that is gone when it is answered."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cib import parquet, queryfile
from cib.engines.duckdb import DuckDB

Row = dict[str, Any]


class Tables:
    """Tables under their names in an engine, each one Parquet file in `folder`. period: since and until, ISO, UTC."""

    def __init__(self, engine: DuckDB, folder: Path, period: dict[str, str]):
        self.engine = engine
        self.folder = folder
        self.period = period
        folder.mkdir(parents=True)

    @property
    def times(self) -> tuple[dt.datetime, dt.datetime]:
        """since and until of the period."""
        return dt.datetime.fromisoformat(self.period["since"]), dt.datetime.fromisoformat(self.period["until"])

    def path(self, table: str) -> Path:
        """Return the file of a table."""
        return self.folder / f"{table}.parquet"

    def put(self, table: str, rows: Iterable[pa.Table | pa.RecordBatch], shape: pa.Schema | None = None) -> int:
        """Write and bind a table, of the shape of its only batch where none is given. Returns its number of rows."""
        rows = rows if shape else list(rows)
        n_rows = parquet.write(self.path(table), shape or next(iter(rows)).schema, rows)
        self.engine.bind(table, [self.path(table)])
        return n_rows

    def write(self, query: str, **params: Any) -> int:
        """Write and bind the table of a query, streaming. Returns its number of rows."""
        rows = self._stream(query, params)
        return self.put(query, rows, rows.schema)

    def ask(self, query: str, **params: Any) -> list[Row]:
        """Return the rows of a query that are few by its grain or its caps."""
        return self._stream(query, params).read_all().to_pylist()

    def load(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """Return a table, in memory, in its written order."""
        return pq.read_table(self.path(table), columns=columns, partitioning=None)

    def head(self, table: str, n_rows: int) -> pa.Table:
        """Return the first rows of a table."""
        held: list[pa.RecordBatch] = []
        with pq.ParquetFile(self.path(table)) as file:
            shape = file.schema_arrow
            for rows in file.iter_batches(n_rows):
                held.append(rows.slice(0, n_rows - sum(batch.num_rows for batch in held)))
                if sum(batch.num_rows for batch in held) >= n_rows:
                    break
        return pa.Table.from_batches(held, schema=shape)

    def batches(self, table: str, size: int) -> Iterable[pa.RecordBatch]:
        """Yield a table some rows at a time, in its written order."""
        with pq.ParquetFile(self.path(table)) as file:
            yield from file.iter_batches(size)

    def _stream(self, query: str, params: dict[str, Any]) -> pa.RecordBatchReader:
        asked = queryfile.load(query)
        given = {**self.period, **params}
        return self.engine.read(asked.text, {name: given[name] for name in asked.params})
