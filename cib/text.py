"""Text as evidence and text as something to show. Pure functions of one string that an adversary may have written.

`key` makes two texts equal that a reader would call the same. `visible`, `xml` and `cell` make a text safe to show.
All run in time linear in the length of the text.
"""

import html
import re
import unicodedata
from functools import cache

MIN_LENGTH = 20
MIN_LENGTH_UNSPACED = 8

_MARKS = "".join(chr(c) for c in range(0x300, 0x1E950) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
WORD = rf"[\w\u200c\u00b7{_MARKS}]"

URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"“”«»]+", re.IGNORECASE)
BARE_URL = re.compile(r"(?<![\w@./-])(?:youtu\.be|t\.me|bit\.ly|t\.co|vk\.com|fb\.me|goo\.gl)/[^\s<>\"“”«»]+", re.IGNORECASE)
# Old retweets are cut at 140 characters: what an ellipsis at the end of a text cuts off is no tag.
HASHTAG = re.compile(rf"(?<![\w&/])[#＃]({WORD}++)(?!…\s*(?:https?://\S+\s*)?$)")
MENTION = re.compile(r"(?<![\w@/.])[@＠](\w[\w.]*\w|\w)(?:@(\w[\w.-]*\w))?")
LEADING_RT = re.compile(r"^(?:rt[\s:]+)+")
RT_PREFIX = re.compile(r"^\s*RT\s+@(\w+)\s*:?\s*", re.IGNORECASE)
TRAILING = ".,;:!?'\"”’»)]}…"

_ENTITY_CHAIN = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+", re.IGNORECASE)
UNSPACED = re.compile(
    r"[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
LATIN = re.compile(r"[a-z\u00df-\u024f]")
LOOKALIKE = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_TOKEN = re.compile(rf"[\w{_MARKS}]+")

# Small letters only: the fold runs after casefold. Read as: the left one is drawn like the right one in common fonts.
HOMOGLYPHS = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏүαβεικνορτυχγηωϲϳ",
    "abekmhopctyxijsdqwhlyabeikvoptuxynwcj",
)


