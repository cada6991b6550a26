"""What a kind is worth: confidence fitted on simulated worlds, and how it holds on others; who was called what.

python scripts/kinds.py                      # all worlds, about a quarter of an hour on two cores
python scripts/kinds.py --fit 1 --held-out 2 --accounts 800 --svg reliability.svg

Prints the steps for cib/clusters/confidence.py from the worlds of `--fit`, and for those of `--held-out`: reliability by step,
Brier score, expected calibration error, the confusion of kinds over flagged accounts, and innocent groups flagged. Clusters
explained as syndication or a crowd carry no confidence and are left out of it.
"""

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import cib
from cib.clusters import confidence, kinds

FIT, HELD_OUT = "901,902,903,904,905,906", "921,922,923,924,925,926"  # fixed before they were first run
TIERS = ("plain", "camouflaged")
EXPLAINED = ("syndication", "crowd")
EDGES = (-np.inf, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5)  # of the sum of signs


@dataclass(frozen=True)
class Seen:
    """One cluster of one world: the sum of its signs, what it was said to be, and what it is."""

    score: float
    told: str
    flagged: bool
    group: str
    kind: str
    is_campaign: bool
    n_accounts: int


def world(folder: Path, *, seed: int, accounts: int, tier: str) -> list[Seen]:
    """Return the clusters of one simulated world."""
    out, case = folder / "world", folder / "case"
    cib.simulate(out, accounts=accounts, seed=seed, tier=tier)
    cib.ingest(case, [out / "posts.parquet", out / "accounts.parquet"], sample="full")
    cib.detect(case)
    truth = {row["account_id"]: row for row in pq.read_table(out / "truth.parquet").to_pylist()}
    run = case / "runs" / "001"
    members = pq.read_table(run / "member").to_pylist()
    traits = pq.read_table(run / "trait").to_pylist()
    seen = []
    for cluster in pq.read_table(run / "cluster").to_pylist():
        ours = [m["account_id"] for m in members if m["cluster_id"] == cluster["cluster_id"] and m["role"] != "source"]
        groups = Counter(truth[account]["group"] if account in truth else "" for account in ours)
        group = groups.most_common(1)[0][0]
        label = next((row for row in truth.values() if row["group"] == group), {"role": "", "kind": ""})
        seen.append(
            Seen(
                kinds.score(families(traits, cluster["cluster_id"])), cluster["kind"], cluster["flagged"], group, label["kind"],
                label["role"] == "core", len(ours),
            )
        )  # fmt: skip
    return seen


def families(traits: list[dict], cluster_id: str) -> dict[str, float]:
    """Return the capped log-odds per family, from the table `trait` alone."""
    grouped: dict[str, list[float]] = {}
    for row in traits:
        if row["cluster_id"] == cluster_id and row["percentile"] is not None and row["direction"] != "describes":
            grouped.setdefault(row["family"], []).append(row["log_odds"])
    return kinds.capped(grouped)


def steps(seen: list[Seen]) -> list[tuple[float, float]]:
    """Return lower bounds and shares: isotonic regression over the steps, one pseudo-cluster of either sort in each."""
    seen = [s for s in seen if s.told not in EXPLAINED]
    place = np.searchsorted(EDGES, [s.score for s in seen], side="right") - 1
    n = np.bincount(place, minlength=len(EDGES)) + 2.0
    hits = np.bincount(place, weights=[s.is_campaign for s in seen], minlength=len(EDGES)) + 1.0
    blocks: list[list[float]] = []
    for step in range(len(EDGES)):
        blocks.append([hits[step], n[step], 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    share = [hit / total for hit, total, width in blocks for _ in range(int(width))]
    return list(zip(EDGES, share, strict=True))


def judge(seen: list[Seen], *, svg: Path | None) -> None:
    """Print how the confidence of the installed version holds on these clusters, and who was called what."""
    asked = [s for s in seen if s.told not in EXPLAINED]
    told = np.array([confidence.of(s.score) for s in asked])
    true = np.array([s.is_campaign for s in asked], float)
    print(f"{len(asked)} clusters, {int(true.sum())} of campaigns; Brier score {np.mean((told - true) ** 2):.3f}")
    points = []
    for share in np.unique(told):
        mine = told == share
        points.append((float(share), float(true[mine].mean()), int(mine.sum())))
        print(f"    told {share:.2f}   were {true[mine].mean():.2f}   of {mine.sum()}")
    error = sum(n * abs(share - was) for share, was, n in points) / len(asked)
    print(f"expected calibration error {error:.3f}")
    flagged: Counter = Counter()
    for s in seen:
        if s.flagged:
            flagged[s.kind, s.told] += s.n_accounts
    print("accounts flagged, true kind and kind told:")
    for (kind, told_kind), n in sorted(flagged.items()):
        print(f"    {kind:<22} {told_kind:<22} {n}")
    right = sum(n for (kind, told_kind), n in flagged.items() if kind == told_kind)
    print(f"of the right kind: {right} of {sum(flagged.values())}")
    innocent = Counter({s.group: 0 for s in seen if not s.is_campaign})
    for s in seen:
        if s.flagged and not s.is_campaign:
            innocent[s.group] += s.n_accounts
    print(f"innocent groups in clusters, accounts flagged: {json.dumps(dict(sorted(innocent.items())))}")
    if svg:
        svg.write_text(picture(points), encoding="utf-8")


def picture(points: list[tuple[float, float, int]]) -> str:
    """Return the reliability as SVG: told against what was, the area of a dot the number of clusters."""
    x, y = (lambda v: 50 + 300 * v), (lambda v: 330 - 300 * v)
    dots = "".join(
        f'<circle cx="{x(told):.1f}" cy="{y(was):.1f}" r="{3 + n**0.5:.1f}" fill="#1f6f8b" fill-opacity="0.7">'
        f"<title>told {told:.2f}, were {was:.2f}, of {n}</title></circle>"
        for told, was, n in points
    )
    ticks = "".join(
        f'<text x="{x(v):.0f}" y="348" text-anchor="middle">{v:.1f}</text>'
        f'<text x="42" y="{y(v) + 4:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 380" font-family="sans-serif" font-size="12">'
        '<rect width="380" height="380" fill="white"/><rect x="50" y="30" width="300" height="300" fill="none" stroke="#999"/>'
        f'<line x1="50" y1="330" x2="350" y2="30" stroke="#999" stroke-dasharray="4"/>{dots}{ticks}'
        '<text x="200" y="370" text-anchor="middle">told</text>'
        '<text x="14" y="180" transform="rotate(-90 14 180)" text-anchor="middle">campaigns among them</text></svg>\n'
    )


def clusters(seeds: str, *, accounts: int) -> list[Seen]:
    seen = []
    for seed in (int(word) for word in seeds.split(",") if word):
        for tier in TIERS:
            with tempfile.TemporaryDirectory() as folder:
                seen += world(Path(folder), seed=seed, accounts=accounts, tier=tier)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", default=FIT)
    parser.add_argument("--held-out", default=HELD_OUT)
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--svg", type=Path, help="also draw the reliability")
    args = parser.parse_args()
    if args.fit:
        print(f"fitted on worlds {args.fit}, {args.accounts} accounts:")
        for least, share in steps(clusters(args.fit, accounts=args.accounts)):
            print(f"    ({least}, {share:.3f}),")
    if args.held_out:
        print(f"held out, worlds {args.held_out}:")
        judge(clusters(args.held_out, accounts=args.accounts), svg=args.svg)


if __name__ == "__main__":
    main()
