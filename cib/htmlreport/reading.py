"""A run opened for reading: its tables under their names, its notes, its period. All that the report shows comes through here."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib import parquet, queryfile, schema
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.runs import load, manifest

FOREVER = (dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31))
Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """One run of one case. manifest: as written by the run; aside: folder for tables made on the way, gone afterwards."""

    case: Case
    folder: Path
    manifest: dict[str, Any]
    engine: DuckDB
    aside: Path

    @property
    def notes(self) -> dict[str, Any]:
        return self.manifest["notes"]

    @property
    def parameters(self) -> dict[str, Any]:
        return self.manifest["parameters"]

    @property
    def graphs(self) -> dict[str, Row]:
        """The run's graph definitions, by name."""
        return {graph["name"]: graph for graph in self.parameters["graphs"]}

    @property
    def period(self) -> dict[str, dt.datetime]:
        """since and until in UTC, as the run read them."""
        given = (self.parameters["since"], self.parameters["until"])
        since, until = (_utc(text) if text else default for text, default in zip(given, FOREVER, strict=True))
        return {"since": since, "until": until}

    @property
    def thin(self) -> dict[str, str]:
        """Per graph, or for the whole "case", why there was too little to judge."""
        return self.notes.get("tests", {}).get("too_little", {})

    @property
    def any_tested(self) -> bool:
        """Whether at least one graph was tested; graphs that describe find nothing and rule nothing out."""
        return any(graph["null"] != "none" for graph in self.graphs.values())

    @property
    def sources(self) -> set[tuple[str, str]]:
        """The accounts, by platform and id, that stand beside a group as its source."""
        rows = load(self.folder, "member", ["platform", "account_id", "role"])
        rows = rows.filter(pc.equal(rows["role"], "source"))
        return set(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))

    def resolution_s(self, graphs: list[str]) -> int:
        """Return the coarsest time resolution among the acts of these graphs."""
        windows = self.notes.get("windows", {})
        return max((windows[graph]["resolution_s"] for graph in graphs if graph in windows), default=1)

    def rows(self, table: str, *, of: list[str] | None = None) -> list[Row]:
        """Return a table of the run as rows, in its written order; with `of`, only the rows of these clusters."""
        found = load(self.folder, table)
        if of is not None:
            found = found.filter(pc.is_in(found["cluster_id"], pa.array(of, pa.string())))
        return found.to_pylist()

    def count(self, table: str) -> int:
        """Return the number of rows of a table of the run."""
        return load(self.folder, table, [schema.names(table)[0]]).num_rows

    def ask(self, query: str, **params: Any) -> list[Row]:
        """Return the rows of a query file. The period is passed on where the query asks for it."""
        return self.table(query, **params).to_pylist()

    def table(self, query: str, **params: Any) -> pa.Table:
        """Return what `ask` returns, as columns."""
        asked = queryfile.load(query)
        given = {**self.period, **params}
        return self.engine.read(asked.text, {name: given[name] for name in asked.params}).read_all()

    def bind(self, table: str, rows: pa.Table) -> None:
        """Let queries read `rows` under the name `table`."""
        path = self.aside / f"{table}.parquet"
        parquet.write(path, rows.schema, [rows])
        self.engine.bind(table, [path])


@contextmanager
def opened(case: Case, folder: Path) -> Iterator[Reading]:
    """Open the run in `folder`; what is written aside lies in its report folder and is removed at the end."""
    aside = folder / "report" / ".work"
    aside.mkdir(parents=True, exist_ok=True)
    engine = DuckDB(spill=aside / "spill")
    try:
        reading = Reading(case, folder, manifest(folder), engine, aside)
        for table in ("post", "account"):
            engine.bind(table, case.parts(table))
        for table in ("edge", "tie", "evidence"):
            if parts := sorted((folder / table).glob("*.parquet")):
                engine.bind(table, parts)
            else:
                reading.bind(table, schema.arrow(table).empty_table())
        yield reading
    finally:
        engine.close()
        shutil.rmtree(aside, ignore_errors=True)


def _utc(text: str) -> dt.datetime:
    when = dt.datetime.fromisoformat(text)
    return when.astimezone(dt.UTC).replace(tzinfo=None) if when.tzinfo else when
