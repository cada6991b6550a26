"""Give every adapter records that were damaged at random and look whether each of them is read or rejected, and none lost.

    python scripts/fuzz.py --records 100000 --formats telegram_desktop,parler

The records are those of the golden files in tests/test_formats.py, damaged in their bytes (cut off, flipped, in another
encoding, with line ends inside), in their structure (values of other kinds, missing and wrapped values, strange keys), in their
size. Every file begins with some whole records, so that its format is told; one in eight is damaged anywhere, its header too.

A file is refused with an error of ours, or rows read = posts + merged + rejected + accounts + others, and every
record number stands in exactly one place. Anything else is printed with the seed that makes it again.
"""

import argparse
import copy
import json
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CibError
from cib.sources import files, ingest, reading, staging
from cib.sources.batch import STAGED_POST

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

WHOLE, PER_FILE = 20, 2_000
TABLES = {
    "rtweet": "user_id,status_id,created_at,screen_name,text,is_retweet,retweet_status_id,hashtags\n"
    '1,90001,2024-03-01 10:00:05,anna,hello #Vote,false,,"[""Vote""]"\n',
    "twitter_io_archive": "tweetid,userid,user_screen_name,follower_count,account_creation_date,tweet_text,tweet_time\n"
    "11,h1=,anna,17,2016-12-04,the polls close at eight,2017-08-19 15:13\n",
    "ira_538": "author,content,external_author_id,followers,following,language,post_type,publish_date,retweet,updates\n"
    "ANNA,good morning,,10,1,English,RETWEET,3/13/2017 10:00,1,5\n",
    "coortweet": "object_id,account_id,content_id,timestamp_share\no1,a,c1,1700000000\n",
    "generic": "platform,post_id,account_id,created_at,text,retweet_of,urls,is_retweet,followers,mood\n"
    'x,1,anna,2024-03-01T10:00:05Z,"one, two",,"[""https://e.example/a""]",false,3,glad\n',
}
JUNK: list[Any] = [
    None, True, 0, -1, 2**63, 2**70, 1e308, float("nan"), float("inf"), "", " ", "null", "[null]", "[deleted]", "9.06e+17",
    "2024-02-30", "0000-00-00", "99999999999999999999", "\x00", "\ud83d", "\u202e", "'; --", "RT @x: y", "<p>x</p>", "=1+1", "#",
    "https://", "http://[", "at://", [], [None], [[]], [{}], {}, {"a": {}}, {"": 1}, ["x", 1, None], [["a", ["b"]]], {"id": "1"},
]  # fmt: skip
# As cells of a table. More than one in a hundred that look rounded would refuse the whole file, as they should.
TEXTS = [str(junk) for junk in JUNK if junk != "9.06e+17" and not (isinstance(junk, float) and junk > 1e300)]


def samples() -> dict[str, str]:
    """Return a small file of every format."""
    from test_formats import GOLDEN

    return {name: golden[0] for name, golden in GOLDEN.items()} | TABLES


def _documents(content: str) -> list[Any]:
    """The JSON documents of a sample."""
    found, at, decoder = [], 0, json.JSONDecoder(strict=False)
    while content[at:].strip():
        at += len(content[at:]) - len(content[at:].lstrip())
        try:
            document, at = decoder.raw_decode(content, at)
        except ValueError:
            break
        found.append(document)
    return found


