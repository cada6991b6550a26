"""Letters that look alike. `plain` makes two spellings of a word equal, `skeleton` two words that look alike in common fonts.

The table is small and our own: the letters of Cyrillic, Greek, Armenian, Cherokee and phonetic Latin that are drawn like Latin
ones, and digits that stand for letters. Compatibility forms (full-width, mathematical, circled letters) are NFKC's work.
"""

import re
import unicodedata

from cib.text import HOMOGLYPHS, INVISIBLE

_LOOKS = {  # Latin letter: what is drawn like it, in small letters
    "a": "ɑᴀꭺ",
    "b": "вʙьᏼ",
    "c": "ᴄꮯ",
    "d": "ᴅꭰđ",
    "e": "ёєᴇꭼ",
    "f": "ꜰ",
    "g": "ɡɢꮐց",
    "h": "нʜհꮋ",
    "i": "ıɩɪї",
    "j": "ᴊꭻյ",
    "k": "ᴋꮶқ",
    "l": "ʟꮮł",
    "m": "ᴍꮇ",
    "n": "ɴпղոη",
    "o": "ᴏøσօө",
    "p": "ᴘꮲ",
    "q": "զ",
    "r": "ʀгᴦ",
    "s": "ꜱꮪ",
    "t": "ᴛꭲ",
    "u": "ᴜսцμ",
    "v": "ᴠѵꮩ",
    "w": "ᴡωшաꮃ",
    "x": "ҳ",
    "y": "ʏγў",
    "z": "ᴢꮓ",
}
_DIGITS = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"}
_ONE_LOOK = {"i": "l"}  # a small l, a capital I and a dotless i are one stroke
_PAIRS = (("rn", "m"), ("vv", "w"))
_SPELLINGS = {  # letters that one word is written with, now this way, now that
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ة": "ه",
    "ک": "ك",
    "ё": "е",
    "ı": "i",
    "ς": "σ",
    "ß": "ss",
}
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_SEALS = (0x1F150, 0x1F170)  # A to Z in filled circles and squares, which NFKC leaves alone


class _Plain(dict[int, str]):
    """A table for str.translate that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = plainly = _plainly(chr(code))
        return plainly


def _plainly(char: str) -> str:
    code = ord(char)
    for first in _SEALS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if INVISIBLE.match(char) or _MARKS.match(char):
        return ""
    folded = unicodedata.normalize("NFKC", char.casefold())
    if unicodedata.name(folded[:1], "").startswith(("LATIN", "GREEK")):
        folded = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    return "".join(_SPELLINGS.get(c, c) for c in folded)


_PLAIN = _Plain()
_SKELETON = str.maketrans(
    {chr(code): chr(look) for code, look in HOMOGLYPHS.items()}
    | {letter.casefold(): look for look, letters in _LOOKS.items() for letter in letters}
    | _DIGITS
    | _ONE_LOOK
)
_SKELETON |= {code: _ONE_LOOK.get(str(look), look) for code, look in _SKELETON.items()}  # і looks like i, and so like l
_CAPITALS = str.maketrans("ΖΗΙΜΝΥ", "ZHIMNY")  # whose small letters look like others: case folding hides what they were
_LATIN = re.compile("[A-Za-z]")


def plain(text: str) -> str:
    """Return `text` as it is compared: NFKC, case folded, digits of every script as 0 to 9, without invisible characters, accents
    of Latin and Greek letters, points of Arabic and Hebrew. plain(plain(x)) == plain(x).

    >>> plain("Wähl\u200bt ＡＭ १५."), plain("Йод")
    ('wahlt am 15.', 'йод')
    """
    if text.isascii():
        return text.lower() if text.isprintable() else INVISIBLE.sub("", text.lower())
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).translate(_PLAIN))


def capitals(name: str) -> str:
    """Return `name`, not yet folded, with Greek capitals as the Latin ones that they look like, where it has Latin letters, too.

    >>> capitals("Μaria"), capitals("ΜΑΡΙΑ") == "ΜΑΡΙΑ"
    ('Maria', True)
    """
    return name if name.isascii() or not _LATIN.search(name) else name.translate(_CAPITALS)


def skeleton(word: str) -> str:
    """Return what `word`, already plain, looks like in Latin letters; letters without a look-alike stay. Equal skeletons mean
    that two words can be taken for each other, not that somebody meant it.

    >>> skeleton("раураl"), skeleton("paypa1"), skeleton(plain("Моdern")) == skeleton("rnodem")
    ('paypal', 'paypal', True)
    """
    seen = word.translate(_SKELETON)
    for pair, look in _PAIRS:
        seen = seen.replace(pair, look)
    return seen


_SCRIPTS = (
    re.compile("[a-z\u00df-\u024f\u0250-\u02af\u1d00-\u1d7f\ua720-\ua7ff]"),  # Latin
    re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),  # Greek
    re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]"),  # Cyrillic
    re.compile("[\u0530-\u058f]"),  # Armenian
    re.compile("[\u13a0-\u13ff\uab70-\uabbf]"),  # Cherokee
)


def mixes(word: str) -> bool:
    """Say whether the letters of `word`, already plain, are of two scripts that have look-alikes.

    >>> mixes("vоte"), mixes("vote"), mixes("выборы")
    (True, False, False)
    """
    return not word.isascii() and sum(script.search(word) is not None for script in _SCRIPTS) > 1


def is_disguise(word: str) -> bool:
    """Say whether `word`, already plain, has letters beyond ASCII only, and every one looks like a Latin one.

    >>> is_disguise("раурау"), is_disguise("привет")
    (True, False)
    """
    return _DISGUISE.fullmatch(word) is not None


_DISGUISE = re.compile("[{}]+".format("".join(sorted({chr(code) for code in _SKELETON if code > 127}))))
