"""How fast pairs are counted, beside time-bucketed SQL and data frames, on the same generated acts, and whether the counts agree.

python scripts/speed.py                                        # a million acts within 60 s
python scripts/speed.py --acts 10000000 --rivals duckdb,polars # polars: pip install polars
python scripts/speed.py --acts 100000000 --windows 10,60 --rivals none --repeats 1

Every measurement is a process of its own, the ways in turn, one thread each. The clock runs from the coded acts in memory (Arrow,
sorted as the table `act` is) to the table of pairs in memory; imports, reading and compiled kernels are not in it. The peak is
that of the whole process. "again" is a second time in the same process: on a virtual machine the first touch of memory may cost
as much as the work. With two threads the counts must be the same. Up to ten million acts the last two lines compare one window of
6 h with five windows at once, which find more coincidences: an act whose crowd is too large for 6 h takes part at a narrower
window. More acts are made and written ten million at a time, over the same accounts.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cib.coaction import Acts, Meetings, Rule

DAY_S = 86_400
FIVE = (10, 60, 300, 3600, 21_600)
MAX_CROWD = 300
ROOM = 1 << 28  # bytes for keys
BLOCK = 10_000_000  # acts that are made at once
SHAPE = pa.schema([("item_ix", pa.int64()), ("acted_at", pa.int64()), ("account_ix", pa.int32()), ("level", pa.int32())])

SQL = """
WITH probe AS (
  SELECT account_ix, item_ix, acted_at, acted_at // $w AS bucket FROM act
  UNION ALL
  SELECT account_ix, item_ix, acted_at, acted_at // $w + 1 AS bucket FROM act
)
SELECT
  LEAST(act.account_ix, probe.account_ix) AS account_a_ix,
  GREATEST(act.account_ix, probe.account_ix) AS account_b_ix,
  COUNT(*) AS n
FROM act
JOIN probe
  ON probe.item_ix = act.item_ix
  AND probe.bucket = act.acted_at // $w
WHERE act.acted_at - probe.acted_at BETWEEN 0 AND $w
  AND (act.acted_at > probe.acted_at OR act.account_ix > probe.account_ix)
