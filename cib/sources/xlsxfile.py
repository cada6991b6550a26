"""Excel workbooks: the first sheet that holds a table. Numbers are written as a person sees them, so that ids which the sheet has
rounded are known as such."""

import datetime as dt
import io
import zipfile
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from cib.errors import SchemaError
from cib.sources import files
from cib.sources.layouts import Format
from cib.sources.names import unique
from cib.sources.raw import BATCH, Raw, no_rejects

MAX_UNPACKED = 2_000_000_000
EXACT = 2**53
HALF_A_SECOND = dt.timedelta(milliseconds=500)


class XlsxReader:
    """A workbook. Memory: one sheet (of at most 1,048,576 rows, and 2 GB unpacked)."""

    def __init__(self, item: files.Input):
        from python_calamine import CalamineError, CalamineWorkbook

        self.name = item.name
        self.notes: list[str] = []
        try:
            with files.open_bytes(item) as stream:
                raw = stream.read()
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
            if size > MAX_UNPACKED:
                raise SchemaError(f"{self.name} unpacks to {size / 1e9:.1f} GB; expected at most 2. Save it as CSV UTF-8.")
            book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
            sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in book.sheet_names}
        except (CalamineError, *files.DAMAGE) as error:
            raise SchemaError(f"{self.name} is no Excel workbook that can be read: {error}. Save it as CSV UTF-8.") from error
        found = next((name for name, rows in sheets.items() if len(rows) > 1), None)
        if found is None:
            raise SchemaError(f"{self.name} has no sheet with a header and a row below it.")
        header, *self._rows = sheets[found]
        self.columns = unique([_cell(value) or "" for value in header])
        if others := [name for name in sheets if name != found and sheets[name]]:
            self.notes.append(f"Only the sheet {found!r} was read, not: {', '.join(map(repr, others))}.")

    @property
    def names(self) -> Collection[str]:
        """What the format is told by."""
        return self.columns

    def fit(self, form: Format, wanted: Sequence[str]) -> None:
        """The columns are what they are."""

    def batches(self) -> Iterator[Raw]:
        """Yield the rows in file order; empty rows are no records."""
        filled = [(number, row) for number, row in enumerate(self._rows, start=1) if any(value != "" for value in row)]
        for at in range(0, len(filled), BATCH):
            numbers, rows = zip(*filled[at : at + BATCH], strict=True)
            cells = [pa.array([_cell(row[place]) for row in rows], pa.string()) for place in range(len(self.columns))]
            yield Raw(pa.table(cells, names=self.columns), pa.array(np.array(numbers, np.int64)), no_rejects())


def _cell(value: Any) -> str | None:
    """A cell as text; NULL where it is empty. A number that has lost digits keeps the look of one: 9.06e+17."""
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return (value + HALF_A_SECOND).replace(microsecond=0).isoformat(sep=" ")  # days are kept as doubles
    return str(value)
