"""Beside what is at hand elsewhere: one command, the same input, the same result, in turn, medians and ratios.

    python -m venv rivals-venv && rivals-venv/bin/pip install numpy scipy duckdb polars sparse_dot_topn rensa datasketch \\
        networkit networkx coordination-network-toolkit
    python scripts/bench_rivals.py --python rivals-venv/bin/python
    python scripts/bench_rivals.py --python rivals-venv/bin/python --only cosine,gexf --size 0.1 --repeats 1

pairs   a million acts from a CSV file to pairs that act on two objects within 60 s
cosine  100,000 accounts, tf-idf cosine of at least 0.5, objects of at most 1,000 accounts
texts   a million short texts; found are the true pairs of Jaccard similarity 0.7 of their word pairs (a share), never the rest
gexf    100,000 nodes and a million edges, with a weight, into a file that Gephi reads

Every way is a process of its own on one thread, A B A B. `work` is CPU time from input in memory to result, `CPU`, `wall` and
`peak` are of the whole process. Ratios are medians over the rounds, of `work`, and for pairs of `CPU`, since there the file is
part of the task. What is not installed is skipped, with the reason. A way that finds something else says so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import speed

WAYS = Path(__file__).with_name("bench_ways.py")
TASKS = {
    "pairs": ("cib", "duckdb", "polars", "toolkit"),
    "cosine": ("cib", "topn"),
    "texts": ("cib", "rensa", "datasketch"),
    "gexf": ("cib", "plain", "networkit", "networkx"),
}
WHOLE = {"pairs"}  # compared by the CPU time of the whole process
LONG_S = 1800


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--python", default=sys.executable, help="interpreter of the environment that holds the rivals")
    asked.add_argument("--only", default=",".join(TASKS), help="of " + ", ".join(TASKS))
    asked.add_argument("--size", type=float, default=1.0, help="of the inputs, 1 for the sizes above")
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--skip", default="", help="ways that are left out")
    given = asked.parse_args()
    for task in given.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            MAKERS[task](Path(folder), given.size)
            ways = [way for way in TASKS[task] if way not in given.skip.split(",")]
            show(task, compare(task, ways, Path(folder), python=given.python, repeats=given.repeats))


def compare(task: str, ways: list[str], folder: Path, *, python: str, repeats: int) -> dict[str, list[dict[str, Any]]]:
    """Return what every way took and found, per round; a way that fails once is not asked again."""
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way in ways:
            if not found[way] or "failed" not in found[way][-1]:
                found[way].append(one(task, way, folder, python=python))
    return found


def one(task: str, way: str, folder: Path, *, python: str) -> dict[str, Any]:
    """Return what one process took and found, or why it did not."""
    words = [sys.executable if way == "cib" else python, str(WAYS), task, way, str(folder)]
    begun = time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    limit = threading.Timer(LONG_S, process.kill)
    limit.start()
    told: list[bytes] = []
    listener = threading.Thread(target=lambda: told.append(process.stderr.read() if process.stderr else b""))
    listener.start()
    answer = process.stdout.read() if process.stdout else b""
    listener.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    if process.returncode:
        lines = told[0].decode(errors="replace").strip().splitlines()
        return {
            "failed": lines[-1] if lines else f"ended by signal {-process.returncode} after {LONG_S:,} s or for lack of memory"
        }
    return json.loads(answer.splitlines()[-1]) | {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.perf_counter() - begun,
    }


def show(task: str, found: dict[str, list[dict[str, Any]]]) -> None:
    """Print medians, and how many times as long as ours each took, round by round and as a median."""
    print(f"\n{task}\n{'way':<12}{'work s':>9}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'ratio':>8}{'from':>8}{'to':>8}  found")
    key, ours = "cpu" if task in WHOLE else "work", found["cib"]
    for way, rounds in found.items():
        if "failed" in rounds[-1]:
            print(f"{way:<12}  skipped: {rounds[-1]['failed']}")
            continue
        work, cpu, wall, peak = (statistics.median(row[name] for row in rounds) for name in ("work", "cpu", "wall", "peak"))
        ratios = [row[key] / own[key] for row, own in zip(rounds, ours, strict=True)]
        results = {json.dumps(row["found"]) for row in rounds}
        print(
            f"{way:<12}{work:>9.2f}{cpu:>9.2f}{wall:>9.2f}{peak:>9,.0f}{statistics.median(ratios):>8.2f}{min(ratios):>8.2f}"
            f"{max(ratios):>8.2f}  {' or '.join(sorted(results))}"
        )
    sums = {json.dumps(row["found"]) for rounds in found.values() for row in rounds if "failed" not in row}
    if task != "texts":
        print("every way found the same" if len(sums) == 1 else "THE WAYS FOUND DIFFERENT THINGS")
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)


def make_pairs(folder: Path, size: float) -> None:
    """Write acts as the toolkit reads them: each account at most once per object, nobody among more than 300."""
    rows = speed.acts(speed.world(int(1_000_000 * size), n_accounts=int(100_000 * size), seed=1), (60,))
    order = np.random.default_rng(2).permutation(rows.num_rows)
    item, acted_at, account = (rows[name].to_numpy()[order].tolist() for name in ("item_ix", "acted_at", "account_ix"))
    with (folder / "acts.csv").open("w", encoding="utf-8") as file:
        file.write("message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n")
        for number, (what, when, who) in enumerate(zip(item, acted_at, account, strict=True)):
            file.write(f"m{number},u{who},n{who},p{what},,,{when},\n")


def make_cosine(folder: Path, size: float) -> None:
    """Write who acted on what: popular and rare objects, at most 1,000 accounts each, and rings that share most of theirs."""
    rng = np.random.default_rng(3)
    n, n_items, per = int(100_000 * size), int(100_000 * size), 40
    account = np.repeat(np.arange(n), per)
    item = (n_items * rng.random(n * per) ** 2.2).astype(np.int64)
    ring = np.repeat(np.arange(n // 100) * 100, per)  # every hundredth account has ten who copy two thirds of what it does
    for k in range(1, 11):
        copied = rng.random(len(ring)) < 0.67
        item[(ring + k) * per + np.tile(np.arange(per), n // 100)] = np.where(
            copied, item[ring * per + np.tile(np.arange(per), n // 100)], rng.integers(0, n_items, len(ring))
        )
    both, n_acts = np.unique(account * n_items + item, return_counts=True)
    account, item = both // n_items, both % n_items
    kept = np.bincount(item)[item] <= 1000
    _, item = np.unique(item[kept], return_inverse=True)
    np.savez(folder / "acts.npz", account=account[kept].astype(np.int32), item=item, n_acts=n_acts[kept])


def make_texts(folder: Path, size: float) -> None:
    """Write texts of 10 to 20 words, a fifth of them in families of two to four that differ in few words, and the true pairs."""
    rng = np.random.default_rng(4)
    n = int(1_000_000 * size)
    words = [
        f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "ou") for c in ("l", "n", "r", "st", "m")
    ]
    vocabulary = np.array([a + b for a in words for b in words[:60]])
    length = rng.integers(10, 21, n)
    chosen = (len(vocabulary) * rng.random((n, 20)) ** 2).astype(np.int64)
    head = np.arange(n)
    for first in range(0, n - 4, 20):
        family = 2 + first // 20 % 3
        head[first : first + family] = first
    length = length[head]
    copy = chosen[head]
    change = (rng.random((n, 20)) < 0.06) & (head != np.arange(n))[:, None]
    chosen = np.where(change, chosen, copy)
    texts = [" ".join(vocabulary[row[:m]].tolist()) for row, m in zip(chosen, length.tolist(), strict=True)]
    (folder / "texts.txt").write_text("\n".join(texts), encoding="utf-8")
    true = [(a, b) for b in range(n) for a in range(head[b], b) if head[a] == head[b] and jaccard(texts[a], texts[b]) >= 0.7]
    np.save(folder / "true.npy", np.array(true))


def jaccard(a: str, b: str) -> float:
    """Return the Jaccard similarity of the sets of pairs of neighbouring words.

    >>> round(jaccard("we vote today here", "we vote today there"), 2)
    0.5
    """
    one, other = ({*pairwise(words)} for words in (a.split(), b.split()))
    return len(one & other) / len(one | other)


def make_gexf(folder: Path, size: float) -> None:
    """Write a network without loops and without doubles."""
    rng = np.random.default_rng(5)
    n, m = int(100_000 * size), int(1_000_000 * size)
    ends = np.unique(np.sort(rng.integers(0, n, (m + m // 10, 2)), axis=1), axis=0)
    ends = ends[ends[:, 0] < ends[:, 1]]
    ends = rng.permutation(ends)[:m]
    np.savez(folder / "graph.npz", n=n, source=ends[:, 0], target=ends[:, 1], weight=rng.random(len(ends)).round(6))


MAKERS: dict[str, Callable[[Path, float], None]] = {
    "pairs": make_pairs, "cosine": make_cosine, "texts": make_texts, "gexf": make_gexf,
}  # fmt: skip

if __name__ == "__main__":
    main()
