"""What a person says of single inputs in case.toml: how their posts were chosen, in which period, in which zone naive times are.

    [sources."telegram/*"]
    sample = "pages"
    since = 2024-02-01
    until = 2024-03-15
    timezone = "Europe/Kyiv"

A name is that of the input as `cib status` shows it, or a pattern with * and ?; of several that fit, the first counts.
"""

import fnmatch
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cib.errors import CaseError

# How the posts of one input were chosen, and what that is for the case as a whole.
SAMPLES = {
    "accounts": "accounts",
    "timeline": "accounts",
    "pages": "accounts",
    "keyword": "keyword",
    "firehose": "full",
    "full": "full",
    "unknown": "unknown",
}
KEYS = ("sample", "since", "until", "timezone")


def check(place: object, sources: Mapping[str, Any]) -> None:
    """Raise CaseError where an entry of `sources` says what is not understood. `place` is the file that says it."""
    for name, said in sources.items():
        where = f'{place}: [sources."{name}"]'
        if not isinstance(said, dict):
            raise CaseError(f"{where} is {said!r}; expected a table with some of {', '.join(KEYS)}.")
        if unknown := sorted(set(said) - set(KEYS)):
            raise CaseError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(KEYS)}.")
        if said.get("sample", "unknown") not in SAMPLES:
            raise CaseError(f"{where}: sample = {said['sample']!r}; expected one of {', '.join(SAMPLES)}.")
        for key in ("since", "until"):
            if key in said and (not isinstance(said[key], date) or isinstance(said[key], datetime)):
                raise CaseError(f"{where}: {key} = {said[key]!r}; expected a day without quotes, such as 2024-03-15.")
        if "since" in said and "until" in said and said["since"] > said["until"]:
            raise CaseError(f"{where}: since lies after until.")
        if not isinstance(said.get("timezone", ""), str):
            raise CaseError(f"{where}: timezone = {said['timezone']!r}; expected text in quotes.")


def of(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what case.toml says of the input `name`; {} where it says nothing."""
    sources = settings.get("sources", {})
    return next((said for given, said in sources.items() if given == name or fnmatch.fnmatchcase(name, given)), {})


def told(settings: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return what case.toml says of the input `name`, to be shown: sample and period."""
    said = of(settings, name)
    days = [said[key].isoformat() if key in said else "" for key in ("since", "until")]
    period = f"{days[0]} … {days[1]}".strip() if any(days) else ""
    return {"sample": said.get("sample", ""), "period": period}


def sample(settings: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return how the posts of the case were chosen: as case.toml says for all, else what follows from the single inputs.

    One input by keyword makes the case one by keyword: what was not asked for is missing there. Else all inputs must say it;
    where some are whole and some are of chosen accounts, the case is of chosen accounts.
    """
    stated = settings.get("sample", "unknown")
    if stated != "unknown":
        return stated
    found = {SAMPLES[of(settings, name).get("sample", "unknown")] for name in names}
    if "keyword" in found:
        return "keyword"
    if not found or "unknown" in found:
        return "unknown"
    return "accounts" if "accounts" in found else "full"


def outside(settings: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    """Return the note on an input of which posts lie outside the period that case.toml states; none where they do not.

    record  first_at and last_at: times of its first and last post, ISO text or datetime, UTC
    """
    said = of(settings, record["name"])
    first, last = (str(record.get(key) or "")[:10] for key in ("first_at", "last_at"))
    early = "since" in said and first and first < said["since"].isoformat()
    late = "until" in said and last and last > said["until"].isoformat()
    if not early and not late:
        return []
    return [
        f"WARNING: its posts reach from {first} to {last}, beyond the period that case.toml states "
        f"({told(settings, record['name'])['period']}). All are kept. Are day and month, or the zone, what they should be?"
    ]