def _spots(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a nested value."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in list(inner):
        yield found, key
        yield from _spots(value)


def _bent(document: Any, draw: random.Random) -> Any:
    """A document with one to three of its values replaced, wrapped, renamed or gone."""
    document = json.loads(json.dumps(document))
    for _ in range(draw.randint(1, 3)):
        spots = list(_spots(document))
        if not spots:
            return document
        holder, key = draw.choice(spots)
        turn = draw.randrange(6)
        if turn == 0 and isinstance(holder, dict):
            holder[draw.choice([str(key).upper(), f"{key}.x", "", "^", "=" + str(key), "\x00"])] = holder.pop(key)
        elif turn == 1 and isinstance(holder, dict):
            del holder[key]
        elif turn == 2:
            holder[key] = [holder[key]]
        elif turn == 3:
            holder[key] = draw.choice(["x", "ü", "\n", "[", "9"]) * draw.choice([1, 3, 300, 70_000])
        else:
            holder[key] = copy.deepcopy(draw.choice(JUNK))
    return document


def _damaged(raw: bytes, draw: random.Random) -> bytes:
    """A record with its bytes cut, flipped, recoded or interrupted."""
    at = draw.randrange(max(1, len(raw)))
    turn = draw.randrange(6)
    if turn == 0:
        return raw[:at]
    if turn == 1:
        return raw[:at] + bytes([draw.randrange(256)]) + raw[at + 1 :]
    if turn == 2:
        return raw.decode("utf-8", "replace").encode(draw.choice(["utf-16", "latin-1"]), "replace")
    if turn == 3:
        return raw[:at] + draw.choice([b"\n", b"\r", b'"', b"\x00", b"\xff", b"{", b"]", b",", b"\\"]) + raw[at:]
    return raw[:at] + raw[draw.randrange(max(1, len(raw))) :] if turn == 4 else raw[at:] + raw[:at]


def records(content: str, draw: random.Random) -> Iterator[bytes]:
    """Yield damaged records of a sample without end, each as one line."""
    if content.lstrip()[0] in "[{":
        documents = _documents(content)
        while True:
            document = draw.choice(documents)
            bent = _bent(document, draw) if draw.random() < 0.7 else document
            raw = json.dumps(bent, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
            yield _damaged(raw, draw) if draw.random() < 0.4 else raw
    rows = content.splitlines()[1:]
    while True:
        cells = draw.choice(rows).split(",")  # quoted commas and all: that is damage too
        for _ in range(draw.randint(1, 3)):
            cells[draw.randrange(len(cells))] = draw.choice([*TEXTS, "x" * 70_000, "0", "2024-03-01"])
        raw = ",".join(cells).encode("utf-8", "surrogatepass")
        yield _damaged(raw, draw) if draw.random() < 0.4 else raw


def damaged_file(content: str, draw: random.Random, n_records: int) -> bytes:
    """A file that begins as the sample does and goes on with damaged records."""
    is_json = content.lstrip()[0] in "[{"
    start = [json.dumps(d) for d in _documents(content)] * WHOLE if is_json else content.splitlines()
    every = records(content, draw)
    raw = b"\n".join([*(line.encode() for line in start), *(next(every) for _ in range(n_records))])
    if draw.random() < 1 / 8:
        at = draw.randrange(len(raw))
        raw = draw.choice(
            [raw[:at], _damaged(raw[:200], draw) + raw[200:], raw[at:], raw.decode("utf-8", "replace").encode("utf-16")]
        )
    return raw


def check(folder: Path, raw: bytes, engine: DuckDB) -> Counter:
    """Read one file into a new case; return what became of its rows. Raises AssertionError where the sums are wrong."""
    path = folder / "damaged"
    path.write_bytes(raw)
    other = folder / "whole.csv"  # beside it, so that a file of rejects alone is no error
    other.write_text(TABLES["generic"], encoding="utf-8")
    case = Case.create(folder / "case")
    try:
        record, _ = ingest(case, [path, other], engine=engine)
        options = reading.Options(None, {}, None, None)
        reading.stage(case, files.Input(path, path.name), folder / "stage", file_ix=0, engine=engine, options=options)
    except CibError as error:
        return Counter({"refused": 1, f"refused: {str(error)[:90]!r}": 1})
    parts = ("posts", "merged", "rejected", "account_rows", "others")
    assert record["rows_read"] == sum(record[name] for name in parts), record
    staged = staging.Mapped([folder / "stage" / "post.arrow"], STAGED_POST).table["source_record"].to_pylist()
    staged += pq.read_table(folder / "stage" / "reject.parquet", columns=["record"]).column(0).to_pylist()
    assert len(set(staged)) == len(staged), "a record stands in two places"
    assert len(staged) + record["account_rows"] == record["rows_read"], "a record is lost"
    return Counter({name: record[name] for name in parts}) + Counter(files=1)


def fuzz(name: str, content: str, *, n_records: int, seed: int = 1, per_file: int = PER_FILE) -> tuple[Counter, list[str]]:
    """Return what became of the rows of all files of one format, and every failure in words."""
    found: Counter = Counter()
    failures = []
    for number in range(-(-n_records // per_file)):
        draw = random.Random(f"{name} {seed} {number}")
        raw = damaged_file(content, draw, min(per_file, n_records))
        engine = DuckDB(threads=1, memory="1GB")
        with tempfile.TemporaryDirectory() as folder:
            try:
                found += check(Path(folder), raw, engine)
            except Exception:  # noqa: BLE001  whatever it is: that is what we look for
                failures.append(f"{name}, seed {seed}, file {number}:\n{traceback.format_exc(limit=-4)}")
            finally:
                engine.close()
    return found, failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000, help="per format")
    parser.add_argument("--formats", default="", help="names, set apart by commas; all where empty")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="why files were refused")
    asked = parser.parse_args()
    n_failures = 0
    for name, content in samples().items():
        if asked.formats and name not in asked.formats.split(","):
            continue
        found, failures = fuzz(name, content, n_records=asked.records, seed=asked.seed)
        told = ", ".join(
            f"{found[key]:,} {key}" for key in ("files", "refused", "posts", "merged", "rejected", "account_rows", "others")
        )
        print(f"{name}: {told}, {len(failures)} failures", flush=True)
        for words, count in sorted(found.items(), key=lambda pair: -pair[1]):
            if words.startswith("refused: ") and asked.verbose:
                print(f"    {count} {words}", flush=True)
        for failure in failures[:3]:
            print(failure, flush=True)
        n_failures += len(failures)
    sys.exit(1 if n_failures else 0)


if __name__ == "__main__":
    main()
