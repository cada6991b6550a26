"""Words and phrases as patterns over normalised text: whole words, in any script.

A pattern is made of letters that were escaped one by one and of separators that no letter matches, so that no term, however
hostile, costs more than time linear in the text.
"""

import re
from itertools import pairwise

from cib.text import UNSPACED, WORD, folded

MAX_LENGTH = 200  # characters of a term
MAX_ENDING = 64  # letters that a * inside a phrase stands for
_SEPARATOR = "[^" + WORD[1:]
_WORDS = re.compile(rf"({WORD}+)(\*?)")


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
    pattern = re.escape(parts[0][0])
    for (before, star), (word, _) in pairwise(parts):
        # Behind a star there must be a border, not too far away: else where a word ends could be read in too many ways.
        solid = not star and (_is_unspaced(before[-1]) or _is_unspaced(word[0]))
        pattern += (f"{WORD}{{0,{MAX_ENDING}}}" if star else "") + _SEPARATOR + ("*" if solid else "+") + re.escape(word)
    return re.compile(_bounded(pattern, parts)), max((word for word, _ in parts), key=len)


def _bounded(pattern: str, parts: list[tuple[str, bool]]) -> str:
    """Return the pattern with a border before and behind, where its script knows borders of words and no * is there."""
    first, (last, star) = parts[0][0], parts[-1]
    left = "" if _is_unspaced(first[0]) else f"(?<!{WORD})"
    right = "" if star or _is_unspaced(last[-1]) else f"(?!{WORD})"
    return left + pattern + right


def _is_unspaced(char: str) -> bool:
    return bool(char and UNSPACED.match(char))
