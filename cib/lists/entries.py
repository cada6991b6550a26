"""What one row of a user's list looks for: handles, ids and names of a person, sites, a term."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cib.lists.columns import HOSTS, PLATFORMS, Rows, plain
from cib.matching.terms import UNSPACED
from cib.urls import canonical, domain

MIN_NAME = 5  # letters of a single word that is looked for as a name


@dataclass(frozen=True)
class Entry:
    """One thing to look for. person: the label that joins entries of a list; '' in fields that the list does not give."""

    person: str
    platform: str = ""
    handle: str = ""
    account_id: str = ""
    name: str = ""
    domain: str = ""
    term: str = ""
    topic: str = ""
    side: str = ""
    party: str = ""
    gender: str = ""
    role: str = ""


def entries(rows: Rows) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries of rows of (number, cells by our names), each once, and why others name nothing."""
    found: dict[Entry, None] = {}
    refused: list[str] = []
    for number, row in rows:
        cells = {key: " ".join(str(value).split()) for key, value in row.items() if key}
        made, why = _row(cells)
        found.update(dict.fromkeys(made))
        refused += [f"row {number}: {reason}" for reason in why]
        if not made and not why:
            refused.append(f"row {number}: names no handle, id, name, site or term")
    return tuple(found), tuple(refused)


def _row(cells: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
    """Return the entries that one row makes. Several handles, aliases or sites in a cell are parted by ; or |."""
    handles = [_profile(one, _platform(cells.get("platform", ""))) for one in _split(cells.get("handle", ""))]
    handles += [_profile(one, PLATFORMS[at]) for at in PLATFORMS for one in _split(cells.get(at, ""))]
    sites = [(one, _site(one)) for one in _split(cells.get("domain", ""))]
    label = cells.get("person", "") or next((handle for _, handle in handles), "") or cells.get("account_id", "")
    label = label or next((site for _, site in sites if site), "") or cells.get("term", "")
    common = {name: cells.get(name, "") for name in ("topic", "side", "party", "gender", "role")} | {"person": label}
    names = [one for one in (cells.get("person", ""),) if _tells(one)] + _split(cells.get("aliases", ""))
    platform = _platform(cells.get("platform", ""))
    made = [Entry(**common, platform=at, handle=handle) for at, handle in handles if handle]
    made += [Entry(**common, platform=platform, account_id=one) for one in _split(cells.get("account_id", ""))]
    made += [Entry(**common, name=one) for one in names]
    made += [Entry(**common, domain=site) for _, site in sites if site]
    made += [Entry(**common, term=cells["term"])] if cells.get("term") else []
    why = "is no whole site: an address with a path, a part of a site, or a shared host"
    return made, [f"{one!r} {why}" for one, site in sites if not site]


def _tells(name: str) -> bool:
    """Say whether a name found in a text tells of whom it speaks: two words, five letters, or a script without spaces."""
    return " " in name or len(name) >= MIN_NAME or UNSPACED.search(name) is not None


def _split(cell: str) -> list[str]:
    return [part for one in re.split(r"[;|]", cell) if (part := one.strip())]


def _site(text: str) -> str:
    """Return the registered domain that `text` is, '' where it is only a part of one."""
    key = canonical(text.strip().removeprefix("*."))
    host = key.split("://", 1)[1] if key else ""
    return host if host and host == domain(key) else ""


def _platform(text: str) -> str:
    plainly = plain(text)
    return PLATFORMS.get(plainly, plainly)


def _profile(text: str, platform: str) -> tuple[str, str]:
    """Return platform and handle of a handle or of the address of a profile.

    >>> _profile("https://x.com/Anna", ""), _profile("@Ben@example.org", "mastodon")
    (('twitter', 'anna'), ('mastodon', 'ben@example.org'))
    """
    key = canonical(text) if "/" in text else None
    host, _, path = key.split("://", 1)[1].partition("/") if key else ("", "", "")
    if host in HOSTS and path:
        parts = [part for part in path.split("?", 1)[0].split("/") if part not in ("profile", "s", "c", "channel", "user")]
        return HOSTS[host], parts[0].removeprefix("@").lower() if parts else ""
    return platform, text.strip().removeprefix("@").lower()
