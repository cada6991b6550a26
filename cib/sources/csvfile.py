"""CSV and TSV. Every record is read or rejected, none is lost.

The lexer is the standard library's, one record at a time: DuckDB's reader drops, without a word, everything behind a
quotation mark that is never closed. Here a broken record costs its first line only; reading goes on behind it.
"""

import csv
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import IO

import pyarrow as pa

from cib.errors import SchemaError
from cib.sources import encoding, files
from cib.sources.layouts import Format
from cib.sources.names import unique
from cib.sources.raw import Raw, rejects

BATCH = 32_768
MAX_LINE = 4_000_000
DELIMITERS = ",\t;|"
# Characters that may be read a second time because a record broke; beyond, lines of a broken stretch are read one by one.
PATIENCE = 50_000_000

# A byte that is no text, as `files.open_text` shows it.
UNDECODED = re.compile("[\udc80-\udcff]")

Broken = tuple[int, str, str]


class CsvReader:
    """A CSV or TSV file with a header. A record with bytes that are no text is rejected. Memory: 32,768 records."""

    def __init__(self, item: files.Input):
        self.item = item
        self.name = item.name
        self._encoding, note = encoding.encoding(item)
        self.notes = [note] if note else []
        with files.open_text(item, self._encoding) as file:
            first = file.readline(MAX_LINE)
        self.delimiter = max(DELIMITERS, key=lambda mark: (_outside_quotes(first).count(mark), -DELIMITERS.index(mark)))
        with files.open_text(item, self._encoding) as file:
            header = next(_records(_Lines(file, self.name), self.delimiter), None)
        if header is None or isinstance(header[1], str):
            raise SchemaError(f"{self.name} has no header line that can be read; expected the names of the columns.")
        self.columns = unique([UNDECODED.sub("\ufffd", name) for name in header[1]])

    @property
    def names(self) -> Collection[str]:
        """What the format is told by."""
        return self.columns

    def fit(self, form: Format, wanted: Sequence[str]) -> None:
        """The columns are what they are."""

    def batches(self) -> Iterator[Raw]:
        """Yield the records in file order."""
        with files.open_text(self.item, self._encoding) as file:
            source = _records(_Lines(file, self.name), self.delimiter, len(self.columns))
            next(source)
            rows: list[Sequence[str]] = []
            numbers: list[int] = []
            bad: list[Broken] = []
            for number, found in enumerate(source, start=1):
                first, row = found
                if isinstance(row, str):
                    bad.append((number, first, row))
                else:
                    rows.append(row)
                    numbers.append(number)
                if len(rows) + len(bad) >= BATCH:
                    yield self._batch(rows, numbers, bad)
                    rows, numbers, bad = [], [], []
            yield self._batch(rows, numbers, bad)

    def _batch(self, rows: Sequence[Sequence[str]], numbers: Sequence[int], bad: Sequence[Broken]) -> Raw:
        cells = zip(*rows, strict=True) if rows else ([] for _ in self.columns)
        table = pa.table([pa.array(column, pa.string()) for column in cells], names=self.columns)
        records, raws, reasons = zip(*bad, strict=True) if bad else ((), (), ())
        return Raw(
            table, pa.array(numbers, pa.int64()), rejects(self.name, records, raws, fields=[""] * len(bad), reasons=reasons)
        )


class _Lines:
    """The lines of a text file; what was taken for the record at hand is kept, and can be given back."""

    def __init__(self, file: IO[str], name: str):
        self.taken: list[str] = []
        self._file = file
        self._name = name
        self._back: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def _read(self) -> str:
        try:
            return self._file.readline(MAX_LINE)
        except files.DAMAGE as error:
            raise SchemaError(f"{self._name} is damaged and cannot be unpacked to its end: {error}") from error

    def give_back(self) -> list[str]:
        """Put back all lines of the record but its first; return them."""
        rest = self.taken[1:]
        self._back.extendleft(reversed(rest))
        return rest


def _records(lines: _Lines, delimiter: str, n_cells: int | None = None) -> Iterator[tuple[str, list[str] | str]]:
    """Yield each record: its first line, and its cells or the reason why it has none. Blank lines are no records."""
    patience, n_single = PATIENCE, 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        try:
            row = next(csv.reader([next(lines)], delimiter=delimiter, strict=True)) if n_single else next(reader)
            reason = "" if n_cells in (None, len(row)) else f"{len(row)} cells where the header has {n_cells}"
        except StopIteration:
            return
        except csv.Error as error:
            row, reason = [], f"not CSV: {error}"
        n_single = max(0, n_single - 1)
        if not reason and n_cells and any(map(UNDECODED.search, lines.taken)):
            yield "".join(lines.taken), "bytes that are no text in the encoding of this file"
        elif reason:
            rest = lines.give_back()
            patience -= sum(map(len, rest))
            if patience < 0:
                n_single = max(n_single, len(rest))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield lines.taken[0], reason
        elif row:
            yield lines.taken[0], row


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])
