"""Behaviour of a real operation inside real streams: how large must a group be, and how little else may it do, to be found?

CIB_SHARED=../shared python scripts/inject.py                    # the final seeds; nothing was developed on them
CIB_SHARED=../shared python scripts/inject.py --seeds 1 --streams user2019

Who acts with whom, and how much later, is that of accounts which Twitter attributed to the Internet Research Agency: an account
and those of its category that share most of a week's retweets with it, on at most 60 of these. What they act on is the stream's
own: each object becomes a random post of the stream, which the group repeats (a retweet where it is one), so texts, links and
times are those of a debate or a conference. Dilution: further posts of the stream that an account repeats, by itself, per act of
the group. All sizes go into one stream at once, on posts of their own; the same groups at every dilution. Nothing of this says
how real operations act on conferences; it says in what their company and their delays can be found.
"""

import argparse
import datetime as dt
import os
import tempfile
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import cib
from cib import runs
from cib.case import Case
from cib.simulator.tables import input_schema

FINAL_SEEDS = "9201,9202,9203"
STREAMS = "gop_debate,user2019,ismbeccb2017"
SIZES, DILUTIONS = (5, 10, 20, 40), (0, 1, 3)
CATEGORIES = ("LeftTroll", "RightTroll", "HashtagGamer")
PREFIX = "injected-"
WEEK_S, LEAST_ACTS, MOST_OBJECTS, TRIES = 7 * 86_400, 5, 60, 1_000

RETWEETS = """
SELECT
  ira.author_id AS account,
  ira.content AS object,
  MIN(EPOCH(STRPTIME(ira.publish_date, '%Y-%m-%d %H:%M:%S'))) AS acted_at
FROM ira
JOIN author USING (author_id)
WHERE ira.retweet = '1' AND author.account_category = $category
GROUP BY ira.author_id, ira.content
ORDER BY acted_at, account, object
"""

