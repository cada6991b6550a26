"""Compares a run with the truth: what was found, what was missed, who was wronged. Truth reaches nothing but this module."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cib import parquet, queryfile, runs
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, SchemaError
from cib.schema import names


def evaluate(folder: Path, truth: Path) -> dict[str, Any]:
    """Return accuracy on accounts and ties of the run in `folder`.

    Positive accounts: role core in `truth` (platform, account_id, group, kind, role). `flagged` counts flagged members,
    `clustered` all members of clusters that are not explained as syndication or crowd and are not sources; `found` the same
    without the members of named innocent groups: these do act together, and are reported group by group. A true tie has both
    ends in one group.
    """
    labels = _labels(truth)
    core = {key for key, label in labels.items() if label["role"] == "core"}
    members = runs.load(folder, "member").to_pylist()
    key_of = {(m["platform"], m["account_id"]): m for m in members}
    flagged = {key for key, m in key_of.items() if m["flagged"]}
    clustered = {key for key, m in key_of.items() if m["role"] != "source" and m["kind"] not in ("syndication", "crowd")}
    innocent = {key for key, label in labels.items() if label["role"] != "core"}
    n_accounts = runs.manifest(folder)["notes"]["tests"]["accounts"]
    return {
        "accounts": n_accounts,
        "core": len(core),
        "flagged": _scores(flagged, core, n_accounts),
        "found": _scores(clustered - innocent, core, n_accounts),
        "clustered": _scores(clustered, core, n_accounts),
        "groups": _groups(labels, key_of),
        "ties": _ties(folder, labels, {key for key, m in key_of.items() if m["role"] == "source"}),
        "kinds": _kinds(labels, key_of),
    }


def sides(case: Case, folder: Path, engine: DuckDB, *, truth: Path) -> list[dict[str, Any]]:
    """Return, per side of the lists of the run in `folder`, how many of its ordinary supporters were wronged; none without lists.

    A supporter is an account of whose retweets of listed persons more than half go to one side. One pass over the retweets.
    """
    if not runs.load(folder, "listed", ["list"]).num_rows:
        return []
    core = [key for key, label in _labels(truth).items() if label["role"] == "core"]
    columns = zip(*core, strict=True) if core else ((), ())
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=["platform", "account_id"])
    for name in ("post", "account"):
        engine.bind(name, case.parts(name))
    for name in ("listed", "member"):
        engine.bind(name, sorted((folder / name).glob("*.parquet")))
    path = case.root / "runs" / f".core-{folder.name}.parquet"
    try:
        parquet.write(path, table.schema, [table])
        engine.bind("core", [path])
        rows = engine.read(queryfile.load("side_error").text, runs.parameters(folder).period).read_all().to_pylist()
    finally:
        path.unlink(missing_ok=True)
    return [{**row, "wrong_per_1000": 1000 * row["n_wrong_flagged"] / max(row["n_ordinary"], 1)} for row in rows]


def _labels(truth: Path) -> dict[tuple[str, str], dict[str, str]]:
    if not truth.is_file():
        raise CaseError(f"{truth} does not exist. A simulated world's truth is OUT/truth.parquet.")
    table = pq.read_table(truth, partitioning=None)
    if missing := [name for name in names("truth") if name not in table.column_names]:
        raise SchemaError(f"{truth} has no column {', '.join(missing)}; expected {', '.join(names('truth'))}.")
    return {(row["platform"], row["account_id"]): row for row in table.to_pylist()}


def _scores(found: set, core: set, n_accounts: int) -> dict[str, Any]:
    right = len(found & core)
    precision = right / len(found) if found else 1.0
    recall = right / len(core) if core else 1.0
    f1 = 2 * right / (len(found) + len(core)) if found or core else 1.0
    wrong = len(found - core)
    per_1000 = 1000 * wrong / max(n_accounts - len(core), 1)
    return {"n": len(found), "precision": precision, "recall": recall, "f1": f1, "wrong": wrong, "wrong_per_1000": per_1000}


def _groups(labels: dict, members: dict) -> dict[str, Any]:
    """Return per named group its size and how many of it are in clusters and flagged; what is found outside them as `organic`."""
    groups: dict[str, dict[str, Any]] = {}
    for key, label in labels.items():
        group = groups.setdefault(label["group"], {"kind": label["kind"], "n": 0, "in_clusters": 0, "flagged": 0})
        group["n"] += 1
        group["in_clusters"] += key in members
        group["flagged"] += key in members and members[key]["flagged"]
    outside = [m for key, m in members.items() if key not in labels]
    groups["organic"] = {"kind": "", "in_clusters": len(outside), "flagged": sum(m["flagged"] for m in outside)}
    return dict(sorted(groups.items()))


def _ties(folder: Path, labels: dict, sources: set) -> dict[str, int]:
    """Return ties found by pair: inside one campaign, inside one named hard negative, with a source (who is copied is no part of
    a group), and all others. `extent` counts the ties that only their group makes, `extent_false` those of them not inside one
    group."""
    counts = {"campaign": 0, "hard_negative": 0, "source": 0, "false": 0, "extent": 0, "extent_false": 0}
    rows = runs.load(folder, "tie", ["platform_a", "account_a", "platform_b", "account_b", "found_by"]).to_pylist()
    for row in rows:
        ends = (row["platform_a"], row["account_a"]), (row["platform_b"], row["account_b"])
        a, b = labels.get(ends[0]), labels.get(ends[1])
        what = "false"
        if a is not None and b is not None and a["group"] == b["group"]:
            what = "campaign" if a["role"] == "core" else "hard_negative"
        if row["found_by"] == "extent":
            counts["extent"] += 1
            counts["extent_false"] += what == "false"
        else:
            counts["source" if what == "false" and not sources.isdisjoint(ends) else what] += 1
    return counts


def _kinds(labels: dict, members: dict) -> dict[str, dict[str, int]]:
    """Return, for accounts of named groups in clusters, how many of each true kind were given which kind."""
    table: dict[str, dict[str, int]] = {}
    for key, member in members.items():
        if key in labels:
            row = table.setdefault(labels[key]["kind"] or "none", {})
            row[member["kind"]] = row.get(member["kind"], 0) + 1
    return {kind: dict(sorted(row.items())) for kind, row in sorted(table.items())}
