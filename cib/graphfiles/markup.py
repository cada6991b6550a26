"""Values as XML that is written by hand: legal characters only, markup escaped, absent where there is nothing to say."""

import math
from xml.sax.saxutils import escape

import pyarrow as pa

from cib.text import xml

ENTITIES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def quoted(text: str) -> str:
    """Return `text` for the inside of an element or of an attribute in double quotes; line feeds and tabs survive both.

    >>> quoted('a "b" & c')
    'a &quot;b&quot; &amp; c'
    """
    return escape(xml(text), ENTITIES)


def kind(of: pa.DataType) -> str:
    """Return the type that GEXF and GraphML both know. Whole numbers are long: what overflows int, Gephi loses."""
    if pa.types.is_integer(of):
        return "long"
    if pa.types.is_floating(of):
        return "double"
    return "boolean" if pa.types.is_boolean(of) else "string"


def values(column: pa.ChunkedArray) -> list[str | None]:
    """Return each value as escaped text; None for what is NULL or not finite: a reader must not take it for a number."""
    if pa.types.is_string(column.type):  # few distinct values, as a rule: each is cleaned and escaped once
        coded = column.combine_chunks().dictionary_encode()
        known = [quoted(value) for value in coded.dictionary.to_pylist()]
        return [None if ix is None else known[ix] for ix in coded.indices.to_pylist()]
    if pa.types.is_boolean(column.type):
        return [None if value is None else "true" if value else "false" for value in column.to_pylist()]
    if pa.types.is_floating(column.type):
        isfinite = math.isfinite
        return [None if value is None or not isfinite(value) else repr(value) for value in column.to_pylist()]
    return [None if value is None else str(value) for value in column.to_pylist()]
