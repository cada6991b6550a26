"""STIX 2.1 objects as plain dictionaries, written without a library: the same facts make the same ids, and no clock is read.

What identifies an account is fixed by the standard, so that the same account of two bundles is one. Every other id is made of the
object's content: an object that says something else is another object.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from cib.text import visible
from cib.wording import TECHNIQUES

OWN_IDS = uuid.UUID("a0540c23-4a36-5b36-b710-646aaa00dba5")
OBSERVABLE_IDS = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1, section 2.9
MAX_OBSERVED = 999_999_999  # STIX 2.1, section 4.14
SINCE = dt.datetime(2024, 11, 22)  # of what is the same in every bundle: the day of the technique names (DISARM v1.6)
AMBER: dict[str, Any] = {  # defined by the standard; passed on to those who need to know
    "type": "marking-definition",
    "spec_version": "2.1",
    "id": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "created": "2017-01-20T00:00:00.000Z",
    "definition_type": "tlp",
    "name": "TLP:AMBER",
    "definition": {"tlp": "amber"},
}
MARKED = {"spec_version": "2.1", "object_marking_refs": [AMBER["id"]]}
Object = dict[str, Any]


def time(when: dt.datetime) -> str:
    """Return a naive UTC time as STIX writes it.

    >>> time(dt.datetime(2024, 3, 10, 23, 51, 8, 999999))
    '2024-03-10T23:51:08.999Z'
    """
    return when.isoformat(timespec="milliseconds") + "Z"


def account(platform: str, account_id: str, handle: str | None) -> Object:
    """Return the observable of an account. Its handle is what it shows, and no part of what it is: handles change."""
    own = {"user_id": account_id} | ({"account_type": platform} if platform else {})
    name = {"display_name": visible(handle)} if handle else {}
    return {"type": "user-account", "id": _id("user-account", own, OBSERVABLE_IDS), **MARKED, **own, **name}


def machine() -> Object:
    """Return who speaks in the bundle: a program."""
    says = "A program that compares when accounts act alike. What it says is a lead for people to judge, and names no operator."
    return _made("identity", SINCE, {"name": "cib", "identity_class": "system", "description": says}, author=None)


def technique(code: str) -> Object:
    """Return a DISARM technique as an attack pattern: what the catalogue calls it, and nothing of who does it."""
    name, phase = TECHNIQUES[code]
    catalogue = [{"source_name": "DISARM", "external_id": code, "description": "DISARM Red Framework v1.6, CC BY 4.0"}]
    phases = [{"kill_chain_name": "disarm", "phase_name": phase}]
    return _made("attack-pattern", SINCE, {"name": name, "external_references": catalogue, "kill_chain_phases": phases})


def observed(accounts: Sequence[str], *, since: dt.datetime, until: dt.datetime, n_posts: int) -> Object:
    """Return that the accounts (ids of observables, at least one) acted between two times."""
    span = {"first_observed": time(since), "last_observed": time(until)}
    number = min(max(n_posts, 1), MAX_OBSERVED)
    return _made("observed-data", until, {**span, "number_observed": number, "object_refs": list(accounts)})


def note(abstract: str, content: str, *, about: Sequence[str], at: dt.datetime) -> Object:
    return _made("note", at, {"abstract": abstract, "content": content, "object_refs": list(about)})


def grouping(name: str, description: str, *, of: Sequence[str], at: dt.datetime, flagged: bool, level: int) -> Object:
    """Return what holds the objects of one cluster together."""
    context = "suspicious-activity" if flagged else "unspecified"
    facts = {"name": name, "description": description, "context": context, "labels": [f"claim-level-{level}"]}
    return _made("grouping", at, {**facts, "object_refs": list(of)})


def opinion(value: str, explanation: str, *, about: str, at: dt.datetime) -> Object:
    """Return what a person holds of a grouping; who that is stays in the case."""
    return _made("opinion", at, {"opinion": value, "explanation": explanation, "object_refs": [about]}, author=None)


def bundle(objects: Iterable[Object]) -> Object:
    """Return a bundle of the objects, each once, in the order in which they come first."""
    distinct = {one["id"]: one for one in objects}
    return {"type": "bundle", "id": _id("bundle", list(distinct.values()), OWN_IDS), "objects": list(distinct.values())}


def _made(kind: str, at: dt.datetime, facts: dict[str, Any], *, author: str | None = "") -> Object:
    """Return an object of the domain, named after its content. `author`: machine() where nothing is given, None for nobody."""
    by = {} if author is None else {"created_by_ref": author or machine()["id"]}
    body = {"type": kind, **MARKED, "created": time(at), "modified": time(at), **by, **facts}
    return {"type": kind, "id": _id(kind, body, OWN_IDS), **body}


def _id(kind: str, content: Any, namespace: uuid.UUID) -> str:
    """Return the id of what has this content, by its canonical JSON (RFC 8785, for texts and whole numbers)."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{kind}--{uuid.uuid5(namespace, canonical)}"
