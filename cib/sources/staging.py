"""Staged rows: what the inputs of one ingest became, kept aside in the case folder until they are merged and committed."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cib import schema
from cib.sources.batch import STAGED_ACCOUNT, STAGED_POST

SCHEMAS = {"post": STAGED_POST, "account": STAGED_ACCOUNT, "reject": schema.arrow(schema.REJECT)}


class Stage:
    """Three Parquet files that grow batch by batch. The folder lies below data/, so a killed process leaves it to Case.sweep."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._writers = {table: pq.ParquetWriter(self.path(table), shape, compression="lz4") for table, shape in SCHEMAS.items()}

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def add(self, table: str, rows: pa.Table) -> None:
        if rows.num_rows:
            self._writers[table].write_table(rows)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()
