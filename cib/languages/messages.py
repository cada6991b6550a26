"""The form of a message: text with {names}, and counts as ICU writes them, {n, plural, one {# account} other {# accounts}}."""

from dataclasses import dataclass
from functools import cache

from cib.errors import CibError

NOTE = " ## "  # what follows it in a message is a note for translators, which tells two alike messages apart


@dataclass(frozen=True)
class Field:
    """A place in a message. choices: wordings by plural category; none where the value itself stands there."""

    name: str
    choices: tuple[tuple[str, "Parts"], ...] = ()


Parts = tuple[str | Field, ...]


def bare(message: str) -> str:
    """Return the message without its note.

    >>> bare("none ## of windows")
    'none'
    """
    return message.split(NOTE, 1)[0]


@cache
def parse(message: str) -> Parts:
    """Return the parts of a message. Raises CibError where a brace has no other.

    >>> parse("In {n, plural, one {# case} other {# cases}} of {all}.")[1].name
    'n'
    """
    parts, end = _parts(message, 0, of="")
    if end != len(message):
        raise CibError(f"The message {message!r} has a closing brace too many.")
    return parts


def fields(message: str) -> dict[str, frozenset[str]]:
    """Return the names in a message, each with the categories of its wordings; none where its value stands there.

    >>> sorted(fields("{n, plural, one {# by {who}} other {# by {who}}}"))
    ['n', 'who']
    """
    found: dict[str, frozenset[str]] = {}
    _collect(parse(message), found)
    return found


def _collect(parts: Parts, found: dict[str, frozenset[str]]) -> None:
    for part in parts:
        if isinstance(part, Field):
            found[part.name] = found.get(part.name, frozenset()) | {category for category, _ in part.choices}
            for _, inner in part.choices:
                _collect(inner, found)


def _parts(text: str, at: int, *, of: str) -> tuple[Parts, int]:
    """Return the parts from `at` to the brace that closes, or the end, and where that is. of: the count that # stands for."""
    parts: list[str | Field] = []
    start = at
    while at < len(text) and text[at] != "}":
        if text[at] == "{" or (text[at] == "#" and of):
            parts += [text[start:at]] if at > start else []
            field, at = (Field(of), at + 1) if text[at] == "#" else _field(text, at + 1)
            parts.append(field)
            start = at
        else:
            at += 1
    return (*parts, *([text[start:at]] if at > start else ())), at


def _field(text: str, at: int) -> tuple[Field, int]:
    """Return the field that begins behind its brace at `at`, and where it ends."""
    end = at
    while end < len(text) and text[end] not in ",}":
        end += 1
    name = text[at:end].strip()
    if not name.isidentifier() or end == len(text):
        raise CibError(f"The message {text!r} has a brace that opens no name.")
    if text[end] == "}":
        return Field(name), end + 1
    _, kind, rest = text[end:].split(",", 2)
    if kind.strip() != "plural":
        raise CibError(f"The message {text!r} has a {kind.strip()!r} field; plural is the only kind.")
    at, choices = len(text) - len(rest), []
    while (opened := text.find("{", at)) >= 0 and text[at:opened].strip() and "}" not in text[at:opened]:
        category = text[at:opened].strip()
        parts, closed = _parts(text, opened + 1, of=name)
        choices.append((category, parts))
        at = closed + 1
    end = text.find("}", at)
    if end < 0 or "other" not in dict(choices):
        raise CibError(f"The message {text!r} has a count without an end, or without a wording for `other`.")
    return Field(name, tuple(choices)), end + 1
