"""What adapters make of a batch's columns: one place to take cells from and to put made columns to."""

import pyarrow as pa
import pyarrow.compute as pc

from cib import text
from cib.sources import cells, lists
from cib.sources.batch import array
from cib.sources.layouts import MADE


class Cells:
    """The columns of a batch by name; a column that the file does not have is NULL throughout."""

    def __init__(self, table: pa.Table):
        self.table = table
        self._at = {name: place for place, name in enumerate(table.column_names)}

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def raw(self, name: str, kind: pa.DataType | None = None) -> pa.Array:
        """A column as it is."""
        return (
            array(self.table.column(self._at[name])) if name in self._at else pa.nulls(self.table.num_rows, kind or pa.string())
        )

    def text(self, *names: str) -> pa.Array:
        """The first of the columns that says something, row by row, as text."""
        return cells.first([cells.strings(self.raw(name)) for name in names])

    def lists(self, name: str) -> pa.Array:
        """A column of lists of text."""
        return self.raw(name, pa.list_(pa.string()))

    def put(self, **columns: pa.Array) -> pa.Table:
        """The table with made columns, under names that no format gives its own columns."""
        made = {MADE + name: column for name, column in columns.items()}
        table = self.table.select([name for name in self.table.column_names if name not in made])
        for name, column in made.items():
            table = table.append_column(name, column)
        return table


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return the parts of every row one after another; NULL where one is."""
    return pc.binary_join_element_wise(*(part if isinstance(part, pa.Array) else pa.scalar(part) for part in parts), "")


def given(condition: pa.Array, values: pa.Array | str) -> pa.Array:
    """Return `values` where the condition holds, NULL elsewhere."""
    return pc.if_else(condition.fill_null(False), values, pa.scalar(None, pa.string())).cast(pa.string())


def part(column: pa.Array, pattern: str) -> pa.Array:
    """Return the group `x` of a pattern; NULL where it does not match or the group is empty."""
    found = pc.struct_field(pc.extract_regex(column, pattern), "x")
    return given(pc.not_equal(found, ""), found)


def plain(column: pa.Array) -> pa.Array:
    """Return HTML as text."""
    return cells.derived(column, text.plain, pa.string())


def addresses(texts: pa.Array, *more: pa.Array) -> pa.Array:
    """Return the addresses in texts, after those in further columns of addresses."""
    found = cells.derived(texts, text.urls, pa.list_(pa.string()))
    return lists.union([*(lists.single(column) for column in more), found])
