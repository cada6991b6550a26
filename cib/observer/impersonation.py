"""Writes `impersonation`: accounts that can be taken for a person of a list, with the reasons. It never flags: fans, parodies and
namesakes look the same."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from cib.matching.names import Names
from cib.runs import Run
from cib.schema import arrow
from cib.text import key

MAX_COMPARED = 2_000_000_000  # accounts times handles and names compared
MAX_ROWS = 10_000
MAX_SHARED = 50  # accounts with one picture or profile text; what more have is the platform's own
MAX_ALONE = 3  # accounts with one of them, and nothing else alike, the listed one among them; what more have is a common phrase
Rows = list[dict[str, Any]]


def compare(run: Run, listed: Rows) -> None:
    """Write `impersonation` from the accounts of the run, by what the account table tells of them, else by their ids.

    Handles and display names within one letter of a listed one (two where it has ten or more), compared by what they look like;
    handles that hold a whole listed handle or name; profile text or picture copied from the listed account. Cost: accounts times
    listed handles and names, about a second per 100 million; at most MAX_COMPARED, the rest of the list is counted. At most
    MAX_ROWS rows.
    """
    codes = run.load("account_code")
    platform = codes["platform"].to_pylist()
    shown = called(run.read("account_shown").to_pylist(), codes["account_id"].to_pylist())
    models = _models(run, listed, shown, platform=platform)
    most = MAX_COMPARED // max(len(shown), 1)
    kept = models[:most]
    alike = _alike(shown, kept)
    for pair, reasons in _copied(shown, kept, named=set(alike)).items():
        alike.setdefault(pair, (None, []))[1].extend(reasons)
    own = {(model["person_ix"], ix) for model in models for ix in model["own"]}
    found = {
        pair: value for pair, value in alike.items() if (kept[pair[1]]["person_ix"], shown[pair[0]]["account_ix"]) not in own
    }
    rows = _rows(run, shown, kept, found=found)
    run.note("impersonation", compared=len(kept), left_out=len(models) - len(kept), rows_left_out=max(len(rows) - MAX_ROWS, 0))
    run.put("impersonation", pa.Table.from_pylist(rows[:MAX_ROWS], schema=arrow("impersonation")))


def called(shown: Rows, ids: Sequence[str]) -> Rows:
    """Return what every account of the run shows, by its number; where no handle is told, its id stands for it, unless that is a
    number: many exports know accounts by their handles only.

    >>> [row["handle"] for row in called([{"account_ix": 1, "handle": "anna"}], ["ben", "2", "33"])]
    ['ben', 'anna']
    """
    known = {row["account_ix"]: row for row in shown}
    nothing = dict.fromkeys(("handle", "display_name", "description", "profile_image"))
    told = []
    for ix, name in enumerate(ids):
        row = known.get(ix, {"account_ix": ix, **nothing})
        if not row["handle"] and not name.isdecimal():
            row = {**row, "handle": name}
        if row["handle"] or ix in known:
            told.append(row)
    return told


def _models(run: Run, listed: Rows, shown: Rows, *, platform: Sequence[str]) -> Rows:
    """Return what accounts are compared with: every listed handle, with the account behind it where the data know it, and
    names."""
    person = {(row["list"], row["person"]): row["person_ix"] for row in run.part("person").to_pylist()}
    by_handle: dict[str, list[int]] = defaultdict(list)
    codes = run.load("account_code")
    by_id: dict[str, list[int]] = defaultdict(list)
    for ix, account_id in enumerate(codes["account_id"].to_pylist()):
        by_id[account_id.lower()].append(ix)
    profile = {row["account_ix"]: row for row in shown}
    for row in shown:
        by_handle[(row["handle"] or "").lower()].append(row["account_ix"])
    models: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in listed:
        number = person.get((row["list"], row["person"]))
        called = row["handle"] or row["account_id"] or row["name"]
        if number is None or not called:
            continue
        own = {*by_handle.get(row["handle"], ()), *by_id.get((row["account_id"] or row["handle"]).lower(), ())}
        own = {ix for ix in own if row["platform"] in ("", platform[ix])} if not row["name"] else set()
        behind = min(own, default=None)
        model = {
            "person_ix": number,
            "list": row["list"],
            "person": row["person"],
            "own": own,
            "platform": row["platform"],
            "account": row["handle"] or row["account_id"],
            "handle": row["handle"],
            "name": row["name"],
            "profile": profile.get(behind) if behind is not None else None,
        }
        models[number, row["platform"], called] = model
    return list(models.values())


def _alike(shown: Rows, models: Rows) -> dict[tuple[int, int], tuple[int | None, list[str]]]:
    """Return, by place of account and model, the distance of the skeletons and what is alike."""
    handles = Names([row["handle"] or "" for row in shown])
    names = Names([row["display_name"] or "" for row in shown])
    found: dict[tuple[int, int], tuple[int | None, list[str]]] = {}
    for number, model in enumerate(models):
        profile = model["profile"] or {}
        wanted = {
            "handle": model["handle"] or profile.get("handle") or "",
            "name": model["name"] or profile.get("display_name") or "",
        }
        for what, compared, one in (
            ("handle", handles, wanted["handle"]),
            ("display name", names, wanted["name"]),
            ("handle", handles, wanted["name"]),
        ):
            for place, distance in compared.near(one):
                _add(found, (place, number), distance=distance, reason=_said(what, one, distance))
        for place in handles.holding(wanted["handle"] or wanted["name"]):
            _add(found, (place, number), distance=None, reason=f"Its handle holds {wanted['handle'] or wanted['name']} whole.")
    return found


def _said(what: str, one: str, distance: int) -> str:
    if distance == 0:
        return f"Its {what} looks the same as {one}."
    return f"Its {what} is {distance} letter{'s' if distance > 1 else ''} away from {one}."


def _add(found: dict, pair: tuple[int, int], *, distance: int | None, reason: str) -> None:
    known, reasons = found.get(pair, (None, []))
    least = distance if known is None else known if distance is None else min(known, distance)
    found[pair] = (least, reasons if reason in reasons else [*reasons, reason])


def _copied(shown: Rows, models: Rows, *, named: set[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """Return, by place of account and model, what the profile shares with the listed account's: its text, its picture. Where
    handle and name (`named`) are not alike, only what hardly anybody else has counts."""
    by_bio: dict[str, list[int]] = defaultdict(list)
    by_image: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(shown):
        if bio := key(row["description"]):
            by_bio[bio].append(place)
        if row["profile_image"]:
            by_image[row["profile_image"]].append(place)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for number, model in enumerate(models):
        profile = model["profile"]
        if profile is None:
            continue
        bio, image = key(profile["description"]), profile["profile_image"]
        for known, one, reason in (
            (by_bio, bio, f"Its profile text is that of {model['account']}."),
            (by_image, image, f"Its picture has the address of that of {model['account']}."),
        ):
            places = known.get(one or "", [])
            if len(places) <= MAX_SHARED:
                for place in places:
                    if len(places) <= MAX_ALONE or (place, number) in named:
                        found[place, number].append(reason)
    return found


def _rows(run: Run, shown: Rows, models: Rows, *, found: dict[tuple[int, int], tuple[int | None, list[str]]]) -> Rows:
    """Return one row per account and person, the closest first within a person, in the order of the accounts."""
    merged: dict[tuple[int, int], tuple[int | None, list[str], dict[str, Any]]] = {}
    for (place, number), (distance, reasons) in sorted(found.items()):
        model = models[number]
        pair = (place, model["person_ix"])
        least, said, best = merged.get(pair, (None, [], model))
        closer = distance if least is None else least if distance is None else min(least, distance)
        if model["profile"] is not None and best["profile"] is None:
            best = model
        merged[pair] = (closer, [*said, *(reason for reason in reasons if reason not in said)], best)
    met = sorted({shown[place]["account_ix"] for place, _ in merged})
    run.put("lookalike", pa.table({"account_ix": pa.array(met, pa.int32())}))
    active = {row["account_ix"]: row for row in run.read("lookalike_activity").to_pylist()}
    aimed = {(row["person_ix"], row["account_ix"]): row["n_posts"] for row in run.read("lookalike_aimed").to_pylist()}
    codes = run.load("account_code").to_pylist()
    rows = []
    for (place, person_ix), (distance, reasons, model) in merged.items():
        ix = shown[place]["account_ix"]
        like = codes[model["profile"]["account_ix"]]["platform"] if model["profile"] else model["platform"]
        rows.append(
            {
                "platform": codes[ix]["platform"],
                "account_id": codes[ix]["account_id"],
                "handle": shown[place]["handle"],
                "display_name": shown[place]["display_name"],
                "list": model["list"],
                "person": model["person"],
                "like_platform": like,
                "like_account": model["account"],
                "reasons": reasons,
                "distance": distance,
                "n_posts": active[ix]["n_posts"],
                "n_aimed": aimed.get((person_ix, ix), 0),
                "cluster_id": active[ix]["cluster_id"],
            }
        )
    return sorted(rows, key=lambda row: (row["platform"], row["account_id"], row["list"], row["person"]))
