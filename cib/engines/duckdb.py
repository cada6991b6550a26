"""DuckDB: the engine on one machine. Nothing is downloaded, no extension is loaded, spilling goes where we say."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from cib.errors import CaseError, SchemaError

BATCH = 16_384
ORDERS = int(duckdb.__version__.split(".")[0]) >= 2  # the first version loses ORDER BY in a stream, unless it keeps all orders
UNITS = {"bytes": 1, **{f"{prefix}iB": 1024**k for k, prefix in enumerate("KMGT", start=1)}}
GLOB = re.compile(r"([*?\[])")  # a path is a pattern to DuckDB


class DuckDB:
    """One in-memory database whose tables are views of Parquet files.

    threads  worker threads, or None for all cores; memory  as DuckDB writes it ("4GB"), or None for 60 % of the machine
    """

    def __init__(self, *, threads: int | None = None, memory: str | None = None, spill: Path | None = None):
        self.connection = duckdb.connect(":memory:")
        options: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "preserve_insertion_order": not ORDERS,
            "TimeZone": "UTC",
            "threads": threads,
            "memory_limit": memory or self._share_of_memory(),
            "temp_directory": str(spill) if spill else None,
            "enable_progress_bar": False,
        }
        for name, value in options.items():
            if value is not None:
                self._set(name, value)

    def _share_of_memory(self) -> str:
        """Return 60 % of the machine's memory: DuckDB starts with 80 %, and only its second major version takes a percentage."""
        number, unit = self._setting("memory_limit").split()
        return f"{float(number) * 0.6 / 0.8:.1f}{unit}"

    @property
    def memory_bytes(self) -> int:
        """Return how much memory DuckDB may take, and how much of it any other step may plan with while DuckDB rests."""
        number, unit = self._setting("memory_limit").split()
        return int(float(number) * UNITS[unit])

    @property
    def n_threads(self) -> int:
        return int(self._setting("threads"))

    def _setting(self, name: str) -> str:
        ((value,),) = self.connection.execute("SELECT current_setting($name)", {"name": name}).fetchall()
        return str(value)

    def _set(self, name: str, value: Any) -> None:
        literal = str(value).replace("'", "''")
        try:
            self.connection.execute(f"SET {name} = '{literal}'")
        except duckdb.Error as error:
            raise CaseError(f"DuckDB does not take {name} = {value!r}: {error}") from error

    def bind(self, table: str, paths: Sequence[Path]) -> None:
        """Let the name `table` mean the rows of `paths` (at least one Parquet file)."""
        try:
            self.connection.read_parquet([GLOB.sub(r"[\1]", str(path)) for path in paths]).create_view(table, replace=True)
        except duckdb.Error as error:
            gone = [str(path) for path in paths if not path.is_file()]
            raise CaseError(
                f"{', '.join(gone) or table} cannot be read. Put it back, or ingest the files anew into another case."
            ) from error

    def hold(self, table: str, rows: pa.Table) -> None:
        """Let the name `table` mean rows in memory, until the name means something else."""
        self.connection.from_arrow(rows).create_view(table, replace=True)

    def read(self, select: str, params: Mapping[str, Any] | None = None) -> pa.RecordBatchReader:
        """Return the rows of `select` as a stream. The stream owns a cursor of its own."""
        cursor = self.connection.cursor()
        try:
            return cursor.sql(select, params=dict(params or {})).to_arrow_reader(BATCH)
        except duckdb.Error as error:
            raise SchemaError(f"DuckDB could not run this statement: {error}\n{select}") from error

    def ask(self, text: str, n_rows: int) -> tuple[list[str], list[tuple]]:
        """Return the column names and at most `n_rows` rows of a SELECT that somebody typed. Raises SchemaError for
        anything else."""
        try:
            self._check(text)
            cursor = self.connection.execute(text)
            return [column[0] for column in cursor.description or []], cursor.fetchmany(n_rows)
        except duckdb.Error as error:
            raise SchemaError(" ".join(str(error).split())) from error

    def select(self, text: str) -> pa.Table:
        """Return all rows of a SELECT that somebody typed. Raises SchemaError for anything else."""
        try:
            self._check(text)
            return self.connection.sql(text).to_arrow_table()
        except duckdb.Error as error:
            raise SchemaError(" ".join(str(error).split())) from error

    def _check(self, text: str) -> None:
        """Raise SchemaError unless `text` is one SELECT."""
        statements = self.connection.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise SchemaError("Expected one SELECT and nothing else.")

    def lock(self, folder: Path) -> None:
        """From now on only files below `folder` can be read, and no setting can be changed."""
        self.connection.execute(
            "SET allowed_directories = [$folder]".replace("$folder", "'" + str(folder).replace("'", "''") + "'")
        )
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        self.connection.close()