GROUP BY 1, 2
HAVING COUNT(*) >= 2
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--acts", type=int, default=1_000_000)
    asked.add_argument("--windows", default="60", help="seconds, each measured alone, with commas")
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--rivals", default="duckdb", help="of duckdb, polars, or none")
    asked.add_argument("--one", nargs=3, metavar=("WAY", "FILE", "WINDOWS"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        way, file, windows = given.one
        print(json.dumps(measure(WAYS[way], Path(file), tuple(int(w) for w in windows.split(",")))))
        return
    rivals = [name for name in given.rivals.split(",") if name != "none"]
    alone = [(int(w),) for w in given.windows.split(",")]
    beside = [("cib, 6 h", "cib", FIVE[-1:]), ("cib, five windows", "cib", FIVE)] if given.acts <= BLOCK else []
    ways = [(f"{name}, {w[0]} s", name, w) for w in alone for name in ("cib", "cib2", *rivals)] + beside
    with tempfile.TemporaryDirectory() as folder:
        files = {windows: Path(folder) / f"{'-'.join(map(str, windows))}.parquet" for _, _, windows in ways}
        write(files, given.acts)
        show([(label, [way, str(files[w]), ",".join(map(str, w))]) for label, way, w in ways], repeats=given.repeats)


def write(files: dict[tuple[int, ...], Path], n: int) -> None:
    """Write about n acts, with their levels, for each set of windows."""
    with ExitStack() as open_files:
        writers = {windows: open_files.enter_context(pq.ParquetWriter(path, SHAPE)) for windows, path in files.items()}
        for number, done in enumerate(range(0, n, BLOCK)):
            item, *others = world(min(BLOCK, n - done), n_accounts=max(n // 10, 100), seed=number + 1)
            for windows, writer in writers.items():
                writer.write_table(acts((item + (number << 27), *others), windows))


def show(runs: list[tuple[str, list[str]]], *, repeats: int) -> None:
    """Measure the ways in turn and print medians, and the CPU time of each as a multiple of the first's."""
    found: dict[str, list[dict]] = {label: [] for label, _ in runs}
    for _ in range(repeats):
        for label, words in runs:
            done = subprocess.run([sys.executable, __file__, "--one", *words], capture_output=True, text=True, check=True)
            found[label].append(json.loads(done.stdout))
    print(
        f"{'way':<18}{'acts':>11}{'pairs':>11}{'CPU s':>8}{'x':>6}{'again':>8}{'x':>6}{'wall s':>8}{'peak MB':>9}{'input MB':>10}"
    )
    first = found[runs[0][0]]
    for label, rows in found.items():
        cpu, again, wall, peak, held = (
            statistics.median(row[key] for row in rows) for key in ("cpu", "again", "wall", "peak", "held")
        )
        times = [statistics.median(row[key] / own[key] for row, own in zip(rows, first, strict=True)) for key in ("cpu", "again")]
        print(
            f"{label:<18}{rows[0]['acts']:>11,}{rows[0]['pairs']:>11,}{cpu:>8.2f}{times[0]:>6.1f}{again:>8.2f}{times[1]:>6.1f}"
            f"{wall:>8.2f}{peak:>9,.0f}{held:>10,.0f}"
        )
    for file in dict.fromkeys(words[1] for _, words in runs):
        alike = {(row["acts"], row["pairs"], row["sum"], row["mark"]) for label, words in runs for row in found[label]
                 if words[1] == file}  # fmt: skip
        print(f"{Path(file).stem} s:", "every count agrees" if len(alike) == 1 else f"COUNTS DIFFER: {alike}")
    print(f"load {os.getloadavg()[0]:.1f}")


def measure(way: Callable, file: Path, windows: tuple[int, ...]) -> dict:
    """Return the time that one way takes, at first and once more, and what it found: pairs, their sum, a mark of who they are."""
    table = pq.read_table(file)
    way(table.slice(0, 100_000), windows)  # imports and compiled kernels
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = time.process_time(), time.perf_counter()
    pairs = way(table, windows)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    again = time.process_time()
    way(table, windows)  # into memory that the process has touched before
    again = time.process_time() - again
    a, b, n = (pairs[name].to_numpy().astype(np.uint64) for name in ("account_a_ix", "account_b_ix", "n"))
    mark = int((((a << np.uint64(32)) | b) * np.uint64(0x9E3779B97F4A7C15) * n).sum())
    return {
        "cpu": cpu, "again": again, "wall": wall, "peak": peak / 1000, "held": held / 1000,
        "acts": table.num_rows, "pairs": len(n), "sum": int(n.sum()), "mark": mark,
    }  # fmt: skip


def by_cib(table: pa.Table, windows: tuple[int, ...], *, n_threads: int = 1) -> pa.Table:
    rule = Rule((*windows, *[None] * (6 - len(windows))), 2, False, False)
    block = np.zeros(int(np.max(table["account_ix"].to_numpy(), initial=0)) + 1, np.int32)
    meetings = Meetings(Acts.of(table, rule), rule, block=block, room_bytes=ROOM, n_threads=n_threads)
    parts = [
        pa.table({"account_a_ix": pair[:, 0], "account_b_ix": pair[:, 1], "n": n[:, len(windows) - 1]})
        for pair, n in meetings.rows()
    ]
    return pa.concat_tables(
        parts or [pa.table({name: pa.array([], pa.int32()) for name in ("account_a_ix", "account_b_ix", "n")})]
    )


def by_duckdb(table: pa.Table, windows: tuple[int, ...]) -> pa.Table:
    import duckdb

    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": False})
    connection.from_arrow(table).create_view("act")
    return connection.sql(SQL, params={"w": windows[0]}).to_arrow_table()


def by_polars(table: pa.Table, windows: tuple[int, ...]) -> pa.Table:
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    w, act = windows[0], pl.from_arrow(table).lazy()
    act = act.with_columns(bucket=pl.col("acted_at") // w)
    probe = pl.concat([act, act.with_columns(bucket=pl.col("bucket") + 1)])
    gap = pl.col("acted_at") - pl.col("acted_at_right")
    later = (gap > 0) | (pl.col("account_ix") > pl.col("account_ix_right"))
    met = act.join(probe, on=["item_ix", "bucket"]).filter((gap >= 0) & (gap <= w) & later)
    ends = {
        "account_a_ix": pl.min_horizontal("account_ix", "account_ix_right"),
        "account_b_ix": pl.max_horizontal("account_ix", "account_ix_right"),
    }
    return (
        met.select(**ends).group_by("account_a_ix", "account_b_ix").agg(n=pl.len()).filter(pl.col("n") >= 2).collect().to_arrow()
    )


WAYS = {"cib": by_cib, "cib2": partial(by_cib, n_threads=2), "duckdb": by_duckdb, "polars": by_polars}


def world(n: int, *, n_accounts: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return item, time and account of about n first acts: heavy-tailed cascades over a week, few accounts with much of it, and
    campaigns of 20 accounts that pass on each other's objects within a minute."""
    rng = np.random.default_rng(seed)
    n_campaigns = max(n // 100_000, 1)
    size = np.minimum(2 + rng.pareto(1.1, n // 4).astype(np.int64), n // 200)
    size = size[: np.searchsorted(np.cumsum(size), n)]
    item = np.repeat(np.arange(len(size)), size)
    start = rng.integers(0, 7 * DAY_S, len(size))
    pace = rng.lognormal(7.0, 1.5, len(size))  # seconds, of a cascade
    acted_at = start[item] + rng.exponential(pace[item]).astype(np.int64)
    account = (n_accounts * rng.random(len(item)) ** 2.5).astype(np.int64)
    ring = np.repeat(np.arange(n_campaigns), 20 * 50)
    their_item = len(size) + ring * 50 + np.tile(np.repeat(np.arange(50), 20), n_campaigns)
    their_start = rng.integers(0, 7 * DAY_S, n_campaigns * 50)
    item = np.append(item, their_item)
    acted_at = np.append(acted_at, their_start[their_item - len(size)] + rng.integers(0, 60, len(ring)))
    account = np.random.default_rng(1).permutation(n_accounts)[
        np.append(account, ring * 20 % n_accounts + np.tile(np.arange(20), n_campaigns * 50))
    ]
    order = np.lexsort((account, acted_at, item))
    item, acted_at, account = item[order], acted_at[order], account[order]
    _, first = np.unique(item * n_accounts + account, return_index=True)
    first.sort()
    return item[first], acted_at[first], account[first].astype(np.int32)


def acts(deeds: tuple[np.ndarray, ...], windows: tuple[int, ...]) -> pa.Table:
    """Return the acts with company that fit a crowd, as the table `act` has them."""
    item, acted_at, account = deeds
    key = item * (1 << 30) + acted_at
    level = np.zeros(len(item), np.int32)
    for number, w in enumerate(windows, start=1):
        crowd = np.searchsorted(key, key + w, side="right") - np.searchsorted(key, key - w) - 1
        level[crowd <= MAX_CROWD] = number
    kept = (crowd > 0) & (level > 0)
    columns = {"item_ix": item, "acted_at": acted_at, "account_ix": account, "level": level}
    return pa.table({name: values[kept] for name, values in columns.items()})


if __name__ == "__main__":
    main()
