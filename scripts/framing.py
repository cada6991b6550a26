"""Who is framed? Innocent accounts that a ring copies within seconds, and the same world in minutes.

python scripts/framing.py                         # the final seeds; nothing was developed on them
python scripts/framing.py --seeds 1 --accounts 1000

copied    a campaign copies a journalist's posts, word for word (plain) or in other words, from aged accounts (camouflaged)
shadowed  twenty ordinary accounts repeat what an ordinary person does, retweets, links and all, 2 to 30 seconds later
minutes   the built-in campaigns, once as they are and once with every time cut to its minute: no account may become a bot that
          was none, and nothing finer than a minute may be said
"""

import argparse
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import cib
from cib import runs, simulator
from cib.simulator import campaign

FINAL_SEEDS = "9101,9102,9103,9104,9105"
DELAYS_S = (3.0, 25.0, 60.0)  # medians of the copies
N_SHADOWS, SHARE, GAP_S = 20, 0.7, (2, 31)
MINUTE_US = 60_000_000
SECONDS = re.compile(r"\bsame second\b|(\d[\d,.]*) ?(?:seconds?|s)\b")
SAID = ("reasons", "counter_evidence", "benign")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default=FINAL_SEEDS)
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--only", choices=("copied", "shadowed", "minutes"))
    args = parser.parse_args()
    seeds, framed = [int(word) for word in args.seeds.split(",")], {}
    print(f"{args.accounts} ordinary accounts; world, seed, the innocent account, its ring: found, flagged")
    for name, study in (("copied", copied), ("shadowed", shadowed)):
        if args.only in (None, name):
            framed[name] = [victim for seed in seeds for victim in study(seed, args.accounts)]
    for name, victims in framed.items():
        print(f"{name}: {sum(victims)} of {len(victims)} innocent accounts flagged")
    if args.only in (None, "minutes"):
        for seed in seeds:
            minutes(seed, args.accounts)


def copied(seed: int, accounts: int) -> list[bool]:
    """Let a ring copy the journalist, once per delay and disguise; return for each world whether the journalist is flagged."""
    (plain,) = campaign.choose("copy_ring", tier="plain", accounts=accounts)
    flagged = []
    for name, disguise in (("plain", lambda ring: ring), ("camouflaged", campaign.camouflage)):
        for delay_s in DELAYS_S if name == "plain" else DELAYS_S[1:2]:
            ring = replace(disguise(plain), jitter_s=delay_s, longest_s=900)
            with tempfile.TemporaryDirectory() as folder:
                simulator.simulate_campaigns(Path(folder), [ring], accounts=accounts, seed=seed)
                truth = pq.read_table(Path(folder) / "truth.parquet").to_pylist()
                members = detect(Path(folder))
            (victim,) = (row["account_id"] for row in truth if row["group"] == "journalist")
            core = [row["account_id"] for row in truth if row["role"] == "core"]
            flagged.append(tell(members, victim, core, world=f" copied    {name} after {delay_s:g} s", seed=seed))
    return flagged


