"""Words and phrases as patterns over normalised text: whole words in any script; loosely, also in look-alike letters and with
letters set apart.

A pattern is made of letters that were escaped one by one and of separators that no letter matches, so that no term, however
hostile, costs more than time linear in the text.
"""

import re
import unicodedata

from cib.text import HOMOGLYPHS, UNSPACED, WORD, folded

MAX_LENGTH = 200  # characters of a term
MAX_APART = 3  # signs between two letters of a word that still is one word, loosely
_SEPARATOR = "[^" + WORD[1:]
_WORDS = re.compile(rf"({WORD}+)(\*?)")
# Accents and points that a word can be written with and without: Latin, Greek, Cyrillic; Hebrew; Arabic.
_POINTS = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_APART = rf"(?:{_SEPARATOR}|[_\u00b7]){{0,{MAX_APART}}}"


def words(term: str) -> list[tuple[str, bool]]:
    """Return the words of a term as they are compared, each with whether a * stood behind it.

    >>> words("Vot*  Early!"), words("＃Вибори")
    ([('vot', True), ('early', False)], [('вибори', False)])
    """
    return [(word, star == "*") for word, star in _WORDS.findall(folded(term))]


def strict(term: str) -> tuple[re.Pattern[str], str]:
    """Return a pattern for the term in normalised text (text.folded), and a string that every text with it holds.

    Whole words, with anything that is no letter, digit or mark between two of them. Where words are written without spaces
    (Chinese, Japanese, Thai, Korean), a word is found inside others. A term without any word (a picture, a sign) is itself.

    >>> [bool(strict(term)[0].search("vote, today! 今天投票")) for term in ("vote today", "vot*", "vot", "投票")]
    [True, True, False, True]
    """
    parts = words(term)
    if not parts:
        sign = folded(term)
        return re.compile(re.escape(sign)), sign
    pattern = ""
    before = ""
    for word, star in parts:
        joint = f"{_SEPARATOR}*" if _is_unspaced(before[-1:]) or _is_unspaced(word[0]) else f"{_SEPARATOR}+"
        pattern += (joint if before else "") + re.escape(word) + (f"{WORD}*" if star else "")
        before = word
    return re.compile(_bounded(pattern, parts)), max((word for word, _ in parts), key=len)


def loose(term: str) -> re.Pattern[str]:
    """Return a pattern for the term in text that was made `plain`: at most MAX_APART signs or blanks between two letters.

    >>> [bool(loose("vote").search(plain(text))) for text in ("v.o.t.e!", "v o t e", "vоtе", "vöte", "voter", "devote")]
    [True, True, True, True, False, False]
    """
    parts = [(plain(word), star) for word, star in words(term)]
    parts = [(word, star) for word, star in parts if word]
    if not parts:
        return re.compile(re.escape(plain(folded(term)) or folded(term)))
    pattern = _APART.join(_APART.join(map(re.escape, word)) + (f"{WORD}*" if star else "") for word, star in parts)
    return re.compile(_bounded(pattern, parts))


def plain(seen: str) -> str:
    """Return normalised text as it is compared loosely: without accents and points, look-alike letters as Latin ones.

    Every Cyrillic or Greek letter that is drawn like a Latin one becomes it, in every word: two words of two languages can
    fall together, which is the price of finding the disguised ones.

    >>> plain("\u0440\u043e\u0440\u0435"), plain("vóte")
    ('pope', 'vote')
    """
    if seen.isascii():
        return seen
    return _POINTS.sub("", unicodedata.normalize("NFD", seen)).translate(HOMOGLYPHS)


def _bounded(pattern: str, parts: list[tuple[str, bool]]) -> str:
    """Return the pattern with a border before and behind, where its script knows borders of words and no * is there."""
    first, (last, star) = parts[0][0], parts[-1]
    left = "" if _is_unspaced(first[0]) else f"(?<!{WORD})"
    right = "" if star or _is_unspaced(last[-1]) else f"(?!{WORD})"
    return left + pattern + right


def _is_unspaced(char: str) -> bool:
    return bool(char and UNSPACED.match(char))
