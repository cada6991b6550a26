"""Counts who acted on the same items close in time, all windows at once, in memory that is known beforehand."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa

from cib.errors import CaseError
from cib.kernels import coaction, coaction_count
from cib.schema import MAX_WINDOWS

PART = 1 << 16  # coincidences after which a part ends with its account: its keys and its sieve stay in the second-level cache
TASK = 1 << 15  # acts of the accounts that a thread is given at a time, at about
WAVE = 64  # tasks whose pairs are held at once
MOST_ROOM = 1 << 28  # bytes for keys: what no cache holds is no faster for being more
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


@dataclass
class Plan:
    """What was done: coincidences found; parts they were counted in; accounts whose coincidences were too many for one part, and
    were found once per part instead of once; bytes of the buffers for keys, all threads."""

    coincidences: int = 0
    parts: int = 0
    divided: int = 0
    buffer_bytes: int = 0


class _Buffers:
    """Keys of one part, the acts they are of where wanted, and what an order needs beside them."""

    def __init__(self, room: int, *, acts: bool):
        self.key, self.spare = np.empty(room, np.int64), np.empty(room, np.int64)
        self.acts, self.spare_acts = (np.empty(room if acts else 0, np.int64) for _ in range(2))
        self.sieve = np.empty(2 << (2 * room).bit_length(), np.uint8)

    @property
    def nbytes(self) -> int:
        return sum(own.nbytes for own in vars(self).values())


class Meetings:
    """The coincidences of acts by a rule.

    `rows` yields the pairs by rising accounts. Afterwards `plan` is known, and `rare` holds, int64[n_blocks + 1, 6], the
    coincidences of all other pairs, inside each block and, last, across blocks.

    block       int32[n_accounts]  communities, from 0
    room_bytes  for keys, all threads. Where an account has more coincidences than fit it is divided by ranges of the others, and
                its acts are looked through once per range
    Every act is compared with at most max_crowd others, from either side. Memory beside the keys: 12 bytes per act (16 more by
    posts), 12 per account (8 more per thread while one is divided), and the rows of WAVE tasks. The meetings of two accounts
    cannot be divided and may need larger buffers, which the plan says.
    """

    def __init__(self, acts: Acts, rule: Rule, *, block: np.ndarray, room_bytes: int, n_threads: int = 1):
        self.rule, self.n_threads = rule, n_threads
        self.post, self.interest = _fixed(acts.post), _fixed(acts.interest)
        self.block = np.ascontiguousarray(block, np.int32)
        self.bits = max(int(len(block) - 1).bit_length(), 1)
        if self.bits > coaction.MAX_BITS:
            raise CaseError(f"{len(block):,} accounts; expected at most {1 << coaction.MAX_BITS:,}. Choose a shorter period.")
        n = len(acts.item)
        if n >= coaction.MAX_ACTS:
            raise CaseError(f"{n:,} acts in one graph; expected fewer than {coaction.MAX_ACTS:,}. Choose a shorter period.")
        self.window_s = np.array([-1, *_bounds(rule.windows_s), NEVER_S])
        self.room = max(room_bytes // (n_threads * (42 if rule.by_post else 26)), 1)
        self.record, self.head, self.act = np.empty(n, np.int64), np.zeros(len(block) + 2, np.int64), np.empty(n, np.int32)
        columns = (acts.item, acts.acted_at, acts.account, acts.level)
        coaction.lay_out(*map(_fixed, columns), self.record, self.head, self.act)
        self.rare = np.zeros((int(self.block.max(initial=0)) + 2, MAX_WINDOWS), np.int64)
        self.plan = Plan()

    def rows(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield, once, account pairs int32[n, 2], n_w int32[n, 6], and where counted by posts rest_w int32[n, 6] and favourite_w
        int64[n, 6], -1 where none."""
        for wave in self._folded(self._pairs):
            if kept := [found for found in wave if len(found[0])]:
                yield tuple(np.concatenate(columns) for columns in zip(*kept, strict=True))

    def of(self, pairs: np.ndarray) -> Iterator[np.ndarray]:
        """Yield, once, the coincidences of these pairs (at least one), by pair and item: numbers of the two acts, int64[n, 2].

        pairs  int64[n, 2], the lower account first. The rule must be by posts: only then acts are written.
        """
        wanted = np.unique((pairs[:, 0].astype(np.int64) << self.bits) | pairs[:, 1])
        seen = np.zeros(1 << (4 * len(wanted)).bit_length(), np.uint8)
        coaction_count.mark(wanted, seen)
        for wave in self._folded(partial(self._chosen, wanted=wanted, seen=seen)):
            yield np.concatenate([np.empty((0, 2), np.int64), *wave])

    def _folded(self, fold: Callable) -> Iterator[list]:
        """Yield what `fold` returns of every part in order, a wave of tasks at a time."""
        starts = np.arange(0, self.head[-1], TASK)
        cuts = np.unique([0, *np.searchsorted(self.head[:-1], starts), len(self.block)])
        tasks = list(pairwise(cuts.tolist()))
        free = [_Buffers(self.room, acts=self.rule.by_post) for _ in range(min(self.n_threads, len(tasks)))]
        for at in range(0, len(tasks), WAVE):
            done = self._each(partial(self._task, fold=fold, free=free), tasks[at : at + WAVE])
            for _, rare, plan in done:
                self.rare += rare
                for name, more in vars(plan).items():
                    setattr(self.plan, name, getattr(self.plan, name) + more)
            yield [found for parts, *_ in done for found in parts]
        self.plan.buffer_bytes = sum(buffers.nbytes for buffers in free)

    def _task(self, task: tuple[int, int], *, fold: Callable, free: list[_Buffers]) -> tuple[list, np.ndarray, Plan]:
        """Return what `fold` returns of every part of some accounts, what that adds to `rare`, and the plan."""
        buffers, found, plan = free.pop(), [], Plan()
        total, rare = np.zeros((len(self.rare), 8), np.int64), np.zeros_like(self.rare)
        for n in self._parts(buffers, *task, plan=plan):
            coaction.tally(buffers.key[:n], self.bits, self.block, total)
            plan.coincidences, plan.parts = plan.coincidences + n, plan.parts + 1
            found.append(fold(buffers, n, rare=rare))
        free.append(buffers)
        return found, rare + total.cumsum(axis=1)[:, :MAX_WINDOWS], plan

    def _parts(self, buffers: _Buffers, account: int, stop: int, *, plan: Plan) -> Iterator[int]:
        """Fill the buffers with one part after the other, and yield how many coincidences it has."""
        while account < stop:
            after, n = self._gather(buffers, account, stop)
            if after > account:
                yield n
            else:  # this account has more by itself than there is room for
                plan.divided, after = plan.divided + 1, account + 1
                for low, high in self._ranges(buffers, account):
                    yield self._gather(buffers, account, after, low=low, high=high)[1]
            account = after

    def _gather(self, buffers: _Buffers, first: int, stop: int, *, low: int = 0, high: int | None = None) -> tuple[int, int]:
        """Write coincidences into the buffers; return as `coaction.gather` does. A range of one account fits, `_ranges` saw to
        that."""
        among = (low, len(self.block) if high is None else high)
        about = (self.window_s, self.bits, PART, buffers.key, buffers.acts)
        return coaction.gather(self.record, self.act, self.head, first, stop, *among, *about)

    def _ranges(self, buffers: _Buffers, account: int) -> list[tuple[int, int]]:
        """Return ranges of others whose coincidences with the account fit, and make room where those with one do not."""
        n = np.zeros(len(self.block), np.int64)
        coaction.spread(self.record, self.act, self.head, account, self.window_s, n)
        if n.max() >= len(buffers.key):
            vars(buffers).update(vars(_Buffers(int(n.max()) + 1, acts=self.rule.by_post)))
        ends, low, upto = [0], 0, np.cumsum(n)
        while low < len(n):
            before = upto[low - 1] if low else 0
            low = int(np.searchsorted(upto, before + len(buffers.key) - 1, side="right"))
            ends.append(low)
        return list(pairwise(ends))

    def _chosen(self, buffers: _Buffers, n: int, *, rare: np.ndarray, wanted: np.ndarray, seen: np.ndarray) -> np.ndarray:
        """Return the coincidences of one part, as `of` does."""
        n = coaction_count.frequent(buffers.key[:n], buffers.acts[:n], 1, False, seen)
        pair, acts = buffers.key[:n] >> coaction.CODE_BITS, buffers.acts[:n]
        at = np.minimum(np.searchsorted(wanted, pair), len(wanted) - 1)
        kept = np.flatnonzero(wanted[at] == pair)
        pair, acts = pair[kept], acts[kept]
        acts = acts[np.lexsort((acts, pair))]
        own, other = acts >> 32, acts & 0xFFFFFFFF
        return np.stack([own, other], axis=1)

    def _pairs(self, buffers: _Buffers, n: int, *, rare: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return the pairs of one part, as `rows` does, and take what they hold off `rare`."""
        rule = self.rule
        sieve = buffers.sieve[: 1 << (2 * n).bit_length()]
        sieve[:] = 0
        n = coaction_count.frequent(buffers.key[:n], buffers.acts[:n], rule.min_shared, True, sieve)
        key, acts = buffers.key[:n], buffers.acts[:n]
        if n:
            coaction_count.order(key, acts, buffers.spare[:n], buffers.spare_acts[:n])
        room = n // rule.min_shared
        deep = coaction_count.longest(key) if rule.by_post else 0
        work, slot = np.empty((14, deep), np.int64), np.empty(4 * deep, np.int64)
        pair, n_shared = np.empty((room, 2), np.int32), np.empty((room, MAX_WINDOWS), np.int32)
        n_rest = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int32)
        favourite = np.empty((room if rule.by_post else 0, MAX_WINDOWS), np.int64)
        about = (self.post, self.interest, self.block, self.bits, rule.min_shared, rule.favourite)
        n_out = coaction_count.pairs(key, acts, *about, work, slot, pair, n_shared, n_rest, favourite, rare)
        found = (pair, n_shared, n_rest, favourite) if rule.by_post else (pair, n_shared)
        return tuple(column[:n_out].copy() for column in found)

    def _each(self, task: Callable, over: Sequence) -> list:
        """Return task(x) of every x, in order, in as many threads as there are."""
        if self.n_threads == 1 or len(over) < 2:
            return [task(x) for x in over]
        with ThreadPoolExecutor(self.n_threads) as threads:
            return list(threads.map(task, over))


def _own(column: pa.ChunkedArray, kind: type) -> np.ndarray:
    """Return the column as an array of one type, without a copy where it has it."""
    return column.to_numpy().astype(kind, copy=False)


def _fixed(values: np.ndarray) -> np.ndarray:
    """Return a view that cannot be written to, of arrays that can as of those that cannot: kernels are compiled for one kind."""
    fixed = np.ascontiguousarray(values).view()
    fixed.flags.writeable = False
    return fixed


def _bounds(windows_s: tuple[int | None, ...]) -> np.ndarray:
    """Return int64[6]: the windows as `coaction.sweep` reads them."""
    tested = [k for k, w in enumerate(windows_s) if w is not None]
    first = tested[0] if tested else len(windows_s)
    return np.array([-1 if k < first else NEVER_S if w is None else w for k, w in enumerate(windows_s)], np.int64)
