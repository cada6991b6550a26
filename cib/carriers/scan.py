"""Reads the posts of a case once, some at a time, and keeps those that hold what was asked for. No SQL: what an adversary or a
user wrote is only ever compared here."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import schema
from cib.carriers import terms
from cib.carriers.asked import Asked, host, tag
from cib.matching.confusables import plain, skeleton
from cib.matching.terms import Matcher
from cib.text import TRAILING, folded, mentions, urls, without_rt
from cib.urls import canonical, names

BATCH = 16_384  # posts in memory at a time
MAX_SPELLINGS = 500_000  # distinct hashtags or mentions that a near one is looked for among
KEPT = (
    *("platform", "post_id", "account_id", "created_at", "container", "permalink", "resolution_s"),
    *("source_file", "source_record"),
    *("retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account"),
)
HELD = pa.schema(
    [
        *(schema.arrow("post").field(name) for name in KEPT),
        *(("carried_at", pa.int64()), ("objects", pa.list_(pa.string())), ("is_it", pa.bool_())),
    ]
)
READS = {  # kind: the list it stands in, if in one; then the texts
    "address": ("url_keys", "text"),
    "site": ("url_keys", "text"),
    "hashtag": ("hashtags",),
    "mention": ("mentions", "text"),
    "term": ("text_key", "text"),
}
Found = dict[int, list[str]]  # row of the batch: what it holds, each once
_TAIL = re.compile(r"[A-Za-z0-9]{4,}")
_BEFORE = r"(?<![\w@.-])(?:[\w-]{1,63}\.){0,6}"  # a host in a text: what may stand before it, and behind
_BEHIND = r"(?!\.?[\w-])(?:[/?#:][^\s<>\"“”«»]*)?"


class Finder:
    """Finds one question in batches of posts.

    ids  for a mention: the (platform, account id) that carry the handle, beside the handle itself
    """

    def __init__(self, asked: Asked, *, ids: frozenset[tuple[str, str]] = frozenset()):
        self.asked = asked
        self.reads = READS[asked.kind]
        self._ids = ids
        self._spelled_ids = {account_id for _, account_id in ids}
        self._wanted = self._like(asked.value)
        self._token = self._part = ""
        if asked.kind in ("address", "site"):
            self._host = host(asked.value)
            self._hosts = "|".join(map(re.escape, names(self._host)))
            self._bare = re.compile(f"{_BEFORE}(?:{self._hosts}){_BEHIND}", re.IGNORECASE)
        if asked.kind == "address" and asked.value.count("/") > 2:  # every spelling of the address ends in this
            self._token = max(_TAIL.findall(re.split("[/=]", asked.value)[-1]), key=len, default="")
        if asked.kind == "term":
            pattern, part = terms.strict(asked.value)
            self._holds = lambda seen: pattern.search(seen) is not None
            self._part = part
            if asked.loose and terms.words(asked.value):
                matcher = Matcher([asked.value])
                self._holds = lambda text: bool(matcher.find(text))

    def find(self, rows: pa.RecordBatch) -> Found:
        """Return, by row, what was found in it: canonical addresses, or the name of the question."""
        if self.asked.kind == "term":
            return {row: [self.asked.name] for row in self._texts(rows)}
        tests = {"address": self._is_page, "site": self._is_under, "hashtag": self._is_tag, "mention": self._is_name}
        test = tests[self.asked.kind]
        found = _lists(rows[self.reads[0]], test)
        if self.asked.kind in ("address", "site"):
            return self._written(rows["text"], test) | found
        if self.asked.kind == "mention":
            found = {row: held for row, held in found.items() if self._means(rows, row, held)}
        return {row: [self.asked.name] for row in found}

    def is_it(self, rows: pa.RecordBatch) -> Found:
        """Return the rows whose own address is the page that was asked for: what others link to was published there."""
        if self.asked.kind != "address":
            return {}
        links = rows["permalink"]
        near = self._near(links)
        return {row: [self.asked.value] for row in near if canonical(links[row].as_py()) == self.asked.value}

    def _written(self, texts: pa.Array, test: Callable[[str], bool]) -> Found:
        """Return the rows whose text holds it as an address, which their list of addresses may not repeat."""
        found: Found = {}
        for row in self._near(texts):
            text = texts[row].as_py()
            spelled = [*urls(text), *(match.group().rstrip(TRAILING) for match in self._bare.finditer(text))]
            if keys := [key for one in spelled if (key := canonical(one)) and test(key)]:
                found[row] = list(dict.fromkeys(keys))
        return found

    def _near(self, texts: pa.Array) -> list[int]:
        """Return the rows that may hold the page: its address ends so, or where that tells nothing, a name of its host."""
        if self._token:
            near = pc.match_substring(texts, self._token, ignore_case=True)
        else:
            near = pc.match_substring_regex(texts, self._hosts, ignore_case=True)
        return np.flatnonzero(pc.fill_null(near, False).to_numpy(zero_copy_only=False)).tolist()

    def _texts(self, rows: pa.RecordBatch) -> list[int]:
        """Return the rows whose text holds the term. Short texts have no key and are normalised here; equal ones once."""
        keys, texts = rows["text_key"], rows["text"]
        if self.asked.loose:
            return _rows(texts, self._holds)
        nothing = pa.scalar(None, pa.string())
        short = pc.if_else(pc.is_null(keys), texts, nothing)
        keys = pc.if_else(pc.match_substring(keys, self._part), keys, nothing)
        return sorted({*_rows(keys, self._holds), *_rows(short, lambda text: self._holds(folded(text)))})

    def _like(self, spelling: str) -> str:
        return skeleton(plain(spelling)) if self.asked.loose else tag(spelling)

    def _is_page(self, url_key: str) -> bool:
        return url_key == self.asked.value

    def _is_under(self, url_key: str) -> bool:
        return self._host in url_key and ("." + host(url_key)).endswith("." + self._host)

    def _is_tag(self, spelling: str) -> bool:
        return self._like(spelling) == self._wanted

    def _is_name(self, spelling: str) -> bool:
        return spelling in self._spelled_ids or self._like(spelling) == self._wanted

    def _means(self, rows: pa.RecordBatch, row: int, spelled: list[str]) -> bool:
        """Say whether one of the spellings is the handle, or an id that has it on this platform; of a retweet, whether what
        follows "RT @name:" mentions it: being retweeted is not being mentioned."""
        platform = rows["platform"][row].as_py()
        if not any(self._like(name) == self._wanted or (platform, name) in self._ids for name in spelled):
            return False
        author, rest = without_rt(rows["text"][row].as_py() or "")
        return author is None or any(self._is_name(name) for name in mentions(rest))


def held(parts: Sequence[Path], finder: Finder, *, period: tuple[dt.datetime, dt.datetime]) -> Iterator[pa.Table]:
    """Yield the posts of the period that hold what was asked for, as HELD, in the order of the parts.

    Memory: BATCH posts. Time per million posts, on one core: three seconds, loosely twelve.
    """
    for rows in batches(parts, (*KEPT, *finder.reads), period):
        found, itself = finder.find(rows), finder.is_it(rows)
        if not found and not itself:
            continue
        places = sorted({*found, *itself})
        kept = rows.take(pa.array(places, pa.int64())).select(list(KEPT))
        objects = pa.array([found.get(row) or itself[row] for row in places], HELD.field("objects").type)
        is_it = pa.array([row in itself and row not in found for row in places])
        carried_at = pa.array(kept["created_at"].cast(pa.int64()).to_numpy(zero_copy_only=False) // 1_000_000)
        yield pa.table([*kept.columns, carried_at, objects, is_it], schema=HELD)


def count(parts: Sequence[Path], finders: Sequence[Finder], *, period: tuple[dt.datetime, dt.datetime]) -> list[int]:
    """Return how many posts of the period hold each of several questions, reading the posts once."""
    n_posts = [0] * len(finders)
    reads = ("platform", "created_at", *dict.fromkeys(column for finder in finders for column in finder.reads))
    for rows in batches(parts, reads, period):
        for i, finder in enumerate(finders):
            n_posts[i] += len(finder.find(rows))
    return n_posts


def batches(parts: Sequence[Path], columns: Sequence[str], period: tuple[dt.datetime, dt.datetime]) -> Iterator[pa.RecordBatch]:
    """Yield the posts of the period, BATCH at a time, `since` included and `until` not."""
    since, until = (pa.scalar(end, pa.timestamp("us")) for end in period)
    for part in parts:
        with pq.ParquetFile(part) as file:
            for rows in file.iter_batches(BATCH, columns=list(dict.fromkeys(columns))):
                times = rows["created_at"]
                yield rows.filter(pc.and_(pc.greater_equal(times, since), pc.less(times, until)))


def spellings(parts: Sequence[Path], column: str, *, period: tuple[dt.datetime, dt.datetime]) -> dict[str, int]:
    """Return how many posts of the period hold each value of a column of lists, as it is compared: the MAX_SPELLINGS first
    met."""
    counts: dict[str, int] = {}
    for rows in batches(parts, ("created_at", column), period):
        values = pc.value_counts(rows[column].flatten())
        for spelling, n in zip(values.field("values").to_pylist(), values.field("counts").to_pylist(), strict=True):
            name = tag(spelling or "")
            if name in counts or len(counts) < MAX_SPELLINGS:
                counts[name] = counts.get(name, 0) + n
    return counts


def named(parts: Sequence[Path], handle: str) -> frozenset[tuple[str, str]]:
    """Return the (platform, account id) of the accounts with that handle, from the account table."""
    found: set[tuple[str, str]] = set()
    for part in parts:
        with pq.ParquetFile(part) as file:
            for rows in file.iter_batches(BATCH, columns=["platform", "account_id", "handle"]):
                for row in _rows(rows["handle"], partial(_is_handle, handle)):
                    found.add((rows["platform"][row].as_py(), rows["account_id"][row].as_py()))
    return frozenset(found)


def _is_handle(handle: str, spelling: str) -> bool:
    return tag(spelling.removeprefix("@")) == handle


def _lists(column: pa.Array, test: Callable[[str], bool]) -> Found:
    """Return, by row of a column of lists, the values that pass; each distinct value is looked at once."""
    values, rows = column.flatten(), pc.list_parent_indices(column)
    found: Found = {}
    for place in _rows(values, test):
        kept = found.setdefault(rows[place].as_py(), [])
        if (value := values[place].as_py()) not in kept:
            kept.append(value)
    return found


def _rows(column: pa.Array, test: Callable[[str], bool]) -> list[int]:
    """Return the places of a column of strings that pass; each distinct value is looked at once."""
    coded = column.dictionary_encode()
    passed = np.array([value is not None and test(value) for value in coded.dictionary.to_pylist()], bool)
    if not passed.any():
        return []
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.flatnonzero(np.append(passed, False)[codes]).tolist()
