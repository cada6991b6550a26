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
    """What the beginning of a file shows: one object per line, an envelope around records, names of what is in the records."""

    in_lines: bool
    in_envelopes: bool
    names: frozenset[str]


def look(item: files.Input, lists: Sequence[str]) -> Look:
    """Return what the first 20 records of a file show.

    Names are paths, lists with brackets; in:LIST says in which of `lists` the records stand. Reads 16 million characters of
    lines, or the first records of a document.
    """
    with files.open_text(item) as file:
        samples = _first_lines(file)
    if samples and not any(_holds(sample, path) for sample in samples for path in lists):
        return Look(True, False, frozenset(name for sample in samples for name in _names(sample)))
    with files.open_text(item) as file:
        pieces = [piece for piece in itertools.islice(Splitter(file, lists), SAMPLE) if not piece.broken]
    found = (parsed(piece.text) for piece in pieces)
    names = {name for sample in found if sample is not None for name in _names(sample)}
    return Look(bool(samples), True, frozenset(names | {f"in:{piece.where}" for piece in pieces if piece.where}))


def _first_lines(file: IO[str]) -> list[dict[str, Any]]:
    """The objects among the first lines; none where the text does not begin with one."""
    lines: list[str] = []
    n_chars = 0
    while len(lines) < SAMPLE and n_chars < MAX_LINE and (line := file.readline(MAX_LINE)):
        n_chars += len(line)
        if line.strip("\ufeff \t\r\n"):
            lines.append(line.strip("\ufeff \t\r\n"))
    if not lines or not lines[0].startswith("{"):
        return []
    return [found for line in lines if (found := parsed(line)) is not None]


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


def parsed(line: str) -> dict[str, Any] | None:
    """Return the object a line holds, read tolerantly; None if it holds none. Whole numbers beyond 64 bits become doubles."""
    try:
        found = orjson.loads(line)
        return found if isinstance(found, dict) else None
    except ValueError:
        pass  # what only a tolerant reader accepts
    try:
        found = json.loads(line, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
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
