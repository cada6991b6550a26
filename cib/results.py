"""The tables of a case and a run in whatever a researcher works with: Arrow, DuckDB, pandas, polars, igraph, networkx."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cib import runs, schema
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, SchemaError

if TYPE_CHECKING:
    import igraph
    import networkx

TIE_ATTRIBUTES = ("found_by", "p_value", "q_value", "surprise_bits", "n_post_pairs", "median_gap_s", "leader")
MEMBER_ATTRIBUTES = ("handle", "cluster_id", "role", "coordination", "kind", "flagged", "confidence")


class Results:
    """A case and one of its runs, to be read. Nothing here writes.

    >>> import cib
    >>> results = cib.open("my-case")  # doctest: +SKIP
    >>> results.pandas("cluster")[["cluster_id", "n_accounts", "kind", "claim_level"]]  # doctest: +SKIP
    """

    def __init__(self, case: Path | str, run: str | None = None):
        self.case = Case.open(case)
        self.folder = self.case.run_folder(run) if run or self.case.runs() else None

    def __repr__(self) -> str:
        return f"cib.open({str(self.case.root)!r}, run={self.folder.name if self.folder else None!r})"

    @property
    def names(self) -> list[str]:
        """The tables that can be read, in the order in which they are made."""
        made = [table for table in schema.TABLES if self.folder and any((self.folder / table).glob("*.parquet"))]
        return [*schema.DATA_TABLES, *made]

    @property
    def manifest(self) -> dict[str, Any]:
        """How the run came to be: parameters, versions, everything fitted, capped, skipped or not judged, and why."""
        if self.folder is None:
            raise CaseError(f"{self.case.root} has no run yet. Make one: cib detect {self.case.root}")
        return runs.manifest(self.folder)

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, for tools of one's own. Raises SchemaError for a table that is not there."""
        if table not in self.names:
            raise SchemaError(f"There is no table {table!r}; there are {', '.join(self.names)}.")
        if table in schema.DATA_TABLES:
            return list(self.case.parts(table))
        return sorted((self.folder / table).glob("*.parquet")) if self.folder else []

    def table(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """Return a table as Arrow, all of it, in its written order."""
        parts = [pq.read_table(path, columns=columns, partitioning=None) for path in self.files(table)]
        return pa.concat_tables(parts) if parts else schema.arrow(table).empty_table()

    def sql(self, query: str) -> pa.Table:
        """Return all rows of one SELECT over the tables, as Arrow. Raises SchemaError for anything else."""
        engine = DuckDB()
        try:
            for table in self.names:
                engine.bind(table, self.files(table))
            engine.lock(self.case.root)
            return engine.select(query)
        finally:
            engine.close()

    def relation(self, table: str) -> Any:
        """Return a table as a lazy DuckDB relation with a connection of its own; to be filtered and joined before it is read."""
        engine = DuckDB()
        engine.bind(table, self.files(table))
        return engine.connection.table(table)

    def pandas(self, table: str, columns: list[str] | None = None) -> Any:
        """Return a table as pandas.DataFrame; ids stay text. Raises CaseError where pandas is not installed."""
        _installed("pandas")
        return self.table(table, columns).to_pandas()

    def polars(self, table: str, columns: list[str] | None = None) -> Any:
        """Return a table as polars.DataFrame; ids stay text. Raises CaseError where polars is not installed."""
        return _installed("polars").from_arrow(self.table(table, columns))

    def igraph(self) -> "igraph.Graph":
        """Return the ties as igraph.Graph: vertices are accounts (name = platform and id), edges carry what `tie` says.

        Memory: the tables `tie` and `member`.
        """
        import igraph

        vertices, edges = self._network()
        graph = igraph.Graph(n=len(vertices), edges=[(a, b) for a, b, _ in edges])
        for attribute in ("name", "platform", "account_id", *MEMBER_ATTRIBUTES):
            graph.vs[attribute] = [vertex[attribute] for vertex in vertices]
        for attribute in (*TIE_ATTRIBUTES, "graphs"):
            graph.es[attribute] = [tie[attribute] for _, _, tie in edges]
        return graph

    def networkx(self) -> "networkx.Graph":
        """Return the ties as networkx.Graph: nodes are (platform, account_id), edges carry what `tie` says."""
        import networkx

        graph = networkx.Graph()
        vertices, edges = self._network()
        key = [(vertex["platform"], vertex["account_id"]) for vertex in vertices]
        graph.add_nodes_from(zip(key, vertices, strict=True))
        graph.add_edges_from((key[a], key[b], tie) for a, b, tie in edges)
        return graph

    def _network(self) -> tuple[list[dict[str, Any]], list[tuple[int, int, dict[str, Any]]]]:
        """Return vertices, and edges between their numbers: all ties, also those outside of clusters."""
        ties, members = self.table("tie").to_pylist(), self.table("member").to_pylist()
        # Of an account with several rows the last one speaks: as a member, else as the source of the first cluster.
        members.sort(key=lambda member: (member["role"] == "source", member["cluster_id"]), reverse=True)
        known = {(member["platform"], member["account_id"]): _seen(member) for member in members}
        ends = {(tie[f"platform_{end}"], tie[f"account_{end}"]) for tie in ties for end in "ab"}
        keys = sorted(ends | set(known), key=lambda key: tuple(part.encode() for part in key))
        number = {key: i for i, key in enumerate(keys)}
        vertices = [
            {"name": "\t".join(key), "platform": key[0], "account_id": key[1]}
            | {attribute: known.get(key, {}).get(attribute) for attribute in MEMBER_ATTRIBUTES}
            for key in keys
        ]
        edges = [
            (
                number[tie["platform_a"], tie["account_a"]],
                number[tie["platform_b"], tie["account_b"]],
                {attribute: tie[attribute] for attribute in (*TIE_ATTRIBUTES, "graphs")},
            )
            for tie in ties
        ]
        return vertices, edges


def _seen(member: dict[str, Any]) -> dict[str, Any]:
    """Return a member as its vertex shows it: the kind of a cluster says nothing of an account that it merely copies."""
    return member | {"kind": None, "flagged": False, "confidence": None} if member["role"] == "source" else member


def _installed(library: str) -> Any:
    try:
        return import_module(library)
    except ImportError as error:
        raise CaseError(
            f"{library} is not installed. Install it: pip install {library}; or use .table(NAME) for Arrow."
        ) from error
