"""Cells of an input file to typed columns: strings, ids, numbers, truth values, lists. One pass over distinct values each."""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.text import whole

NOTHING = ("", "null", "NULL", "None", "NA", "NaN", "nan", "[null]", "absent", "\\N")
TRUE = ("true", "t", "1", "1.0", "yes", "y")
FALSE = ("false", "f", "0", "0.0", "no", "n")
EXACT = 2**53
FEW = 100
_POWER = r"^[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+$"
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_LIST = re.compile(r"^\s*[\[(].*[\])]\s*$", re.DOTALL)


def strings(column: pa.Array) -> pa.Array:
    """Return `column` as text, NULL where it says nothing. Whole doubles lose their ".0"; lists and structs become JSON."""
    kind = column.type
    if pa.types.is_nested(kind):
        return pa.array(
            [None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in column.to_pylist()], pa.string()
        )
    if pa.types.is_floating(kind):
        return _numbers(column)
    text = column.cast(pa.string())
    empty = pc.is_in(text, pa.array(("", "[null]")))
    return pc.if_else(empty, None, text) if pc.any(empty).as_py() else text


def are_digits(column: pa.Array) -> bool:
    """Whether every text of `column` is a number without sign, point or anything around it: nothing is to be mended."""
    return pa.types.is_string(column.type) and pc.all(pc.ascii_is_decimal(column)).as_py() is not False


def said(column: pa.Array) -> pa.Array:
    """Return the strings of `column`, NULL where a list of nothings stands: [null, null]."""
    empty = pc.match_substring_regex(column, r"^\[(?:null,? ?)*\]$").fill_null(False)
    return pc.if_else(empty, None, column).cast(pa.string())


def _numbers(column: pa.Array) -> pa.Array:
    values = column.cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), float(2**63))).fill_null(False)
    as_int = pc.if_else(whole, values, None).cast(pa.int64(), safe=False).cast(pa.string())
    return pc.if_else(whole, as_int, pc.if_else(pc.is_finite(values), values, None).cast(pa.string()))


def ids(column: pa.Array) -> pa.Array:
    """Return ids as text: white space around and a ".0" behind a whole number go; what says nothing is NULL."""
    if are_digits(column):
        return column
    text = pc.utf8_trim_whitespace(strings(column))
    if pc.any(pc.match_substring(text, ".0")).as_py():
        text = pc.replace_substring_regex(text, r"^(\d{1,15})\.0+$", r"\1")
    return pc.if_else(pc.is_in(text, pa.array(NOTHING)), None, text)


def keys(column: pa.Array) -> pa.Array:
    """Return ids as `ids` does; NULL where digits were lost."""
    text = ids(column)
    if text is column:  # digits alone
        return text
    return pc.if_else(rounded(text), None, text)


def rounded(column: pa.Array) -> pa.Array:
    """Return which texts are numbers that lost digits: 9.06e+17, or a whole number of 16 digits with ".0"."""
    return pc.match_substring_regex(column, _POWER + r"|^\d{16,}\.0+$").fill_null(False)


def n_rounded(column: pa.Array, among: int) -> int:
    """Return of how many ids, `among` so many, a spreadsheet or a double has eaten digits: different ids may have become one.

    Sure signs: doubles of 2^53 or more; at least one text in a hundred that is `rounded` (fewer may be chosen names).
    Strong sign: of at least 20 different numbers of 17 digits or more, half end in 000.
    """
    if pa.types.is_floating(column.type):
        return pc.sum(pc.greater_equal(pc.abs(column.cast(pa.float64())), float(EXACT))).as_py() or 0
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return 0
    sure = 0 if are_digits(column) else pc.sum(rounded(column)).as_py() or 0
    if sure and sure * FEW >= among:
        return sure
    if (pc.sum(pc.ends_with(column, "000")).as_py() or 0) < 10:
        return 0
    long = pc.unique(column.filter(pc.match_substring_regex(column, r"^\d{17,}$").fill_null(False)))
    if len(long) < 20:
        return 0
    ends = pc.sum(pc.ends_with(long, "000")).as_py()
    return ends if 2 * ends >= len(long) else 0


def integers(column: pa.Array) -> pa.Array:
    """Return int64 counts; NULL where the cell is no number, or one that int64 cannot hold."""
    if are_digits(column) and (pc.max(pc.binary_length(column)).as_py() or 0) <= 18:
        return column.cast(pa.int64())
    text = pc.utf8_trim_whitespace(strings(column))
    if pc.all(pc.match_substring_regex(text, r"^-?\d{1,18}$")).as_py():
        return text.cast(pa.int64())
    text = pc.replace_substring_regex(text, r"\.\d*$", "")
    grouped = pc.match_substring_regex(text, r"^-?\d{1,3}(,\d{3})+$")
    text = pc.if_else(grouped, pc.replace_substring(text, ",", ""), text)
    return pc.if_else(pc.match_substring_regex(text, r"^-?\d{1,18}$"), text, None).cast(pa.int64())


def booleans(column: pa.Array) -> pa.Array:
    """Return truth values; NULL where the cell is neither true nor false."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(strings(column)))
    yes, no = pc.is_in(text, pa.array(TRUE)), pc.is_in(text, pa.array(FALSE))
    return pc.if_else(yes, True, pc.if_else(no, False, None))


def derived(column: pa.Array, function: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Return function(cell) for each cell, NULL for NULL. `function` sees every distinct text once."""
    coded = column.dictionary_encode()
    made = pa.array([function(text) for text in coded.dictionary.to_pylist()], kind)
    return made.take(coded.indices)


