"""What a reader hands on: a batch of raw cells, in file order, and the records that could not be read at all."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from cib import schema, text
from cib.sources.layouts import Format

BATCH = 131_072
MAX_RAW = 65_536


@dataclass(frozen=True)
class Raw:
    """Some records of an input.

    table    the cells, columns named as in the file
    records  int64, their record numbers, from 1
    broken   rows of `reject`: records that could not be read at all
    lines    string, the records as found; None where a record is no more than its cells
    """

    table: pa.Table
    records: pa.Array
    broken: pa.Table
    lines: pa.Array | None = None


class Reader(Protocol):
    """A file of one kind. Its format is told by `names` and settled by `fit`; then it has `columns` and `batches`.

    notes  what the user should know of how the file was read
    """

    name: str
    columns: list[str]
    notes: list[str]

    @property
    def names(self) -> Collection[str]: ...

    def fit(self, form: Format, wanted: Sequence[str]) -> None: ...

    def batches(self) -> Iterator[Raw]: ...


def no_rejects() -> pa.Table:
    """`reject` without rows."""
    return schema.arrow(schema.REJECT).empty_table()


def rejects(name: str, records: Sequence[int], raws: Sequence[str], *, fields: Sequence[str], reasons: Sequence[str]) -> pa.Table:
    """Return rows of `reject`. A record longer than 64 kB is cut; its SHA-256 is of the whole."""
    whole = [raw.encode("utf-8", "replace") for raw in raws]
    columns = {
        "file": [name] * len(whole),
        "record": list(records),
        "field": list(fields),
        "reason": [text.whole(reason) for reason in reasons],
        "raw": [raw[:MAX_RAW].decode("utf-8", "ignore") for raw in whole],
        "sha256": [hashlib.sha256(raw).hexdigest() for raw in whole],
    }
    return pa.table(columns, schema=schema.arrow(schema.REJECT))
