"""What each part buys: the tables of power.py with one part switched off at a time.

python scripts/ablation.py                         # four worlds of the grid, the final seeds of power.py
python scripts/ablation.py --seed 11 --worlds 1    # development

blocks        no community multiplier: accounts of one community are expected to meet as strangers do
favourites    the interest that two accounts share most counts as evidence
near texts    only texts that are the same once normalised
time scales   one window, of 60 seconds, in every graph
extent        no groups whose single pairs are too weak

Worlds of power.py, so the same campaigns and the same innocent groups. `wrong` and `flagged wrongly` count accounts outside the
campaigns; false ties join neither one campaign nor one innocent group.
Peak memory is that of the process so far.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import bench
import numpy as np
import power

import cib
from cib import extent, significance, simulator
from cib.graphdef import GraphDef, builtin
from cib.simulator import grid

ONE_WINDOW_S = 60
NOBODY = -1.0  # a family-wise p that no group has


@contextmanager
def swapped(module, name: str, value) -> Iterator[None]:
    """Let `module.name` be `value` while it lasts."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def no_multiplier(n_shared, expected, between, *, rare, due) -> np.ndarray:
    """Take the place of `significance.fit_multiplier`: one for every block and across."""
    return np.ones(len(due))


@contextmanager
def without(part: str, folder: Path) -> Iterator[str | None]:
    """Switch a part off while it lasts, and give the graphs to detect with: None for those that run by default."""
    graphs = list(builtin())
    if part == "blocks":
        with swapped(significance, "fit_multiplier", no_multiplier):
            yield None
    elif part == "extent":
        with swapped(extent, "FAMILY_P", NOBODY):
            yield None
    elif part == "favourites":
        yield written(folder, [replace(graph, favourite=False) for graph in graphs])
    elif part == "near texts":
        yield written(folder, [graph for graph in graphs if graph.join != "similar"])
    elif part == "time scales":
        yield written(folder, [graph if graph.timeless else replace(graph, windows_s=(ONE_WINDOW_S,)) for graph in graphs])
    else:
        yield None


PARTS = ("", "blocks", "favourites", "near texts", "time scales", "extent")


def written(folder: Path, graphs: list[GraphDef]) -> str:
    """Write graphs as TOML files into `folder`, and return them as `cib detect --graphs` takes them."""
    folder.mkdir(exist_ok=True)
    for graph in graphs:
        rows = [f"{name} = {json.dumps(value)}" for name, value in asdict(graph).items()]
        (folder / f"{graph.name}.toml").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return ",".join(str(folder / f"{graph.name}.toml") for graph in graphs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=power.FINAL_SEEDS[0])
    args = parser.parse_args()
    started, made = time.process_time(), {part: [] for part in PARTS}
    for number, campaigns in enumerate(grid.worlds(grid.cells())[: args.worlds]):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            simulator.simulate_campaigns(folder / "world", campaigns, accounts=args.accounts, seed=args.seed + number)
            files = [folder / "world" / "posts.parquet", folder / "world" / "accounts.parquet"]
            cib.ingest(folder / "case", files, sample="full", threads=1)
            for part in PARTS:
                with without(part, folder / part.replace(" ", "-")) as graphs:
                    made[part].append(
                        bench.read(folder / "case", folder / "world" / "truth.parquet", graphs=graphs, beside=False)
                    )
                print(f"world {number} without {part or 'nothing'}: {power.line(made[part][-1])}", flush=True)
    show(made)
    print(f"{time.process_time() - started:.0f} s of CPU")


def show(made: dict[str, list[bench.World]]) -> None:
    """Print one line per part switched off: accounts found, cells found, and ties at the first error rate with their FDP."""
    print("\nties: inside a campaign, inside an innocent group, false; by extent, false by extent; FDP and its 95 % bounds")
    print(f"{'without':<12} found  prec  recall  F1    recall at FPR 1e-3  wrong flagged_wrongly half_found  ties")
    cells = grid.cells()
    for part, worlds in made.items():
        row, error = power.rules(worlds)["cib"], power.errors(worlds, bench.RATES[0])
        n = error["ties"]
        by_extent = sum(count for what, count in n.items() if what.startswith("extent"))
        wrong, flagged = (sum(np.count_nonzero(getattr(w, name) & ~w.core) for w in worlds) for name in ("found", "flagged"))
        half = sum(cell["cib"] >= 0.5 for cell in power.per_cell(worlds, cells))
        ties = [n.get(what, 0) for what in ("campaign", "innocent group", "false")] + [by_extent, n.get("extent false", 0)]
        print(
            f"{part or 'nothing':<12} {row['n']:>5} {row['precision']:.3f}  {row['recall']:.3f}  {row['f1']:.3f}  "
            f"{row['recall_at']:.3f} {row['recall_at_ordinary']:.3f}         {wrong:>5} {flagged:>15} {half:>10}  {ties} "
            f"{error['fdp']:.4f} ({error['low']:.4f} to {error['high']:.4f})"
        )


if __name__ == "__main__":
    main()