def _invisible() -> re.Pattern[str]:
    """Characters that show nothing: format and bidi controls, joiners, variation selectors, fillers, tags, other controls."""
    fixed = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff"
    formats = "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    wide = "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    return re.compile(f"[{fixed}{formats}{wide}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


INVISIBLE = _invisible()


def key(text: str | None) -> str | None:
    """Return the normalised text that two copies share; None where the text is too short to be evidence.

    NFKC and case folding; HTML entities resolved; addresses, mentions, a leading RT and invisible characters removed;
    letters of a look-alike script folded to Latin inside words that mix scripts; white space collapsed. Hashtags stay.
    Too short: under 20 code points, under 8 where most are Han, Kana, Hangul or Thai. key(key(x)) == key(x).

    >>> key("RT @anna: Vоte tоday!  The polls are open &amp; waiting https://t.co/x")
    'vote today! the polls are open & waiting'
    """
    if not text:
        return None
    plainly = folded(text)
    n = len(plainly)
    if n >= MIN_LENGTH or (n >= MIN_LENGTH_UNSPACED and 2 * len(UNSPACED.findall(plainly)) > n):
        return plainly
    return None


def folded(text: str) -> str:
    """Return the normalised text of which `key` makes a key, however short: what words are looked for in.

    >>> folded("Vоte&amp;win, @anna!")
    'vote&win, !'
    """
    once = _fold(text)
    return once if once.isascii() and "&" not in once else _settle(once)


def _settle(folded: str) -> str:
    """Repeat the fold until nothing changes. Nested entities that outlast four rounds lose their ampersands."""
    for _ in range(4):
        again = _fold(folded)
        if again == folded:
            return folded
        folded = again
    while (again := _fold(folded.replace("&", " "))) != folded and len(again) < len(folded):
        folded = again
    return again


def _fold(text: str) -> str:
    if "&" in text:
        text = html.unescape(_ENTITY_CHAIN.sub("&", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _SURROGATE.sub("\ufffd", text))
        text = unicodedata.normalize("NFKC", text.casefold())
        text = INVISIBLE.sub("", text)
        if LOOKALIKE.search(text) and LATIN.search(text):
            text = _TOKEN.sub(_fold_word, text)
    else:
        text = text.lower()
        if not text.isprintable():
            text = INVISIBLE.sub("", text)
    if "://" in text or "www." in text:
        text = URL.sub(" ", text)
    if "@" in text:
        text = MENTION.sub(" ", text)
    text = " ".join(text.split()).strip(" :")
    return LEADING_RT.sub("", text).strip(" :")


def _fold_word(match: re.Match[str]) -> str:
    word = match.group()
    return word.translate(HOMOGLYPHS) if LATIN.search(word) else word


def hashtags(text: str | None) -> list[str]:
    """Return the hashtags of `text`, as found and in order, without #; a tag of digits alone is none, nor one that is cut off.

    >>> hashtags("#Wahl2025 &#39; #2025 and #हिन्दी"), hashtags("RT @anna: so #far… we #vot…")
    (['Wahl2025', 'हिन्दी'], ['far'])
    """
    if not text or ("#" not in text and "＃" not in text):
        return []
    return list(dict.fromkeys(tag for tag in HASHTAG.findall(text) if not tag.isdigit()))


def mentions(text: str | None) -> list[str]:
    """Return the handles that `text` mentions, as found and in order, without @; name@server stays whole.

    >>> mentions("@anna and @ben@example.org, not mail@example.org")
    ['anna', 'ben@example.org']
    """
    if not text or ("@" not in text and "＠" not in text):
        return []
    return list(dict.fromkeys(f"{name}@{server}" if server else name for name, server in MENTION.findall(text)))


def urls(text: str | None) -> list[str]:
    """Return the addresses in `text`, as found and in order; marks that end a sentence do not belong to them.

    >>> urls("(see https://example.org/a_(b)) and youtu.be/abc.")
    ['https://example.org/a_(b)', 'youtu.be/abc']
    """
    if not text or ("/" not in text and "." not in text):
        return []
    found = [(m.start(), m.group()) for m in URL.finditer(text)]
    if "/" in text:
        found += [(m.start(), m.group()) for m in BARE_URL.finditer(text)]
    # A cut address ("https://t.co/ab…") leads nowhere, and many different ones are cut to the same few letters.
    whole = (url for _, url in sorted(found) if not url.endswith(("…", "...")))
    return list(dict.fromkeys(trimmed for url in whole if len(trimmed := _trim(url)) > len("https://")))


def _trim(url: str) -> str:
    """Take marks off the end; a closing bracket stays while it closes one that the address opened."""
    n_open, n_closed, end = url.count("("), url.count(")"), len(url)
    while end and url[end - 1] in TRAILING:
        if url[end - 1] == ")":
            if n_open >= n_closed:
                break
            n_closed -= 1
        end -= 1
    return url[:end]


_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/blockquote)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<[!/?a-zA-Z][^<>]*>")  # no < inside: time stays linear where no tag is ever closed
_ANCHOR = re.compile(r"<a\b([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ADDRESSES_NO_PAGE = re.compile(r"\b(?:mention|hashtag|u-url)\b")


def plain(markup: str) -> str:
    """Return the text that a page shows of `markup`: tags gone, breaks as line feeds, entities resolved. It is not safe to show.

    >>> plain("<p>Vote<br>today &amp; <a href='https://example.org/x'>here</a></p>")
    'Vote\\ntoday & here'
    """
    if "<" in markup:
        markup = _MARKUP.sub("", _BREAK.sub("\n", markup))
    return html.unescape(markup).strip() if "&" in markup else markup.strip()


def links(markup: str) -> list[str]:
    """Return the addresses that `markup` links to, as found and in order; not those of mentions and hashtags.

    >>> links('<a href="https://example.org/?a=1&amp;b=2">x</a> <a class="mention" href="https://example.org/@anna">@anna</a>')
    ['https://example.org/?a=1&b=2']
    """
    found = (_HREF.search(inner) for inner in _ANCHOR.findall(markup) if not _ADDRESSES_NO_PAGE.search(inner))
    hrefs = (html.unescape(match.group(1) or match.group(2) or "").strip() for match in found if match)
    return list(dict.fromkeys(href for href in hrefs if href))


def without_rt(text: str) -> tuple[str | None, str]:
    """Return the handle after a leading "RT @name:" (None without one) and the text that follows it.

    >>> without_rt("RT @anna: good morning")
    ('anna', 'good morning')
    """
    match = RT_PREFIX.match(text)
    return (match.group(1), text[match.end() :]) if match else (None, text)


@cache
def _shown() -> re.Pattern[str]:
    """What `visible` replaces. The joiner inside an emoji stays: it is part of the picture."""
    picture = "[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
    selectors = "\ufe00-\ufe0f"
    body = INVISIBLE.pattern.strip("[]").replace(selectors, "").replace("\u200b-\u200f", "\u200b\u200c\u200e\u200f")
    controls = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    return re.compile(f"[{body}{controls}]|(?<!{picture})\u200d|\u200d(?!{picture})")


def whole(text: str) -> str:
    """Return `text` with halves of surrogate pairs replaced by U+FFFD: only then can it be written as UTF-8."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def visible(text: str) -> str:
    """Return `text` safe to show: control, zero-width and bidi characters written out, lone surrogates replaced.

    Line feed and tab stay. Markup is not escaped: that is the work of the template that shows it.

    >>> visible("a\\u202eb")
    'a⟨U+202E⟩b'
    """
    return text if text.isascii() and text.isprintable() else _shown().sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    code = ord(match.group())
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"⟨U+{code:04X}⟩"


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml(text: str) -> str:
    """Return `text` with every character that XML 1.0 forbids replaced by U+FFFD. Markup is not escaped."""
    return _NOT_XML.sub("\ufffd", text)


def cell(text: str) -> str:
    """Return `text` such that a spreadsheet reads it as text: a leading = + - @ TAB CR gets an apostrophe before it."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
