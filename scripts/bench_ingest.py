"""How fast Twitter API 2 JSON lines become a case, beside plain DuckDB reading the same columns.

    python scripts/bench_ingest.py --mb 200 --shape flat

Invented posts, seeded, in one of three shapes: `flat` (twarc2 flattened: author and referenced posts inside each post), `bare`
(academictwitteR: posts alone), `page` (raw pages of 100 posts with includes). Half of the posts are retweets of popular ones.
Printed: megabytes per CPU second and peak memory. Each side runs in a process of its own on one thread; its start (imports, an
empty case) is measured apart and taken off.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000
PAGE = 100
TALK = "vote today polls mayor bridge water school budget rain market street train harbour ballot council river festival"
WORDS = TALK.split()
METRICS = {"retweet_count": "BIGINT", "reply_count": "BIGINT", "like_count": "BIGINT", "quote_count": "BIGINT"}
AUTHOR = (
    "STRUCT(id VARCHAR, username VARCHAR, name VARCHAR, created_at TIMESTAMP, description VARCHAR, location VARCHAR,"
    "verified BOOLEAN, profile_image_url VARCHAR, url VARCHAR, protected BOOLEAN,"
    "public_metrics STRUCT(followers_count BIGINT, following_count BIGINT, tweet_count BIGINT, listed_count BIGINT))"
)
ENTITIES = (
    "STRUCT(urls STRUCT(expanded_url VARCHAR, unwound_url VARCHAR, url VARCHAR)[], hashtags STRUCT(tag VARCHAR)[],"
    "mentions STRUCT(id VARCHAR, username VARCHAR)[])"
)
COUNTS = "STRUCT(" + ", ".join(f"{name} {kind}" for name, kind in METRICS.items()) + ")"
REFERRED = f'STRUCT("type" VARCHAR, id VARCHAR, author_id VARCHAR, "text" VARCHAR, entities {ENTITIES})[]'
POST = {
    "id": "VARCHAR", "author_id": "VARCHAR", "created_at": "TIMESTAMP", "text": "VARCHAR", "lang": "VARCHAR", "source": "VARCHAR",
    "conversation_id": "VARCHAR", "in_reply_to_user_id": "VARCHAR", "possibly_sensitive": "BOOLEAN", "reply_settings": "VARCHAR",
    "entities": ENTITIES, "public_metrics": COUNTS, "referenced_tweets": REFERRED, "context_annotations": "JSON",
    "edit_history_tweet_ids": "JSON",
}  # fmt: skip


def _account(number: int) -> dict[str, Any]:
    counts = {"followers_count": number % 997, "following_count": number % 499, "tweet_count": number, "listed_count": 0}
    return {
        "id": str(10**9 + number),
        "username": f"resident{number}",
        "name": f"Resident {number}",
        "location": "Harbour town",
        "created_at": f"20{10 + number % 14}-0{1 + number % 9}-11T05:17:14.000Z",
        "verified": False,
        "protected": False,
        "description": f"Number {number} of the invented residents of a town that does not exist, fond of rivers.",
        "profile_image_url": f"https://pictures.example/{number}.jpg",
        "url": "",
        "public_metrics": counts,
    }


def _post(draw: random.Random, number: int, *, n_accounts: int) -> dict[str, Any]:
    """One original post with the fields that the API's full expansions give."""
    tag, place, key = draw.choice(WORDS), number % 977, str(13 * 10**17 + number)
    text = " ".join(draw.choices(WORDS, k=22)) + f" #{tag} @resident{number % 77} https://t.co/{number:x}"
    mentioned = {"id": str(10**9 + number % 77), "username": f"resident{number % 77}", "start": 9, "end": 20}
    page = f"https://paper{place}.example/{number % 9973}"
    url = {"start": 0, "end": 23, "url": f"https://t.co/{number:x}", "expanded_url": page}
    topic = {"domain": {"id": "35", "name": "Topic", "description": "What a post may be about"}, "entity": {"id": str(place)}}
    at = datetime(2024, 3, 1) + timedelta(seconds=number * 7 % 2_000_000)
    return {
        "id": key,
        "author_id": str(10**9 + draw.randrange(n_accounts)),
        "text": text,
        "lang": "en",
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "source": "A client",
        "conversation_id": key,
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "edit_history_tweet_ids": [key],
        "context_annotations": [topic, topic],
        "public_metrics": {"retweet_count": number % 41, "reply_count": number % 5, "like_count": number % 71, "quote_count": 0},
        "entities": {"urls": [url], "hashtags": [{"start": 1, "end": 5, "tag": tag}], "mentions": [mentioned]},
    }


