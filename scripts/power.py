"""Power and error on the grid of campaigns, beside the two usual rules at their own best thresholds.

python scripts/power.py                              # 192 cells in eight worlds of 3,000 accounts; the final seeds
python scripts/power.py --accounts 20000 --json FILE
python scripts/power.py --seed 11 --worlds 1         # development: other seeds, fewer worlds

Accounts with a post are judged. `found`: in a cluster that is neither syndication nor a crowd. The usual rules get, over all
worlds together, the setting and the threshold that truth likes best, which nobody has in practice; we get none. Of ties, those
inside one innocent group (a wire service, a petition) are real joint action and told apart; FDP = false / (false + campaign).
Its interval is exact for independent ties, which ties of one cluster are not: the worlds' own extremes stand beside it.
Peak memory is that of `cib detect`; 20,000 accounts need 7 GB and two minutes of CPU per world.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import bench
import numpy as np
import rivals

from cib.simulator import grid

FINAL_SEEDS = tuple(range(9001, 9009))  # one per world; nothing is developed on them
RATE = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--worlds", type=int, default=len(FINAL_SEEDS), help="how many of the grid's eight")
    parser.add_argument("--seed", type=int, default=FINAL_SEEDS[0], help="of the first world; the next has the next")
    parser.add_argument("--json", type=Path, help="also write every number to this file")
    args = parser.parse_args()
    cells, started = grid.cells(), time.process_time()
    made = []
    for number, campaigns in enumerate(grid.worlds(cells)[: args.worlds]):
        with tempfile.TemporaryDirectory() as folder:
            made.append(bench.make(Path(folder), campaigns, accounts=args.accounts, seed=args.seed + number))
        print(f"world {number}: {line(made[-1])}", flush=True)
    facts = {"accounts": args.accounts, "seed": args.seed, "worlds": len(made)}
    facts |= {
        "rules": rules(made),
        "ties": {str(rate): errors(made, rate) for rate in bench.RATES},
        "cells": per_cell(made, cells),
    }
    facts |= {"innocent": innocent(made), "cpu_s": round(time.process_time() - started)}
    show(facts)
    if args.json:
        args.json.write_text(json.dumps(facts, indent=1, default=lambda number: number.item()) + "\n", encoding="utf-8")


def line(world: bench.World) -> str:
    right = np.count_nonzero(world.found & world.core)
    return (
        f"{len(world.keys)} accounts, {np.count_nonzero(world.core)} to find, {np.count_nonzero(world.found)} found, {right} of "
        f"them right; ties {dict(sorted(world.ties[bench.RATES[0]].items()))}; {world.facts['peak_memory_mb']} MB"
    )


def rules(worlds: list[bench.World]) -> dict[str, dict]:
    """Return precision, recall and F1 over all worlds together, per rule; and recall where 1 in 1,000 others is found."""
    core = np.concatenate([world.core for world in worlds])
    ordinary = np.concatenate([world.group == "" for world in worlds])
    found = np.concatenate([world.found for world in worlds])
    rows = {"cib": accuracy(found, core) | at_rate(np.concatenate([w.score for w in worlds]), core, ordinary)}
    for rule, settings in (worlds[0].rivals if worlds else {}).items():
        scores = {name: np.concatenate([world.rivals[rule][name] for world in worlds]) for name in settings}
        tried = {name: rivals.best_f1(score, core) for name, score in scores.items()}
        name = max(tried, key=lambda name: tried[name][0])
        threshold = tried[name][1]
        best = [at_rate(score, core, ordinary) for score in scores.values()]
        row = accuracy(scores[name] >= threshold, core) | {key: max(each[key] for each in best) for key in best[0]}
        rows[rule] = row | {"setting": name, "threshold": threshold}
    return rows


def accuracy(found: np.ndarray, core: np.ndarray) -> dict[str, float]:
    right, n = np.count_nonzero(found & core), np.count_nonzero(found)
    n_core = np.count_nonzero(core)
    return {"n": n, "precision": right / max(n, 1), "recall": right / max(n_core, 1), "f1": 2 * right / max(n + n_core, 1)}


def at_rate(score: np.ndarray, core: np.ndarray, ordinary: np.ndarray) -> dict[str, float]:
    of_all = rivals.recall_at(score, core, innocent=~core, rate=RATE)
    return {"recall_at": of_all, "recall_at_ordinary": rivals.recall_at(score, core, innocent=ordinary, rate=RATE)}


def errors(worlds: list[bench.World], rate: float) -> dict:
    """Return the ties of all worlds together by what they join, and the share of them that is false, with its bounds."""
    pooled = sum((world.ties[rate] for world in worlds), Counter())
    false, of = pooled["false"], pooled["false"] + pooled["campaign"]
    each = [w.ties[rate]["false"] / max(w.ties[rate]["false"] + w.ties[rate]["campaign"], 1) for w in worlds]
    low, high = bench.share_bounds(false, of)
    return {
        "ties": dict(sorted(pooled.items())),
        "fdp": false / max(of, 1),
        "low": low,
        "high": high,
        "worlds": [min(each), max(each)],
    }


def per_cell(worlds: list[bench.World], cells) -> list[dict]:
    """Return every cell with the share of its accounts that we find, and that each usual rule finds at its best setting."""
    best = {rule: row for rule, row in rules(worlds).items() if "setting" in row}
    rows = []
    for world in worlds:
        for cell in cells:
            mine = world.group == cell.name
            if mine.any():
                row = asdict(cell) | {"accounts": int(mine.sum()), "cib": float(world.found[mine].mean())}
                for rule, choice in best.items():
                    score = world.rivals[rule][choice["setting"]][mine]
                    row[rule] = float((score >= choice["threshold"]).mean())
                rows.append(row)
    return rows


def innocent(worlds: list[bench.World]) -> dict[str, dict[str, int]]:
    """Return, per group that should not be found, how many accounts it has, and how many are found and flagged."""
    rows: dict[str, Counter] = {}
    for world in worlds:
        for name in sorted(set(world.group[~world.core])):
            its = (world.group == name) & ~world.core
            row = {"accounts": its.sum(), "found": world.found[its].sum(), "flagged": world.flagged[its].sum()}
            rows.setdefault(name or "ordinary", Counter()).update({key: int(value) for key, value in row.items()})
    return {name: dict(row) for name, row in sorted(rows.items())}


def show(facts: dict) -> None:
    n_cells = len(facts["cells"])
    print(f"\n{facts['accounts']} ordinary accounts, {facts['worlds']} worlds from seed {facts['seed']}, {n_cells} cells")
    print(f"{'rule':<20} found  prec  recall  F1    recall at FPR 1e-3: of all, of ordinary people; setting")
    for rule, row in facts["rules"].items():
        chosen = f"{row['setting']}, at least {row['threshold']:.3g}" if "setting" in row else ""
        print(f"{rule:<20} {row['n']:>5} {row['precision']:.3f}  {row['recall']:.3f} {row['f1']:.3f}  {row['recall_at']:.3f} "
              f"{row['recall_at_ordinary']:.3f}  {chosen}")  # fmt: skip
    for rate, row in facts["ties"].items():
        print(f"ties at q = {rate}: {row['ties']}")
        least, most = row["worlds"]
        print(f"  FDP {row['fdp']:.4f}, 95 % bounds {row['low']:.4f} to {row['high']:.4f}; by world {least:.4f} to {most:.4f}")
    show_levels(facts["cells"], list(facts["rules"]))
    for name, row in facts["innocent"].items():
        print(f"  {name:<16} {row['accounts']:>7} accounts {row['found']:>5} found {row['flagged']:>5} flagged")
    print(f"{facts['cpu_s']} s of CPU")


def show_levels(cells: list[dict], rules_shown: list[str]) -> None:
    """Print the mean share of a cell's accounts that is found, per level of each factor, over all other factors."""
    print(f"{'mean share found':<20} cells  " + "  ".join(f"{name:>18}" for name in rules_shown))
    for factor in ("regime", *grid.LEVELS):
        for level in dict.fromkeys(sorted(row[factor] for row in cells)):
            rows = [row for row in cells if row[factor] == level]
            means = "  ".join(f"{np.mean([row[name] for row in rows]):>18.3f}" for name in rules_shown)
            print(f"{factor + ' ' + str(level):<20} {len(rows):>5}  {means}")
    half = {name: sum(row[name] >= 0.5 for row in cells) for name in rules_shown}
    print(f"cells of which half or more is found: {half}")


if __name__ == "__main__":
    main()
