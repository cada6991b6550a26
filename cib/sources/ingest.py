"""Ingest: every input to staged rows, staged rows to parts, one commit at the end."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from cib import origins
from cib.case import Case, sha256
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files, foreign, verdict
from cib.sources.merging import Merge
from cib.sources.reading import Options, Progress, stage

SKIPPED = "skipped"
COUNTS = ("rows_read", "posts", "merged", "rejected", "account_rows", "others", "accounts")


def ingest(
    case: Case,
    inputs: Sequence[Path],
    *,
    engine: DuckDB,
    from_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Read `inputs` into the case and return one record per input, as it stands in case.json.

    An input is a file, a folder or an archive of files, or "-" for standard input.

    The caller holds the case. All inputs are committed at once or, when anything is raised, none. An input whose SHA-256 the case
    already knows adds nothing, and is refused where it is to be read in another way than before. A file that is no table is
    skipped, with a record, unless there is no other. For every input
    rows_read == posts + merged + rejected + account_rows + others: rows that
    were understood and are no posts, kept in `reject` with what they are.

    from_format  name of a format; None: each file is looked at
    columns      canonical name → input column; wins over every guess. Of several files it counts for those that have the column
    timezone     zone of times without one; None: as case.toml says, else UTC
    progress     called with the input's name and the rows read so far, once per batch
    Memory: one batch of 131,072 rows and the engine's limit. Disk: the staged rows, about the size of the result.
    """
    aside = case.root / "data" / ".stage"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        found = files.find([Path(path) for path in inputs], aside)
        options = Options(from_format, dict(columns or {}), timezone, progress, several=len(found) > 1)
        return _ingest(case, found, engine=engine, options=options)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _ingest(case: Case, found: Sequence[files.Input], *, engine: DuckDB, options: Options) -> list[dict[str, Any]]:
    aside = case.root / "data" / ".stage"
    known = {(record["sha256"], record["member"]): record for record in case.record["inputs"]}
    records: list[dict[str, Any]] = []
    stages: list[Path] = []
    resolutions: dict[int, int] = {}
    ignored: list[set[str]] = []
    for file_ix, item in enumerate(found):
        digest = sha256(item.path)
        if (digest, item.member) in known:
            _refuse_other_reading(item.name, known[digest, item.member], options)
            records.append(_repeated(item, digest))
            continue
        if words := foreign.what(item):
            if len(found) == 1:
                raise foreign.refusal(item, words)
            known[digest, item.member] = _skipped(item, digest, words=words, options=options)
            records.append(known[digest, item.member])
            continue
        stages.append(aside / f"{file_ix:06d}")
        record, tally = stage(case, item, stages[-1], file_ix=file_ix, engine=engine, options=options)
        if len(found) == 1 and 0 < record["rows_read"] == record["rejected"]:
            raise verdict.refusal(record)
        record["notes"] = (
            verdict.warning(record)
            + verdict.apart(tally.reasons)
            + _changed(item, digest, case.record["inputs"])
            + record["notes"]
        )
        known[digest, item.member] = record | {"sha256": digest, "member": item.member, "path": _place(item), "file_ix": file_ix}
        records.append(known[digest, item.member])
        ignored.append(tally.ignored)
        resolutions[file_ix] = tally.resolution_s
    if records and all(record.get("format") == SKIPPED for record in records):
        raise SchemaError(f"None of the {len(records)} files is a table: {records[0]['name']} is {records[0]['notes'][0]}.")
    _refuse_unmet(ignored, options)
    if stages:
        pa.default_memory_pool().release_unused()  # the merge is what needs most
        merge = Merge(case, engine, aside)
        try:
            outcome = merge.run(stages, resolutions)
        finally:
            merge.close()
        for record in records:
            _complete(record, outcome.counts)
            record["notes"] = origins.outside(case.settings, record) + record["notes"]
        merge.accept()
        case.record["inputs"] += [record for record in records if not record["repeated"]]
        case.commit()
    return records


def _place(item: files.Input) -> str:
    """Where an input lies; "" for standard input, which lies nowhere."""
    return "" if item.name.startswith("standard input") else item.path.absolute().as_posix()


def _changed(item: files.Input, digest: str, earlier: Sequence[Mapping[str, Any]]) -> list[str]:
    """The note on a file that had another content when it was read before."""
    place = _place(item)
    before = [record for record in earlier if place and (record.get("path"), record["member"]) == (place, item.member)]
    if not before or before[-1]["sha256"] == digest:
        return []
    return [
        "CHANGED: when this file was read before it held other bytes "
        f"(SHA-256 {before[-1]['sha256'][:12]}…, now {digest[:12]}…). "
        "It was read as a new file: posts known before were merged and counted, and posts that are no longer in it stay in the "
        "case. To leave them out, use a new case folder."
    ]


def _refuse_other_reading(name: str, earlier: Mapping[str, Any], options: Options) -> None:
    """Refuse to read a file again in another way: posts that were read wrongly would stay. What is not given is as before."""
    before = earlier.get("given") or {"from": None, "map": {}, "timezone": None}
    was = {"from": earlier.get("format"), "map": before["map"], "timezone": earlier.get("timezone")}
    for option, value in options.given.items():
        if value and value != was[option] and earlier.get("format") != SKIPPED:
            told = " ".join(f"{k}={v}" for k, v in was[option].items()) if option == "map" else was[option]
            raise SchemaError(
                f"{name} is already in the case, read with {f'--{option} {told}' if told else f'no --{option}'}. "
                f"To read it with another --{option}, use a new case folder."
            )


def _refuse_unmet(ignored: Sequence[set[str]], options: Options) -> None:
    """Refuse a --map whose column none of the files has that were read."""
    for name in sorted(set.intersection(*ignored)) if ignored else ():
        raise SchemaError(f"No file has a column {options.columns[name]!r} (--map {name}={options.columns[name]}).")


def _skipped(item: files.Input, digest: str, *, words: str, options: Options) -> dict[str, Any]:
    """The record of a file that is no table."""
    counted = dict.fromkeys(COUNTS, 0)
    named = {"name": item.name, "sha256": digest, "member": item.member, "size": item.path.stat().st_size}
    nothing = {"kind": SKIPPED, "timezone": "UTC", "naive_times": False, "resolution_s": None, "first_at": None, "last_at": None}
    said = {"format": SKIPPED, "columns": {"mapped": {}, "unmapped": []}, "notes": [f"{words}: skipped"], "repeated": False}
    return named | counted | nothing | said | {"given": options.given}


def _repeated(item: files.Input, digest: str) -> dict[str, Any]:
    zero = dict.fromkeys(COUNTS, 0)
    known = {"name": item.name, "sha256": digest, "member": item.member, "size": item.path.stat().st_size}
    return known | zero | {"repeated": True, "notes": ["This file is already in the case; nothing was added."]}


def _complete(record: dict[str, Any], counts: Mapping[int, Mapping[str, Any]]) -> None:
    """Add what the merge knows of an input."""
    if record["repeated"] or record["format"] == SKIPPED:
        return
    found = counts.get(record.pop("file_ix"), {})
    record["posts"] = found.get("posts", 0)
    record["merged"] = found.get("merged", 0)
    record["rejected"] += found.get("refused", 0)
    record["accounts"] = found.get("accounts", record["account_rows"])
    for name in ("first_at", "last_at"):
        record[name] = found[name].isoformat(sep=" ") if name in found else None
