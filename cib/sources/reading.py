"""One input to staged rows: its format, the meaning of its columns, its time zone, and every batch of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cib import origins, schema
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import cells, columns, dates, files, hints, languages, layouts, readers, times, verdict
from cib.sources.batch import Batch, Source, Tally
from cib.sources.known import FORMATS, LISTS
from cib.sources.raw import Reader
from cib.sources.staging import Stage

Progress = Callable[[str, int], None]
TIMES = ("created_at", "collected_at", "edited_at", "account_created_at")
FEW_SILENT = 1_000
UNUSABLE_KEYS = ("post_id", "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account")


class _RoundedError(Exception):
    """A key column whose ids lost digits; the file is read again without it."""

    def __init__(self, canonical: str):
        super().__init__(canonical)
        self.canonical = canonical


@dataclass(frozen=True)
class Options:
    """What the caller asked for, for all inputs. With `several`, a --map counts for the inputs that have its column."""

    from_format: str | None
    columns: Mapping[str, str]
    timezone: str | None
    progress: Progress | None
    several: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """What decides how an input is read, for its record."""
        return {"from": self.from_format, "map": dict(self.columns), "timezone": self.timezone}


def stage(
    case: Case, item: files.Input, folder: Path, *, file_ix: int, engine: DuckDB, options: Options
) -> tuple[dict[str, Any], Tally]:
    """Read one input into its staging folder; return its record, still without what the merge knows, and what was measured."""
    folder.mkdir(parents=True)
    reader = readers.reader(item, engine=engine, lists=LISTS)
    form = _format(reader.names, options)
    reader.fit(form, tuple(options.columns.values()))
    mapped = {k: v for k, v in options.columns.items() if v in reader.columns or not options.several}
    ignored = set(options.columns) - set(mapped)
    layout = layouts.layout(item.name, reader.columns, form, columns=mapped)
    zone = _zone(case.settings, item.name, asked=options.timezone, fixed="UTC" if _says_utc(reader, layout) else form.zone)
    notes = list(reader.notes)
    rest = layout.rest
    day_first = form.day_first
    while True:
        source, tally = Source(item.name, file_ix, layout, zone or "UTC", day_first), Tally(notes=list(notes), ignored=ignored)
        try:
            read = _read(reader, source, tally, folder=folder, progress=options.progress)
            break
        except dates.UndecidedError:
            day_first = _day_first(reader, layout)
        except _RoundedError as rounded:
            notes.append(_without(reader, layout, rounded.canonical))
            layout = layout.without(rounded.canonical)
    if tally.n_by_prefix:
        tally.notes.append(f'{tally.n_by_prefix:,} posts begin with "RT @name:" and count as retweets of the text that follows.')
    tally.notes += _languages(tally)
    tally.notes += [f"This file has no column {options.columns[name]!r}: --map {name} was ignored." for name in sorted(ignored)]
    if form.loose:
        kept = {name for name, extra in rest.items() if name == extra} | (tally.unmapped - set(layout.rest))
        tally.notes += hints.unused(kept - set(options.columns.values()), tally.addresses, has_urls="urls" in layout.columns)
    told = {"reasons": tally.reasons.most(), "closest": verdict.closest(tuple(reader.names), form, FORMATS)}
    return read | _described(item, layout, tally, zone=zone) | told | {"given": options.given}, tally


def _described(item: files.Input, layout: layouts.Layout, tally: Tally, *, zone: str | None) -> dict[str, Any]:
    return {
        "name": item.name,
        "size": item.path.stat().st_size,
        "format": layout.format.name,
        "kind": layout.kind,
        "timezone": zone or "UTC",
        "naive_times": bool(tally.n_naive and zone is None),
        "resolution_s": tally.resolution_s if layout.kind == schema.POST else None,
        "columns": {
            "mapped": {k: [c.removeprefix(layouts.MADE) for c in v] for k, v in sorted(layout.columns.items())},
            "unmapped": sorted({*layout.rest, *tally.unmapped}),
        },
        "notes": tally.notes,
        "repeated": False,
    }


def _languages(tally: Tally) -> list[str]:
    """What was done for posts without a language; nothing where there are too few to judge languages by."""
    guesser = languages.guesser()
    if tally.n_guessed:
        told = f"{tally.n_guessed:,} of {tally.n_silent:,} posts without a language were given one, guessed from the text"
        return [f"{told} ({guesser}); they are marked lang_guessed."]
    if tally.n_silent < FEW_SILENT or guesser:
        return []
    return [f"{tally.n_silent:,} posts have no language, and none is guessed. To guess offline: pip install 'cib[text]'."]


def _format(names: Collection[str], options: Options) -> layouts.Format:
    if options.from_format is None:
        return layouts.detect(names, FORMATS)
    for form in FORMATS:
        if form.name == options.from_format:
            return form
    raise SchemaError(f"--from {options.from_format!r}: no such format; known are {', '.join(form.name for form in FORMATS)}.")


def _day_first(reader: Reader, layout: layouts.Layout) -> bool:
    """The order of the dates with slashes, from all records: the file is read once more for it."""
    order = dates.Order()
    for raw in reader.batches():
        batch = Batch(raw, layout)
        for name in TIMES:
            for column in batch.raw(name):
                order.take(column)
    return order.day_first(reader.name)


def _zone(settings: Mapping[str, Any], name: str, *, asked: str | None, fixed: str | None) -> str | None:
    """The zone of naive times by the option, else case.toml for this file, else the format, else case.toml for all, else None."""
    places = (
        ("--timezone", asked),
        ("case.toml, sources", origins.of(settings, name).get("timezone")),
        ("case.toml, timezones", settings.get("timezones", {}).get(name)),
        ("the format", fixed),
        ("case.toml, timezone", settings.get("timezone")),
    )
    return next((times.zone(given, place=place) for place, given in places if given), None)


def _says_utc(reader: Reader, layout: layouts.Layout) -> bool:
    """Whether naive times are UTC by contract: in our own tables, and where the column's name says so."""
    return getattr(reader, "is_ours", False) or layout.columns.get("created_at", ("",))[0].lower().endswith("_utc")


