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
from cib.text import folded
from cib.urls import canonical

BATCH = 16_384  # posts in memory at a time
KEPT = (
    *("platform", "post_id", "account_id", "created_at", "container", "permalink", "resolution_s", "source_file", "source_record"),
    *("retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "quote_of_account"),
)
HELD = pa.schema([*(schema.arrow("post").field(name) for name in KEPT), ("objects", pa.list_(pa.string())), ("is_it", pa.bool_())])
READS = {"address": ("url_keys",), "site": ("url_keys",), "hashtag": ("hashtags",), "mention": ("mentions",)}
TEXT = ("text_key", "text")
Found = dict[int, list[str]]  # row of the batch: what it holds, each once
_LETTERS = re.compile(r"[^\W_]{4,}")


class Finder:
    """Finds one question in batches of posts.

    names  for a mention: the (platform, account id) that carry the handle, beside the handle itself
    """

    def __init__(self, asked: Asked, *, names: frozenset[tuple[str, str]] = frozenset()):
        self.asked = asked
        self.reads = READS.get(asked.kind, TEXT)
        self._ids = {account_id for _, account_id in names}
        self._names = names
        self._host = host(asked.value) if asked.kind == "address" else asked.value
        self._token = max(_LETTERS.findall(asked.value.partition("://")[2]), key=len, default="") if asked.kind == "address" else ""
        self._wanted = self._like(asked.value)
        if asked.kind == "term":
            self._pattern, self._part = (terms.loose(asked.value), "") if asked.loose else terms.strict(asked.value)

    def find(self, rows: pa.RecordBatch) -> Found:
        """Return, by row, what was found in it: canonical addresses, or the name of the question."""
        if self.asked.kind == "term":
            return {row: [self.asked.name] for row in self._texts(rows)}
        test = {"address": self._is_page, "site": self._is_under, "hashtag": self._is_tag, "mention": self._is_name}[self.asked.kind]
        found = _lists(rows[self.reads[0]], test)
        if self.asked.kind == "mention" and self._ids:
            platforms = rows["platform"]
            found = {row: held for row, held in found.items() if self._means(platforms[row].as_py(), held)}
        return found if self.asked.kind in ("address", "site") else {row: [self.asked.name] for row in found}

    def is_it(self, rows: pa.RecordBatch) -> Found:
        """Return the rows whose own address is the page that was asked for: what others link to was published there."""
        if self.asked.kind != "address":
            return {}
        links = rows["permalink"]
        near = pc.match_substring(links, self._token, ignore_case=True) if self._token else pc.is_valid(links)
        places = np.flatnonzero(pc.fill_null(near, False).to_numpy(zero_copy_only=False)).tolist()
        return {row: [self.asked.value] for row in places if canonical(links[row].as_py()) == self.asked.value}

    def _texts(self, rows: pa.RecordBatch) -> list[int]:
        """Return the rows whose text holds the term. Short texts have no key and are normalised here; equal ones once."""
        keys, texts = rows["text_key"], rows["text"]
        short = pc.if_else(pc.is_null(keys), texts, pa.scalar(None, pa.string()))
        if self._part:
            keys = pc.if_else(pc.match_substring(keys, self._part), keys, pa.scalar(None, pa.string()))
        return sorted({*_rows(keys, self._holds), *_rows(short, lambda text: self._holds(folded(text)))})

    def _holds(self, seen: str) -> bool:
        return self._pattern.search(terms.plain(seen) if self.asked.loose else seen) is not None

    def _like(self, spelling: str) -> str:
        seen = tag(spelling)
        return terms.plain(seen) if self.asked.loose else seen

    def _is_page(self, url_key: str) -> bool:
        return url_key == self.asked.value

    def _is_under(self, url_key: str) -> bool:
        return self._host in url_key and ("." + host(url_key)).endswith("." + self._host)

    def _is_tag(self, spelling: str) -> bool:
        return self._like(spelling) == self._wanted

    def _is_name(self, spelling: str) -> bool:
        return spelling in self._ids or self._like(spelling) == self._wanted

    def _means(self, platform: str, held: list[str]) -> bool:
        """Say whether one of the spellings is the handle, or an id that has it on this platform."""
        return any(self._like(name) == self._wanted or (platform, name) in self._names for name in held)


def held(parts: Sequence[Path], finder: Finder, *, period: tuple[dt.datetime, dt.datetime]) -> Iterator[pa.Table]:
    """Yield the posts of the period that hold what was asked for, as HELD, in the order of the parts.

    Memory: BATCH posts. Time: about five seconds per million posts for lists, ten to twenty for texts, half a minute loosely.
    """
    for rows in batches(parts, (*KEPT, *finder.reads), period):
        found, itself = finder.find(rows), finder.is_it(rows)
        if not found and not itself:
            continue
        places = sorted({*found, *itself})
        kept = rows.take(pa.array(places, pa.int64())).select(list(KEPT))
        objects = pa.array([found.get(row) or itself[row] for row in places], HELD.field("objects").type)
        is_it = pa.array([row in itself and row not in found for row in places])
        yield pa.table([*kept.columns, objects, is_it], schema=HELD)


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
