"""Counts who acted on the same items close in time, all windows at once, in memory that is known beforehand."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from cib.errors import CaseError
from cib.kernels import coaction, coaction_count
from cib.schema import MAX_WINDOWS

PART = 1 << 17  # coincidences of a part, at most about: half of them, its keys and its sieve stay in the second-level cache
MOST_PARTS = 1 << 13  # streams that are written side by side
WAVE = 64  # parts whose pairs are held at once
MOST_ROOM = 1 << 30  # bytes for keys: a further pass over the acts costs little beside fresh memory
NEVER_S = 1 << 60
NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Acts:
    """First acts, sorted by item and time: at most one per account and item.

    item, acted_at  int64[n];  account, level  int32[n], level the widest window, by number, at which the act takes part (0: none)
    post, interest  int64[n], >= 0: only where meetings are counted by posts
    """

    item: np.ndarray
    acted_at: np.ndarray
    account: np.ndarray
    level: np.ndarray
    post: np.ndarray
    interest: np.ndarray

    @staticmethod
    def columns(rule: "Rule") -> tuple[str, ...]:
        """Return the columns of the work table `act` that the rule asks for."""
        return ("item_ix", "acted_at", "account_ix", "level", *(("post_ix", "interest_ix") if rule.by_post else ()))

    @classmethod
    def of(cls, rows: pa.Table, rule: "Rule") -> "Acts":
        """Return the acts of the work table `act`, in its order."""
        kinds = {"account_ix": np.int32, "level": np.int32}
        found = [_own(rows[name], kinds.get(name, np.int64)) for name in cls.columns(rule)]
        return cls(*found, *[NONE] * (6 - len(found)))


@dataclass(frozen=True)
class Rule:
    """What counts.

    windows_s   six slots, rising, None where unused: the first where the data are too coarse, the last where there are fewer
    min_shared  coincidences in some window that make a row
    by_post     the smallest of items and posts of either side counts;  favourite  the interest with most is set apart
    """

    windows_s: tuple[int | None, ...]
    min_shared: int
    by_post: bool
    favourite: bool


@dataclass(frozen=True)
class Plan:
    """What was done: coincidences found; parts they were dealt out to; passes over the acts, one where all keys fit; bytes of the
    largest buffer, that of the keys."""

    coincidences: int
    parts: int
    passes: int
    buffer_bytes: int


class Meetings:
    """The coincidences of acts by a rule.

    `rows` yields the pairs by rising accounts. Afterwards `plan` is known, and `rare` holds, int64[n_blocks + 1, 6], the
    coincidences of all other pairs, inside each block and, last, across blocks.

    block       int32[n_accounts]  communities, from 0
    room_bytes  for keys. Where a bound says that all fit they are written at once. Otherwise they are counted first, exactly, and
                written in passes, as many parts at a time as have room; each pass finds all again
    Every act is compared with at most max_crowd others, once per pass. Memory beside the keys: 36 bytes per act (16 more by
    posts), 28 per account, 2 kB per part and thread. One account's meetings with a narrow range of the others cannot be divided
    and may need a larger buffer, which the plan says.
    """

    def __init__(self, acts: Acts, rule: Rule, *, block: np.ndarray, room_bytes: int, n_threads: int = 1):
        self.acts, self.rule, self.n_threads = acts, rule, n_threads
        self.block = np.ascontiguousarray(block, np.int32)
        self.bits = max(int(len(block) - 1).bit_length(), 1)
        if self.bits > coaction.MAX_BITS:
            raise CaseError(f"{len(block):,} accounts; expected at most {1 << coaction.MAX_BITS:,}. Choose a shorter period.")
        self.window_s = _bounds(rule.windows_s)
        self.room = room_bytes // (16 if rule.by_post else 8)
        n_blocks = int(self.block.max(initial=0)) + 1
        self.rare = np.zeros((n_blocks + 1, MAX_WINDOWS), np.int64)
        n = len(acts.item)
        cuts = [int(np.searchsorted(acts.item, acts.item[n * k // n_threads])) for k in range(1, n_threads)] if n else []
        self.stretches = list(zip([0, *cuts], [*cuts, n], strict=True))  # whole items, for the threads
        self.total = np.zeros((len(self.stretches), n_blocks + 1, coaction.N_CODES), np.int64)

    def rows(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield, once, account pairs int32[n, 2], n_w int32[n, 6], and where counted by posts rest_w int32[n, 6] and favourite_w
        int64[n, 6], -1 where none."""
        for found in self._folded(self._pairs):
            self.rare += sum(rare for _, rare in found)
            if kept := [rows for rows, _ in found if len(rows[0])]:
                yield tuple(np.concatenate(columns) for columns in zip(*kept, strict=True))
        by_code = self.total.sum(axis=0)
        in_window = [[code // 8 <= w < code % 8 for w in range(MAX_WINDOWS)] for code in range(coaction.N_CODES)]
        self.rare += by_code @ np.array(in_window, np.int64)

    def of(self, pairs: np.ndarray) -> Iterator[np.ndarray]:
        """Yield, once, the coincidences of these pairs (at least one), by pair and item: numbers of the two acts, int64[n, 2].

        pairs  int64[n, 2], the lower account first. The rule must be by posts: only then a sweep writes acts.
        """
        wanted = np.unique((pairs[:, 0].astype(np.int64) << self.bits) | pairs[:, 1])
        seen = np.zeros(1 << (4 * len(wanted)).bit_length(), np.uint8)
        coaction_count.mark(wanted, seen)
        for found in self._folded(partial(self._chosen, wanted=wanted, seen=seen)):
            yield np.concatenate(found)

    def _folded(self, fold: Callable) -> Iterator[list]:
        """Yield what `fold` returns of every part in order, a wave at a time."""
        passes = self._passes()
        n_chunks = max(int(chunks.sum()) for _, _, chunks in passes)
        link, key = np.empty(n_chunks, np.int64), np.empty(n_chunks * coaction.CHUNK, np.int64)
        acts = np.empty(len(key) if self.rule.by_post else 0, np.int64)
        for first, last, chunks in passes:
            end = np.full((len(chunks), last - first), -coaction.CHUNK)
            used = (np.cumsum(chunks) - chunks).reshape(-1, 1)
            self._sweep(first, end, used=used, link=link, key=key, acts=acts)
            for at in range(0, last - first, WAVE):
                ends = list(np.ascontiguousarray(end[:, at : at + WAVE].T))
                yield self._each(partial(fold, link=link, key=key, acts=acts), ends)
        self.plan = Plan(int(self.total.sum()), self.n_parts, len(passes), key.nbytes + acts.nbytes)

    def _passes(self) -> list[tuple[int, int, np.ndarray]]:
        """Fix the parts, and return the passes: first part, one past the last, and chunks of keys that each stretch may need."""
        a = self.acts
        weight = np.zeros((len(self.stretches), len(self.block)), np.int64)
        self._each(
            lambda k: coaction.reach(*(column[slice(*self.stretches[k])] for column in (a.item, a.acted_at, a.account, a.level)),
                                     self.window_s, weight[k]),
            range(len(self.stretches)),
        )  # fmt: skip
        most, weight = weight.sum(axis=1) // 2, weight.sum(axis=0)  # either side counts a coincidence
        row = np.empty(len(weight), np.int64)
        self.n_parts = coaction.divide(weight, max(PART, int(weight.sum()) // MOST_PARTS), self.bits, row)
        self.row, self.own_block = row[a.account], self.block[a.account]
        if most.sum() <= self.room:
            return [(0, self.n_parts, most // coaction.CHUNK + self.n_parts)]
        count = np.zeros((len(self.stretches), self.n_parts), np.int64)
        self._sweep(0, count)
        chunks = -(-count // coaction.CHUNK)
        passes, first, held = [], 0, 0
        for part, n in enumerate((chunks.sum(axis=0) * coaction.CHUNK).tolist()):
            if held + n > self.room and part > first:
                passes.append((first, part))
                first, held = part, 0
            held += n
        passes.append((first, self.n_parts))
        return [(first, last, chunks[:, first:last].sum(axis=1)) for first, last in passes]

    def _sweep(
        self,
        first: int,
        place: np.ndarray,
        *,
        used: np.ndarray | None = None,
        link: np.ndarray = NONE,
        key: np.ndarray = NONE,
        acts: np.ndarray = NONE,
    ) -> None:
        """Count, or write where there is a key, the coincidences of the parts from `first` on: place[stretch, part]."""
        a = self.acts
        columns = (a.item, a.acted_at, a.account, a.level, self.own_block, self.row)
        done = self.total.any()

        def stretch(k: int) -> None:
            total = self.total[k][:0] if done else self.total[k]
            more = (total, np.zeros(1, np.int64) if used is None else used[k], link, key, acts)
            coaction.sweep(*columns, *self.stretches[k], self.window_s, self.bits, first, place[k], *more)

        self._each(stretch, range(len(self.stretches)))

    def _held(
        self, end: np.ndarray, *, link: np.ndarray, key: np.ndarray, acts: np.ndarray, seen: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the keys and acts of one part: of pairs that may be frequent, or of those that `seen` wants and a few others."""
        n = coaction_count.n_held(end, link)
        sieve = np.zeros(1 << (2 * n).bit_length(), np.uint8) if seen is None else seen
        own_key, own_acts = np.empty(n, np.int64), np.empty(n if self.rule.by_post else 0, np.int64)
        least = self.rule.min_shared if seen is None else 1
        n = coaction_count.frequent(end, link, key, acts, least, seen is None, sieve, own_key, own_acts)
        return own_key[:n], own_acts[:n]

    def _chosen(self, end: np.ndarray, *, wanted: np.ndarray, **held: np.ndarray) -> np.ndarray:
        """Return the coincidences of one part, as `of` does."""
        key, acts = self._held(end, **held)
        pair = key >> coaction.CODE_BITS
        at = np.minimum(np.searchsorted(wanted, pair), len(wanted) - 1)
        kept = np.flatnonzero(wanted[at] == pair)
        pair, acts = pair[kept], acts[kept]
        acts = acts[np.lexsort((acts, pair))]
        return np.stack([acts >> 32, acts & 0xFFFFFFFF], axis=1)

    def _pairs(self, end: np.ndarray, **held: np.ndarray) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Return the pairs of one part, as `rows` does, and what they change in `rare`."""
        rule, rare = self.rule, np.zeros_like(self.rare)
        own_key, own_acts = self._held(end, **held)
        n = len(own_key)
        if n:
            coaction_count.order(own_key, own_acts, np.empty_like(own_key), np.empty_like(own_acts))
        room = n // rule.min_shared
        deep = coaction_count.longest(own_key) if rule.by_post else 0
        work, slot = np.empty((14, deep), np.int64), np.empty(4 * deep, np.int64)
        pair, n_shared = np.empty((room, 2), np.int32), np.empty((room, MAX_WINDOWS), np.int32)
        n_rest = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int32)
        favourite = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int64)
        about = (self.acts.post, self.acts.interest, self.block, self.bits, rule.min_shared, rule.favourite)
        n_out = coaction_count.pairs(own_key, own_acts, *about, work, slot, pair, n_shared, n_rest, favourite, rare)
        found = (pair, n_shared, n_rest, favourite) if rule.by_post else (pair, n_shared)
        return tuple(column[:n_out].copy() for column in found), rare

    def _each(self, task: Callable, over: Sequence) -> list:
        """Return task(x) of every x, in order, in as many threads as there are."""
        if self.n_threads == 1 or len(over) < 2:
            return [task(x) for x in over]
        with ThreadPoolExecutor(self.n_threads) as threads:
            return list(threads.map(task, over))


def _own(column: pa.ChunkedArray, kind: type) -> np.ndarray:
    """Return the column as an array of one type that may be written to: kernels are compiled for one kind of array."""
    values = column.to_numpy()
    return values if values.dtype == kind and values.flags.writeable else np.array(values, kind)


def _bounds(windows_s: tuple[int | None, ...]) -> np.ndarray:
    """Return int64[6]: the windows as `coaction.sweep` reads them."""
    tested = [k for k, w in enumerate(windows_s) if w is not None]
    first = tested[0] if tested else len(windows_s)
    return np.array([-1 if k < first else NEVER_S if w is None else w for k, w in enumerate(windows_s)], np.int64)