def lists(column: pa.Array) -> pa.Array:
    """Return list<string>; '' and null inside are dropped; an absent list is empty."""
    return filled(lists_or_null(column))


def lists_or_null(column: pa.Array) -> pa.Array:
    """Return list<string>; '' and null inside are dropped; an absent list is NULL."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _without_empty(column.cast(pa.list_(pa.string())))
    return derived(strings(column), parse_list, pa.list_(pa.string()))


def filled(column: pa.Array) -> pa.Array:
    """Return the lists of `column` with an empty list where there was none."""
    if not column.null_count:
        return column
    lengths = np.where(column.is_valid(), pc.list_value_length(column).fill_null(0), 0)
    return pa.ListArray.from_arrays(offsets(lengths), column.flatten())


def offsets(lengths: np.ndarray) -> pa.Array:
    """Return Arrow list offsets for lists of these lengths."""
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))


def _without_empty(column: pa.Array) -> pa.Array:
    values = column.flatten()
    keep = pc.is_in(values, pa.array(("", None), pa.string()))
    if not pc.any(keep).as_py():
        return column
    keep = pc.invert(keep)
    rows = pc.list_parent_indices(column).filter(keep).to_numpy()
    return pa.ListArray.from_arrays(offsets(np.bincount(rows, minlength=len(column))), values.filter(keep), mask=column.is_null())


def parse_list(text: str) -> list[str]:
    """Return the values of a list cell: JSON, a Python list's text, [a, b], or values set apart by U+001F, |, comma or blank.

    A comma inside an address belongs to it, unless another address follows.

    >>> parse_list("['a', 'b']"), parse_list("[a, b]"), parse_list('["a", null]'), parse_list("a,b")
    (['a', 'b'], ['a', 'b'], ['a'], ['a', 'b'])
    """
    if not _LIST.match(text):
        return _distinct(re.split(r"[\x1f|\s]+|,(?=https?://)" if "://" in text else r"[\x1f|\s,]+", text))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):
        return _distinct(found)
    inner = text.strip()[1:-1].strip()
    if inner.startswith(("'", '"')):
        return _distinct(_ESCAPE.sub(_unescaped, single or double) for single, double in _QUOTED.findall(inner))
    return _distinct(inner.split(","))


def _unescaped(match: re.Match[str]) -> str:
    """What an escape in a Python list's text stands for."""
    sign = match[1]
    code = int(sign[1:], 16) if len(sign) > 1 else -1
    return chr(code) if 0 <= code <= sys.maxunicode else {"n": "\n", "t": "\t", "r": "\r"}.get(sign, sign)


def _distinct(values: Any) -> list[str]:
    texts = (value if isinstance(value, str) else json.dumps(value) for value in values if value is not None)
    clean = (whole(text).strip() for text in texts)
    return list(dict.fromkeys(text for text in clean if text and text not in NOTHING))


def extra(columns: Mapping[str, pa.Array], n_rows: int, *, given: pa.MapArray | None = None) -> pa.Array:
    """Return a map column: what `given` holds, then name to text for each cell that says something, names in alphabetical order.

    columns  name → string array of n_rows
    given    map<string, string> of n_rows
    """
    rows, keys, values = [np.zeros(0, np.int64)], [pa.array([], pa.string())], [pa.array([], pa.string())]
    if given is not None:
        rows.append(np.repeat(np.arange(n_rows), _map_lengths(given)))
        entries = given.drop_null()
        keys.append(entries.keys)
        values.append(entries.items)
    for name in sorted(columns):
        present = columns[name].is_valid().to_numpy(zero_copy_only=False)
        rows.append(np.flatnonzero(present))
        keys.append(pa.array([name]).take(pa.array(np.zeros(present.sum(), np.int64))))
        values.append(columns[name].drop_null())
    lengths = np.zeros(n_rows, np.int64)
    for found in rows:
        lengths += np.bincount(found, minlength=n_rows)
    ends = np.cumsum(lengths)
    order, turn, n_before = np.empty(int(lengths.sum()), np.int64), ends - lengths, 0
    for at, found in enumerate(rows):  # rows of what was given repeat, those of a column do not
        place = turn[found] + (_repetition(found) if at == 1 else 0)
        order[place] = n_before + np.arange(found.size)
        turn += np.bincount(found, minlength=n_rows)
        n_before += found.size
    places = pa.array(order)
    return pa.MapArray.from_arrays(offsets(lengths), pa.concat_arrays(keys).take(places), pa.concat_arrays(values).take(places))


def _repetition(rows: np.ndarray) -> np.ndarray:
    """How often each of the sorted `rows` stood before."""
    first = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if rows.size else np.zeros(0, np.int64)
    return np.arange(rows.size) - np.repeat(first, np.diff(np.r_[first, rows.size]))


def _map_lengths(column: pa.MapArray) -> np.ndarray:
    lengths = np.diff(column.offsets.to_numpy())
    return np.where(column.is_valid().to_numpy(zero_copy_only=False), lengths, 0)


def first(columns: Sequence[pa.Array]) -> pa.Array:
    """Return, row by row, the first of `columns` that is not NULL."""
    return columns[0] if len(columns) == 1 else pc.coalesce(*columns)
