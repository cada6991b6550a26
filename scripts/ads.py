"""Simulated libraries of political advertisements: are planted networks of advertisers found, and who is tied who should not be?

python scripts/ads.py --seeds 1,2,3 --advertisers 60,250,1000

Beside ordinary advertisers, who draw from the kits of eight parties, from news and from one platform for donations, there are
innocent groups (a party's regional pages that name one payer, an agency's clients, clients for whom an agency pays, a coalition
with a kit), and planted networks (many invented payers; no payer, on rotating sites; one site in other words every time).
"""

import argparse
import csv
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cib
from cib import runs

COLUMNS = ("ad_archive_id", "page_id", "page_name", "ad_creation_time", "ad_delivery_start_time", "byline", "ad_creative_bodies")
COLUMNS += ("ad_creative_link_captions", "spend", "currency")
WORDS = ("harbour", "bridge", "school", "street", "bus", "rent", "water", "field", "market", "winter", "child", "work", "doctor")
WORDS += ("forest", "tax", "train", "light", "nurse")
Ad = tuple[str, str, str, int, str, str]  # group, page, payer, day, text, landing page


def text(draw: random.Random) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(12)) + f" {draw.randrange(10**6)}"


def ordinary(draw: random.Random, n: int) -> Iterator[Ad]:
    """Advertisers with texts and pages of their own, some of a party's kit of twenty, some pages that everybody links to."""
    kits = [[text(draw) for _ in range(20)] for _ in range(8)]
    news = [f"news{i % 7}.example/{i}" for i in range(40)]
    for who in range(n):
        kit, page = kits[who % 8], f"o{who:05d}"
        for _ in range(draw.randint(1, 25)):
            body = draw.choice(kit) if draw.random() < 0.15 else text(draw)
            link = draw.choices(
                (f"party{who % 8}.example/{draw.randrange(9)}", "donate.example/give", news[int(40 * draw.random() ** 2)], ""),
                (3, 2, 2, 1),
            )[0]
            yield (
                "",
                page,
                f"Committee {who}" if draw.random() < 0.9 else "",
                draw.randrange(60),
                body,
                link or f"{page}.example/a",
            )


def groups(draw: random.Random) -> Iterator[Ad]:
    """The innocent groups and the planted networks."""
    kit, stock, appeal, forged = ([text(draw) for _ in range(n)] for n in (15, 6, 6, 12))
    start = {body: draw.randrange(40) for body in (*kit, *stock, *appeal, *forged)}
    for i in range(12):
        for body in draw.sample(kit, 8):
            yield "regional", f"r{i:02d}", "Harbour Party", start[body] + draw.randrange(3), body, f"harbour.example/{i}"
    for i in range(8):
        for number in range(6):
            body = f"Vote for our man number {i} in the ward of {WORDS[i]}, reason {number}, he stands for it"
            yield "agency", f"y{i:02d}", f"Friends of {WORDS[i]}", draw.randrange(40), body, f"pages.agency.example/{i}/{number}"
    for i in range(8):
        for body in draw.sample(stock, 4):
            yield "paid_by_agency", f"p{i:02d}", "Bright Agency Ltd", draw.randrange(40), body, f"client{i}.example/"
    for i in range(10):
        for body in draw.sample(appeal, 4):
            yield "coalition", f"c{i:02d}", f"Society {WORDS[i]}", start[body] + draw.randrange(9), body, "sign.example/river"
    for i in range(15):
        for body in draw.sample(forged, 7):
            link = f"truth{draw.randrange(3)}.example/{draw.randrange(4)}"
            yield "many_payers", f"m{i:02d}", f"Voice {draw.randrange(10**6)} Media", start[body] + draw.randrange(2), body, link
    for i in range(8):
        for _ in range(8):
            yield "no_payer", f"n{i:02d}", "", draw.randrange(40), text(draw), f"rotate{draw.randrange(6)}.example/x"
    for i in range(8):
        for _ in range(8):
            yield "one_site", f"s{i:02d}", "", draw.randrange(40), text(draw), f"only.example/{draw.randrange(4)}"


def world(folder: Path, seed: int, n: int) -> dict[str, str]:
    """Write one library as a download of Meta's into `folder`/ads.csv; return the group of every page that has one."""
    draw, truth = random.Random(seed), {}
    with (folder / "ads.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        for number, (group, page, payer, day, body, link) in enumerate([*ordinary(draw, n), *groups(draw)]):
            when = f"2024-{2 + day // 28:02d}-{1 + day % 28:02d}"
            spend = f"lower_bound: {100 * (1 + number % 9)}, upper_bound: {100 * (1 + number % 9) + 99}"
            sheet.writerow(
                (number, page, f"Page {page}", when, when, payer, json.dumps([body]), json.dumps([link]), spend, "EUR")
            )
            if group:
                truth[page] = group
    return truth


def judge(case: Path, truth: dict[str, str]) -> tuple[Counter, dict[str, Counter], dict]:
    """Return how many tied pairs lie in which group ("ordinary": wrong), what each group's network declares, and the notes."""
    folder = case / "runs" / "001"
    pairs: Counter = Counter()
    for row in runs.load(folder, "ad_pair").to_pylist():
        if row["is_tied"]:
            ends = {truth.get(row["account_a"], ""), truth.get(row["account_b"], "")}
            pairs[next(iter(ends)) if len(ends) == 1 and ends != {""} else "ordinary"] += 1
    declared = {row["network_id"]: row["declared"] for row in runs.load(folder, "ad_network").to_pylist()}
    said: dict[str, Counter] = {}
    for row in runs.load(folder, "advertiser").to_pylist():
        if row["network_id"]:
            said.setdefault(truth.get(row["account_id"], "ordinary"), Counter())[declared[row["network_id"]]] += 1
    return pairs, said, runs.manifest(folder)["notes"]["advertising"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", default="1,2,3")
    asked.add_argument("--advertisers", default="60,250,1000")
    given = asked.parse_args()
    for n in map(int, given.advertisers.split(",")):
        wrong, n_pairs, inside, effective = 0, 0, Counter(), []
        said: dict[str, Counter] = {}
        for seed in map(int, given.seeds.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                truth = world(Path(folder), seed, n)
                cib.ingest(Path(folder) / "case", [Path(folder) / "ads.csv"])
                cib.detect(Path(folder) / "case", graphs="co_text")
                pairs, declared, notes = judge(Path(folder) / "case", truth)
            wrong, n_pairs = wrong + pairs.pop("ordinary", 0), n_pairs + notes["pairs"]
            inside += pairs
            effective.append(notes["effective"])
            for group, counts in declared.items():
                said[group] = said.get(group, Counter()) + counts
        sizes = Counter(truth.values())
        known = f"{n} ordinary advertisers, effective {min(effective):.0f} to {max(effective):.0f}"
        print(f"{known}: {wrong} wrong ties in {n_pairs:,} pairs", flush=True)
        for group, size in sizes.items():
            of = len(effective) * size * (size - 1) // 2
            told = ", ".join(f"{count} {word}" for word, count in sorted(said.get(group, Counter()).items()))
            print(
                f"    {group:<16}{inside[group]:>6} of {of} pairs tied; in networks of {len(effective) * size}: {told or 'none'}"
            )
        if "ordinary" in said:
            print(f"    ordinary        in networks: {dict(said['ordinary'])}")


if __name__ == "__main__":
    main()
