"""The one Parquet writer: same rows in, same bytes out, whatever the batch sizes and threads were on the way."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 131_072


def write(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch | pa.Table]) -> int:
    """Write `batches`, cast to `schema`, to `path` and return the number of rows. Memory: one row group."""
    n_rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, version="2.6") as writer:
        for group in regrouped(batches, schema):
            writer.write_table(group, row_group_size=ROW_GROUP)
            n_rows += group.num_rows
            del group  # while the next one is gathered
    return n_rows


def regrouped(batches: Iterable[pa.RecordBatch | pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield tables of exactly ROW_GROUP rows, the last one shorter: batch borders depend on threads, row groups must not."""
    held: list[pa.Table] = []
    n_held = 0
    for batch in batches:
        table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        held.append(table.select(schema.names).cast(schema))
        n_held += table.num_rows
        while n_held >= ROW_GROUP:
            joined = pa.concat_tables(held)
            held = [joined.slice(0, ROW_GROUP).combine_chunks(), joined.slice(ROW_GROUP)]
            del joined  # what is written is held once
            yield held.pop(0)
            n_held -= ROW_GROUP
    if n_held:
        yield pa.concat_tables(held).combine_chunks()
