"""The reader that fits a file."""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cib import schema
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files
from cib.sources.csvfile import CsvReader
from cib.sources.jsonfile import JsonReader
from cib.sources.layouts import Format
from cib.sources.raw import BATCH, Raw, Reader, no_rejects
from cib.sources.xlsxfile import XlsxReader


class ParquetReader:
    """A Parquet file. Memory: one batch of rows, or one row group of its columns if that is more."""

    def __init__(self, path: Path, name: str):
        self.name = name
        self.notes: list[str] = []
        try:
            self.file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise SchemaError(f"{name} is not a Parquet file that can be read: {error}") from error
        self.columns = list(self.file.schema_arrow.names)
        if len(set(self.columns)) < len(self.columns):
            raise SchemaError(f"{name} has two columns of one name among {', '.join(self.columns)}. Rename one.")

    @property
    def names(self) -> Collection[str]:
        """What the format is told by."""
        return self.columns

    def fit(self, form: Format, wanted: Sequence[str]) -> None:
        """The columns are what they are."""

    @property
    def is_ours(self) -> bool:
        """Written in the shape of our own tables: its times are UTC by contract."""
        shape = schema.arrow(schema.POST)
        have = self.file.schema_arrow
        return set(self.columns) <= set(shape.names) and all(field.type == shape.field(field.name).type for field in have)

    def batches(self) -> Iterator[Raw]:
        """Yield the rows in file order."""
        at = 0
        try:
            for batch in self.file.iter_batches(batch_size=BATCH, use_threads=False):
                records = pa.array(np.arange(at + 1, at + 1 + batch.num_rows))
                at += batch.num_rows
                cells = [_plain(column) for column in batch.columns]
                yield Raw(pa.table(cells, names=self.columns), records, no_rejects())
        except (pa.ArrowException, OSError) as error:
            raise SchemaError(f"{self.name} cannot be read beyond record {at}: {error}") from error


def _plain(column: pa.Array) -> pa.Array:
    """Bring the many ways to store text to one: string. Bytes that are no UTF-8 become U+FFFD."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if any(
        test(kind)
        for test in (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    ):
        return pa.array([None if cell is None else cell.decode("utf-8", "replace") for cell in column.to_pylist()], pa.string())
    return column


def reader(item: files.Input, *, engine: DuckDB, lists: Sequence[str]) -> Reader:
    """Return the reader that the content of `item` asks for; `lists` are the lists that may hold records inside a JSON document.

    Raises SchemaError for an empty file.
    """
    if not item.member and files.head(item.path) == files.PARQUET:
        return ParquetReader(item.path, item.name)
    if not item.member and files.head(item.path) == files.ZIP and zipfile.is_zipfile(item.path):
        return XlsxReader(item)
    with files.open_text(item) as file:
        try:
            start = file.read(4096).lstrip("\ufeff \t\r\n")
        except files.DAMAGE as error:
            raise SchemaError(f"{item.name} is damaged and cannot be unpacked: {error}") from error
    if not start:
        raise SchemaError(f"{item.name} is empty.")
    if start.startswith("PAR1"):
        raise SchemaError(f"{item.name} is a Parquet file inside an archive. Unpack it first.")
    return JsonReader(item, engine, lists=lists) if start[0] in "{[" else CsvReader(item)
