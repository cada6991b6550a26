"""The edges of the maps, between accounts by name: the ties of the run, and who retweets or answers whom in the case."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import queryfile, schema
from cib.engines.duckdb import DuckDB
from cib.graphfiles.accounts import NAME, key

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


def ties(run_folder: Path, inside: pa.Table, *, cap: int) -> Links:
    """Return the ties between accounts of clusters (`inside`, sources among them), the `cap` most surprising of them.

    A tie that leads out of every cluster accuses a bystander by drawing it: it is counted and stays in the tie table.
    Time O(ties); memory: 3 * cap ties of about 200 bytes.
    """
    known = pc.unique(key(inside))
    kept = schema.arrow("tie").empty_table()
    left_out = dict.fromkeys(("ties_outside_clusters", "ties_with_one_end_in_a_cluster", "ties_over_the_cap"), 0)
    for rows in _read(run_folder, "tie"):
        a, b = (pc.is_in(key(rows, suffix=end), value_set=known) for end in "ab")
        both = pc.and_(a, b)
        left_out["ties_outside_clusters"] += _true(pc.invert(pc.or_(a, b)))
        left_out["ties_with_one_end_in_a_cluster"] += _true(pc.xor(a, b))
        kept = pa.concat_tables([kept, rows.filter(both)])
        if kept.num_rows > 2 * cap:
            left_out["ties_over_the_cap"] += kept.num_rows - cap
            kept = kept.sort_by(ORDER).slice(0, cap).combine_chunks()
    if kept.num_rows > cap:
        left_out["ties_over_the_cap"] += kept.num_rows - cap
        kept = kept.sort_by(ORDER).slice(0, cap)
    ends = {column: kept[column] for column in ENDS}
    values = {column: kept[column] for column in ("p_value", "surprise_bits", "n_post_pairs", "median_gap_s", "leader")}
    looks = {"weight": _weight(kept["surprise_bits"]), "graphs": pc.binary_join(kept["graphs"], "|")}
    return Links(pa.table(ends | looks | values), directed=False, left_out=left_out, cap=cap)


def alike(run_folder: Path, graph: str, *, cap: int) -> Links:
    """Return the `cap` heaviest edges of a graph that describes and is never tested, between any accounts, as heavy as they are.

    Time O(edges); memory: 3 * cap edges of about 100 bytes.
    """
    kept = schema.arrow("edge").empty_table()
    n = 0
    heaviest = [("weight", "descending"), *ORDER[1:]]
    for rows in _read(run_folder, "edge"):
        found = rows.filter(pc.and_(pc.equal(rows["graph"], graph), pc.is_valid(rows["weight"])))
        n += found.num_rows
        kept = pa.concat_tables([kept, found])
        if kept.num_rows > 2 * cap:
            kept = kept.sort_by(heaviest).slice(0, cap).combine_chunks()
    kept = kept.sort_by(heaviest).slice(0, cap)
    columns = {column: kept[column] for column in (*ENDS, "weight", "n_shared")}
    return Links(pa.table(columns), directed=False, left_out={"edges_over_the_cap": n - kept.num_rows}, cap=cap)


def _weight(bits: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the weight of a line for the eye, 1 to HEAVIEST: thousands of bits must not bury everything else."""
    scaled = pc.multiply(pc.fill_null(bits, 0.0), HEAVIEST / FULL_BITS)
    return pc.round(pc.max_element_wise(pc.min_element_wise(scaled, HEAVIEST), 1.0), 2)


def acts(verb: str, engine: DuckDB, *, run_folder: Path, posts: Sequence[Path], cap: int) -> Links:
    """Return who retweets (`verb` "retweet") or answers ("reply") whom, at least one of them in a cluster and no source.

    The `cap` heaviest edges, weight = number of posts. Posts whose counterpart nobody names are no edge, nor is an
    account that answers itself. `post` and `member` are bound in the engine, which spills what does not fit.
    """
    inside = sorted((run_folder / "member").glob("*.parquet"))
    if posts and inside:
        engine.bind("post", posts)
        engine.bind("member", inside)
        rows = engine.read(queryfile.load(f"network_{verb}").text, {"max_edges": cap}).read_all()
    else:
        rows = NO_ACTS
    n_all, n_posts_all = (rows[column][0].as_py() if rows.num_rows else 0 for column in ("n_all", "n_posts_all"))
    left_out = {
        "edges_over_the_cap": n_all - rows.num_rows,
        "posts_over_the_cap": n_posts_all - (pc.sum(rows["n_posts"]).as_py() or 0),
    }
    columns = {
        "platform_a": rows["platform"],
        "account_a": rows["account_id"],
        "platform_b": rows["platform"],
        "account_b": rows["target_id"],
        "weight": pc.cast(rows["n_posts"], pa.float64()),
        "n_posts": rows["n_posts"],
    }
    return Links(pa.table(columns), directed=True, left_out=left_out, cap=cap)


def _read(run_folder: Path, table: str) -> Iterator[pa.Table]:
    """Yield the rows of a table of the run, some at a time, in their written order."""
    for part in sorted((run_folder / table).glob("*.parquet")):
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(BATCH):
                yield pa.Table.from_batches([batch])


def _true(mask: pa.ChunkedArray) -> int:
    return pc.sum(mask).as_py() or 0
