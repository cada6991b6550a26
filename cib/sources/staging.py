"""Staged rows: what the inputs of one ingest became, kept aside in the case folder until they are merged and committed.

Posts lie uncompressed in Arrow files, each batch in order of time, and are mapped, not read: the merge takes them from there by
their places, for which they need not be decoded or joined. Rows of accounts and rejects are Parquet.
"""

import itertools
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import schema
from cib.sources.batch import STAGED_ACCOUNT, STAGED_POST

SHAPES = {"account": STAGED_ACCOUNT, "reject": schema.arrow(schema.REJECT)}
ORDER = ("created_at", "platform", "post_id")
DENSE = 4  # a stretch of rows is copied as a whole where one in so many is wanted


class Stage:
    """Three files that grow batch by batch. The folder lies below data/, so a killed process leaves it to Case.sweep."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._posts = pa.ipc.new_file(self.path("post"), STAGED_POST)
        self._writers = {table: pq.ParquetWriter(self.path(table), shape, compression="lz4") for table, shape in SHAPES.items()}

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.{'arrow' if table == schema.POST else 'parquet'}"

    def add(self, table: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        if table == schema.POST:
            self._posts.write_table(_ordered(rows))
        else:
            self._writers[table].write_table(rows)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for writer in (self._posts, *self._writers.values()):
            writer.close()


def _ordered(rows: pa.Table) -> pa.Table:
    order = pc.sort_indices(rows, [(name, "ascending") for name in ORDER])
    places = order.to_numpy()
    return rows if (places[:-1] < places[1:]).all() else rows.take(order)


class Mapped:
    """Rows of Arrow files, one after the other: a row's place is its number, from `first` on.

    Whoever takes rows in the order of their batches touches each page once. Memory: what is taken, twice.
    """

    def __init__(self, paths: Iterable[Path], shape: pa.Schema, *, first: int = 0):
        self._batches = [batch for path in paths for batch in _batches(path)]
        self._starts = first + np.cumsum([0, *(batch.num_rows for batch in self._batches)])
        self.first, self.end = first, int(self._starts[-1])
        self.table = pa.Table.from_batches(self._batches, shape)

    def placed(self) -> pa.Table:
        """The rows, with their places."""
        return self.table.append_column("place", pa.array(np.arange(self.first, self.end)))

    def take(self, places: np.ndarray) -> pa.Table:
        """Return the rows at `places`, in that order."""
        order = np.argsort(places, kind="stable")
        asked = places[order]
        cuts = np.searchsorted(asked, self._starts)
        pieces = [self.table.slice(0, 0)]
        local = np.empty(len(places), np.int64)
        n_before = 0
        for number, (lo, hi) in enumerate(itertools.pairwise(cuts.tolist())):
            if lo == hi:
                continue
            inner = asked[lo:hi] - self._starts[number]
            piece = self._batches[number].slice(inner[0], inner[-1] - inner[0] + 1)
            if piece.num_rows > DENSE * (hi - lo):
                piece, inner = piece.take(pa.array(inner - inner[0])), np.arange(hi - lo)
            local[order[lo:hi]] = n_before + inner - inner[0]
            n_before += piece.num_rows
            pieces.append(pa.Table.from_batches([piece]))
        return pa.concat_tables(pieces).combine_chunks().take(pa.array(local))


def _batches(path: Path) -> list[pa.RecordBatch]:
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    return [reader.get_batch(number) for number in range(reader.num_record_batches)]


def put(path: Path, shape: pa.Schema, rows: Iterable[pa.RecordBatch]) -> Path:
    """Write rows to an Arrow file that `Mapped` reads."""
    with pa.ipc.new_file(path, shape) as writer:
        for batch in rows:
            writer.write_table(pa.Table.from_batches([batch]).select(shape.names).cast(shape))
    return path
