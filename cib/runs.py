"""One run: a folder of tables, a manifest of how they came to be. Written aside, made visible by one rename, never changed
after."""

import copy
import datetime as dt
import itertools
import json
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cib import __version__, datapackage, parquet, queryfile, schema, spans
from cib.case import Case, dump, sha256, write_text
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, SchemaError
from cib.graphdef import GraphDef

SLOT_S, N_SLOTS = 21_600, 28  # activity is counted in 6-hour slots of the week
SITTING_S = 3600  # posts of one hour are no independent tosses: whoever sits down first is first with all of them
ALL_TIME_S = 10**12  # one item per object for all time: longer than any period
FIRST, LAST = "1990-01-01", "2101-01-01"
LIBRARIES = ("duckdb", "igraph", "numba", "numpy", "pyarrow", "scipy")


@dataclass(frozen=True)
class Parameters:
    """What a run's rows depend on, beside the data and the version."""

    graphs: tuple[GraphDef, ...]
    fdr: float = 0.01
    since: str | None = None
    until: str | None = None
    sample: str = "unknown"
    seed: int = 0
    slices: str | None = None
    lists: tuple[dict[str, Any], ...] = ()  # what was read of each list; the entries are the table `listed`
    calendar: tuple[dict[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.fdr < 1:
            raise CaseError(f"--fdr {self.fdr}: expected a number between 0 and 1, such as 0.01.")
        _ = self.period, self.slices_s

    @property
    def slices_s(self) -> tuple[int, int] | None:
        """Length and step of the slices of time asked for, seconds; None where none are."""
        return None if self.slices is None else spans.slices(self.slices)

    @property
    def period(self) -> dict[str, str]:
        """The period as ISO times in UTC, `since` included and `until` not."""
        return {"since": instant(self.since, FIRST), "until": instant(self.until, LAST)}


class Run:
    """A run that is being made. Steps read tables by name and write one table each; they meet nowhere else.

    Tables of the case and of the run are bound in the engine under their own names as soon as they exist.
    Tables named in no schema ("work tables") live in `work/` and are gone when the run is finished.
    """

    def __init__(self, case: Case, parameters: Parameters, engine: DuckDB, *, name: str | None = None):
        self.case = case
        self.parameters = parameters
        self.engine = engine
        self.number = 1 + max((_number(case, run) for run in case.runs()), default=0)
        self.name = name or next(n for i in itertools.count(self.number) if (n := f"{i:03d}") not in case.runs())
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", self.name) or self.name == "LATEST":
            raise CaseError(f"--run {self.name!r}: a run is named with letters, digits, dot, dash and underscore, at most 64.")
        self.home = case.root / "runs" / self.name
        if self.home.exists():
            raise CaseError(f"{self.home} exists and a run is never changed. Give another --run NAME.")
        self.path = case.root / "runs" / f".{self.name}.partial"
        shutil.rmtree(self.path, ignore_errors=True)
        (self.path / "work").mkdir(parents=True)
        self.quiet_hour = 0  # UTC hour with the fewest posts: where days are cut
        self.windows: dict[str, tuple[int | None, ...]] = {}  # per graph: seconds, None where unused or too fine for the data
        self._origin: Run | None = None
        self.notes: dict[str, Any] = {}
        self.timings: dict[str, float] = {}
        self.n_rows: dict[str, int] = {}
        for table in schema.DATA_TABLES:
            engine.bind(table, case.parts(table))

    def shadow(self, name: str) -> "Run":
        """Return a run beside this one that sees the same tables and writes its own, for a null that is played through the
        same steps.

        `fade` removes what it wrote and gives the names back to this run.
        """
        other = copy.copy(self)
        other.path = self.path / "work" / name
        (other.path / "work").mkdir(parents=True)
        other.notes = {key: dict(value) for key, value in self.notes.items()}
        other.timings, other.n_rows = {}, dict(self.n_rows)
        other._origin = self
        return other

    def fade(self) -> None:
        """Remove a shadow's tables and let their names mean the origin's again."""
        for folder in (*self.path.iterdir(), *(self.path / "work").iterdir()):
            held = self._origin._folder(folder.name) if self._origin else None
            if held and (parts := sorted(held.glob("*.parquet"))):
                self.engine.bind(folder.name, parts)
        shutil.rmtree(self.path, ignore_errors=True)

    def note(self, section: str, **facts: Any) -> None:
        """Remember facts for the manifest: everything fitted, capped, skipped or not judged, and why."""
        self.notes.setdefault(section, {}).update(facts)

    def read(self, query: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """Return the rows of the query file `query`, in memory. For results that are small by their grain."""
        return self.stream(query, params).read_all()

    def stream(self, query: str, params: Mapping[str, Any] | None = None) -> pa.RecordBatchReader:
        """Return the rows of the query file `query` as a stream. Values that it does not ask for are not passed on."""
        asked = queryfile.load(query)
        return self.engine.read(asked.text, {name: value for name, value in (params or {}).items() if name in asked.params})

    def write(
        self,
        table: str,
        query: str | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        part: str = "all",
        alone: bool = False,
    ) -> None:
        """Write `table` (its part `part`) from the query file of the same name, or `query`, and bind it."""
        self.put(table, self.stream(query or table, params), part=part, alone=alone)

    def put(
        self, table: str, rows: Iterable[pa.RecordBatch | pa.Table] | pa.Table, *, part: str = "all", alone: bool = False
    ) -> None:
        """Write rows to `table` (its part `part`) and bind all its parts, or this one `alone`, under its name."""
        known = table in schema.TABLES
        folder = self._folder(table)
        folder.mkdir(parents=True, exist_ok=True)
        batches = [rows] if isinstance(rows, pa.Table) else rows
        if known:
            shape = schema.arrow(table)
        elif isinstance(rows, (pa.Table, pa.RecordBatchReader)):
            shape = rows.schema
        else:
            raise SchemaError(f"Work table {table!r} needs an Arrow table or reader.")
        path = folder / f"{part}.parquet"
        self.n_rows[table] = self.n_rows.get(table, 0) + parquet.write(path, shape, batches)
        self.engine.bind(table, [path] if alone else sorted(folder.glob("*.parquet")))

    def graph_params(self, graph: GraphDef) -> dict[str, Any]:
        """Return the values that the queries of one graph ask for."""
        return {
            "graph": graph.name,
            "verb": graph.deed,
            "compared": graph.compared,
            "cut_s": 3600 * self.quiet_hour if graph.per == "day" else 0,
            "per_s": 86_400 if graph.per == "day" else ALL_TIME_S,
            "max_crowd": graph.max_crowd,
            "min_shared": graph.min_shared,
            "favourite": graph.favourite,
            "slot_s": SLOT_S,
            "n_slots": N_SLOTS,
            **{f"window_{i}_s": w for i, w in enumerate(self.windows[graph.name], start=1)},
        }

    def _folder(self, table: str) -> Path:
        return self.path / table if table in schema.TABLES else self.path / "work" / table

    def part(self, table: str, part: str = "all", *, columns: list[str] | None = None) -> pa.Table:
        """Return one part of a table or work table of this run, all of it or some columns, in memory, in its written order."""
        folder = self._folder(table)
        if self._origin and not folder.exists():
            return self._origin.part(table, part, columns=columns)
        return pq.read_table(folder / f"{part}.parquet", columns=columns, partitioning=None)

    def load(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """Return a table of this run, in memory, in its written order."""
        return load(self.path, table, columns)

    def finish(self) -> Path:
        """Write the manifest and make the run visible. Returns its folder."""
        shutil.rmtree(self.path / "work", ignore_errors=True)
        tables = sorted(p for p in self.path.rglob("*.parquet"))
        hashes = {p.relative_to(self.path).as_posix(): sha256(p) for p in tables}
        package = datapackage.describe(self.path, name=self.name, version=__version__, hashes=hashes)
        write_text(self.path / "datapackage.json", dump(package))
        manifest = {
            "number": self.number,
            "name": self.name,
            "data_version": self.case.data_version,
            "names_from": self.notes.get("names", {}).get("names_from"),
            "parameters": asdict(self.parameters),
            "versions": {"cib": __version__, "python": platform.python_version(), **{lib: version(lib) for lib in LIBRARIES}},
            "rows": self.n_rows,
            "hashes": hashes,
            "notes": self.notes,
            "timings_s": {step: round(seconds, 2) for step, seconds in self.timings.items()},
            "peak_memory_mb": peak_memory_mb(),
            "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        write_text(self.path / "manifest.json", dump(manifest))
        os.replace(self.path, self.home)
        write_text(self.case.root / "runs" / "LATEST", self.name + "\n")
        return self.home

    def discard(self) -> None:
        """Remove what an unfinished run wrote."""
        shutil.rmtree(self.path, ignore_errors=True)


def instant(text: str | None, default: str) -> str:
    """Return an ISO time in UTC. Raises CaseError where `text` is none."""
    try:
        when = dt.datetime.fromisoformat(text or default)
    except ValueError as error:
        raise CaseError(f"--since/--until {text!r}: expected a date or time such as 2024-03-04 or 2024-03-04T12:00.") from error
    if when.tzinfo:
        when = when.astimezone(dt.UTC).replace(tzinfo=None)
    return when.isoformat(sep=" ")


def load(folder: Path, table: str, columns: list[str] | None = None) -> pa.Table:
    """Return `table` of the run in `folder`, in its written order; without rows when the run wrote none."""
    parts = sorted((folder / table).glob("*.parquet"))
    if not parts:
        empty = schema.arrow(table).empty_table()
        return empty.select(columns) if columns else empty
    return pa.concat_tables([pq.read_table(part, columns=columns, partitioning=None) for part in parts])


def manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the run in `folder`."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def verify(case: Case, folder: Path) -> int:
    """Return the number of files of the case and of the run in `folder`, all as their recorded hashes say; else CaseError."""
    expected = {case.root / "data" / part: digest for part, digest in case.record["hashes"].items()}
    expected |= {folder / path: digest for path, digest in manifest(folder)["hashes"].items()}
    added = [path for path in folder.rglob("*.parquet") if path not in expected and "export" not in path.parts]
    if added:
        raise CaseError(f"{added[0]} was put into a finished run by somebody else. Remove it, or detect anew.")
    changed = sorted(str(path) for path, digest in expected.items() if not path.is_file() or sha256(path) != digest)
    if changed:
        raise CaseError(
            f"{len(changed)} of {len(expected)} files are not as they were written: {', '.join(changed[:3])}. Detect anew."
        )
    return len(expected)


def parameters(folder: Path) -> Parameters:
    """Return the parameters with which the run in `folder` was made."""
    given = manifest(folder)["parameters"]
    graphs = (GraphDef(**{**graph, "windows_s": tuple(graph["windows_s"])}) for graph in given["graphs"])
    listed = {name: tuple(given.get(name, ())) for name in ("lists", "calendar")}
    return Parameters(**{**given, **listed, "graphs": tuple(graphs)})


def _number(case: Case, run: str) -> int:
    return manifest(case.root / "runs" / run)["number"]


def peak_memory_mb() -> int | None:
    """Return the largest resident size of this process so far, in MB; None where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)
