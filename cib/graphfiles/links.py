"""The edges of the maps, between accounts by name: the ties of the run, and who retweets or answers whom in the case."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import queryfile, runs, schema
from cib.engines.duckdb import DuckDB
from cib.graphfiles.accounts import NAME, flat, key
from cib.graphfiles.cuts import Cut, View, escaped, sift

ENDS = ("platform_a", "account_a", "platform_b", "account_b")
ORDER = [("surprise_bits", "descending"), *((column, "ascending") for column in ENDS)]
FULL_BITS = 64.0  # surprise at which an edge is drawn at its heaviest; the same scale as member.coordination
HEAVIEST = 10.0
BATCH = 131_072
NO_ACTS = pa.table(
    {column: pa.array([], pa.string()) for column in ("platform", "account_id", "target_id")}
    | {column: pa.array([], pa.int64()) for column in ("n_posts", "n_all", "n_posts_all")}
)


@dataclass(frozen=True)
class Links:
    """Edges before their ends are looked up.

    rows      Arrow table: ENDS, weight, then attributes; from a to b where directed
    directed  whether a and b mean something
    left_out  what is not in `rows`, by reason
    cap       the largest number of rows
    """

    rows: pa.Table
    directed: bool
    left_out: Mapping[str, int]
    cap: int

    @property
    def names(self) -> list[pa.Table]:
        """The accounts at both ends, not yet distinct."""
        return [self.rows.select(ends).rename_columns(list(NAME)) for ends in (ENDS[:2], ENDS[2:])]


def ties(view: View, *, cap: int) -> Links:
    """Return the ties between accounts of clusters (sources among them) that the cut leaves, the `cap` most surprising of them.

    A tie that leads out of every cluster accuses a bystander by drawing it: it is counted and stays in the tie table.
    Time O(ties); memory: 3 * cap ties of about 200 bytes.
    """
    known, chosen = pc.unique(key(view.inside)), pc.unique(key(view.chosen))
    kept = schema.arrow("tie").empty_table()
    left_out: Counter[str] = Counter(dict.fromkeys(("ties_outside_clusters", "ties_with_one_end_in_a_cluster"), 0))
    n = 0
    for rows in _read(view.run_folder, "tie"):
        a, b = (pc.is_in(key(rows, suffix=end), value_set=known) for end in "ab")
        left_out["ties_outside_clusters"] += _true(pc.invert(pc.or_(a, b)))
        left_out["ties_with_one_end_in_a_cluster"] += _true(pc.xor(a, b))
        inner = rows.filter(pc.and_(a, b))
        if view.cut.clusters:
            a, b = (pc.is_in(key(inner, suffix=end), value_set=chosen) for end in "ab")
            found = inner.filter(pc.and_(a, b))
            left_out["ties_of_other_clusters"] += inner.num_rows - found.num_rows
            inner = found
        inner, counts = sift(inner, view.cut)
        left_out.update(counts)
        n += inner.num_rows
        kept = _best(pa.concat_tables([kept, inner]), ORDER, cap=cap, room=2 * cap)
    kept = _best(kept, ORDER, cap=cap, room=cap)
    return Links(
        _tie_columns(kept, _bits(view.run_folder, kept)),
        directed=False,
        left_out={**left_out, "ties_over_the_cap": n - kept.num_rows},
        cap=cap,
    )


def _tie_columns(kept: pa.Table, bits: dict[str, pa.Array]) -> pa.Table:
    values = ("p_value", "surprise_bits", "n_post_pairs", "median_gap_s", "leader", "first_at", "last_at")
    looks = {"weight": _weight(kept["surprise_bits"]), "graphs": pc.binary_join(kept["graphs"], "|")}
    return pa.table({column: kept[column] for column in ENDS} | looks | {column: kept[column] for column in values} | bits)


def _bits(run_folder: Path, ties: pa.Table) -> dict[str, pa.Array]:
    """Return the surprise of each tie on each graph that found it, bits_NAME, in order of names; NULL on the others.

    Time O(edges); memory: a number per tie and graph.
    """
    names = sorted(pc.unique(pc.list_flatten(ties["graphs"])).to_pylist())
    found = {name: np.full(ties.num_rows, np.nan) for name in names}
    known, shared = flat(_pair(ties)), pc.binary_join(ties["graphs"], "|").to_pylist()
    for rows in _read(run_folder, "edge"):
        ix = pc.index_in(_pair(rows), value_set=known)
        rows = rows.append_column("tie", ix).filter(pc.is_valid(ix)).select(["tie", "graph", "surprise_bits"])
        for tie, graph, bits in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            if graph in found and bits is not None and graph in shared[tie].split("|"):
                found[graph][tie] = bits
    return {f"bits_{name}": pa.array(values, from_pandas=True) for name, values in found.items()}


def of_graphs(view: View, network: Links, names: Sequence[str]) -> dict[str, Links]:
    """Return per graph the ties of `network` that it found, each with that graph's own numbers, as heavy as it alone finds them.
    These edges carry no time: the times of a tie are those of all graphs.

    Time O(edges); memory: an edge per tie and graph.
    """
    shared = network.rows["graphs"]
    known = {
        name: flat(_pair(network.rows.filter(pc.match_substring_regex(shared, rf"(?:^|\|){escaped(name)}(?:\||$)"))))
        for name in names
    }
    found: dict[str, list[pa.Table]] = {name: [schema.arrow("edge").empty_table()] for name in names}
    for rows in _read(view.run_folder, "edge"):
        for name in names:
            own = rows.filter(pc.equal(rows["graph"], name))
            found[name].append(own.filter(pc.is_in(_pair(own), value_set=known[name])))
    return {name: _of_graph(pa.concat_tables(tables), network) for name, tables in found.items()}


def _of_graph(edges: pa.Table, network: Links) -> Links:
    edges = edges.sort_by(ORDER)
    numbers = ("surprise_bits", "p_value", "q_value", "window_s", "n_shared", "expected", "n_favourite")
    columns = {name: edges[name] for name in ENDS} | {"weight": _weight(edges["surprise_bits"])}
    rest = {"ties_of_other_graphs": network.rows.num_rows - edges.num_rows}
    return Links(pa.table(columns | {name: edges[name] for name in numbers}), directed=False, left_out=rest, cap=network.cap)


def _pair(rows: pa.Table) -> pa.ChunkedArray:
    """Return one string per row that tells pairs apart: the length of the first name stands in front."""
    a, b = (key(rows, suffix=end) for end in "ab")
    return pc.binary_join_element_wise(pc.cast(pc.binary_length(a), pa.string()), a, b, ":")


def alike(view: View, graph: str, *, cap: int) -> Links:
    """Return the `cap` heaviest edges of a graph that describes and is never tested, as heavy as they are, between any accounts;
    where clusters are asked for, those with an end in them. These edges carry no time.

    Time O(edges); memory: 3 * cap edges of about 100 bytes.
    """
    chosen = pc.unique(key(view.chosen))
    kept = schema.arrow("edge").empty_table()
    n = n_cut = 0
    heaviest = [("weight", "descending"), *ORDER[1:]]
    for rows in _read(view.run_folder, "edge"):
        found = rows.filter(pc.and_(pc.equal(rows["graph"], graph), pc.is_valid(rows["weight"])))
        if view.cut.clusters:
            a, b = (pc.is_in(key(found, suffix=end), value_set=chosen) for end in "ab")
            n_cut += found.num_rows
            found = found.filter(pc.or_(a, b))
            n_cut -= found.num_rows
        n += found.num_rows
        kept = _best(pa.concat_tables([kept, found]), heaviest, cap=cap, room=2 * cap)
    kept = _best(kept, heaviest, cap=cap, room=cap)
    columns = {column: kept[column] for column in (*ENDS, "weight", "n_shared")}
    left_out = {"edges_over_the_cap": n - kept.num_rows} | ({"edges_of_other_accounts": n_cut} if view.cut.clusters else {})
    return Links(pa.table(columns), directed=False, left_out=left_out, cap=cap)


def _best(rows: pa.Table, order: list[tuple[str, str]], *, cap: int, room: int) -> pa.Table:
    """Return the first `cap` rows in `order`, or all where `room` holds them."""
    return rows if rows.num_rows <= room else rows.sort_by(order).slice(0, cap).combine_chunks()


def _weight(bits: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the weight of a line for the eye, 1 to HEAVIEST: thousands of bits must not bury everything else."""
    scaled = pc.multiply(pc.fill_null(bits, 0.0), HEAVIEST / FULL_BITS)
    return pc.round(pc.max_element_wise(pc.min_element_wise(scaled, HEAVIEST), 1.0), 2)


