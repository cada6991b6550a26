"""The worst that data can do: is time, and memory, still bounded, and is it told what was left out?

    python scripts/worst.py                        # a million posts each
    python scripts/worst.py --posts 100000 --case one_second --memory 1GB

one_object   every account passes on one and the same post, within a minute
one_account  one account passes on every post there is, and so do a few others beside it
one_second   every account passes on a few of a thousand posts, all in one second

Each is ingested and detected in a process of its own. Printed: CPU and wall seconds, peak memory, acts, and how many of them a
crowd of more than `max_crowd` left out of the narrowest and of the widest window, as the manifest has it.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

START_S = 1_700_000_000
GRAPH = "co_retweet"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--posts", type=int, default=1_000_000)
    asked.add_argument("--case", default=",".join(CASES))
    asked.add_argument("--memory", default="2GB")
    asked.add_argument("--one", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(given.one, Path(folder), posts=given.posts, memory=given.memory)))
        return
    heads = ("CPU s", "wall s", "peak MB", "acts", "narrow", "wide", "meetings", "divided")
    print(f"{'case':<13}" + "".join(f"{head:>11}" for head in heads))
    for name in given.case.split(","):
        words = [sys.executable, __file__, "--one", name, "--posts", str(given.posts), "--memory", given.memory]
        row = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        names = ("cpu", "wall", "peak", "acts", "narrow", "wide", "coincidences", "divided")
        print(f"{name:<13}" + "".join(f"{row[column]:>11,.0f}" for column in names), flush=True)


def measure(name: str, folder: Path, *, posts: int, memory: str | None = None) -> dict[str, Any]:
    """Ingest and detect one case of about so many posts in `folder`; return what it took and what the manifest tells."""
    import cib
    from cib import runs

    pq.write_table(CASES[name](posts), folder / "posts.parquet")
    cpu, wall = time.process_time(), time.perf_counter()
    cib.ingest(folder / "case", [folder / "posts.parquet"], sample="full", threads=1, memory=memory)
    home = Path(cib.detect(folder / "case", graphs=GRAPH, threads=1, memory=memory)["folder"])
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    notes = runs.manifest(home)["notes"]
    crowds, meetings = notes["crowds"][GRAPH], notes["meetings"][GRAPH]
    left_out = list(crowds["left_out_by_window"].values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1000 if sys.platform != "darwin" else 1_000_000)
    return {
        "cpu": cpu, "wall": wall, "peak": peak, "acts": crowds["acts"], "narrow": left_out[0], "wide": left_out[-1],
        "max_crowd": crowds["max_crowd"], **meetings,
    }  # fmt: skip


def table(account: np.ndarray, of: np.ndarray, at_s: np.ndarray) -> pa.Table:
    """Return posts: who passes on which post, when (seconds from the start)."""
    return pa.table(
        {
            "post_id": pa.array([f"p{number}" for number in range(len(account))]),
            "account_id": pa.array([f"a{number}" for number in account.tolist()]),
            "created_at": pa.array((START_S + at_s) * 1_000_000, pa.timestamp("us", tz="UTC")),
            "retweet_of": pa.array([f"o{number}" for number in of.tolist()]),
        }
    )


def one_object(n: int) -> pa.Table:
    return table(np.arange(n), np.zeros(n, np.int64), np.arange(n) * 60 // n)


def one_account(n: int) -> pa.Table:
    """A hub on every post; on every tenth, somebody of a hundred others half a minute later."""
    others = np.arange(0, n, 10)
    account = np.concatenate([np.zeros(n, np.int64), 1 + others // 10 % 100])
    at_s = np.concatenate([np.arange(n), others + 30])
    return table(account, np.concatenate([np.arange(n), others]), at_s)


def one_second(n: int) -> pa.Table:
    number = np.arange(n)
    return table(number // 4, (number // 4 * 7 + number % 4 * 251) % 1000, np.zeros(n, np.int64))


CASES: dict[str, Callable[[int], pa.Table]] = {
    "one_object": one_object, "one_account": one_account, "one_second": one_second,
}  # fmt: skip

if __name__ == "__main__":
    main()
