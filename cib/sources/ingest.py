"""Ingest: every input to staged rows, staged rows to parts, one commit at the end."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cib.case import Case, sha256
from cib.engines.duckdb import DuckDB
from cib.sources import files
from cib.sources.merging import Merge
from cib.sources.reading import Options, Progress, stage


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
    already knows adds nothing. For every input rows_read == posts + merged + rejected + account_rows.

    from_format  name of a format; None: each file is looked at
    columns      canonical name → input column; wins over every guess
    timezone     zone of times without one; None: as case.toml says, else UTC
    progress     called with the input's name and the rows read so far, once per batch
    Memory: one batch of 131,072 rows and the engine's limit. Disk: the staged rows, about the size of the result.
    """
    options = Options(from_format, dict(columns or {}), timezone, progress)
    aside = case.root / "data" / ".stage"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        found = files.find([Path(path) for path in inputs], aside)
        return _ingest(case, found, engine=engine, options=options)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _ingest(case: Case, found: Sequence[files.Input], *, engine: DuckDB, options: Options) -> list[dict[str, Any]]:
    aside = case.root / "data" / ".stage"
    known = {(record["sha256"], record["member"]) for record in case.record["inputs"]}
    records: list[dict[str, Any]] = []
    stages: list[Path] = []
    resolutions: dict[int, int] = {}
    for file_ix, item in enumerate(found):
        digest = sha256(item.path)
        if (digest, item.member) in known:
            records.append(_repeated(item, digest))
            continue
        known.add((digest, item.member))
        stages.append(aside / f"{file_ix:06d}")
        record, tally = stage(case, item, stages[-1], file_ix=file_ix, engine=engine, options=options)
        records.append(record | {"sha256": digest, "member": item.member, "file_ix": file_ix})
        resolutions[file_ix] = tally.resolution_s
    if stages:
        merge = Merge(case, engine, aside)
        outcome = merge.run(stages, resolutions)
        for record in records:
            _complete(record, outcome.counts)
        merge.accept()
        case.record["inputs"] += [record for record in records if not record["repeated"]]
        case.commit()
    return records


def _repeated(item: files.Input, digest: str) -> dict[str, Any]:
    zero = dict.fromkeys(("rows_read", "posts", "merged", "rejected", "account_rows", "accounts"), 0)
    known = {"name": item.name, "sha256": digest, "member": item.member, "size": item.path.stat().st_size}
    return known | zero | {"repeated": True, "notes": ["This file is already in the case; nothing was added."]}


def _complete(record: dict[str, Any], counts: Mapping[int, Mapping[str, Any]]) -> None:
    """Add what the merge knows of an input."""
    if record["repeated"]:
        return
    found = counts.get(record.pop("file_ix"), {})
    record["posts"] = found.get("posts", 0)
    record["merged"] = found.get("merged", 0)
    record["rejected"] += found.get("refused", 0)
    record["accounts"] = found.get("accounts", record["account_rows"])
    for name in ("first_at", "last_at"):
        record[name] = found[name].isoformat(sep=" ") if name in found else None