def acts(verb: str, engine: DuckDB, *, view: View, posts: Sequence[Path], cap: int) -> Links:
    """Return who retweets (`verb` "retweet") or answers ("reply") whom, at least one of them in a cluster and no source.

    The `cap` heaviest edges that the cut leaves, weight = number of posts. Posts whose counterpart nobody names are no edge,
    nor is an account that answers itself. `post` and `member` are bound in the engine, which spills what does not fit.
    """
    rows, (n, n_posts), (n_whole, n_posts_whole) = NO_ACTS, (0, 0), (0, 0)
    if posts:
        engine.bind("post", posts)
        if view.cut.clusters or view.cut.dated:
            with bind_members(replace(view, cut=Cut()), engine) as bound:
                n_whole, n_posts_whole = _totals(_acts(verb, engine, cut=Cut(), cap=1)) if bound else (0, 0)
        with bind_members(view, engine) as bound:
            rows = _acts(verb, engine, cut=view.cut, cap=cap) if bound else NO_ACTS
        n, n_posts = _totals(rows)
    left_out = {"edges_over_the_cap": n - rows.num_rows, "posts_over_the_cap": n_posts - (pc.sum(rows["n_posts"]).as_py() or 0)}
    if view.cut.clusters or view.cut.dated:
        left_out |= {"edges_cut": n_whole - n, "posts_cut": n_posts_whole - n_posts}
    columns = {
        "platform_a": rows["platform"],
        "account_a": rows["account_id"],
        "platform_b": rows["platform"],
        "account_b": rows["target_id"],
        "weight": pc.cast(rows["n_posts"], pa.float64()),
        "n_posts": rows["n_posts"],
    }
    return Links(pa.table(columns), directed=True, left_out=left_out, cap=cap)


