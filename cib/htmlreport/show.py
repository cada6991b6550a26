"""Strings for people: numbers, times, and whatever adversaries wrote, made harmless to read. No markup is made here."""

import datetime as dt
import math
import re

from cib import text as texts
from cib.languages import Said, figure, joined, message, say

MAX_TEXT = 700  # characters of a post shown
MAX_NAME = 80
MAX_LINK = 2000
COUNTED = {  # what is counted: one and several
    "account": message("{n, plural, one {# account} other {# accounts}}"),
    "post": message("{n, plural, one {# post} other {# posts}}"),
    "meeting": message("{n, plural, one {# meeting} other {# meetings}}"),
    "tie": message("{n, plural, one {# tie} other {# ties}}"),
    "source": message("{n, plural, one {# source} other {# sources}}"),
    "act": message("{n, plural, one {# act} other {# acts}}"),
    "more sign": message("{n, plural, one {# more sign} other {# more signs}}"),
    "more change": message("{n, plural, one {# more change} other {# more changes}}"),
}
SPANS = (
    (3600, message("{n, plural, one {# hour} other {# hours}}"), message("{x} hours ## a part of an hour among them")),
    (60, message("{n, plural, one {# minute} other {# minutes}}"), message("{x} minutes ## a part of a minute among them")),
    (1, message("{n, plural, one {# second} other {# seconds}}"), message("{x} seconds ## a part of a second among them")),
)
UNITS = ((86_400, message("{n} d")), (3600, message("{n} h")), (60, message("{n} min")), (1, message("{n} s")))
_PERMALINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")
_SCHEME = re.compile(r"http(?=s?:/)", re.IGNORECASE)
_AUTHORITY = re.compile(r"^([a-z][a-z0-9+.-]*:/*)?([^/?#\s]*)(.*)$", re.IGNORECASE | re.DOTALL)


def number(value: float) -> str:
    """Return a count with thousands set apart.

    >>> number(1234567)
    '1,234,567'
    """
    return figure(f"{value:,.0f}")


def many(n: int, one: str, more: str | None = None) -> str:
    """Return a count and its noun.

    >>> many(1, "account"), many(2500, "account"), many(0, "reply", "replies")
    ('1 account', '2,500 accounts', '0 replies')
    """
    if one in COUNTED:
        return say(COUNTED[one], n=n)
    return f"{number(n)} {one if n == 1 else more or one + 's'}"


def decimal(value: float) -> str:
    """Return a measured value in at most three significant digits, never in powers of ten.

    >>> decimal(0.98765), decimal(1234.5), decimal(0.0), decimal(0.00001)
    ('0.988', '1,234', '0', 'under 0.001')
    """
    if value and abs(value) < 0.001:
        return say("under {x}", x=figure("0.001"))
    return figure(f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}")


def fixed(value: float, digits: int) -> str:
    """Return a value with so many decimals.

    >>> fixed(0.5, 2)
    '0.50'
    """
    return figure(f"{value:.{digits}f}")


def power(value: float) -> str:
    """Return a power of ten the shortest way.

    >>> power(0.001), power(1e-06)
    ('0.001', '1e-06')
    """
    return figure(f"{value:g}")


def moment(when: dt.datetime | None, resolution_s: int | None = 1) -> str:
    """Return a UTC time no finer than the data's resolution.

    >>> when = dt.datetime(2024, 3, 4, 9, 5, 7)
    >>> moment(when), moment(when, 60), moment(when, 86400)
    ('2024-03-04 09:05:07', '2024-03-04 09:05', '2024-03-04')
    """
    if when is None:
        return say("unknown ## of a time")
    form = "%Y-%m-%d %H:%M:%S" if (resolution_s or 1) < 60 else "%Y-%m-%d %H:%M" if (resolution_s or 1) < 86_400 else "%Y-%m-%d"
    return dated(when.strftime(form))


def dated(written: str) -> Said:
    """Return a text with ISO dates in it, which each language writes in its own order.

    >>> from cib.languages import load
    >>> dated("2024-03-04 09:05").to(load("de"))
    '04.03.2024 09:05'
    """
    return Said(lambda language: language.moment(written))


