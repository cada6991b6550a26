"""Finds circles: groups that share more rarely touched objects than their activity and their community explain, however weak
each pair."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import gammaln
from scipy.stats import poisson

from cib import coincidences
from cib.communities import partition
from cib.graphdef import ANY, GraphDef
from cib.runs import Run

# Two accounts are close at a level when what they share beyond the interest that weighs most weighs at least that; an act that n
# others stood around weighs 1 / n, in millionths here.
WHOLE = 1_000_000
LEVELS = (WHOLE // 2, WHOLE // 4)
RESOLUTION = 0.4  # constant Potts model: of a circle's pairs a larger share is close
LEAST = 4  # accounts
ROUNDS = 4  # who is found no longer counts among those from whom ordinary company is known
FAMILY_P = 0.025  # chance that a case without any circle shows one; `extent` has as much
MIN_ACCOUNTS = 200  # with a post, from which it can be known what is ordinary
SHAPE = pa.schema([("account_a_ix", pa.int32()), ("account_b_ix", pa.int32()), ("n_posts", pa.int64()), ("weight", pa.int64())])
COMPANY = pa.schema([("level", pa.int64()), ("account_ix", pa.int32()), ("block", pa.int32()), ("n_close", pa.float64())])

Close = tuple[np.ndarray, np.ndarray]  # pairs int32[n, 2], what each weighs int64[n]


@dataclass(frozen=True)
class Circles:
    """p_value: float64[n_accounts], the family-wise p of an account's circle, 1 outside; circle: int64[n_accounts], its number,
    -1 outside."""

    p_value: np.ndarray
    circle: np.ndarray

    def holds(self, pairs: np.ndarray) -> np.ndarray:
        """Return bool[n_pairs]: both ends are in one circle."""
        first = self.circle[pairs[:, 0]]
        return (first >= 0) & (first == self.circle[pairs[:, 1]])


def nobody(n_accounts: int) -> Circles:
    """Return no circle among so many accounts."""
    return Circles(np.ones(n_accounts), np.full(n_accounts, -1, np.int64))


def close(run: Run) -> Close:
    """Return the pairs that share two posts or more of either side beyond the interest that weighs most, and what these weigh.

    Writes the work table `circle_graph`, for `finalist`, and overwrites `candidate` and `coincidence`. Cost: the acts of pairs
    that met twice on objects that few touch, or in similar words.
    """
    names = [graph.name for graph in graphs(run)]
    run.put("circle_graph", pa.table({"graph": pa.array(names, pa.string())}))
    run.write("candidate", "circle_candidate", part="circle", alone=True)
    coincidences.write(run, "circle")
    rows = run.read("circle_pair", {"whole": WHOLE}).cast(SHAPE)
    return np.stack([rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()], axis=1), rows["weight"].to_numpy()


def blocks(run: Run) -> np.ndarray:
    """Return int64[n_accounts]: the run's coarse communities."""
    block = np.zeros(run.n_rows["account_code"], np.int64)
    of = run.part("block")
    block[of["account_ix"].to_numpy()] = of["block"].to_numpy()
    return block


def graphs(run: Run) -> tuple[GraphDef, ...]:
    """Return the run's graphs whose meetings make circles: those on rarely touched objects, and those of similar words."""

    def counts(graph: GraphDef) -> bool:
        return graph.tested and (graph.verb == ANY or (graph.join == "similar" and graph.embedding is None))

    return tuple(filter(counts, run.parameters.graphs))


def ordinary(close: Close, block: np.ndarray) -> pa.Table:
    """Return what company chance gives, from close pairs among exchanged authors: per level, account and block how many close
    ones.

    block  int64[n_accounts]. Rows of COMPANY, by level, account and block.
    """
    pairs, weight = close
    rows = []
    for level in LEVELS:
        own = company(pairs[weight >= level], block)
        account, of = np.nonzero(own)
        rows.append(pa.table([np.full(len(account), level), account, of, own[account, of]], names=COMPANY.names).cast(COMPANY))
    return pa.concat_tables(rows)


