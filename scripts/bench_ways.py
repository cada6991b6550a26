"""The ways that `bench_rivals.py` compares, one per process: bench_ways.py TASK WAY FOLDER prints what it took as JSON.

A way reads the task's input from FOLDER, works, and counts what it found. `work` is the CPU time between input in memory and
result; imports, reading and compiled kernels are in the whole process only, which the caller measures. Rivals run in an
environment of their own, without this program.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

WINDOW_S = 60
LEAST = 0.5  # cosine
JACCARD = 0.7
PERMUTATIONS = 128
PAIRS_SQL = """
WITH act AS (
  SELECT user_id AS account, repost_id AS item, CAST("timestamp" AS BIGINT) AS acted_at FROM read_csv($file, all_varchar = true)
),
probe AS (
  SELECT account, item, acted_at, acted_at // $w AS bucket FROM act
  UNION ALL
  SELECT account, item, acted_at, acted_at // $w + 1 FROM act
)
SELECT LEAST(act.account, probe.account) AS a, GREATEST(act.account, probe.account) AS b, COUNT(*) AS n
FROM act
JOIN probe ON probe.item = act.item AND probe.bucket = act.acted_at // $w
WHERE act.acted_at - probe.acted_at BETWEEN 0 AND $w
  AND (act.acted_at > probe.acted_at OR act.account > probe.account)
