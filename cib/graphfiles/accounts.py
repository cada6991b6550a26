"""The accounts of the maps: who belongs to which cluster, what each is called, how much it posts."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import runs
from cib.schema import FLAGGED_KINDS
from cib.wording import KIND_WORDS, NO_KIND

NAME = ("platform", "account_id")
BATCH = 262_144  # rows of the case in memory at a time
PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


def node_id(platform: str, account_id: str) -> str:
    """Return one printable ASCII word per account, different for different accounts: `twitter:12345`.

    Everything else is percent-encoded, so that no parser can trim, fold or replace characters until two accounts are one.
    """
    return f"{quote(platform, safe='')}:{quote(account_id, safe=PRINTABLE)}"


def key(rows: pa.Table | pa.RecordBatch, *, suffix: str | None = None) -> pa.Array | pa.ChunkedArray:
    """Return one string per row that tells accounts apart, from the columns NAME or (platform_SUFFIX, account_SUFFIX).

    The length of the platform stands in front, so that no separator inside a name can make two accounts one.
    """
    platform, account = (rows[column] for column in (NAME if suffix is None else (f"platform_{suffix}", f"account_{suffix}")))
    return pc.binary_join_element_wise(pc.cast(pc.binary_length(platform), pa.string()), platform, account, ":")


def unique(tables: Iterable[pa.Table]) -> pa.Table:
    """Return the distinct accounts of `tables` (columns NAME), in UTF-8 byte order of (platform, account_id)."""
    rows = pa.concat_tables([table.select(NAME) for table in tables])
    return rows.group_by(list(NAME)).aggregate([]).sort_by([(column, "ascending") for column in NAME])


def members(run_folder: Path, *, clusters: Sequence[str] | None = None) -> pa.Table:
    """Return one row per account of a cluster, or of `clusters`: NAME, handle, first_cluster, cluster, cluster_kind, role,
    flagged, coordination.

    Where an account stands in several clusters (only a source may), they are joined by | and the first one counts.
    A kind that says inauthentic is passed on only from claim level 3, and never for a source: it says nothing of that account.
    """
    rows = runs.load(run_folder, "member")
    if clusters is not None:
        rows = rows.filter(pc.is_in(rows["cluster_id"], value_set=pa.array(clusters, pa.string())))
    kind, flagged = _judgement(rows, runs.load(run_folder, "cluster", ["cluster_id", "claim_level"]))
    rows = rows.drop_columns(["kind", "flagged"]).append_column("cluster_kind", kind).append_column("flagged", flagged)
    rows = rows.append_column("is_source", pc.equal(rows["role"], "source"))
    rows = rows.sort_by([(column, "ascending") for column in (*NAME, "is_source", "cluster_id")])
    kept = ("handle", "cluster_kind", "role", "flagged", "coordination")
    wanted = [(column, "first", pc.ScalarAggregateOptions(skip_nulls=False)) for column in kept]
    one = rows.group_by(list(NAME), use_threads=False).aggregate([*wanted, ("cluster_id", "list")])
    columns = {column: one[column] for column in NAME} | {column: one[f"{column}_first"] for column in kept}
    clusters = one["cluster_id_list"]
    return pa.table(columns | {"first_cluster": pc.list_element(clusters, 0), "cluster": pc.binary_join(clusters, "|")})


def _judgement(rows: pa.Table, clusters: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return the kind to show and whether to flag, per member row: what the claim level of its cluster allows."""
    of_row = pc.index_in(rows["cluster_id"], value_set=flat(clusters["cluster_id"]))
    allowed = pc.fill_null(pc.greater_equal(clusters["claim_level"].take(of_row), 3), False)
    not_source = pc.not_equal(rows["role"], "source")
    accuses = pc.is_in(rows["kind"], value_set=pa.array(FLAGGED_KINDS))
    kind = pc.if_else(pc.and_not(accuses, allowed), "undetermined", rows["kind"])
    for code, shown in KIND_WORDS.items():
        kind = pc.if_else(pc.equal(kind, code), shown, kind)
    return pc.if_else(not_source, kind, pa.scalar(None, pa.string())), pc.and_(rows["flagged"], pc.and_(allowed, not_source))


def describe(names: pa.Table, inside: pa.Table, *, posts: Sequence[Path], accounts: Sequence[Path]) -> pa.Table:
    """Return `names` (distinct, columns NAME) with what is known of each: node id, label parts, cluster, role, posts.

    One pass over the posts and one over the accounts of the case; memory: BATCH rows and one row per name.
    """
    keys = flat(key(names))
    ix = pc.index_in(keys, value_set=flat(key(inside)))
    columns = {column: inside[column].take(ix) for column in inside.column_names if column not in NAME}
    columns["flagged"] = pc.fill_null(columns["flagged"], False)
    columns |= {column: pc.fill_null(columns[column], NO_KIND) for column in ("cluster", "cluster_kind")}
    columns["handle"] = pc.coalesce(columns["handle"], _handles(keys, accounts))
    ids = [node_id(*name) for name in zip(*(names[column].to_pylist() for column in NAME), strict=True)]
    known = pa.table({"id": pa.array(ids, pa.string()), **{column: names[column] for column in NAME}, **columns})
    return known.append_column("posts", _count(keys, posts))


def _count(keys: pa.Array, posts: Sequence[Path]) -> pa.Array:
    """Return how many posts of the case each account wrote."""
    counts = np.zeros(len(keys), dtype=np.int64)
    for rows in _batches(posts, NAME):
        ix = pc.index_in(key(rows), value_set=keys).drop_null()
        counts += np.bincount(ix.to_numpy(zero_copy_only=False), minlength=len(keys))
    return pa.array(counts)


def _handles(keys: pa.Array, accounts: Sequence[Path]) -> pa.Array:
    """Return the handle of each account as the account table gives it; NULL where it does not."""
    handles: list[str | None] = [None] * len(keys)
    for rows in _batches(accounts, (*NAME, "handle")):
        ix = pc.index_in(key(rows), value_set=keys)
        known = rows.filter(pc.is_valid(ix))
        for i, handle in zip(ix.drop_null().to_pylist(), known["handle"].to_pylist(), strict=True):
            handles[i] = handle
    return pa.array(handles, pa.string())


def _batches(parts: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for part in parts:
        with pq.ParquetFile(part) as file:
            yield from file.iter_batches(BATCH, columns=list(columns))


def flat(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return `values` as one array, as a set to look up in."""
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
