"""Finds the words and phrases of a list in texts of any script, also where they are disguised."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from cib.matching.confusables import is_disguise, mixes, plain, skeleton
from cib.text import MENTION, URL

MIN_PREFIX = 3  # letters before the * of a term
MIN_APART = 3  # letters of a word that are found set apart: v o t e
MIN_JOINED = 5  # letters of a phrase that is found written together
MIN_ACROSS = 6  # letters of a word written wholly in look-alikes of another script
MAX_RUN = 64  # letters of a run of single letters that are looked at
UNSPACED = re.compile(
    "[\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_LEETED = re.compile(r"[^\W\d_][0134570]|[0134570][^\W\d_]")
Phrase = tuple[int, tuple[str, ...], tuple[str, ...]]  # number of the term, its words, their skeletons; a * ends a prefix


class _Apart(dict[int, int]):
    """A table for str.translate that leaves letters, digits and their marks, and makes all else a blank; filled as met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        self[code] = kept = code if char.isalnum() or unicodedata.category(char) in ("Mn", "Mc") else ord(" ")
        return kept


_APART = _Apart()


class Matcher:
    """The terms of a list, ready to be found in many texts.

    A term is found as whole words, whatever stands between them; a * at the end of a word stands for any ending. Words match in
    any case and spelling (`confusables.plain`); words that mix scripts, or letters with digits, by what they look like; single
    letters set apart (v.o.t.e) and hashtags (#votelate) as if written together. Chinese, Japanese, Thai, Lao, Khmer and Burmese
    terms are found anywhere. Not found: handles, addresses, words cut into syllables, pictures of text.

    Cost per text: its length, and the terms that begin with one of its words; not the number of terms.
    """

    def __init__(self, terms: Sequence[str]):
        self._first: dict[str, list[Phrase]] = {}
        self._looks: dict[str, list[Phrase]] = {}
        self._prefix: dict[str, list[Phrase]] = {}
        self._joined: dict[str, list[int]] = {}
        self._anywhere: dict[str, list[tuple[int, str]]] = {}
        for number, term in enumerate(terms):
            self._add(number, plain(term))
        self._lengths = sorted({len(word) for word in self._joined})

    def _add(self, number: int, term: str) -> None:
        if UNSPACED.search(term):
            solid = "".join(_words(term))
            self._anywhere.setdefault(solid[:2], []).append((number, solid))
            return
        words = tuple(_words(term, stars=True))
        if not words:
            return
        phrase = (number, words, tuple(skeleton(word) for word in words))
        if words[0].endswith("*"):
            self._prefix.setdefault(words[0][:MIN_PREFIX], []).append(phrase)
        else:
            self._first.setdefault(words[0], []).append(phrase)
            self._looks.setdefault(phrase[2][0], []).append(phrase)
        if not any(word.endswith("*") for word in words):
            joined = "".join(words)
            if len(joined) >= (MIN_APART if len(words) == 1 else MIN_JOINED):
                self._joined.setdefault(joined, []).append(number)
            self._across(phrase)

    def _across(self, phrase: Phrase) -> None:
        """Add a word of another script that can be written wholly in Latin letters, as those letters."""
        _, words, looks = phrase
        if len(words) == 1 and len(words[0]) >= MIN_ACROSS and looks[0].isascii() and not words[0].isascii():
            self._first.setdefault(looks[0], []).append((phrase[0], looks, looks))

    def find(self, text: str) -> list[int]:
        """Return the numbers of the terms in `text`, ascending, each once."""
        if "&" in text:
            text = html.unescape(text)
        if "://" in text or "www." in text:
            text = URL.sub(" ", text)
        if "@" in text:
            text = MENTION.sub(" ", text)
        seen = plain(text)
        words = _words(seen)
        found = set(self._phrases(words, _odd(words, seen)))
        for word in self._joined.keys() & set(words):
            found.update(self._joined[word])
        if self._lengths:
            found.update(self._apart(words))
        if self._anywhere:
            found.update(self._solid(seen))
        return sorted(found)

    def _phrases(self, words: list[str], odd: dict[int, str]) -> Iterable[int]:
        known = self._first.keys() & set(words)
        heads = self._prefix.keys() & {word[:MIN_PREFIX] for word in words} if self._prefix else set()
        if not (known or heads or odd):
            return
        for at, word in enumerate(words):
            begun: list[Phrase] = []
            if word in known:
                begun += self._first[word]
            if word[:MIN_PREFIX] in heads:
                begun += self._prefix[word[:MIN_PREFIX]]
            if at in odd:
                begun += self._looks.get(odd[at], ())
            for number, wanted, looks in begun:
                if _follow(words, odd, at, wanted=wanted, looks=looks):
                    yield number

    def _apart(self, words: list[str]) -> Iterable[int]:
        """Give the terms spelled in single letters: every stretch of such a run that is a term, written together."""
        for run in _runs(words):
            for length in self._lengths:
                for start in range(len(run) - length + 1):
                    yield from self._joined.get(run[start : start + length], ())

    def _solid(self, seen: str) -> Iterable[int]:
        solid = "".join(_words(seen)) if UNSPACED.search(seen) else ""
        for pair in self._anywhere.keys() & ({a + b for a, b in pairwise(solid)} | set(solid)):
            yield from (number for number, term in self._anywhere[pair] if term in solid)


def _words(seen: str, *, stars: bool = False) -> list[str]:
    """Return the words of a plain text; with `stars`, a word of MIN_PREFIX letters or more keeps the * behind it."""
    words = seen.translate(_APART).split()
    if not stars or "*" not in seen:
        return words
    starred = {match.group(1) for match in re.finditer(r"(\S+)\*", seen.replace("_", " "))}
    return [word + "*" if word in starred and len(word) >= MIN_PREFIX else word for word in words]


def _odd(words: list[str], seen: str) -> dict[int, str]:
    """Return, by their place, the skeletons of words that mix scripts, or letters with digits, or look wholly Latin in another
    script."""
    if seen.isascii() and not _LEETED.search(seen):
        return {}
    found = {}
    any_mixed, any_leeted = mixes(seen), _LEETED.search(seen) is not None
    for at, word in enumerate(words):
        if word.isascii():
            if any_leeted and _LEETED.search(word):
                found[at] = skeleton(word)
        elif (
            (any_mixed and mixes(word))
            or (any_leeted and _LEETED.search(word))
            or (len(word) >= MIN_ACROSS and is_disguise(word))
        ):
            found[at] = skeleton(word)
    return found


def _follow(words: list[str], odd: dict[int, str], at: int, *, wanted: Sequence[str], looks: Sequence[str]) -> bool:
    """Say whether the words from `at` on are the wanted ones, or look like them."""
    if at + len(wanted) > len(words):
        return False
    for i, word in enumerate(wanted):
        have = words[at + i]
        if word.endswith("*"):
            if not have.startswith(word[:-1]) and not odd.get(at + i, "").startswith(looks[i][:-1] or " "):
                return False
        elif have != word and odd.get(at + i) != looks[i]:
            return False
    return True


def _runs(words: list[str]) -> Iterable[str]:
    """Give the runs of at least MIN_APART single letters, written together, cut at MAX_RUN."""
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1:
            run.append(word)
        else:
            if len(run) >= MIN_APART:
                yield "".join(run[:MAX_RUN])
            run = []
