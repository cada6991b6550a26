"""Input files to batches of raw cells, in file order, record numbers from 1. Here nothing is interpreted."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cib import schema
from cib.errors import SchemaError

BATCH = 131_072


@dataclass(frozen=True)
class Raw:
    """Some records of an input.

    table    the cells, columns named as in the file
    records  int64, their record numbers
    broken   `reject` rows of records that are none
    """

    table: pa.Table
    records: pa.Array
    broken: pa.Table


def no_rejects() -> pa.Table:
    return schema.arrow(schema.REJECT).empty_table()


class ParquetReader:
    """A Parquet file. Memory: one batch of rows, or one page of its columns if that is more."""

    def __init__(self, path: Path, name: str):
        self.name = name
        try:
            self.file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise SchemaError(f"{name} is not a Parquet file that can be read: {error}") from error
        self.columns = list(dict.fromkeys(self.file.schema_arrow.names))
        self.is_ours = set(self.columns) <= set(schema.names(schema.POST)) and "created_at" in self.columns

    def batches(self) -> Iterator[Raw]:
        at = 0
        try:
            for batch in self.file.iter_batches(batch_size=BATCH, columns=self.columns, use_threads=False):
                records = pa.array(np.arange(at + 1, at + 1 + batch.num_rows))
                at += batch.num_rows
                yield Raw(pa.Table.from_batches([batch]), records, no_rejects())
        except (pa.ArrowException, OSError) as error:
            raise SchemaError(f"{self.name} cannot be read beyond record {at}: {error}") from error
