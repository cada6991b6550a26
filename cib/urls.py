"""When two addresses are one: the canonical form that co-sharing is counted on. The rules are data, in rules.toml.

Nothing is looked up: a short link stays its own key. The key is for comparing; the address as found is kept beside it.
"""

import contextlib
import fnmatch
import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import unquote

import can_ada
from publicsuffixlist import PublicSuffixList

from cib.text import whole

MAX_LENGTH = 8192
_RULES: dict[str, Any] = tomllib.loads(files("cib").joinpath("rules.toml").read_text(encoding="utf-8"))
RULE_VERSION: str = _RULES["version"]

_TRACKING = re.compile("|".join(fnmatch.translate(name) for name in _RULES["tracking"]))
_LABELS = tuple(label + "." for label in _RULES["host_labels"])
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}\.?(?::\d+)?(?:[/?#]|$)")
# An address in which nothing needs to be respelled: no port, user name, parameter, fragment, escape or dot segment.
_LABEL, _NAME = "[a-z0-9]+(?:-[a-z0-9]+)*", "[A-Za-z0-9_~-]+"
_PLAIN = re.compile(rf"https?://((?:{_LABEL}\.)+[a-z]{{2,}})((?:/+{_NAME}(?:\.{_NAME})*)*/*)")
AMP_ENDINGS: tuple[str, ...] = tuple(_RULES["amp_endings"])
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = ("", "80", "443")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _compiled(kind: str) -> tuple[dict[str, Any], ...]:
    """The rules of one kind, with their expressions compiled."""
    return tuple(
        rule
        | {
            "path": re.compile(rule["path"], re.ASCII),
            "param": {name: re.compile(value, re.ASCII) for name, value in rule["param"].items()}
            if isinstance(rule.get("param"), dict)
            else rule.get("param"),
        }
        for rule in _RULES[kind]
    )


@cache
def _identity_hosts() -> frozenset[str]:
    return frozenset(rule["host"] for rule in _RULES["identity"])


def canonical(url: str | None) -> str | None:
    """Return the key of the page that `url` leads to; None where it is no web address.

    Both schemes count as https; host in lower case without www, m, mobile, amp; no default port, user name, fragment (but #!),
    tracking parameter or trailing slash; the other parameters sorted; addresses inside redirects taken out; the many forms of a
    YouTube video or a Twitter status made one. canonical(canonical(x)) == canonical(x). Longer than 8,192 characters: None.

    >>> canonical("HTTP://www.Example.org:80/a/?utm_source=x&b=2&a=1#top")
    'https://example.org/a?a=1&b=2'
    >>> canonical("youtu.be/dQw4w9WgXcQ?t=3")
    'https://youtube.com/watch?v=dQw4w9WgXcQ'
    """
    if url and (found := _PLAIN.fullmatch(url)) and len(url) <= MAX_LENGTH and not is_special(found[1]):
        return f"https://{found[1]}{_without_amp(found[2])}"
    target: str | None = url
    # Every turn takes one wrapping off and the rest is shorter, so this ends; the limit on length bounds the turns.
    while target is not None:
        parts = _parse(target)
        if parts is None:
            return None
        inner = _target(parts)
        if inner is None or len(inner) >= len(target):
            return _key(parts)
        target = inner
    return None


def domain(url_key: str | None) -> str | None:
    """Return the registered domain of a canonical address (its host where there is none, as for an IP number).

    >>> domain("https://news.example.co.uk/a")
    'example.co.uk'
    """
    if url_key is None:
        return None
    host = url_key.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    if host.startswith("["):
        return host.split("]", 1)[0] + "]"
    host = host.split(":", 1)[0]
    return host if _is_number(host) else _registered(host)


@lru_cache(1 << 16)
def _registered(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


@lru_cache(1 << 16)
def is_special(host: str) -> bool:
    """Whether a rule speaks of this host."""
    rules = (*_RULES["redirect"], *_RULES["identity"])
    named = any(host == rule["host"] or (rule["host"][0] == "*" and host.endswith(rule["host"][1:])) for rule in rules)
    return named or host in _RULES["hosts"] or host.startswith(_LABELS)


def _is_number(host: str) -> bool:
    return host.rsplit(".", 1)[-1].isdigit()


def names(host: str) -> tuple[str, ...]:
    """Return the names under which the pages of a canonical host are written: its own, those of its script, and other sites'.

    >>> names("youtube.com")[:2], names("xn--e1afmkfd.xn--p1ai")[1]
    (('youtube.com', 'music.youtube.com'), 'пример.рф')
    """
    found = [host]
    if "xn--" in host:
        with contextlib.suppress(UnicodeError):
            found.append(host.encode("ascii").decode("idna"))
    found += [other for other, name in _RULES["hosts"].items() if name == host]
    found += [rule["host"] for rule in _RULES["identity"] if rule["key"].split("://", 1)[-1].split("/", 1)[0] == host]
    return tuple(dict.fromkeys(found))


class Parts(NamedTuple):
    """An address in its canonical spelling; `origin` is scheme, host and port, `parameters` are (name, "=value")."""

    origin: str
    host: str
    path: str
    parameters: list[tuple[str, str]]
    fragment: str


def _parse(url: str) -> Parts | None:
    """Return the parts of an address; None where it is no web address."""
    url = url.strip().strip("\u200b\ufeff")
    if not url or len(url) > MAX_LENGTH or not (url := _with_scheme(url)):
        return None
    try:
        parsed = can_ada.parse(whole(url))
    except ValueError:
        return None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        return None
    host = _host(parsed.hostname)
    plain = parsed.port in _DEFAULT_PORTS
    origin = f"https://{host}" if plain else f"{parsed.protocol}//{host}:{parsed.port}"
    fragment = parsed.hash if parsed.hash.startswith("#!") else ""
    return Parts(origin, host, _respell(parsed.pathname), _parameters(parsed.search), fragment)


def _with_scheme(url: str) -> str:
    if url.startswith("//"):
        return "https:" + url
    if _BARE.match(url):
        return "https://" + url
    return url if _SCHEME.match(url) else ""


def _host(host: str) -> str:
    host = host.rstrip(".")
    while host not in _RULES["hosts"] and host.startswith(_LABELS):
        rest = host.split(".", 1)[1]
        if "." not in rest or _suffixes().is_public(rest):
            break
        host = rest
    return _RULES["hosts"].get(host, host)


def _respell(text: str) -> str:
    """One spelling for one address: %7e is ~, %2f is %2F."""

    def respell(match: re.Match[str]) -> str:
        char = chr(int(match.group(1), 16))
        return char if char in _UNRESERVED else match.group().upper()

    return _PERCENT.sub(respell, text) if "%" in text else text


def _parameters(search: str) -> list[tuple[str, str]]:
    """The parameters that say what is read, sorted. A parameter without "=" keeps its shape."""
    found = []
    for piece in _respell(search[1:]).split("&"):
        name, equals, value = piece.partition("=")
        folded = unquote(name).lower()
        if not piece or _TRACKING.match(folded) or unquote(value).lower() in _RULES["amp_parameters"].get(folded, ()):
            continue
        found.append((name, equals + value))
    return sorted(found)


def _target(parts: Parts) -> str | None:
    """The address that this one only carries; None where it is a page of its own."""
    for rule in _compiled("redirect"):
        if not (parts.host == rule["host"] or (rule["host"].startswith("*.") and parts.host.endswith(rule["host"][1:]))):
            continue
        match = rule["path"].fullmatch(parts.path)
        if match is None:
            continue
        if rule["param"] is None:
            inner = match.group("target") + ("?" + _query(parts.parameters) if parts.parameters else "")
        else:
            inner = next((unquote(value[1:]) for name, value in parts.parameters if name == rule["param"]), "")
        if inner and _parse(inner) is not None:
            return inner
    return None


def _query(parameters: list[tuple[str, str]]) -> str:
    return "&".join(name + value for name, value in parameters)


def _key(parts: Parts) -> str:
    path = _without_amp(parts.path)
    if parts.host in _identity_hosts() and (known := _identity(parts.host, path, dict(parts.parameters))):
        return known
    return parts.origin + path + ("?" + _query(parts.parameters) if parts.parameters else "") + parts.fragment


def _without_amp(path: str) -> str:
    bare = None
    while bare != path:
        bare, path = path, path.rstrip("/")
        for ending in _RULES["amp_endings"]:
            path = path.removesuffix(ending)
    return path


def _identity(host: str, path: str, parameters: dict[str, str]) -> str | None:
    for rule in _compiled("identity"):
        match = rule["path"].fullmatch(path) if rule["host"] == host else None
        if match is None:
            continue
        groups = match.groupdict()
        for name, value in (rule["param"] or {}).items():
            found = value.fullmatch(parameters.get(name, "")[1:])
            if found is None:
                break
            groups |= found.groupdict()
        else:
            return rule["key"].format(**groups)
    return None
