"""Counts who acted on the same items close in time, all windows at once, in memory that is known beforehand."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib.errors import CaseError
from cib.kernels import coaction, coaction_count
from cib.schema import MAX_WINDOWS

PART = 1 << 16  # coincidences of a part, about: its keys and its sieve stay in the second-level cache
MOST_PARTS = 1 << 13  # streams that are written side by side
WAVE = 64  # parts whose pairs are held at once
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
    """What was chosen before the first coincidence was written.

    coincidences  counted exactly;  parts  they are dealt out to;  passes  over the acts, one as long as all keys fit
    buffer_bytes  of the largest buffer, that of the keys
    """

    coincidences: int
    parts: int
    passes: int
    buffer_bytes: int


class Meetings:
    """The coincidences of acts by a rule.

    `plan` is known at once; `rows` yields the pairs by rising accounts, and afterwards `rare` holds, int64[n_blocks + 1, 6], the
    coincidences of all other pairs, inside each block and, last, across blocks.

    block       int32[n_accounts]  communities, from 0
    room_bytes  for keys: more coincidences are counted in passes, each of which finds all again
    Every act is compared with at most max_crowd others, twice and once more per further pass. Memory beside the keys: 36 bytes
    per act (16 more by posts), 28 per account. One account's meetings with a narrow range of the others cannot be divided and may
    need a larger buffer, which the plan says.
    """

    def __init__(self, acts: Acts, rule: Rule, *, block: np.ndarray, room_bytes: int, n_threads: int = 1):
        self.acts, self.rule, self.n_threads = acts, rule, n_threads
        self.block = np.ascontiguousarray(block, np.int32)
        self.bits = max(int(len(block) - 1).bit_length(), 1)
        if self.bits > coaction.MAX_BITS:
            raise CaseError(f"{len(block):,} accounts; expected at most {1 << coaction.MAX_BITS:,}. Choose a shorter period.")
        self.window_s = _bounds(rule.windows_s)
        self.n_blocks = int(self.block.max(initial=0)) + 1
        self._divide()
        self._count(max(room_bytes // (16 if rule.by_post else 8), 1))

    def _divide(self) -> None:
        """Fix the parts, and the stretches of whole items that threads take."""
        a = self.acts
        weight = np.zeros(len(self.block), np.int64)
        coaction.reach(a.item, a.acted_at, a.account, a.level, self.window_s, weight)
        row = np.empty(len(weight), np.int64)
        self.n_parts = coaction.divide(weight, max(PART, int(weight.sum()) // MOST_PARTS), self.bits, row)
        self.row, self.own_block = row[a.account], self.block[a.account]
        n = len(a.item)
        cuts = [int(np.searchsorted(a.item, a.item[n * k // self.n_threads])) for k in range(1, self.n_threads)] if n else []
        self.stretches = list(zip([0, *cuts], [*cuts, n], strict=True))

    def _count(self, room: int) -> None:
        """Count the coincidences of every part, and choose the passes: as many parts, one after the other, as have room."""
        n_stretches = len(self.stretches)
        count = np.zeros((n_stretches, self.n_parts), np.int64)
        total = np.zeros((n_stretches, self.n_blocks + 1, coaction.N_CODES), np.int64)
        self._each(lambda k: self._sweep(k, first=0, place=count[k], total=total[k], key=NONE, acts=NONE), range(n_stretches))
        self.count = count
        by_code = total.sum(axis=0)
        in_window = [[code // 8 <= w < code % 8 for w in range(MAX_WINDOWS)] for code in range(coaction.N_CODES)]
        self.rare = by_code @ np.array(in_window, np.int64)
        size = count.sum(axis=0)
        self.passes, first, held = [], 0, 0
        for part, n in enumerate(size.tolist()):
            if held + n > room and part > first:
                self.passes.append((first, part, held))
                first, held = part, 0
            held += n
        self.passes.append((first, self.n_parts, held))
        largest = max(n for _, _, n in self.passes)
        self.plan = Plan(int(size.sum()), self.n_parts, len(self.passes), largest * (16 if self.rule.by_post else 8))

    def rows(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield, once, account pairs int32[n, 2], n_w int32[n, 6], and where counted by posts rest_w int32[n, 6] and favourite_w
        int64[n, 6], -1 where none."""
        largest = max(n for _, _, n in self.passes)
        key, acts = np.empty(largest, np.int64), np.empty(largest if self.rule.by_post else 0, np.int64)
        for first, last, _ in self.passes:
            size = self.count[:, first:last].sum(axis=0)
            end = np.cumsum(size)
            place = (end - size) + np.cumsum(self.count[:, first:last], axis=0) - self.count[:, first:last]
            total = np.zeros((1, coaction.N_CODES), np.int64)
            args = {"first": first, "total": total, "key": key, "acts": acts}
            self._each(lambda k, place=place, args=args: self._sweep(k, place=place[k], **args), range(len(self.stretches)))
            bounds = list(zip((end - size).tolist(), end.tolist(), strict=True))
            for at in range(0, len(bounds), WAVE):
                found = self._each(lambda b: self._fold(key[b[0] : b[1]], acts[b[0] : b[1]]), bounds[at : at + WAVE])
                if kept := [rows for rows, rare in found if len(rows[0])]:
                    yield tuple(np.concatenate(columns) for columns in zip(*kept, strict=True))
                self.rare += sum(rare for _, rare in found)

    def _sweep(self, k: int, *, first: int, place: np.ndarray, total: np.ndarray, key: np.ndarray, acts: np.ndarray) -> None:
        a, (begin, stop) = self.acts, self.stretches[k]
        columns = (a.item, a.acted_at, a.account, a.level, self.own_block, self.row)
        coaction.sweep(*columns, begin, stop, self.window_s, self.bits, first, place, total, key, acts)

    def _fold(self, key: np.ndarray, acts: np.ndarray) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Return the pairs of one part, as `rows` does, and what they change in `rare`. Overwrites key and acts."""
        rule, rare = self.rule, np.zeros((self.n_blocks + 1, MAX_WINDOWS), np.int64)
        n = 0
        if len(key):
            seen = np.zeros(1 << (2 * len(key) - 1).bit_length(), np.uint8)
            n = coaction_count.frequent(key, acts, rule.min_shared, seen)
        key, acts = key[:n], acts[:n]
        if n:
            coaction_count.order(key, acts, np.empty_like(key), np.empty_like(acts))
        room = n // rule.min_shared
        deep = coaction_count.longest(key) if rule.by_post else 0
        work, slot = np.empty((14, deep), np.int64), np.empty(4 * deep, np.int64)
        pair, n_shared = np.empty((room, 2), np.int32), np.empty((room, MAX_WINDOWS), np.int32)
        n_rest = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int32)
        favourite = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int64)
        about = (self.acts.post, self.acts.interest, self.block, self.bits, rule.min_shared, rule.favourite)
        n_out = coaction_count.pairs(key, acts, *about, work, slot, pair, n_shared, n_rest, favourite, rare)
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