GROUP BY 1, 2
HAVING COUNT(*) >= 2
"""

Found = dict[str, Any]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def pairs_by_cib(folder: Path) -> Found:
    from pyarrow import csv

    from cib.coaction import NONE, Acts, Meetings, Rule

    def work():
        kinds = {"user_id": "string", "repost_id": "string", "timestamp": "int64"}
        rows = csv.read_csv(
            folder / "acts.csv", convert_options=csv.ConvertOptions(include_columns=list(kinds), column_types=kinds)
        )
        account, item = (rows[name].combine_chunks().dictionary_encode().indices.to_numpy() for name in ("user_id", "repost_id"))
        order = np.lexsort((rows["timestamp"].to_numpy(), item))
        columns = (item[order].astype(np.int64), rows["timestamp"].to_numpy()[order], account[order].astype(np.int32))
        acts = Acts(*columns, np.ones(len(order), np.int32), NONE, NONE)
        rule = Rule((WINDOW_S, *[None] * 5), 2, by_post=False, favourite=False)
        meetings = Meetings(acts, rule, block=np.zeros(int(account.max()) + 1, np.int32), room_bytes=1 << 28)
        counts = [n[:, 0] for _, n in meetings.rows()]
        return sum(map(len, counts)), sum(int(n.sum()) for n in counts)

    took, (n, total) = timed(work)
    return {"work": took, "found": [n, total]}


def pairs_by_duckdb(folder: Path) -> Found:
    import duckdb

    base = duckdb.connect(config={"threads": 1, "preserve_insertion_order": False})
    given = {"file": str(folder / "acts.csv"), "w": WINDOW_S}
    took, found = timed(lambda: base.execute(f"SELECT COUNT(*), CAST(SUM(n) AS BIGINT) FROM ({PAIRS_SQL})", given).fetchone())
    return {"work": took, "found": list(found)}


def pairs_by_polars(folder: Path) -> Found:
    import os

    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    def work():
        act = pl.scan_csv(folder / "acts.csv", infer_schema=False).select(
            account="user_id", item="repost_id", acted_at=pl.col("timestamp").cast(pl.Int64)
        )
        act = act.with_columns(bucket=pl.col("acted_at") // WINDOW_S)
        probe = pl.concat([act, act.with_columns(bucket=pl.col("bucket") + 1)])
        gap = pl.col("acted_at") - pl.col("acted_at_right")
        later = (gap > 0) | (pl.col("account") > pl.col("account_right"))
        met = act.join(probe, on=["item", "bucket"]).filter((gap >= 0) & (gap <= WINDOW_S) & later)
        ends = {"a": pl.min_horizontal("account", "account_right"), "b": pl.max_horizontal("account", "account_right")}
        return met.select(**ends).group_by("a", "b").agg(n=pl.len()).filter(pl.col("n") >= 2).collect()["n"]

    took, n = timed(work)
    return {"work": took, "found": [len(n), int(n.sum())]}


def pairs_by_toolkit(folder: Path) -> Found:
    import contextlib
    import io
    import sqlite3

    from coordination_network_toolkit import compute_networks, preprocess

    base = folder / "toolkit.db"
    base.unlink(missing_ok=True)

    def work():
        with contextlib.redirect_stdout(io.StringIO()):
            preprocess.preprocess_csv_files(str(base), [str(folder / "acts.csv")])
            compute_networks.compute_co_retweet_parallel(str(base), WINDOW_S, n_threads=1, min_edge_weight=2)
        return (
            sqlite3.connect(base).execute("SELECT COUNT(*), SUM(weight) FROM co_retweet_network WHERE user_1 < user_2").fetchone()
        )

    took, found = timed(work)
    return {"work": took, "found": list(found)}


def _matrix(folder: Path) -> list[np.ndarray]:
    return [np.load(folder / "acts.npz")[name] for name in ("account", "item", "n_acts")]


def cosine_by_cib(folder: Path) -> Found:
    from dataclasses import replace

    from cib import graphdef, similarity

    graph = replace(graphdef.select("co_link_cosine")[0], min_shared=1, min_similarity=LEAST)
    columns = _matrix(folder)
    for batch in similarity.similar(similarity.Acts(*(column[:100] for column in columns)), graph):  # compiled kernels
        assert batch.num_columns
    took, n = timed(lambda: sum(batch.num_rows for batch in similarity.similar(similarity.Acts(*columns), graph)))
    return {"work": took, "found": n}


def cosine_by_topn(folder: Path) -> Found:
    from scipy import sparse
    from sparse_dot_topn import sp_matmul_topn

    account, item, n_acts = _matrix(folder)

    def work():
        n = int(account.max()) + 1
        idf = np.log((1.0 + n) / (1.0 + np.bincount(item))) + 1.0
        rows = sparse.csr_matrix((n_acts * idf[item], (account, item)))
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows = (sparse.diags(1.0 / length) @ rows).tocsr()
        alike = sp_matmul_topn(rows, rows.T.tocsr(), top_n=1000, threshold=LEAST - 1e-12, n_threads=1).tocoo()
        return int(np.count_nonzero(alike.row < alike.col))

    took, n = timed(work)
    return {"work": took, "found": n}


def _recall(folder: Path, found: set[tuple[int, int]]) -> float:
    """Return the share of the true pairs that were found: int64[n, 2], the earlier text first."""
    return float(np.mean([tuple(pair) in found for pair in np.load(folder / "true.npy").tolist()]))


def texts_by_cib(folder: Path) -> Found:
    """Every text of an account of its own, all of them within the window."""
    import pyarrow as pa

    from cib import neartext

    def work(texts):
        column = pa.array(texts, pa.large_string())
        number = np.arange(len(texts))
        acts = neartext.Acts(number, number, number, np.zeros(len(texts), np.int64))
        batches = list(neartext.similar(acts, neartext.tokenised(iter([column])), window_s=10))
        return [np.concatenate([batch.column(k).to_numpy() for batch in batches]) for k in range(2)]

    texts = (folder / "texts.txt").read_text(encoding="utf-8").split("\n")
    work(texts[:1000])
    took, (a, b) = timed(lambda: work(texts))
    return {"work": took, "found": _recall(folder, set(zip(a.tolist(), b.tolist(), strict=True))), "candidates": len(a)}


def _sketched(folder: Path, index: Any, sketch: Callable[[list[str]], Any]) -> Found:
    texts = (folder / "texts.txt").read_text(encoding="utf-8").split("\n")

    def work():
        found = set()
        for number, text in enumerate(texts):
            own = sketch([f"{a} {b}" for a, b in pairwise(text.split())])
            found.update((other, number) for other in index.query(own))
            index.insert(number, own)
        return found

    took, found = timed(work)
    return {"work": took, "found": _recall(folder, found), "candidates": len(found)}


def texts_by_rensa(folder: Path) -> Found:
    from rensa import RMinHash, RMinHashLSH

    def sketch(grams: list[str]) -> RMinHash:
        own = RMinHash(num_perm=PERMUTATIONS, seed=1)
        own.update(grams)
        return own

    return _sketched(folder, RMinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS, num_bands=32), sketch)


def texts_by_datasketch(folder: Path) -> Found:
    from datasketch import MinHash, MinHashLSH

    def sketch(grams: list[str]) -> MinHash:
        own = MinHash(num_perm=PERMUTATIONS)
        own.update_batch([gram.encode() for gram in grams])
        return own

    return _sketched(folder, MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS), sketch)


def _graph(folder: Path) -> tuple:
    held = np.load(folder / "graph.npz")
    return int(held["n"]), held["source"], held["target"], held["weight"]


def _written(path: Path) -> list[int]:
    """Return how many nodes and edges the file holds."""
    text = path.read_text(encoding="utf-8")
    return [text.count("<node id="), text.count("<edge ")]


def gexf_by_cib(folder: Path) -> Found:
    import pyarrow as pa

    from cib.graphfiles import gexf, network

    n, source, target, weight = _graph(folder)
    name = pa.array([f"account {number}" for number in range(n)])
    flat, grey = pa.array(np.zeros(n)), pa.array(np.full(n, 99, np.int32))
    looks = (pa.array([f"n{number}" for number in range(n)]), name, flat, flat, flat, grey, grey, grey)
    nodes = pa.table(dict(zip(network.NODE_LOOK, looks, strict=True)))
    edges = pa.table(dict(zip(network.EDGE_LOOK, map(pa.array, (source, target, weight)), strict=True)))
    whole = network.Network(nodes, edges, False, len(source))
    took, _ = timed(lambda: gexf.write(folder / "cib.gexf", whole, description="bench"))
    return {"work": took, "found": _written(folder / "cib.gexf")}


def gexf_by_plain(folder: Path) -> Found:
    """The least that can be written: nothing escaped, no looks. Beside it writers are timed alone, their graph built before."""
    n, source, target, weight = _graph(folder)

    def work():
        with (folder / "plain.gexf").open("w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph><nodes>\n')
            for number in range(n):
                file.write(f'<node id="n{number}" label="account {number}"/>\n')
            file.write("</nodes><edges>\n")
            for number, (a, b, w) in enumerate(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)):
                file.write(f'<edge id="{number}" source="n{a}" target="n{b}" weight="{w!r}"/>\n')
            file.write("</edges></graph></gexf>\n")

    took, _ = timed(work)
    return {"work": took, "found": _written(folder / "plain.gexf")}


def gexf_by_networkx(folder: Path) -> Found:
    import networkx

    n, source, target, weight = _graph(folder)
    graph = networkx.Graph()
    graph.add_nodes_from((f"n{number}", {"label": f"account {number}"}) for number in range(n))
    graph.add_weighted_edges_from(
        (f"n{a}", f"n{b}", w) for a, b, w in zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)
    )
    took, _ = timed(lambda: networkx.write_gexf(graph, folder / "networkx.gexf"))
    return {"work": took, "found": _written(folder / "networkx.gexf")}


def gexf_by_networkit(folder: Path) -> Found:
    import networkit

    n, source, target, weight = _graph(folder)
    graph = networkit.GraphFromCoo((weight, (source, target)), n=n, weighted=True)
    took, _ = timed(lambda: networkit.graphio.writeGraph(graph, str(folder / "networkit.gexf"), networkit.Format.GEXF))
    return {"work": took, "found": _written(folder / "networkit.gexf")}


def peak_mb() -> float:
    """Return the largest resident size of this program; what its parent held when it forked does not count."""
    lines = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else []
    held = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if held is None else held) / 1000


if __name__ == "__main__":
    task, way, place = sys.argv[1:]
    found = globals()[f"{task}_by_{way}"](Path(place))
    print(json.dumps(found | {"peak": peak_mb()}))
