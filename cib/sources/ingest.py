"""Ingest: every input to staged rows, staged rows to parts, one commit at the end."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cib import schema
from cib.case import Case, sha256
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import cells, columns, files, formats, times
from cib.sources.columns import Source, Tally
from cib.sources.known import FORMATS
from cib.sources.merging import Merge
from cib.sources.staging import Stage

Progress = Callable[[str, int], None]
UNUSABLE_KEYS = ("post_id", "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account")


class _Rounded(Exception):
    """A key column whose ids lost digits; the file is read again without it."""

    def __init__(self, canonical: str):
        super().__init__(canonical)
        self.canonical = canonical


@dataclass(frozen=True)
class Options:
    from_format: str | None
    columns: Mapping[str, str]
    timezone: str | None
    progress: Progress | None


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
    """Read `inputs` (files, or folders of them) into the case and return one record per input, as it stands in case.json.

    The caller holds the case. All inputs are committed at once or, when anything is raised, none. An input whose SHA-256 the case
    already knows adds nothing. For every input rows_read == posts + merged + rejected + account_rows.

    from_format  name of a format; None: each file is looked at
    columns      canonical name → input column; wins over every guess
    timezone     zone of times without one; None: as case.toml says, else UTC
    progress     called with the input's name and the rows read so far, once per batch
    Memory: one batch of 131,072 rows and the engine's limit. Disk: the staged rows, about the size of the result.
    """
    options = Options(from_format, dict(columns or {}), timezone, progress)
    found = files.find([Path(path) for path in inputs])
    aside = case.root / "data" / ".stage"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        return _ingest(case, found, engine=engine, options=options)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _ingest(case: Case, found: Sequence[files.Input], *, engine: DuckDB, options: Options) -> list[dict[str, Any]]:
    aside = case.root / "data" / ".stage"
    known = {record["sha256"] for record in case.record["inputs"]}
    records, stages, resolutions = [], [], {}
    for file_ix, item in enumerate(found):
        digest = sha256(item.path)
        if digest in known and not item.member:
            records.append(_repeated(item, digest))
            continue
        known.add(digest)
        stage = aside / f"{file_ix:06d}"
        record, tally = _stage(case, item, stage, engine=engine, options=options, file_ix=file_ix)
        record |= {"sha256": digest, "file_ix": file_ix}
        resolutions[file_ix] = tally.resolution_s
        stages.append(stage)
        records.append(record)
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
    note = "This file is already in the case; nothing was added."
    return {"name": item.name, "sha256": digest, "size": item.path.stat().st_size, "repeated": True, "notes": [note], **zero}


def _stage(case: Case, item: files.Input, stage: Path, *, engine: DuckDB, options: Options, file_ix: int) -> tuple[dict[str, Any], Tally]:
    """Read one input into its own staging folder and return its record and what was measured."""
    reader = files.reader(item, engine=engine, aside=stage)
    form = _format(item, reader.columns, options)
    zone = _zone(case, item, options, form)
    layout = formats.layout(item.name, reader.columns, form, columns=options.columns)
    notes: list[str] = []
    while True:
        source, tally = Source(item.name, file_ix, layout, zone or "UTC"), Tally(notes=list(notes))
        try:
            n_rows, n_rejected, n_accounts = _read(reader, source, tally, stage=stage, progress=options.progress)
            break
        except _Rounded as rounded:
            notes.append(_without(item.name, layout, rounded.canonical))
            layout = layout.without(rounded.canonical)
    if tally.n_by_prefix:
        tally.notes.append(f'{tally.n_by_prefix:,} posts begin with "RT @name:" and count as retweets of the text that follows.')
    record = {
        "name": item.name,
        "size": item.path.stat().st_size,
        "format": form.name,
        "kind": layout.kind,
        "rows_read": n_rows,
        "rejected": n_rejected,
        "account_rows": n_accounts,
        "timezone": zone or "UTC",
        "naive_times": bool(tally.n_naive and zone is None),
        "resolution_s": tally.resolution_s if layout.kind == schema.POST else None,
        "columns": {"mapped": {k: list(v) for k, v in sorted(layout.columns.items())}, "unmapped": sorted(layout.rest)},
        "notes": tally.notes,
        "repeated": False,
    }
    return record, tally


def _format(item: files.Input, names: Sequence[str], options: Options) -> formats.Format:
    if options.from_format is None:
        return formats.detect(names, FORMATS)
    for form in FORMATS:
        if form.name == options.from_format:
            return form
    raise SchemaError(f"--from {options.from_format!r}: no such format; known are {', '.join(form.name for form in FORMATS)}.")


def _zone(case: Case, item: files.Input, options: Options, form: formats.Format) -> str | None:
    """The zone of naive times: the option, else case.toml for this file, else the format's, else case.toml for all; None: nobody says."""
    settings = case.settings
    places = (
        ("--timezone", options.timezone),
        ("case.toml, timezones", settings.get("timezones", {}).get(item.name)),
        ("the format", form.zone),
        ("case.toml, timezone", settings.get("timezone")),
    )
    return next((times.zone(name, place=place) for place, name in places if name), None)


def _without(file: str, layout: formats.Layout, canonical: str) -> str:
    sources = ", ".join(layout.columns[canonical])
    if canonical == "account_id":
        others = [c for c in (*layout.columns.get("handle", ()), *sorted(layout.rest)) if c not in layout.columns[canonical]]
        likely = next((c for c in others if "name" in c.lower() or "handle" in c.lower()), others[0] if others else "COLUMN")
        raise SchemaError(
            f"{file}: the ids in column {sources!r} are rounded (a spreadsheet or a double kept about 16 digits), so different accounts "
            f"would become one. Use another column, for example: --map account_id={likely}"
        )
    if canonical == "post_id":
        return f"The ids in column {sources!r} are rounded; posts are named after account, time and text instead."
    return f"The ids in column {sources!r} are rounded and were not used as {canonical}."


def _read(reader: Any, source: Source, tally: Tally, *, stage: Path, progress: Progress | None) -> tuple[int, int, int]:
    """Stage every batch; return rows read, rejected and taken as accounts."""
    n_rows = n_rejected = n_accounts = 0
    make = columns.posts if source.layout.kind == schema.POST else columns.accounts
    with Stage(stage) as staged:
        for raw in reader.batches():
            n_rows += raw.table.num_rows + raw.broken.num_rows
            staged.add("reject", raw.broken)
            n_rejected += raw.broken.num_rows
            if raw.table.num_rows:
                batch = columns.Batch(raw.table, raw.records, source.layout)
                _refuse_rounded(batch)
                rows = make(batch, source, tally)
                staged.add("post", rows.post)
                staged.add("account", rows.account)
                staged.add("reject", rows.reject)
                n_rejected += rows.reject.num_rows
                n_accounts += rows.account.num_rows if source.layout.kind == schema.ACCOUNT else 0
            if progress:
                progress(source.name, n_rows)
    return n_rows, n_rejected, n_accounts


def _refuse_rounded(batch: columns.Batch) -> None:
    for canonical in ("account_id", *UNUSABLE_KEYS):
        if any(cells.is_rounded(column) for column in batch.raw(canonical)):
            raise _Rounded(canonical)


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