def _acts(verb: str, engine: DuckDB, *, cut: Cut, cap: int) -> pa.Table:
    return engine.read(queryfile.load(f"network_{verb}").text, {"max_edges": cap, **cut.span}).read_all()


def _totals(rows: pa.Table) -> tuple[int, int]:
    """Return the edges and posts there are without the cap."""
    return (rows["n_all"][0].as_py(), rows["n_posts_all"][0].as_py()) if rows.num_rows else (0, 0)


@contextmanager
def bind_members(view: View, engine: DuckDB) -> Iterator[bool]:
    """Bind `member`, of the clusters asked for, while the context lasts; False where the run has no such table."""
    inside = sorted((view.run_folder / "member").glob("*.parquet"))
    with tempfile.TemporaryDirectory() as folder:
        if inside and view.cut.clusters:
            rows = runs.load(view.run_folder, "member")
            inside = [Path(folder) / "member.parquet"]
            pq.write_table(
                rows.filter(pc.is_in(rows["cluster_id"], value_set=pa.array(view.cut.clusters, pa.string()))), inside[0]
            )
        if inside:
            engine.bind("member", inside)
        yield bool(inside)


def _read(run_folder: Path, table: str) -> Iterator[pa.Table]:
    """Yield the rows of a table of the run, some at a time, in their written order."""
    for part in sorted((run_folder / table).glob("*.parquet")):
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(BATCH):
                yield pa.Table.from_batches([batch])


def _true(mask: pa.ChunkedArray) -> int:
    return pc.sum(mask).as_py() or 0