def span(written: str) -> Said:
    """Return one time or two, as electiondays.said gives them, with the dates of each language."""
    since, to, until = written.partition(" to ")
    return say("{since} to {until}", since=dated(since), until=dated(until)) if to else dated(written)


def duration(seconds: float | None) -> str:
    """Return a span of time in words.

    >>> duration(0), duration(60), duration(5400), duration(90000)
    ('0 seconds', '1 minute', '1.5 hours', '25 hours')
    """
    if seconds is None:
        return say("unknown ## of a length of time")
    size, whole, part = next((span for span in SPANS if seconds >= span[0]), SPANS[-1])
    return say(whole, n=int(seconds // size)) if seconds % size == 0 else say(part, x=figure(f"{seconds / size:.3g}"))


def gap(seconds: float) -> str:
    """Return a span of time to the second, shortest way.

    >>> gap(35), gap(1644), gap(3600), gap(90061)
    ('35 s', '27 min 24 s', '1 h', '1 d 1 h 1 min 1 s')
    """
    rest, parts = round(seconds), []
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(say(unit, n=count))
    return joined(" ", parts or [say("{n} s", n=0)])


def odds(bits: float) -> str:
    """Return how rare something of so many bits is.

    >>> odds(0.2), odds(7.9), odds(40)
    ('1 in 1', '1 in 239', 'under 1 in a million')
    """
    return say("under 1 in a million") if bits >= 20 else say("1 in {n}", n=number(2**bits))


def odds_in_full(bits: float) -> str:
    """Return how rare something of so many bits is, however rare.

    >>> odds_in_full(7.9), odds_in_full(70.0), odds_in_full(1800.0)
    ('1 in 239', '1 in 10^21', '1 in 10^542')
    """
    return odds(bits) if bits < 20 else say("1 in 10^{n}", n=str(round(bits * math.log10(2))))


def name(text: str | None) -> str:
    """Return a handle, id, tag or file name with nothing invisible in it, on one line, cut at MAX_NAME characters."""
    return cut(texts.visible(_disarmed(" ".join(cut(text or "", 4 * MAX_NAME).split()))), MAX_NAME)


def cut(text: str, length: int) -> str:
    """Return `text`, or its beginning and an ellipsis where it is longer than `length`."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def defang(url: str) -> str:
    """Return an address that no program turns into a link: hxxp, and brackets around the dots of the host.

    >>> defang("https://news.example.org/a.html?x=1"), defang("example.org"), defang("javascript:alert(1)")
    ('hxxps://news[.]example[.]org/a.html?x=1', 'example[.]org', 'javascript[:]alert(1)')
    """
    match = _AUTHORITY.match(url)
    scheme, host, rest = (match.group(1) or "", match.group(2), match.group(3)) if match else ("", url, "")
    if scheme and "/" not in scheme:
        return scheme.replace(":", "[:]") + host + rest
    scheme = re.sub(r"^http", "hxxp", scheme, flags=re.IGNORECASE)
    return scheme + host.replace(".", "[.]") + rest


def address(url: str) -> str:
    """Return an address safe to show: visible, defanged, cut."""
    return cut(texts.visible(_SCHEME.sub("hxxp", defang(cut(url, MAX_LINK)))), 2 * MAX_NAME)


def body(text: str | None) -> str:
    """Return a post's text safe to show: visible, its addresses defanged, cut at MAX_TEXT characters."""
    return texts.visible(_disarmed(cut(text or "", MAX_TEXT)))


def _disarmed(text: str) -> str:
    """Return `text` with its addresses defanged, also those that no parser would take for one."""
    for pattern in (texts.URL, texts.BARE_URL):
        text = pattern.sub(lambda match: defang(match.group()), text)
    return _SCHEME.sub("hxxp", text)


def permalink(url: str | None) -> str | None:
    """Return the address if a click on it can only open a web page: plain http(s), a host without user name, and only characters
    that an address may hold; else None.

    >>> permalink("https://example.org/p/1"), permalink("javascript:alert(1)"), permalink("https://a@evil.example/")
    ('https://example.org/p/1', None, None)
    """
    return url if url and len(url) <= MAX_LINK and _PERMALINK.fullmatch(url) else None
