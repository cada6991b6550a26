"""Kill an ingest at random instants and look whether the case is as before or as after: no row lost, none doubled.

    python scripts/kill.py --kills 200

A case holds one file. A second process begins to ingest two more, some of whose records belong to posts that are already there,
and is ended by SIGKILL (TerminateProcess on Windows) between its first and its last moment. Then the case must open, hold exactly
the rows of before or of after in whole files, and the same command given again must lead to the rows of after.
"""

import argparse
import csv
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

import cib
from cib.case import Case, sha256
from cib.schema import DATA_TABLES

INGEST = "cib.ingest(sys.argv[1], sys.argv[2:], threads=1, memory='500MB')"
CHILD = f"import sys, cib, cib.sources; print('ready', flush=True); {INGEST}"
N_POSTS = 2_000


def write(folder: Path) -> tuple[Path, list[Path]]:
    """Write the file that the case holds and the two that are added; a third of their records are of posts that are there."""
    first = folder / "first.csv"
    with first.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["post_id", "account_id", "created_at", "text", "followers"])
        out.writerows(_row(number) for number in range(N_POSTS))
    more = [folder / "second.csv", folder / "third.jsonl"]
    with more[0].open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["post_id", "account_id", "created_at", "text", "lang"])
        out.writerows([*_row(number)[:4], "en"] for number in range(N_POSTS * 2 // 3, N_POSTS * 5 // 3))
        out.writerow(["x", "a", "no time", "refused", ""])
    with more[1].open("w", encoding="utf-8") as file:
        for number in range(N_POSTS // 2, N_POSTS * 3 // 2):
            names = ("post_id", "account_id", "created_at", "text", "followers")
            file.write(json.dumps(dict(zip(names, _row(number), strict=True)) | {"urls": ["https://a.example/x"]}) + "\n")
        file.write("{broken\n")
    return first, more


def _row(number: int) -> list[str]:
    at = f"2024-03-{1 + number % 28:02}T10:{number % 60:02}:05Z"
    return [str(number), f"account{number % 97}", at, f"the polls close at eight, says number {number}", str(number)]


def rows(root: Path) -> tuple[Counter, ...]:
    """Return the rows of the three tables, counted. Raises AssertionError where a listed file is not what was committed."""
    case = Case.open(root)
    for part, digest in case.record["hashes"].items():
        assert sha256(root / "data" / part) == digest, f"{part} is not as it was committed"
    return tuple(
        Counter(
            json.dumps(row, default=str, sort_keys=True) for part in case.parts(table) for row in pq.read_table(part).to_pylist()
        )
        for table in DATA_TABLES
    )


def killed(root: Path, files: list[Path], *, after_s: float) -> float | None:
    """Begin to ingest and end the process `after_s` seconds later; return how long it took where it ended by itself before."""
    command = [sys.executable, "-c", CHILD, str(root), *map(str, files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()  # type: ignore[union-attr]
        started = time.perf_counter()
        try:
            process.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    assert process.returncode == 0, "the ingest failed"
    return time.perf_counter() - started


def trials(folder: Path, *, kills: int, seed: int = 1) -> Counter:
    """Return how often the case was as before, and as after. Raises AssertionError where it was neither."""
    first, more = write(folder)
    base, done = folder / "base", folder / "done"
    cib.ingest(base, [first], threads=1)
    shutil.copytree(base, done)
    longest = killed(done, more, after_s=600)
    assert longest is not None
    states = {"before": rows(base), "after": rows(done)}
    draw, found = random.Random(seed), Counter()
    for number in range(kills):
        case = folder / f"case{number}"
        shutil.copytree(base, case)
        ended = killed(case, more, after_s=draw.uniform(0, longest))
        seen = rows(case)
        state = next((name for name, expected in states.items() if seen == expected), "neither")
        assert state != "neither", f"kill {number}: the case is neither as before nor as after"
        cib.ingest(case, more, threads=1)
        assert rows(case) == states["after"], f"kill {number}: given again, the files lead to other rows"
        with Case.open(case).hold():
            left = {path.relative_to(case / "data").as_posix() for path in (case / "data").rglob("*") if path.is_file()}
        assert left == set(Case.open(case).record["hashes"]), f"kill {number}: what a dead process wrote stays"
        found[f"{state}, {'killed' if ended is None else 'ended by itself'}"] += 1
        shutil.rmtree(case)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = trials(Path(folder), kills=asked.kills, seed=asked.seed)
    for state, count in sorted(found.items()):
        print(f"{count} times the case was as {state}")
    print(f"{asked.kills} kills: no row lost, none doubled; the same command given again led to the same rows every time")


if __name__ == "__main__":
    main()