def mean(draws: list[pa.Table]) -> pa.Table:
    """Return the mean of what several draws of `ordinary` give; rows as there."""
    keys = COMPANY.names[:3]
    total = pa.concat_tables(draws).group_by(keys, use_threads=False).aggregate([("n_close", "sum")])
    share = pc.divide(total["n_close_sum"], float(len(draws)))
    return total.select(keys).append_column("n_close", share).sort_by([(key, "ascending") for key in keys])


def find(close: Close, block: np.ndarray, *, by_chance: pa.Table) -> Circles:
    """Return the circles among accounts that are close.

    close      pairs that share two posts or more beyond their favourite, each once, and what these weigh, in millionths
    block      int64[n_accounts]   coarse communities, from 0
    by_chance  what `ordinary` gives for the same case with its authors exchanged within slot of the week and block

    At each level close pairs make a graph. Its communities (Leiden, constant Potts model) are candidates. How many close pairs a
    candidate is due is known in two ways that it cannot raise, of which the larger counts. Exchanged authors tell how much
    company its members have by being busy at their hours, block by block, and it is raised by as much as accounts of two such
    blocks really have more. And the company that its members really have *outside* it tells how sociable they are within any
    community, also one smaller than a block. A candidate of g accounts with e close pairs passes where n C(n, g) levels
    P(Poisson(due) >= e) is at most 2.5 %, as if every set of accounts had been tried; of two that overlap the less likely one.
    Who is found is taken out, and the rest divided again, at most four times.

    Pairs are taken as independent, given what is due. They are not where many meet on one object; therefore a pair needs two
    posts on either side, a level is high, and what hangs on few objects is dropped later. `calibration.full` counts how often the
    promise is broken among authors exchanged anew. With fewer than 200 accounts nothing is found. Cost: two partitions per round;
    the square of a candidate's size; 8 bytes per account and block.

    Sources: Karrer & Newman 2011 (block model); Newman 2001 (weights); Arias-Castro & Verzelen 2014 (scanning a graph).
    """
    pairs, weight = close
    found = nobody(len(block))
    if len(block) < MIN_ACCOUNTS or not len(pairs):
        return found
    due = {level: Due.of(pairs[weight >= level], block, by_chance=_dense(by_chance, level, block)) for level in LEVELS}
    n_found = 0
    for _ in range(ROUNDS):
        passing = []
        for level in LEVELS:
            near = pairs[weight >= level]
            near = near[(found.circle[near] < 0).all(axis=1)]
            seen = Seen(near, block, company(near, block))
            for members in candidates(near):
                n_due = max(due[level].pairs_among(members), seen.pairs_due(members))
                p = family_p(seen.pairs_among(members), n_due, n_accounts=len(block), n_members=len(members))
                if p <= FAMILY_P:
                    passing.append((p, members))
        if not passing:
            break
        for p, members in sorted(passing, key=lambda one: one[0]):
            if (found.circle[members] < 0).all():
                found.p_value[members], found.circle[members] = p, n_found
                n_found += 1
    return found


