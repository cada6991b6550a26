"""JSON documents of any size to the text of their records: lists are walked element by element, never held whole.

A document is one array, one object with the records in a list inside it (an envelope), or several values one after another,
on one line or printed over many. A broken stretch is handed on as such, and reading goes on behind it. Memory: two records.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Any

CHUNK = 1_000_000
MAX_RECORD = 64_000_000
MAX_CONTEXT = 4_096
# Characters that may be read a second time because a value broke; beyond, what is left is one broken stretch after another.
PATIENCE = 500_000_000
OVERLAP = 256  # how far a mark of a new object may reach across two reads; white space beyond is not looked for
ENVELOPE = "^"

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_NEXT = re.compile(r"[\r\n][ \t]*(?=\{)|\}[ \t]*,\s*(?=\{)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a document: the text of one record and the list it was found in ("" outside lists), or why it is none."""

    text: str
    where: str = ""
    broken: str = ""


class _BrokenError(Exception):
    """What stands here is no JSON."""


def dig(found: Any, path: str) -> Any:
    """Return the value at a path of names in nested objects; None where there is none."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


class Splitter:
    """The records of one text. `lists` names the lists that hold them inside an envelope: data.videos, chats.list[].messages.

    Every record from an envelope gets one more key, ^, with the envelope's plain values that stood before the list.
    """

    def __init__(self, file: IO[str], lists: Collection[str] = ()):
        self._file = file
        self._lists = {tuple(path.replace("[]", ".[]").split(".")) for path in lists}
        self._above = {path[:n] for path in self._lists for n in range(1, len(path))}
        self._text, self._at, self._keep, self._patience = "", 0, -1, PATIENCE

    def __iter__(self) -> Iterator[Piece]:
        while char := self._peek(","):
            try:
                if char == "{":
                    yield from self._document()
                elif char == "[":
                    self._at += 1
                    yield from self._elements((), {}, wanted=True)
                else:
                    raise _BrokenError("not a JSON object")
            except (_BrokenError, RecursionError) as error:
                self._at, self._keep = self._at if self._keep < 0 else self._keep, -1
                yield self._resync(str(error) or "nested too deeply")

    def _document(self) -> Iterator[Piece]:
        """One object: its records where it is an envelope, else itself."""
        self._keep = self._at
        yield from self._object((), {})
        if self._keep >= 0:
            text, self._keep = self._text[self._keep : self._at], -1
            yield Piece(text)

    def _object(self, path: tuple[str, ...], context: dict[str, str]) -> Iterator[Piece]:
        self._at += 1
        while (char := self._peek(",")) != "}":
            if char != '"':
                raise _BrokenError("the text ends in the middle of an object" if not char else "not JSON")
            key, _ = self._value()
            if self._peek() != ":":
                raise _BrokenError("not JSON")
            self._at += 1
            here, char = (*path, str(key)), self._peek()
            if char == "[" and (here in self._lists or (*here, "[]") in self._above):
                self._keep = -1
                self._at += 1
                yield from self._elements(here, dict(context), wanted=here in self._lists)
            elif char == "{" and here in self._above:
                yield from self._object(here, context)
            else:
                found, text = self._value()
                if not isinstance(found, dict | list) and len(text) <= MAX_CONTEXT:
                    context[str(key)] = text
                if self._keep >= 0 and self._at - self._keep > MAX_RECORD:
                    raise _BrokenError("longer than 64 million characters")
        self._at += 1

    def _elements(self, path: tuple[str, ...], context: dict[str, str], *, wanted: bool) -> Iterator[Piece]:
        """The elements of a list whose bracket is behind us; `wanted`: they are records, else records lie deeper in them."""
        where = ".".join(path).replace(".[]", "[]")
        outside = "".join(f"{json.dumps(name)}:{text}," for name, text in context.items())[:-1] if path else None
        while (char := self._peek(",")) != "]":
            if not char:
                yield Piece("", broken="the text ends in the middle of a list")
                return
            try:
                if char == "{" and not wanted:
                    yield from self._object((*path, "[]"), dict(context))
                    continue
                found, text = self._value()
            except (_BrokenError, RecursionError) as error:
                yield self._resync(str(error) or "nested too deeply")
                continue
            if not isinstance(found, dict):
                yield Piece(text, where, "not a JSON object")
            else:
                yield Piece(text if outside is None else _within(text, outside, is_empty=not found), where)
        self._at += 1

    def _peek(self, also: str = "") -> str:
        """Skip white space and the characters of `also`; return the next one, "" at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at >= len(self._text):
                if not self._more():
                    return ""
            elif self._text[self._at] in also:
                self._at += 1
            else:
                return self._text[self._at]

    def _more(self) -> bool:
        """Read on, at least as much as is held; what is behind us is forgotten. At the end nothing moves."""
        start = self._at if self._keep < 0 else self._keep
        read = self._file.read(max(CHUNK, len(self._text) - start))
        if not read:
            return False
        self._text = self._text[start:] + read
        self._at -= start
        self._keep = min(self._keep, 0)
        return True

    def _value(self) -> tuple[Any, str]:
        """Take the JSON value at hand; return it and its text."""
        while True:
            start, size = self._at, len(self._text)
            try:
                found, end = _DECODER.raw_decode(self._text, start)
                reason, cut = "", end == size
            except json.JSONDecodeError as error:
                reason, cut = f"not JSON: {error.msg.removesuffix(' at')}", error.pos >= size - 16 or "Unterminated" in error.msg
                found, end = None, error.pos
            except ValueError:
                raise _BrokenError("not JSON: a number of more digits than can be read") from None
            if cut and size - start <= MAX_RECORD and self._more():
                continue
            if reason or end - start > MAX_RECORD:
                self._patience -= max(0, min(end, size) - start)
                raise _BrokenError(reason or "longer than 64 million characters")
            self._at = end
            return found, self._text[start:end]

    def _resync(self, reason: str) -> Piece:
        """Skip to where the next object may begin."""
        match, behind = None, 1
        while match is None and self._patience > 0:
            match = _NEXT.search(self._text, self._at + behind)
            behind = max(1, len(self._text) - self._at - OVERLAP)
            if match or len(self._text) - self._at > MAX_RECORD or not self._more():
                break
        end = match.end() if match else len(self._text)
        skipped, self._at = self._text[self._at : end], end
        return Piece(skipped, broken=reason)


def _within(text: str, outside: str, *, is_empty: bool) -> str:
    return f'{{"{ENVELOPE}":{{{outside}}}' + ("}" if is_empty else "," + text[1:])
