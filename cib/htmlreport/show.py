"""Strings for people: numbers, times, and whatever adversaries wrote, made harmless to read. No markup is made here."""

import datetime as dt
import math
import re

from cib import text as texts

MAX_TEXT = 700  # characters of a post shown
MAX_NAME = 80
MAX_LINK = 2000
_PERMALINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")
_SCHEME = re.compile(r"http(?=s?:/)", re.IGNORECASE)
_AUTHORITY = re.compile(r"^([a-z][a-z0-9+.-]*:/*)?([^/?#\s]*)(.*)$", re.IGNORECASE | re.DOTALL)


def number(value: float) -> str:
    """Return a count with thousands set apart.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{value:,.0f}"


def many(n: int, one: str, more: str | None = None) -> str:
    """Return a count and its noun.

    >>> many(1, "account"), many(2500, "account"), many(0, "reply", "replies")
    ('1 account', '2,500 accounts', '0 replies')
    """
    return f"{number(n)} {one if n == 1 else more or one + 's'}"


def decimal(value: float) -> str:
    """Return a measured value in at most three significant digits, never in powers of ten.

    >>> decimal(0.98765), decimal(1234.5), decimal(0.0), decimal(0.00001)
    ('0.988', '1,234', '0', 'under 0.001')
    """
    if value and abs(value) < 0.001:
        return "under 0.001"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def moment(when: dt.datetime | None, resolution_s: int | None = 1) -> str:
    """Return a UTC time no finer than the data's resolution.

    >>> when = dt.datetime(2024, 3, 4, 9, 5, 7)
    >>> moment(when), moment(when, 60), moment(when, 86400)
    ('2024-03-04 09:05:07', '2024-03-04 09:05', '2024-03-04')
    """
    if when is None:
        return "unknown"
    form = "%Y-%m-%d %H:%M:%S" if (resolution_s or 1) < 60 else "%Y-%m-%d %H:%M" if (resolution_s or 1) < 86_400 else "%Y-%m-%d"
    return when.strftime(form)


def duration(seconds: float | None) -> str:
    """Return a span of time in words.

    >>> duration(0), duration(60), duration(5400), duration(90000)
    ('0 seconds', '1 minute', '1.5 hours', '25 hours')
    """
    if seconds is None:
        return "unknown"
    for size, one in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            value = f"{seconds / size:.3g}"
            return f"{value} {one}" + ("" if value == "1" else "s")
    value = f"{seconds:.3g}"
    return f"{value} second" + ("" if value == "1" else "s")


def gap(seconds: float) -> str:
    """Return a span of time to the second, shortest way.

    >>> gap(35), gap(1644), gap(3600), gap(90061)
    ('35 s', '27 min 24 s', '1 h', '1 d 1 h 1 min 1 s')
    """
    rest, parts = round(seconds), []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def odds(bits: float) -> str:
    """Return how rare something of so many bits is.

    >>> odds(0.2), odds(7.9), odds(40)
    ('1 in 1', '1 in 239', 'under 1 in a million')
    """
    return "under 1 in a million" if bits >= 20 else f"1 in {2**bits:,.0f}"


def odds_in_full(bits: float) -> str:
    """Return how rare something of so many bits is, however rare.

    >>> odds_in_full(7.9), odds_in_full(70.0), odds_in_full(1800.0)
    ('1 in 239', '1 in 10^21', '1 in 10^542')
    """
    return odds(bits) if bits < 20 else f"1 in 10^{round(bits * math.log10(2))}"


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
