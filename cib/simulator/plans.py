"""Campaigns of one's own: read from a TOML file, and checked before a world is made."""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from cib.errors import CibError
from cib.simulator.campaign import NAMES, Campaign
from cib.simulator.people import COMMUNITIES
from cib.simulator.regimes import REGIMES
from cib.simulator.rotation import ROTATIONS
from cib.simulator.stream import PARTS

MOST_CAMPAIGNS, MOST_BYTES, MOST_ACTS = 500, 1_000_000, 5_000_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,63}")
WORDS = {
    "kind": ("bot_cluster", "troll_farm", "foreign_interference", "undetermined"),
    "regime": tuple(REGIMES),
    "rotation": tuple(ROTATIONS),
    "hours": ("clock", "office", "awake"),
}
# Least and greatest value; objects are per day, and a campaign has at least one.
RANGES = {
    "size": (2, 2_000),
    "objects": (0, 10_000),
    "participation": (0, 1),
    "jitter_s": (0, 864_000),
    "spread": (0, 3),
    "longest_s": (0, 864_000),
    "paraphrase": (0, 1),
    "exact": (0, 1),
    "shuffle": (0, 1),
    "decoys": (0, 100),
    "community": (0, len(COMMUNITIES) - 1),
    "utc_h": (-12, 14),
    "birth_days": (0, 3_650),
    "min_age_d": (0, 3_650),
    "digits": (0, 1),
    "n_clients": (0, 12),
    "signs_off": (0, 1),
    "shifts": (2, 50),
}
FIELDS = {field.name: field for field in fields(Campaign)}


def read(path: Path) -> tuple[Campaign, ...]:
    """Return the campaigns of a TOML file: tables [[campaign]] whose keys are the fields of Campaign."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CibError(f"simulate: {path} is larger than {MOST_BYTES:,} bytes; expected a list of campaigns.")
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CibError(f"simulate: {path} cannot be read ({error.strerror}); expected a TOML file of campaigns.") from error
    except ValueError as error:
        raise CibError(f"simulate: {path} is no TOML: {error}") from error
    tables = given.get("campaign")
    if set(given) != {"campaign"} or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CibError(f"simulate: {path} holds {', '.join(given) or 'nothing'}; expected tables [[campaign]] and nothing else.")
    return tuple(_campaign(table, f"{path.name}, campaign {n}") for n, table in enumerate(tables, start=1))


def _campaign(table: dict[str, Any], place: str) -> Campaign:
    """Return one table as a Campaign; `place` says where it stands, for errors."""
    if unknown := sorted(set(table) - set(FIELDS)):
        raise CibError(f"simulate: {place}: unknown key {', '.join(unknown)}; known are {', '.join(FIELDS)}.")
    if missing := [name for name, field in FIELDS.items() if field.default is MISSING and name not in table]:
        raise CibError(f"simulate: {place} lacks {', '.join(missing)}.")
    for name, value in table.items():
        wanted = FIELDS[name].type
        fits = isinstance(value, (int, float) if wanted is float else (wanted,)) and not isinstance(value, bool)  # type: ignore[arg-type]
        if not fits:
            raise CibError(f"simulate: {place}: {name} = {value!r}; expected {_expected(name)}.")
    plan = Campaign(**table)
    check([plan], place=place)
    return plan


def _expected(name: str) -> str:
    """Return in words what a field may hold."""
    if name in WORDS:
        return f"one of {', '.join(WORDS[name])}"
    if name in RANGES:
        low, high = RANGES[name]
        return f"a {'whole ' if FIELDS[name].type is int else ''}number from {low} to {high:,}"
    return "a name of letters, digits, spaces, dots, dashes and underscores, at most 64 characters"


def check(plans: Sequence[Campaign], *, place: str = "campaigns") -> None:
    """Raise CibError where a campaign has a value that makes no sense; names of innocent groups are taken."""
    for plan in plans:
        for name in FIELDS:
            value = getattr(plan, name)
            if name == "name":
                fits = bool(NAME.fullmatch(value)) and (value in NAMES or value not in PARTS)
            elif name in WORDS:
                fits = value in WORDS[name]
            else:
                low, high = RANGES[name]
                fits = math.isfinite(value) and low <= value <= high and (value > 0 or name not in ("objects", "participation"))
            if not fits:
                taken = "; that one is taken by a part of the world" if value in PARTS else ""
                raise CibError(f"simulate: {place}: {name} = {value!r}; expected {_expected(name)}{taken}.")


def check_amount(plans: Sequence[Campaign], days: int) -> None:
    """Raise CibError where there are too many campaigns or acts, or two campaigns of one name."""
    names = [plan.name for plan in plans]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CibError(f"simulate: {', '.join(twice)} is the name of two campaigns; give each its own.")
    acts = sum(plan.size * plan.participation * plan.objects * days * (1 + plan.decoys) for plan in plans)
    if len(plans) > MOST_CAMPAIGNS or acts > MOST_ACTS:
        raise CibError(
            f"simulate: {len(plans):,} campaigns with about {acts:,.0f} acts; expected at most {MOST_CAMPAIGNS} "
            f"with {MOST_ACTS:,}. Use fewer or smaller ones, or several worlds."
        )