Act = tuple[str, str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default=FINAL_SEEDS)
    parser.add_argument("--streams", default=STREAMS)
    args = parser.parse_args()
    data = Path(os.environ["CIB_SHARED"]) / "data"
    acts = operation(data / "ira")
    sets = {row["name"]: row for row in tomllib.loads((Path(__file__).parent / "controls.toml").read_text("utf-8"))["set"]}
    print("of each size: in clusters / with a tie (acts of the group per account); others in clusters, and flagged")
    total: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for name in args.streams.split(","):
        for seed in (int(word) for word in args.seeds.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                stream = posts_of(Path(folder) / "stream", sets[name], data)
                for dilution in DILUTIONS:
                    shares = one(Path(folder) / f"{dilution}", stream, acts, what=name, seed=seed, dilution=dilution)
                    for size, share in shares.items():
                        total[dilution, size].append(share)
    print("mean share in clusters / with a tie" + "".join(f"{size:>16}" for size in SIZES))
    for dilution in DILUTIONS:
        means = [np.mean(total[dilution, size], axis=0) for size in SIZES]
        print(f"  dilution {dilution:<24}" + "".join(f"{in_clusters:>8.3f} / {tied:.3f}" for in_clusters, tied in means))


def operation(folder: Path) -> dict[str, list[Act]]:
    """Return, per category, who retweeted what when (seconds since 1970, to the minute), by time."""
    connection = duckdb.connect(config={"threads": 1})
    connection.read_parquet(str(folder / "tweets_en_2016-06_2017-03.parquet")).create_view("ira")
    connection.read_csv(str(folder / "authors.csv"), all_varchar=True).create_view("author")
    return {name: connection.sql(RETWEETS, params={"category": name}).fetchall() for name in CATEGORIES}


def posts_of(folder: Path, entry: dict, data: Path) -> pa.Table:
    """Return the posts of a control set as ingest reads them, in the columns of a collector."""
    mapped = [f"{name}={column}" for name, column in entry.get("map", {}).items()]
    given = {"timezone": entry.get("timezone"), "sample": entry["sample"]}
    cib.ingest(folder, [data / entry["path"]], columns=mapped, threads=1, **given)
    shape = input_schema("post")
    return pa.concat_tables(
        [pq.read_table(part, columns=shape.names, partitioning=None) for part in Case.open(folder).parts("post")]
    )


def group(acts: dict[str, list[Act]], size: int, rng: np.random.Generator) -> list[Act]:
    """Return a week of retweets by `size` accounts of one category, of at most 60 posts that two or more of them retweeted in it.

    Categories, weeks and first members are drawn until everybody in the group has five or more such retweets.
    """
    for _ in range(TRIES):
        theirs = acts[CATEGORIES[rng.integers(len(CATEGORIES))]]
        start = theirs[rng.integers(len(theirs))][2]
        week = [act for act in theirs if start <= act[2] < start + WEEK_S]
        did: dict[str, set[str]] = defaultdict(set)
        for account, what, _ in week:
            did[account].add(what)
        names = sorted(did)
        first = names[rng.integers(len(names))]
        nearest = sorted(names, key=lambda name: (name != first, -len(did[first] & did[name]), name))[:size]
        mine = shared([act for act in week if act[0] in nearest])
        objects = sorted({what for _, what, _ in mine})
        kept = {objects[at] for at in rng.permutation(len(objects))[:MOST_OBJECTS]}
        mine = [act for act in mine if act[1] in kept]
        if (
            len(nearest) == size
            and min(Counter(account for account, _, _ in mine).get(name, 0) for name in nearest) >= LEAST_ACTS
        ):
            return mine
    raise SystemExit(f"No week in which {size} accounts of one category share {LEAST_ACTS} retweets each was drawn.")


def shared(acts: list[Act]) -> list[Act]:
    who: dict[str, set[str]] = defaultdict(set)
    for account, what, _ in acts:
        who[what].add(account)
    return [act for act in acts if len(who[act[1]]) >= 2]


def one(folder: Path, stream: pa.Table, acts: dict[str, list[Act]], *, what: str, seed: int, dilution: int):
    """Detect the stream with one group of each size in it; print, and return per size, the shares in clusters and with a tie."""
    groups = {size: group(acts, size, np.random.default_rng([seed, size])) for size in SIZES}
    rows = stream.to_pylist()
    by_text = {row["text"]: row for row in rows if row["text"]}
    posts = [by_text[text] for text in sorted(by_text)]
    rng = np.random.default_rng(seed)
    free = iter(rng.permutation(len(posts)))  # no two groups act on one post
    last = max(row["created_at"] for row in rows)
    done = [
        act for size in SIZES for act in repeat(groups[size], f"{PREFIX}{size}-", posts, free=free, dilution=dilution, rng=rng)
    ]
    made = [row | {"account_id": account, "post_id": f"{PREFIX}{at}", "created_at": min(when, last)}
            for at, (row, account, when) in enumerate(done)]  # fmt: skip
    folder.mkdir()
    pq.write_table(pa.concat_tables([stream, pa.Table.from_pylist(made, schema=stream.schema)]), folder / "posts.parquet")
    cib.ingest(folder / "case", [folder / "posts.parquet"], sample="keyword", threads=1)
    result = cib.detect(folder / "case", threads=1)
    home = Path(result["folder"])
    members = [m for m in runs.load(home, "member").to_pylist() if m["role"] != "source"]
    found, others = sizes_of([m["account_id"] for m in members]), [m for m in members if not m["account_id"].startswith(PREFIX)]
    ties = runs.load(home, "tie", ["account_a", "account_b"])
    tied = sizes_of(sorted({*ties["account_a"].to_pylist(), *ties["account_b"].to_pylist()}))
    said = "  ".join(f"{found[size]:>2} / {tied[size]:>2} of {size:>2} ({len(groups[size]) / size:>4.1f})" for size in SIZES)
    print(f"{what:<16} {seed:>5} {dilution:>8}  {said}  {len(others):>4} {sum(m['flagged'] for m in others):>4}", flush=True)
    return {size: (found[size] / size, tied[size] / size) for size in SIZES}


def sizes_of(accounts: list[str]) -> Counter:
    """Count injected accounts by the size of their group."""
    return Counter(int(account.removeprefix(PREFIX).split("-")[0]) for account in accounts if account.startswith(PREFIX))


def repeat(acts: list[Act], prefix: str, posts: list[dict], *, free, dilution: int, rng: np.random.Generator):
    """Return (post repeated, account, when): the group's acts with their own delays, and each account's own further ones."""
    target: dict[str, tuple[dict, float]] = {}
    done = []
    for account, what, acted_at in acts:
        if what not in target:
            target[what] = (posts[next(free)], acted_at)
        row, first_at = target[what]
        done.append((row, prefix + account, acted_at - first_at + rng.uniform(1, 60)))
        for at in rng.integers(len(posts), size=dilution):
            done.append((posts[at], prefix + account, rng.lognormal(np.log(1800), 1.5)))
    return [(row, account, row["created_at"] + dt.timedelta(seconds=int(delay))) for row, account, delay in done]


if __name__ == "__main__":
    main()
