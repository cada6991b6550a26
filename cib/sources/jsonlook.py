"""What a JSON file is: one object per line or documents, and the dotted names by which its format is told."""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

import orjson

from cib import text
from cib.sources import files
from cib.sources.jsontext import Splitter, dig

MAX_LINE = 16_000_000
SAMPLE = 20
DEPTH = 4


class Look(NamedTuple):
    """What the beginning of a file shows.

    in_lines      its lines begin with whole objects
    in_envelopes  the records stand in lists inside documents
    by_line       most lines are documents of their own: one that is cut off costs itself only
    names         of what is in the records
    """

    in_lines: bool
    in_envelopes: bool
    by_line: bool
    names: frozenset[str]


def look(item: files.Input, lists: Sequence[str]) -> Look:
    """Return what the first 20 records of a file show.

    Names are paths, lists with brackets; in:LIST says in which of `lists` the records stand. Reads 16 million characters of
    lines, or the first records of a document.
    """
    with files.open_text(item) as file:
        lines = _first_lines(file)
    documents = [_document(line) for line in lines]
    samples = [found for found in documents if isinstance(found, dict)] if lines and lines[0].startswith("{") else []
    if samples and not any(_holds(sample, path) for sample in samples for path in lists):
        return Look(True, False, False, frozenset(name for sample in samples for name in _names(sample)))
    by_line = len(lines) > 1 and 2 * sum(isinstance(found, dict | list) for found in documents) > len(lines)
    with files.open_text(item) as file:
        pieces = [piece for piece in itertools.islice(Splitter(file, lists), SAMPLE) if not piece.broken]
    found = (parsed(piece.text) for piece in pieces)
    names = {name for sample in found if sample is not None for name in _names(sample)}
    return Look(bool(samples), True, by_line, frozenset(names | {f"in:{piece.where}" for piece in pieces if piece.where}))


def _first_lines(file: IO[str]) -> list[str]:
    """The first 20 lines that are not blank, or 16 million characters of them."""
    lines: list[str] = []
    n_chars = 0
    while len(lines) < SAMPLE and n_chars < MAX_LINE and (line := file.readline(MAX_LINE)):
        n_chars += len(line)
        if line.strip("\ufeff \t\r\n"):
            lines.append(line.strip("\ufeff \t\r\n"))
    return lines


def _holds(found: dict[str, Any], path: str) -> bool:
    """Whether the object is an envelope around the list at `path`."""
    inner = dig(found, path.split("[]")[0])
    return isinstance(inner, list) and bool(inner) and isinstance(inner[0], dict)


def _names(found: dict[str, Any], above: str = "", depth: int = DEPTH) -> Iterator[str]:
    """The dotted paths in an object, lists with brackets."""
    for key, value in found.items():
        name = f"{above}{key}"
        inner = next((v for v in value if isinstance(v, dict)), None) if isinstance(value, list) else value
        yield name
        if isinstance(inner, dict) and depth:
            yield from _names(inner, name + ("[]." if isinstance(value, list) else "."), depth - 1)


def _document(line: str) -> Any:
    """Return the value a line holds, read tolerantly; None if it holds none. Whole numbers beyond 64 bits become doubles."""
    try:
        return orjson.loads(line)
    except ValueError:
        pass  # what only a tolerant reader accepts
    try:
        return json.loads(line, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def parsed(line: str) -> dict[str, Any] | None:
    """Return the object a line holds, as `_document` reads it; None if it holds none."""
    found = _document(line)
    return found if isinstance(found, dict) else None


def mended(line: str) -> str | None:
    """Write anew a line that only a tolerant reader accepts (half a surrogate pair, a control character, NaN), else None."""
    found = parsed(line.lstrip("\ufeff"))
    return None if found is None else written(found)


def written(found: dict[str, Any]) -> str | None:
    """Return an object as JSON, halves of surrogate pairs replaced; None where it is nested too deeply."""
    try:
        return orjson.dumps(found).decode()
    except TypeError:
        pass  # a number beyond 64 bits, half a pair, nested deeply
    try:
        return text.whole(json.dumps(found, ensure_ascii=False))
    except RecursionError:
        return None