def _without(reader: Reader, layout: layouts.Layout, canonical: str) -> str:
    """The note that a key column is not used, with how many of its ids are rounded: the file is read once more for it."""
    sources, n_rounded, n_ids = ", ".join(layout.columns[canonical]), 0, 0
    for raw in reader.batches():
        found, among = _n_rounded(Batch(raw, layout), canonical)
        n_rounded += found
        n_ids += among
    share = f"{n_rounded:,} of {n_ids:,} ids in column {sources!r} are rounded"
    if canonical == "account_id":
        others = [c for c in (*layout.columns.get("handle", ()), *sorted(layout.rest)) if c not in layout.columns[canonical]]
        likely = next((c for c in others if "name" in c.lower() or "handle" in c.lower()), others[0] if others else "COLUMN")
        raise SchemaError(
            f"{reader.name}: {share} (a spreadsheet or a double kept about 16 digits), "
            f"so different accounts would become one. Use another column, for example: --map account_id={likely}"
        )
    if canonical == "post_id":
        return f"{share} (a spreadsheet or a double kept about 16 digits); posts are named after account, time and text instead."
    return f"{share} and the column was not used as {canonical}."


def _read(reader: Reader, source: Source, tally: Tally, *, folder: Path, progress: Progress | None) -> dict[str, int]:
    """Stage every batch; return how many rows were read, rejected and taken as accounts."""
    n = {"rows_read": 0, "rejected": 0, "account_rows": 0, "others": 0}
    make = columns.posts if source.layout.kind == schema.POST else columns.accounts
    with Stage(folder) as staged:
        for raw in reader.batches():
            n["rows_read"] += raw.table.num_rows + raw.broken.num_rows
            n["rejected"] += raw.broken.num_rows
            staged.add("reject", raw.broken)
            tally.reasons.take(raw.broken)
            if raw.table.num_rows:
                batch = Batch(raw, source.layout)
                _refuse_rounded(batch)
                if n["rows_read"] == raw.table.num_rows + raw.broken.num_rows:
                    tally.addresses.update(batch.addresses())
                tally.unmapped.update(batch.others())
                rows = make(batch, source, tally)
                for table in ("post", "account", "reject"):
                    staged.add(table, getattr(rows, table))
                n["rejected"] += rows.reject.num_rows - rows.n_others
                n["others"] += rows.n_others
                tally.reasons.take(rows.reject)
                n["account_rows"] += rows.n_accounts
            if progress:
                progress(source.name, n["rows_read"])
    return n


def _refuse_rounded(batch: Batch) -> None:
    for canonical in ("account_id", *UNUSABLE_KEYS):
        if _n_rounded(batch, canonical)[0]:
            raise _RoundedError(canonical)


def _n_rounded(batch: Batch, canonical: str) -> tuple[int, int]:
    """How many ids of a canonical column lost digits, and how many there are."""
    found = batch.raw(canonical)
    n_ids = sum(len(column) - column.null_count for column in found)
    return sum(cells.n_rounded(column, n_ids) for column in found), n_ids
