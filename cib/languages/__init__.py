"""What a reader sees, in the reader's language: sentences written in English where they are used, and a catalogue per language.

An English sentence is its own key. `say` makes one that can still be said in another language: it is English text wherever
it is treated as text (in report.json, in a log), and `to(language)` says it otherwise. A catalogue is CODE.toml beside this file.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from cib.errors import CibError
from cib.languages.messages import Field, Parts, bare, parse
from cib.languages.plurals import category

HERE = Path(__file__).parent
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_FIGURE = re.compile(r"-?[\d.,]+(?:e[-+]?\d+)?")


class Said(str):
    """A sentence of ours. As text it is English."""

    __slots__ = ("_render",)
    _render: Callable[["Language"], str]

    def __new__(cls, render: Callable[["Language"], str]) -> "Said":
        made = super().__new__(cls, render(ENGLISH))
        made._render = render
        return made

    def to(self, language: "Language") -> str:
        """Return the sentence in a language."""
        return self._render(language)

    def __deepcopy__(self, memo: dict) -> "Said":
        return self


@dataclass(frozen=True)
class Language:
    """How a language writes.

    code       BCP 47;  direction  ltr or rtl
    thousands, decimal  marks in numbers;  percent  what stands before a percent sign
    date       year, month and day as \\1, \\2, \\3
    catalogue  English messages and their translations
    patterns   English messages with names by which sentences of a run's tables are known again
    """

    code: str
    direction: str = "ltr"
    thousands: str = ","
    decimal: str = "."
    percent: str = " "
    date: str = r"\1-\2-\3"
    catalogue: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def text(self, message: str, values: Mapping[str, Any] | None = None) -> str:
        """Return a message with its values: numbers as the language writes them, sentences of ours in it."""
        return self._fill(parse(self.find(message)), values or {}, safe=False)

    def markup(self, message: str, values: Mapping[str, Any]) -> Markup:
        """Return a message that holds markup of ours; its values are escaped, unless they are markup themselves."""
        return Markup(self._fill(parse(self.find(message)), values, safe=True))

    def find(self, message: str) -> str:
        """Return a message's wording; English where the catalogue lacks it, which a test forbids."""
        return self.catalogue.get(message, bare(message))

    def figure(self, written: str) -> str:
        """Return a number as written in English, such as 1,234.5, in the marks of this language."""
        return written.translate({ord(","): self.thousands, ord("."): self.decimal})

    def moment(self, written: str) -> str:
        """Return a text with its ISO dates as this language writes dates."""
        return _DATE.sub(self.date, written)

    def value(self, value: Any) -> str:
        """Return what stands in for a name in a message."""
        if isinstance(value, Said):
            return value.to(self)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.figure(f"{value:,}")
        if isinstance(value, str):
            return value
        raise TypeError(f"{value!r} is neither text nor a whole number: say how it is to be written.")

    def _fill(self, parts: Parts, values: Mapping[str, Any], *, safe: bool) -> str:
        return "".join(part if isinstance(part, str) else self._field(part, values, safe=safe) for part in parts)

    def _field(self, place: Field, values: Mapping[str, Any], *, safe: bool) -> str:
        value = values[place.name]
        if place.choices:
            choices = dict(place.choices)
            return self._fill(choices.get(category(self.code, value), choices["other"]), values, safe=safe)
        return escape(value if isinstance(value, Markup) else self.value(value)) if safe else self.value(value)


ENGLISH = Language("en")


@dataclass(frozen=True)
class Voice:
    """What a template or a picture speaks with: `voice("message", name=value)` is markup in the page's language."""

    language: Language

    def __call__(self, message: str, /, **values: Any) -> Markup:
        return self.language.markup(message, values)

    def of(self, value: Any) -> str:
        """Return a sentence, a count or a word in the page's language."""
        return self.language.value(value)


def say(message: str, **values: Any) -> Said:
    """Return a sentence of ours. The message is English text with {names}; each message stands in the code as one literal.

    >>> say("{n, plural, one {# account} other {# accounts}} of {name}", n=1200, name="x")
    '1,200 accounts of x'
    """
    return Said(lambda language: language.text(message, values))


def message(text: str) -> str:
    """Return a message that is said later, so that it is found where catalogues are checked."""
    return text


def joined(between: str, parts: Iterable[str]) -> Said:
    """Return sentences or words one after the other."""
    kept = list(parts)
    return Said(lambda language: between.join(language.value(part) for part in kept))


def figure(written: str) -> Said:
    """Return a number, written in English, that each language writes in its own marks.

    >>> figure("1,234.5").to(Language("de", thousands=".", decimal=","))
    '1.234,5'
    """
    return Said(lambda language: language.figure(written))


def known(sentence: str, patterns: Iterable[str]) -> Said:
    """Return a sentence that stands in a run's tables or in a graph's file, known again by its text or by one of the patterns.
    What nobody translated, such as the words of a user's own graph, stays as it is.

    patterns  messages whose {n}, {x}, {low}, {high}, {share} are numbers, and whose other names are sentences or words
    """
    kept = tuple(patterns)
    return Said(lambda language: _known(sentence, kept, language))


def _known(sentence: str, patterns: tuple[str, ...], language: Language) -> str:
    if language is ENGLISH:
        return sentence
    if sentence in language.catalogue:
        return language.catalogue[sentence]
    if _FIGURE.fullmatch(sentence.removesuffix("%")):
        return language.figure(sentence).replace("%", f"{language.percent}%")
    for pattern in patterns:
        if found := _shape(pattern).fullmatch(sentence):
            return language.text(pattern, {name: known(text, patterns) for name, text in found.groupdict().items()})
    return sentence


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    """Return what matches a sentence made from a message without counts."""
    numbers = {"n", "x", "low", "high", "share"}
    parts = (
        re.escape(part) if isinstance(part, str) else f"(?P<{part.name}>{'-?[0-9.,e+%-]+' if part.name in numbers else '.+?'})"
        for part in parse(bare(pattern))
    )
    return re.compile("".join(parts), re.DOTALL)


def codes() -> list[str]:
    """Return the codes of the languages that there is a catalogue for."""
    return sorted([ENGLISH.code, *(path.stem for path in HERE.glob("*.toml"))])


def load(code: str) -> Language:
    """Return a language. Raises CibError with those that there are."""
    if code == ENGLISH.code:
        return ENGLISH
    if code not in codes():
        raise CibError(f"There is no catalogue for the language {code!r}. There are: {', '.join(codes())}.")
    read = tomllib.loads((HERE / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(code, **read["language"], catalogue=read["messages"])
