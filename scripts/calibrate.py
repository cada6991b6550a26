"""The realised error on worlds in which nobody coordinates: ties per million pairs with their bounds, and who is flagged.

python scripts/calibrate.py                     # the twenty final seeds; nothing was developed on them
python scripts/calibrate.py --seeds 1,2 --accounts 1000

A tie inside one named innocent group (a wire service, a petition) is real joint action and counted apart; every other tie is
false. The bounds are exact 95 % Poisson bounds on the false ties of all worlds together. Who is flagged is told by group.
A group found by extent is false where no innocent group holds half of it; of worlds at most one in twenty may show one.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
from bench import number_bounds, share_bounds

import cib
from cib import runs

FINAL_SEEDS = tuple(range(501, 521))  # fixed before they were first run
ACCOUNTS = 3000
HEAD = "  seed accounts million   false innocent per_million  extent false_groups  clustered flagged  flagged by group"


def world(folder: Path, *, seed: int, accounts: int, tier: str) -> dict:
    """Simulate, ingest and detect one world without a campaign; return its evaluation, and its false groups by extent."""
    out, case = folder / "world", folder / "case"
    cib.simulate(out, accounts=accounts, seed=seed, tier=tier, campaigns="none")
    cib.ingest(case, [out / "posts.parquet", out / "accounts.parquet"], sample="full")
    home = Path(cib.detect(case)["folder"])
    truth = {row["account_id"]: row["group"] for row in pq.read_table(out / "truth.parquet").to_pylist()}
    by_extent = {row["cluster_id"] for row in runs.load(home, "cluster").to_pylist() if row["found_by"] == "extent"}
    groups = false_groups([m for m in runs.load(home, "member").to_pylist() if m["cluster_id"] in by_extent], truth)
    return cib.evaluate(case, out / "truth.parquet")["evaluation"] | {"false_groups": groups}


def false_groups(members: list[dict], truth: dict[str, str]) -> int:
    """Return in how many clusters no named innocent group holds half of the members that are no sources."""
    names: dict[str, list[str]] = {}
    for member in members:
        if member["role"] != "source":
            names.setdefault(member["cluster_id"], []).append(truth.get(member["account_id"], ""))
    return sum(2 * max(Counter(filter(None, held)).values(), default=0) < len(held) for held in names.values())


def per_million(n: float, pairs: int) -> float:
    return 1e6 * n / max(pairs, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default=",".join(str(seed) for seed in FINAL_SEEDS))
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--tier", default="plain")
    args = parser.parse_args()
    print(f"tier {args.tier}, no campaign, {args.accounts} ordinary accounts\n{HEAD}")
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    for seed in (int(word) for word in args.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            facts = world(Path(folder), seed=seed, accounts=args.accounts, tier=args.tier)
        pairs, ties, groups = facts["accounts"] * (facts["accounts"] - 1) // 2, facts["ties"], facts["groups"]
        wronged = Counter({name: group["flagged"] for name, group in groups.items() if group["flagged"]})
        total.update(worlds=1, accounts=facts["accounts"], pairs=pairs, shown=facts["false_groups"] > 0, **ties)
        found.update({name: group["in_clusters"] for name, group in groups.items()})
        flagged += wronged
        print(f"{seed:>6} {facts['accounts']:>8} {pairs / 1e6:>7.2f} {ties['false']:>7} {ties['hard_negative']:>8} "
              f"{per_million(ties['false'], pairs):>11.2f} {ties['extent']:>7} {facts['false_groups']:>12} "
              f"{facts['clustered']['n']:>10} {facts['flagged']['n']:>7}  {dict(wronged) or ''}", flush=True)  # fmt: skip
    show(total, found, flagged)


def show(total: Counter, found: Counter, flagged: Counter) -> None:
    low, high = (per_million(bound, total["pairs"]) for bound in number_bounds(total["false"]))
    print(f"{total['false']} false ties in {total['pairs'] / 1e6:.1f} million pairs of {total['worlds']} worlds: "
          f"{per_million(total['false'], total['pairs']):.3f} per million, 95 % bounds {low:.3f} to {high:.3f}")  # fmt: skip
    low, high = share_bounds(total["shown"], total["worlds"])
    print(f"{total['shown']} of {total['worlds']} worlds show a false group by extent, 95 % bounds {low:.3f} to {high:.3f}; "
          f"{total['extent']} ties by extent, {total['extent_false']} of them false")  # fmt: skip
    n = sum(flagged.values())
    low, high = number_bounds(n)
    print(f"{n} of {total['accounts']} accounts flagged, 95 % bounds {low:.1f} to {high:.1f} if each came by itself")
    for name in sorted(found):
        print(f"  {name:<16} {found[name]:>6} in clusters {flagged[name]:>6} flagged")


if __name__ == "__main__":
    main()