def company(pairs: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Return float64[n_accounts, n_blocks]: how many close ones each account has in each block."""
    own = np.zeros((len(block), int(block.max(initial=0)) + 1))
    for a, b in ((0, 1), (1, 0)):
        np.add.at(own, (pairs[:, a], block[pairs[:, b]]), 1.0)
    return own


def _dense(rows: pa.Table, level: int, block: np.ndarray) -> np.ndarray:
    """Return rows of COMPANY of one level as `company` does."""
    mine = rows.filter(pa.array(rows["level"].to_numpy() == level))
    own = np.zeros((len(block), int(block.max(initial=0)) + 1))
    own[mine["account_ix"].to_numpy(), mine["block"].to_numpy()] = mine["n_close"].to_numpy()
    return own


def candidates(pairs: np.ndarray) -> list[np.ndarray]:
    """Return the groups worth trying, as rising account numbers: communities of close pairs, int[n, 2]."""
    account, ends = np.unique(pairs, return_inverse=True)
    label = partition.labels(len(account), ends.reshape(-1, 2), seed=0, resolution=RESOLUTION)
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(int(label.max(initial=-1)) + 2))
    return [account[order[a:b]] for a, b in pairwise(starts) if b - a >= LEAST]


@dataclass(frozen=True)
class Due:
    """How many close pairs chance gives, at one level.

    block  int64[n_accounts]
    own    float64[n_accounts, n_blocks]  an account's company in a block by chance, an ordinary account's of its block added
    rate   float64[n_blocks, n_blocks]    by which the product of two accounts' company becomes their expected close pairs
    """

    block: np.ndarray
    own: np.ndarray
    rate: np.ndarray

    @classmethod
    def of(cls, pairs: np.ndarray, block: np.ndarray, *, by_chance: np.ndarray) -> "Due":
        """Return what is due where these pairs are really close and `by_chance` is everybody's company among exchanged authors.

        Two blocks never count as less close than chance makes them.
        """
        size = np.maximum(np.bincount(block, minlength=by_chance.shape[1]), 1)
        chance, real = _between(by_chance, block), _between(company(pairs, block), block)
        own = by_chance + ((chance + 1.0) / size[:, None])[block]
        return cls(block, own, np.maximum((real + 1.0) / (chance + 1.0), 1.0) / _between(own, block))

    def pairs_among(self, members: np.ndarray) -> float:
        """Return the expected number of close pairs in a group."""
        home = self.block[members]
        reach = self.own[np.ix_(members, home)]  # [x, y]: x's company in the block of y
        return float(np.triu(self.rate[np.ix_(home, home)] * reach * reach.T, 1).sum())


@dataclass(frozen=True)
class Seen:
    """The close pairs that are really there, at one level.

    pairs  int[n, 2], each once;  block  int64[n_accounts];  own  float64[n_accounts, n_blocks]  as `company` gives it
    """

    pairs: np.ndarray
    block: np.ndarray
    own: np.ndarray

    def pairs_among(self, members: np.ndarray) -> int:
        """Return how many close pairs a group has."""
        return int(self._is_within(members).sum())

    def pairs_due(self, members: np.ndarray) -> float:
        """Return how many a group would have if its members were as close to each other as they are to others of their blocks.

        The degree-corrected block model of everything but the group; an ordinary account's company is added to each member's, so
        that who keeps to himself is not infinitely surprising.
        """
        inner = self.pairs[self._is_within(members)]
        inside, home = company(inner, self.block), self.block[members]
        outside = _between(self.own - inside, self.block)
        size = np.maximum(np.bincount(self.block, minlength=self.own.shape[1]), 1)
        reach = ((self.own - inside)[members] + ((outside + 1.0) / size[:, None])[home])[:, home]
        return float(np.triu(reach * reach.T / (outside[np.ix_(home, home)] + 1.0), 1).sum())

    def _is_within(self, members: np.ndarray) -> np.ndarray:
        is_member = np.zeros(len(self.block), bool)
        is_member[members] = True
        return is_member[self.pairs].all(axis=1)


def family_p(n_pairs: int, due: float, *, n_accounts: int, n_members: int) -> float:
    """Return the chance that any set of so many accounts has so many close pairs, at any level, where so many are due to each."""
    n, g = n_accounts, n_members
    ln_sets = gammaln(n + 1) - gammaln(g + 1) - gammaln(n - g + 1) + np.log(n * len(LEVELS))
    return float(np.exp(min(ln_upper(n_pairs, due) + ln_sets, 0.0)))


def _between(own: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Return float64[n_blocks, n_blocks]: company of all accounts of a block in a block."""
    sums = np.zeros((own.shape[1], own.shape[1]))
    np.add.at(sums, block, own)
    return sums


def ln_upper(n: int, due: float) -> float:
    """Return ln P(Poisson(due) >= n); where that is no float, Chernoff's bound on it."""
    ln_p = float(poisson.logsf(n - 1, due))
    return ln_p if np.isfinite(ln_p) else n - due - n * np.log(n / due)
