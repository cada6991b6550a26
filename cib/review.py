"""review.csv in a case folder: what people judged of accounts and clusters. Read, checked, and carried from run to run.

Columns: about (account or cluster), platform and id (account_id or handle; of a cluster its name), run (in which the cluster had
that name), verdict (coordinated, innocent or unclear), note, who, date. A bad row is told and never stops a command.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cib.runs import load
from cib.wording import KIND_WORDS

FILE = "review.csv"
COLUMNS = ("about", "platform", "id", "run", "verdict", "note", "who", "date")
VERDICTS = ("coordinated", "innocent", "unclear")
KEPT = 0.5  # share of accounts in common, of all of both, above which a cluster of another run is the same
MAX_ROWS, MAX_BYTES, MAX_NOTE = 100_000, 32 << 20, 2000
Key = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """One judgement. platform '' where the row gives none; run '' for accounts."""

    about: str
    platform: str
    id: str
    run: str
    verdict: str
    note: str
    who: str
    date: str


@dataclass(frozen=True)
class Review:
    """Judgements as they hold for one run: of accounts by platform and account_id or handle in small letters, of its clusters by
    name. `lost` are judgements of clusters that no cluster of the run continues; `bad` says which rows could not be used, and
    why."""

    accounts: Mapping[Key, tuple[Verdict, ...]] = field(default_factory=dict)
    clusters: Mapping[str, tuple[Verdict, ...]] = field(default_factory=dict)
    lost: tuple[Verdict, ...] = ()
    bad: tuple[str, ...] = ()

    def of(self, platform: str, *names: str | None) -> tuple[Verdict, ...]:
        """Return the judgements of an account, known by its id and perhaps its handle."""
        keys = {(at, name.lower()) for name in names if name for at in (platform, "")}
        return tuple(sorted({v for key in keys for v in self.accounts.get(key, ())}, key=_order))


def read(root: Path) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """Return the judgements in ROOT/review.csv, in the order of the file, and what is wrong with other rows; none without it."""
    path = root / FILE
    if not path.is_file():
        return (), ()
    if path.stat().st_size > MAX_BYTES:
        return (), (f"{FILE} is larger than 32 MB; expected one short row per judgement.",)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _rows(text.splitlines())


def _rows(lines: Sequence[str]) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    mark = max(";\t,", key=lines[0].count) if lines else ","
    good: list[Verdict] = []
    bad: list[str] = []
    try:
        table = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
        header = [cell.strip().casefold() for cell in next(table, [])]
        if missing := [name for name in ("about", "id", "verdict") if name not in header]:
            return (), (f"{FILE} has no column {', '.join(missing)}; expected {', '.join(COLUMNS)}.",)
        for number, cells in enumerate(table, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(good) + len(bad) >= MAX_ROWS:
                bad.append(f"row {number} and all after it: more than {MAX_ROWS:,} rows.")
                break
            given = dict(zip(header, (_unquoted(cell) for cell in cells), strict=False))
            row = Verdict(**{name: given.get(name, "") for name in COLUMNS})
            if why := _wrong(row):
                bad.append(f"row {number}: {why}")
            else:
                good.append(row)
    except csv.Error as error:
        bad.append(f"{FILE}: {error}; what follows was not read.")
    return tuple(good), tuple(bad)


def _unquoted(cell: str) -> str:
    """Return a cell as it was meant: without the apostrophe that keeps a spreadsheet from reading a formula."""
    text = " ".join(cell.split())[:MAX_NOTE]
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _wrong(row: Verdict) -> str:
    """Return what is wrong with a judgement; '' where nothing is."""
    if row.about not in ("account", "cluster"):
        return f"about is {row.about!r}; expected account or cluster."
    if not row.id:
        return "no id: which account or cluster?"
    if row.verdict not in VERDICTS:
        return f"verdict is {row.verdict!r}; expected one of {', '.join(VERDICTS)}."
    if not row.who:
        return "nobody stands for it: fill in who."
    try:
        dt.date.fromisoformat(row.date)
    except ValueError:
        return f"date is {row.date!r}; expected one such as 2024-03-15."
    return ""


def of_run(root: Path, folder: Path) -> Review:
    """Return the judgements as they hold for the run in `folder` of the case at `root`.

    A cluster that was judged in another run is the one here that shares most accounts with it, if it is more than KEPT of all
    accounts of both; sources do not count. Cost: the members of every run that is named.
    """
    good, bad = read(root)
    accounts: dict[Key, list[Verdict]] = {}
    clusters: dict[str, list[Verdict]] = {}
    lost, wrong = [], list(bad)
    known: dict[str, dict[str, frozenset[Key]]] = {}
    for row in good:
        if row.about == "account":
            accounts.setdefault((row.platform, row.id.removeprefix("@").lower()), []).append(row)
            continue
        home = root / "runs" / row.run
        if not row.run or Path(row.run).name != row.run or not (home / "manifest.json").is_file():
            wrong.append(f"cluster {row.id}: run is {row.run!r}; expected the run in which the cluster has this name.")
            continue
        for name in {row.run, folder.name}:
            known.setdefault(name, members(folder if name == folder.name else home))
        if row.id not in known[row.run]:
            wrong.append(f"cluster {row.id}: run {row.run} has no cluster of this name.")
        elif here := row.id if row.run == folder.name else _continued(known[row.run][row.id], known[folder.name]):
            clusters.setdefault(here, []).append(row)
        else:
            lost.append(row)
    return Review(_sorted(accounts), _sorted(clusters), tuple(lost), tuple(wrong))


def members(folder: Path) -> dict[str, frozenset[Key]]:
    """Return the accounts of every cluster of a run, sources apart."""
    found: dict[str, set[Key]] = {}
    for row in load(folder, "member", ["cluster_id", "platform", "account_id", "role"]).to_pylist():
        if row["role"] != "source":
            found.setdefault(row["cluster_id"], set()).add((row["platform"], row["account_id"]))
    return {name: frozenset(accounts) for name, accounts in found.items()}


def _continued(accounts: frozenset[Key], here: Mapping[str, frozenset[Key]]) -> str | None:
    """Return the cluster that shares more than KEPT of the accounts of both; at most one can where clusters share none."""
    shares = {name: len(own & accounts) / len(own | accounts) for name, own in here.items()}
    return next((name for name, share in sorted(shares.items()) if share > KEPT), None)


def _sorted(rows: Mapping[Any, list[Verdict]]) -> dict[Any, tuple[Verdict, ...]]:
    return {key: tuple(sorted(rows[key], key=_order)) for key in sorted(rows)}


def _order(row: Verdict) -> tuple[str, str, str]:
    return row.date, row.who, row.note


def beside(root: Path, folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Return every judgement beside what the run in `folder` says of the same account or cluster, and what is wrong with other
    rows.

    Rows: about, id, verdict, who, date, note, machine (in words), cluster_id ('' where there is none), in the order of clusters,
    then accounts. Cost: one look at the members and accounts judged.
    """
    held = of_run(root, folder)
    clusters = {row["cluster_id"]: row for row in load(folder, "cluster", list(JUDGED)).to_pylist()}
    rows = [_beside(one, name, clusters[name]) for name, own in held.clusters.items() for one in own]
    rows += [_beside(one, "", None) | {"machine": "no cluster of this run holds most of these accounts"} for one in held.lost]
    place: dict[Key, dict[str, Any]] = {}
    for row in load(folder, "member", ["platform", "account_id", "handle", "cluster_id", "role"]).to_pylist():
        for name in (row["account_id"], row["handle"] or row["account_id"]):
            place[row["platform"], name.lower()] = place["", name.lower()] = row
    for key, own in held.accounts.items():
        member = place.get(key)
        for one in own:
            row = _beside(one, member["cluster_id"], clusters[member["cluster_id"]]) if member else _beside(one, "", None)
            rows.append(row | ({"machine": "a source: copied, no member"} if member and member["role"] == "source" else {}))
    return rows, list(held.bad)


JUDGED = ("cluster_id", "kind", "flagged", "claim_level")


def _beside(one: Verdict, name: str, cluster: Mapping[str, Any] | None) -> dict[str, Any]:
    row = {key: getattr(one, key) for key in ("about", "id", "verdict", "who", "date", "note")}
    machine = "in no cluster"
    if cluster is not None:
        flagged = "flagged" if cluster["flagged"] else "not flagged"
        machine = f"{name}: {KIND_WORDS[cluster['kind']]}, claim level {cluster['claim_level']} of 4, {flagged}"
    return {**row, "machine": machine, "cluster_id": name}


def said(row: Verdict, folder: str = "") -> str:
    """Return a judgement as a sentence; with the name of the run at hand, also where it was made.

    >>> said(Verdict("account", "x", "anna", "", "innocent", "Her press office.", "E. Ito", "2024-03-15"))
    'E. Ito judged on 2024-03-15: innocent. Her press office.'
    """
    where = f" (as cluster {row.id} of run {row.run})" if row.about == "cluster" and row.run != folder else ""
    return f"{row.who} judged on {row.date}{where}: {row.verdict}.{' ' + row.note if row.note else ''}"