def posts(seed: int, *, n_accounts: int = 20_000) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yield posts without end, each with the post it passes on: half of them do, some posts far more often than others."""
    draw = random.Random(seed)
    originals: list[dict[str, Any]] = []
    number = 0
    while True:
        number += 1
        post = _post(draw, number, n_accounts=n_accounts)
        if not originals or draw.random() < 0.5:
            originals.append(post)
            yield post, None
            continue
        passed = originals[int(len(originals) * draw.random() ** 3)]
        text = f"RT @resident{int(passed['author_id']) - 10**9}: {passed['text']}"[:139] + "…"
        first = {"id": passed["author_id"], "username": f"resident{int(passed['author_id']) - 10**9}", "start": 3, "end": 19}
        referred = {"referenced_tweets": [{"type": "retweeted", "id": passed["id"]}], "entities": {"mentions": [first]}}
        yield post | referred | {"text": text}, passed


def _lines(shape: str, seed: int) -> Iterator[str]:
    every = posts(seed)
    while True:
        page = [next(every) for _ in range(PAGE)]
        if shape == "page":
            people = {p["author_id"] for pair in page for p in pair if p}
            includes = {"users": [_account(int(a) - 10**9) for a in sorted(people)], "tweets": [p for _, p in page if p]}
            yield json.dumps({"data": [post for post, _ in page], "includes": includes, "meta": {"result_count": PAGE}})
            continue
        for post, passed in page:
            if shape == "flat":
                post = post | {"author": _account(int(post["author_id"]) - 10**9)}
                if passed:
                    whole = passed | {"author": _account(int(passed["author_id"]) - 10**9)}
                    post["referenced_tweets"] = [post["referenced_tweets"][0] | whole]
            yield json.dumps(post)


def write(path: Path, *, shape: str, n_bytes: int, seed: int = 1) -> None:
    """Write invented posts as JSON lines, a little more than `n_bytes`. Same seed, same bytes."""
    size = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _lines(shape, seed):
            size += file.write(line + "\n")
            if size >= n_bytes:
                return


def ingest(folder: Path, path: Path, memory: str) -> None:
    """Make a case of the file."""
    import cib

    cib.ingest(folder / "case", [path], threads=1, memory=memory)


def plain(folder: Path, path: Path, shape: str) -> None:
    """Let DuckDB read the columns that the case keeps, typed, and write them as Parquet, unsorted and unmerged."""
    import duckdb

    columns = dict(POST)
    if shape == "flat":
        columns["author"] = AUTHOR
    if shape == "page":
        inner = "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in columns.items()) + ")"
        columns = {"data": f"{inner}[]", "includes": f"STRUCT(users {AUTHOR}[], tweets {inner}[])"}
    named = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items()) + "}"
    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": False})
    source = f"SELECT * FROM read_ndjson('{path}', columns = {named}, maximum_object_size = 100000000)"
    connection.execute(f"COPY ({source}) TO '{folder / 'plain.parquet'}' (FORMAT parquet, COMPRESSION zstd)")


def measured(arguments: list[str]) -> dict[str, float]:
    """Run this script with `arguments` in a process of its own; return CPU seconds, wall seconds and peak memory in megabytes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = f"sys.argv = {[__file__, *arguments]!r}; runpy.run_path({__file__!r}, run_name='__main__')"
    code = f"import resource, runpy, sys; {run}; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu, "wall_s": time.perf_counter() - started, "peak_mb": int(told.stdout.split()[-1]) / 1000}


def compare(folder: Path, *, shape: str, n_bytes: int, memory: str) -> dict[str, float]:
    """Return megabytes per CPU second of both sides, start-up taken off, their ratio, and our peak memory in megabytes."""
    path, small = folder / "posts.jsonl", folder / "one.jsonl"
    write(path, shape=shape, n_bytes=n_bytes)
    write(small, shape=shape, n_bytes=1)
    megabytes = path.stat().st_size / MEGABYTE
    sides = {}
    for side in ("ingest", "plain"):
        idle, busy = ([side, "--folder", str(folder / f"{side}{at}"), "--file", str(file), "--shape", shape, "--memory", memory]
                      for at, file in enumerate((small, path)))  # fmt: skip
        start = measured(idle)
        sides[side] = measured(busy)
        sides[side]["rate"] = megabytes / max(sides[side]["cpu_s"] - start["cpu_s"], 1e-3)
    ours, theirs = sides["ingest"], sides["plain"]
    found = {"megabytes": megabytes, "ours": ours["rate"], "duckdb": theirs["rate"], "ratio": ours["rate"] / theirs["rate"]}
    return found | {"peak_mb": ours["peak_mb"], "duckdb_peak_mb": theirs["peak_mb"], "wall_s": ours["wall_s"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("side", nargs="?", choices=("both", "ingest", "plain"), default="both")
    parser.add_argument("--mb", type=float, default=200)
    parser.add_argument("--shape", choices=("flat", "bare", "page"), default="flat")
    parser.add_argument("--memory", default="250MB", help="the engine's share; the process needs more")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.side != "both":
        asked.folder.mkdir(parents=True)
        if asked.side == "ingest":
            ingest(asked.folder, asked.file, asked.memory)
        else:
            plain(asked.folder, asked.file, asked.shape)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), shape=asked.shape, n_bytes=int(asked.mb * MEGABYTE), memory=asked.memory)
    print(
        f"{asked.shape}, {found['megabytes']:.0f} MB: ingest {found['ours']:.1f} MB per CPU second, plain DuckDB "
        f"{found['duckdb']:.1f}, ratio {found['ratio']:.0%}; peak memory {found['peak_mb']:.0f} MB and "
        f"{found['duckdb_peak_mb']:.0f} MB; wall {found['wall_s']:.0f} s"
    )


if __name__ == "__main__":
    main()
