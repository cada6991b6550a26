"""Dates with slashes: whether a file writes 3/4/2024 day first or month first is decided for a whole file, or not at all."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from cib.errors import SchemaError
from cib.sources.cells import strings

SLASHED = r"^\s*(?P<a>\d{1,2})/(?P<b>\d{1,2})/\d{4}(?:\D|$)"
ADVICE = "Convert the column of times to YYYY-MM-DD HH:MM:SS."


class UndecidedError(Exception):
    """A date that can be read in two ways, while nobody has looked at the whole file."""


@dataclass
class Order:
    """What the dates with slashes seen so far say: an example for each of the three answers, "" where there was none."""

    day: str = ""
    month: str = ""
    either: str = ""

    def take(self, column: pa.Array) -> None:
        """Look at a column of times. Cost: linear in its distinct values."""
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_dictionary(column.type)):
            return
        distinct = pc.unique(strings(column)).drop_null()
        found = pc.extract_regex(distinct, SLASHED)
        a, b = (pc.struct_field(found, name).cast(pa.int32()) for name in "ab")
        a_late, b_late = (pc.and_(pc.greater(x, 12), pc.less_equal(x, 31)) for x in (a, b))
        a_low, b_low = (pc.and_(pc.greater(x, 0), pc.less_equal(x, 12)) for x in (a, b))
        self.day = self.day or _example(distinct, pc.and_(a_late, b_low))
        self.month = self.month or _example(distinct, pc.and_(a_low, b_late))
        self.either = self.either or _example(distinct, pc.and_(pc.and_(a_low, b_low), pc.not_equal(a, b)))

    def day_first(self, file: str) -> bool:
        """Return the order of the file. Raises SchemaError where its dates contradict each other, or leave it open."""
        if self.day and self.month:
            raise SchemaError(
                f"{file}: the time {self.day!r} is written day first, {self.month!r} month first; one order was "
                f"expected. {ADVICE}"
            )
        if self.either and not (self.day or self.month):
            raise SchemaError(
                f"{file}: the time {self.either!r} may be written day first or month first, and no date of the file tells which. "
                f"{ADVICE}"
            )
        return bool(self.day)


def check(column: pa.Array, *, day_first: bool | None) -> None:
    """Refuse dates with slashes in another order than the file's.

    Raises UndecidedError where the order is not known (None) and a date needs it, SchemaError where a date contradicts it.
    """
    seen = Order()
    seen.take(column)
    if day_first is None and (seen.day or seen.month or seen.either):
        raise UndecidedError
    wrong = seen.month if day_first else seen.day
    if wrong:
        found, expected = ("month", "day") if day_first else ("day", "month")
        raise SchemaError(f"The time {wrong!r} is written {found} first; {expected} first was expected. {ADVICE}")


def _example(values: pa.Array, mask: pa.Array) -> str:
    found = values.filter(mask.fill_null(False))
    return found[0].as_py() if len(found) else ""
