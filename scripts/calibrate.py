"""The realised error on worlds in which nobody coordinates: ties per million pairs with their bounds, and who is flagged.

python scripts/calibrate.py                     # the twenty final seeds; nothing was developed on them
python scripts/calibrate.py --seeds 1,2 --accounts 1000

A tie inside one named innocent group (a wire service, a petition) is real joint action and counted apart; every other tie is
false. The bounds are exact 95 % Poisson bounds on the false ties of all worlds together. Who is flagged is told by group.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from bench import number_bounds

import cib

FINAL_SEEDS = tuple(range(501, 521))  # fixed before they were first run
ACCOUNTS = 3000
COLUMNS = "{:>6} {:>8} {:>7} {:>6} {:>9} {:>11} {:>8} {:>7}  {}"


def world(folder: Path, *, seed: int, accounts: int, tier: str) -> dict:
    """Simulate, ingest and detect one world without a campaign; return its evaluation."""
    out, case = folder / "world", folder / "case"
    cib.simulate(out, accounts=accounts, seed=seed, tier=tier, campaigns="none")
    cib.ingest(case, [out / "posts.parquet", out / "accounts.parquet"], sample="full")
    cib.detect(case)
    return cib.evaluate(case, out / "truth.parquet")["evaluation"]


def per_million(n: float, pairs: int) -> float:
    return 1e6 * n / max(pairs, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default=",".join(str(seed) for seed in FINAL_SEEDS))
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--tier", default="plain")
    args = parser.parse_args()
    print(f"tier {args.tier}, no campaign, {args.accounts} ordinary accounts")
    print(
        COLUMNS.format(
            "seed", "accounts", "million", "false", "innocent", "per million", "clusters", "flagged", "flagged by group"
        )
    )
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    for seed in (int(word) for word in args.seeds.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            facts = world(Path(folder), seed=seed, accounts=args.accounts, tier=args.tier)
        pairs, ties, groups = facts["accounts"] * (facts["accounts"] - 1) // 2, facts["ties"], facts["groups"]
        wronged = Counter({name: group["flagged"] for name, group in groups.items() if group["flagged"]})
        total.update(worlds=1, accounts=facts["accounts"], pairs=pairs, **ties)
        found.update({name: group["in_clusters"] for name, group in groups.items()})
        flagged += wronged
        rate, n = f"{per_million(ties['false'], pairs):.2f}", facts["flagged"]["n"]
        row = (
            seed,
            facts["accounts"],
            f"{pairs / 1e6:.2f}",
            ties["false"],
            ties["hard_negative"],
            rate,
            facts["clustered"]["n"],
            n,
        )
        print(COLUMNS.format(*row, dict(wronged) or ""), flush=True)
    low, high = (per_million(bound, total["pairs"]) for bound in number_bounds(total["false"]))
    print(f"{total['false']} false ties in {total['pairs'] / 1e6:.1f} million pairs of {total['worlds']} worlds: "
          f"{per_million(total['false'], total['pairs']):.3f} per million, 95 % bounds {low:.3f} to {high:.3f}")  # fmt: skip
    n = sum(flagged.values())
    low, high = number_bounds(n)
    print(f"{n} of {total['accounts']} accounts flagged, 95 % bounds {low:.1f} to {high:.1f} if each came by itself")
    for name in sorted(found):
        print(f"  {name:<16} {found[name]:>6} in clusters {flagged[name]:>6} flagged")


if __name__ == "__main__":
    main()