def shadowed(seed: int, accounts: int) -> list[bool]:
    """Let ordinary accounts repeat whatever one person does; return whether that person is flagged."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cib.simulate(folder, accounts=accounts, seed=seed, campaigns="none")
        named = {row["account_id"] for row in pq.read_table(folder / "truth.parquet").to_pylist()}
        posts = pq.read_table(folder / "posts.parquet")
        victim, ring, added = shadow(posts, named, np.random.default_rng(seed))
        pq.write_table(pa.concat_tables([posts, added]), folder / "posts.parquet")
        members = detect(folder)
    return [tell(members, victim, ring, world=" shadowed  by ordinary accounts", seed=seed)]


def shadow(posts: pa.Table, named: set[str], rng: np.random.Generator) -> tuple[str, list[str], pa.Table]:
    """Return a busy person outside the `named`, the ring, and the ring's posts: seven in ten of that person's, repeated."""
    counts = posts.group_by("account_id").aggregate([("post_id", "count")]).sort_by("account_id").to_pylist()
    ordinary = [row for row in counts if row["account_id"] not in named]
    busy = [row["account_id"] for row in ordinary if 40 <= row["post_id_count"] <= 120]
    victim = busy[rng.integers(len(busy))]
    others = [row["account_id"] for row in ordinary if row["account_id"] != victim and row["post_id_count"] >= 5]
    ring = [others[at] for at in rng.permutation(len(others))[:N_SHADOWS]]
    theirs = posts.filter(pc.equal(posts["account_id"], victim)).to_pylist()
    rows = []
    for account in ring:
        for post in theirs:
            if rng.random() < SHARE:
                late = np.timedelta64(int(rng.integers(*GAP_S)), "s").item()
                rows.append(
                    post | {"account_id": account, "post_id": f"again-{len(rows)}", "created_at": post["created_at"] + late}
                )
    return victim, ring, pa.Table.from_pylist(rows, schema=posts.schema)


def tell(members: dict[str, dict], victim: str, ring: list[str], *, world: str, seed: int) -> bool:
    found = [members[account] for account in ring if account in members]
    it = members.get(victim)
    said = f"{it['role']}, {it['kind']}{', FLAGGED' if it['flagged'] else ''}" if it else "in no cluster"
    print(f"{world:<30} {seed:>5}  {said:<30} {len(found)} of {len(ring)}, {sum(m['flagged'] for m in found)}", flush=True)
    return bool(it and it["flagged"])


def detect(folder: Path) -> dict[str, dict]:
    """Ingest and detect the world in `folder` as a case within it; return its members by account."""
    cib.ingest(folder / "case", [folder / "posts.parquet", folder / "accounts.parquet"], sample="full", threads=1)
    home = Path(cib.detect(folder / "case", threads=1)["folder"])
    return {row["account_id"]: row for row in runs.load(home, "member").to_pylist()}


def minutes(seed: int, accounts: int) -> None:
    """Print what becomes of a world whose times are cut to minutes."""
    with tempfile.TemporaryDirectory() as name:
        fine, coarse = Path(name) / "seconds", Path(name) / "minutes"
        cib.simulate(fine, accounts=accounts, seed=seed)
        coarse.mkdir()
        for table in ("posts", "accounts"):
            rows = pq.read_table(fine / f"{table}.parquet")
            pq.write_table(cut(rows) if table == "posts" else rows, coarse / f"{table}.parquet")
        before, after = detect(fine), detect(coarse)
        home = Path(cib.report(coarse / "case")["report"]).parent.parent
        sentences = [text for row in runs.load(home, "cluster").to_pylist() for key in SAID for text in row[key]]
        page = json.loads((home / "report" / "report.json").read_text(encoding="utf-8"))
        used = {row["window_s"] for row in runs.load(home, "edge", ["window_s"]).to_pylist()}
    bots = [{account for account, m in made.items() if m["flagged"] and m["kind"] == "bot_cluster"} for made in (before, after)]
    finer = [text for text in [*sentences, *strings(page)] if finer_than_a_minute(text)]
    print(f" minutes   seed {seed}: {len(bots[0])} bots in seconds, {len(bots[1])} in minutes, {len(bots[1] - bots[0])} new; "
          f"smallest window {min(used, default=0)} s; {len(finer)} texts name less than a minute", flush=True)  # fmt: skip
    for text in sorted(set(finer)):
        print(f"    {text[:200]}")


def finer_than_a_minute(text: str) -> bool:
    """Say whether a time is named that data in minutes cannot know; 120 seconds are two minutes.

    >>> [finer_than_a_minute(text) for text in ("within 10 seconds", "120 seconds", "1,080 s", "in the same second", "36 sets")]
    [True, False, False, True, False]
    """
    return any(not one[1] or float(one[1].rstrip(",.").replace(",", "")) % 60 for one in SECONDS.finditer(text))


def strings(value) -> list[str]:
    """Return every text inside a JSON value, but for what identifies things: words without a space."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) and " " in value else []


def cut(posts: pa.Table) -> pa.Table:
    at = posts.schema.get_field_index("created_at")
    whole = pc.multiply(pc.divide(posts["created_at"].cast(pa.int64()), MINUTE_US), MINUTE_US)
    return posts.set_column(at, posts.schema.field(at), whole.cast(posts.schema.field(at).type))


if __name__ == "__main__":
    main()
