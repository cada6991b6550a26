"""The real sets, one case each: the operation that Twitter attributed, and the controls in which nothing should be flagged.

CIB_SHARED=../shared python scripts/real.py              # every set of controls.toml
CIB_SHARED=../shared python scripts/real.py ira user2019

Sets with too little to judge are shown and left out of the rate: nothing is flagged in them, whatever they hold.
"""

import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import agreement
import numpy as np
from bench import number_bounds

import cib
from cib import runs


def main() -> None:
    data = Path(os.environ["CIB_SHARED"]) / "data"
    sets = tomllib.loads((Path(__file__).parent / "controls.toml").read_text(encoding="utf-8"))["set"]
    columns = "posts accounts rejected   pairs edges_q<.01 ties clusters members flagged per_1000  s    MB  report says"
    print(f"{'set':<28}{columns}")
    innocent, flagged = 0, 0
    for entry in sets:
        if not sys.argv[1:] or entry["name"] in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                result = one(entry, data, Path(folder) / "case")
            if entry.get("control", True) and "case" not in result["too_little"]:
                innocent, flagged = innocent + result["accounts"], flagged + result["flagged_accounts"]
    rate, low, high = (1000 * n / max(innocent, 1) for n in (flagged, *number_bounds(flagged)))
    print(f"controls that can be judged: {flagged} of {innocent} accounts flagged, {rate:.3f} per 1,000; "
          f"95 % bounds {low:.3f} to {high:.3f} if each came by itself")  # fmt: skip


def one(entry: dict, data: Path, case: Path) -> dict:
    """Ingest and detect one set, print its line, and return what detection says; for `ira` also what its clusters are made of."""
    started = time.perf_counter()
    given = {"from_format": entry.get("from"), "timezone": entry.get("timezone"), "sample": entry.get("sample", "unknown")}
    mapped = [f"{name}={column}" for name, column in entry.get("map", {}).items()]
    files = cib.ingest(case, [data / entry["path"]], columns=mapped, **given)["ingest"]
    result = cib.detect(case)
    seconds = time.perf_counter() - started
    folder = Path(result["folder"])
    members = [m for m in runs.load(folder, "member").to_pylist() if m["role"] != "source"]
    edges = np.count_nonzero(runs.load(folder, "edge", ["q_value"])["q_value"].to_numpy() <= 0.01)
    says = result["too_little"].get("case", "")
    print(
        f"{entry['name']:<26}{sum(f['posts'] for f in files):>7} {result['accounts']:>8} {sum(f['rejected'] for f in files):>8} "
        f"{result['rows']['pair']:>7} {edges:>11} {result['rows']['tie']:>4} {len(result['clusters']):>8} {len(members):>7} "
        f"{result['flagged_accounts']:>7} {1000 * result['flagged_accounts'] / result['accounts']:>8.2f} {seconds:>3.0f} "
        f"{runs.peak_memory_mb():>5}  {'too little to judge' if says else ''}",
        flush=True,
    )
    for cluster in runs.load(folder, "cluster").to_pylist()[:10]:
        row = (
            f"    {cluster['cluster_id']} {cluster['n_accounts']:>3} accounts, {cluster['kind']}, level {cluster['claim_level']}"
        )
        print(f"{row}, {', '.join(cluster['graphs'])}")
    if entry["name"] == "ira":
        print(f"    {len(members)} of {result['accounts']} accounts in clusters ({len(members) / result['accounts']:.1%})")
        agreement.show(case, members, data / "ira" / "authors.csv")
    return result


if __name__ == "__main__":
    main()
