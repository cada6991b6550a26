"""The election calendar that the user gives: spans of time with a name, such as the silence period, a debate, election day."""

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cib.errors import CaseError

MAX_ENTRIES, MAX_BYTES = 200, 1 << 20
DAY = dt.timedelta(days=1)
COLUMNS = {
    "date": ("date", "since", "from", "start", "begin", "day"),
    "until": ("until", "to", "end", "till"),
    "what": ("what", "event", "name", "label", "title"),
}


def gather(root: Path, settings: Mapping[str, Any], given: Path | None) -> tuple[dict[str, str], ...]:
    """Return the entries of case.toml ([[calendar]] date, what and, if it is no single day, until) and of the file `given`, by
    time: {"since", "until", "what"}, ISO times in UTC, until not included.

    A date means its whole day, UTC; a time with an offset, such as 2024-03-15T00:00+02:00, means that moment. `until` as a date
    means to the end of that day. The file is CSV (date,until,what) or TOML as in case.toml. Raises CaseError, one line.
    """
    found = [_entry(one, f"{root / 'case.toml'}: calendar") for one in settings.get("calendar", [])]
    if given is not None:
        found += [_entry(one, str(given)) for one in _read(given)]
    if len(found) > MAX_ENTRIES:
        raise CaseError(f"The calendar has {len(found)} entries; expected at most {MAX_ENTRIES}.")
    unique = {tuple(one.values()): one for one in found}
    return tuple(unique[key] for key in sorted(unique))


def _read(path: Path) -> list[Any]:
    if not path.is_file():
        raise CaseError(f"--calendar {path} does not exist. Give CSV with date,until,what, or TOML with [[calendar]].")
    if path.stat().st_size > MAX_BYTES:
        raise CaseError(f"--calendar {path} is larger than 1 MB; expected a few dates.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".toml":
            found = tomllib.loads(text).get("calendar", [])
            return found if isinstance(found, list) else [found]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"--calendar {path}: {error}. Mend that line.") from error
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=max(";\t,", key=first.count)))
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    places = {ours: header.index(word) for ours, words in COLUMNS.items() for word in words if word in header}
    if not {"date", "what"} <= set(places):
        raise CaseError(f"--calendar {path}: found columns {', '.join(header) or 'none'}; expected date, what and perhaps until.")
    filled = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    return [{ours: row[at].strip() for ours, at in places.items() if at < len(row)} for row in filled]


def _entry(entry: Any, place: str) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise CaseError(f"{place} entry {entry!r}: expected date and what.")
    since, _ = _moment(entry.get("date"), place)
    end = entry.get("until") or entry["date"]
    until, is_day = _moment(end, place)
    until += DAY if is_day else dt.timedelta(0)
    if until < since or (until == since and entry.get("until")):
        raise CaseError(f"{place} entry {str(entry['date'])!r} ends at {end}, before it begins. Mend that entry.")
    return {"since": since.isoformat(sep=" "), "until": until.isoformat(sep=" "), "what": str(entry.get("what", ""))}


def _moment(value: Any, place: str) -> tuple[dt.datetime, bool]:
    """Return a moment in UTC, and whether only its day was given."""
    text = str(value).strip()
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CaseError(f"{place} date {text!r}; expected one such as 2024-03-15. Mend that entry.") from error
    if when.tzinfo:
        when = when.astimezone(dt.UTC).replace(tzinfo=None)
    return when, len(text) <= 10


def said(entry: Mapping[str, str]) -> str:
    """Return when an entry is, in words: a day, the first and the last of several, or times in UTC.

    >>> said({"since": "2024-03-09 00:00:00", "until": "2024-03-11 00:00:00"})
    '2024-03-09 to 2024-03-10'
    >>> said({"since": "2024-03-08 18:00:00", "until": "2024-03-08 18:00:00"})
    '2024-03-08 18:00'
    """
    since, until = (dt.datetime.fromisoformat(entry[end]) for end in ("since", "until"))
    if since == dt.datetime.combine(since, dt.time()) and until == dt.datetime.combine(until, dt.time()) and since < until:
        first, last = str(since.date()), str((until - DAY).date())
    else:
        first, last = f"{since:%Y-%m-%d %H:%M}", f"{until:%Y-%m-%d %H:%M}"
    return first if first == last else f"{first} to {last}"
