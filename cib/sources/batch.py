"""A batch of raw cells with the meaning of its columns, and what is measured while batches go by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema
from cib.sources import cells, times
from cib.sources.layouts import Layout
from cib.sources.raw import Raw
from cib.sources.verdict import Reasons

MAP = pa.map_(pa.string(), pa.string())
SEEN, SAMPLE = 10_000, 100
Convert = Callable[[pa.Array], pa.Array]
# Staged rows know their input; the resolution of an input is known at its end only.
STAGED_POST = pa.schema([f for f in schema.arrow(schema.POST) if f.name != "resolution_s"] + [pa.field("file_ix", pa.int32())])
STAGED_ACCOUNT = pa.schema(
    [
        *schema.arrow(schema.ACCOUNT),
        pa.field("seen_at", pa.timestamp("us")),
        pa.field("file_ix", pa.int32()),
        pa.field("record", pa.int64()),
    ]
)


@dataclass
class Tally:
    """What is known of an input when its last batch is through.

    n_silent   posts with a text and without a language;  n_guessed  those of them whose language was guessed
    unmapped   columns without a place of their own
    addresses  those of them that hold addresses, as far as the first batch shows
    ignored    canonical names whose --map names a column that this file does not have
    reasons    why rows were rejected
    """

    n_naive: int = 0
    n_by_prefix: int = 0
    n_silent: int = 0
    n_guessed: int = 0
    n_times: int = 0
    n_odd_seconds: int = 0
    n_odd_days: int = 0
    notes: list[str] = field(default_factory=list)
    unmapped: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    reasons: Reasons = field(default_factory=Reasons)

    @property
    def resolution_s(self) -> int:
        """Resolution of the times; under 20 of them nothing can be said."""
        if self.n_times < 20 or self.n_odd_seconds:
            return 1
        return 60 if self.n_odd_days else 86_400

    def take(self, read: times.Times, good: pa.Array) -> None:
        moments = read.values.filter(good).cast(pa.int64()).to_numpy(zero_copy_only=False)
        self.n_naive += read.naive
        self.n_times += moments.size
        self.n_odd_seconds += int(np.count_nonzero(moments % 60_000_000))
        self.n_odd_days += int(np.count_nonzero(moments % 86_400_000_000))


@dataclass(frozen=True)
class Source:
    """Where rows come from: input name, its number in this ingest, what its columns mean, how its times are to be read.

    timezone   zone of naive times
    day_first  order of dates with slashes; None while nobody has looked
    """

    name: str
    file_ix: int
    layout: Layout
    timezone: str
    day_first: bool | None = None


class Batch:
    """A batch of raw cells with the meaning of its columns."""

    def __init__(self, raw: Raw, layout: Layout):
        self.given = raw.table
        self.table = layout.format.prepare(raw.table).combine_chunks()
        self.records = raw.records
        self.lines = raw.lines
        self.layout = layout

    def raw(self, name: str) -> list[pa.Array]:
        """The cells that a canonical column may come from; empty when the file has none."""
        sources = [c for c in self.layout.columns.get(name, ()) if c in self.table.column_names]
        return [array(self.table.column(c)) for c in sources]

    def has(self, name: str) -> bool:
        return bool(self.raw(name))

    def column(self, name: str, convert: Convert = cells.strings, kind: pa.DataType | None = None) -> pa.Array:
        found = self.raw(name)
        return cells.first([convert(c) for c in found]) if found else pa.nulls(len(self.records), kind or pa.string())

    def when(self, name: str, source: Source) -> pa.Array:
        return self.times(name, source).values if self.has(name) else pa.nulls(len(self.records), pa.timestamp("us"))

    def times(self, name: str, source: Source) -> times.Times:
        """The times of a column that the file has, with the reasons why some cannot be read."""
        return times.read(_joined(self.raw(name)), timezone=source.timezone, day_first=source.day_first)

    def lists(self, name: str) -> pa.Array:
        """The lists of a column that the file has; NULL where a record says nothing."""
        return cells.first([cells.lists_or_null(column) for column in self.raw(name)])

    def others(self) -> dict[str, str]:
        """The columns that have no place elsewhere, and their names in `extra`."""
        return self.layout.others(self.table.column_names)

    def addresses(self) -> list[str]:
        """The columns without a place elsewhere of whose first 100 cells that say something most hold an address."""
        found = []
        for name in self.others():
            if name in self.table.column_names and not pa.types.is_nested(self.table.column(name).type):
                sample = cells.strings(array(self.table.column(name).slice(0, SEEN))).drop_null()[:SAMPLE]
                if 2 * (pc.sum(pc.match_substring_regex(sample, r"^\s*\W{0,2}https?://")).as_py() or 0) > len(sample):
                    found.append(name)
        return found

    def extra(self, *, profile: bool = False) -> pa.Array:
        """Every cell that has no place elsewhere: of the post, or (`profile`) of the objects that describe its account."""
        of_account = self.layout.format.is_profile
        found = {
            c: array(self.table.column(c)) for c in self.others() if c in self.table.column_names and of_account(c) == profile
        }
        given = found.pop("extra") if "extra" in found and found["extra"].type == MAP else None
        named = {self.others()[c]: cells.said(cells.strings(column)) for c, column in found.items()}
        return cells.extra(named, len(self.records), given=given)


def _joined(columns: Sequence[pa.Array]) -> pa.Array:
    """One column out of those that count: as it is where it is alone, else as text."""
    return columns[0] if len(columns) == 1 else cells.first([cells.strings(column) for column in columns])


def array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
