"""The real sets, one case each: the operation that Twitter attributed, and the controls in which nothing should be flagged.

CIB_SHARED=../shared python scripts/real.py              # every set of controls.toml
CIB_SHARED=../shared python scripts/real.py ira user2019
"""

import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import agreement
import numpy as np

import cib
from cib import runs


def main() -> None:
    data = Path(os.environ["CIB_SHARED"]) / "data"
    sets = tomllib.loads((Path(__file__).parent / "controls.toml").read_text(encoding="utf-8"))["set"]
    columns = "posts accounts rejected   pairs edges_q<.01 ties clusters members flagged per_1000  s    MB  report says"
    print(f"{'set':<28}{columns}")
    for entry in sets:
        if not sys.argv[1:] or entry["name"] in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                one(entry, data, Path(folder) / "case")


def one(entry: dict, data: Path, case: Path) -> None:
    """Ingest and detect one set and print its line; for the attributed operation also what its clusters are made of."""
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


if __name__ == "__main__":
    main()
