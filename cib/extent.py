"""Finds groups whose single pairs are too weak: accounts with more weak pairs among each other than anybody else has at all."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom, poisson

from cib.kernels import cores

# A pair is weak at a level when its p, corrected for graphs and windows, is at most that.
LEVELS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
FAMILY_P = 0.025  # chance that a case without any such group shows one; `circles` has as much
LEAST = 3  # everybody outside the 3-core is everybody else
MAX_BY_CHANCE = 0.02  # share of accounts that chance may put into reach of the 3-core; beyond it the core may be chance itself
MIN_OUTSIDE = 200  # accounts outside from which it can be known what is ordinary


@dataclass(frozen=True)
class Level:
    """What one level shows.

    level, least   its p, and the core number from which a group passes; None where none is enough
    mean, spread   weak pairs per account outside the 3-core: mean, and variance over mean
    core           int64[n_accounts] core numbers
    p_value        float64[n_accounts] family-wise p of the core that the account lies in, over all levels
    """

    level: float
    least: int | None
    mean: float
    spread: float
    core: np.ndarray
    p_value: np.ndarray


@dataclass(frozen=True)
class Extent:
    """What all levels show together."""

    levels: tuple[Level, ...]

    @property
    def p_value(self) -> np.ndarray:
        """float64[n_accounts]: the least over levels; 1 for accounts in no group."""
        return np.min([np.where(level.p_value <= FAMILY_P, level.p_value, 1.0) for level in self.levels], axis=0)

    def level_of(self, pairs: np.ndarray, ln_p: np.ndarray) -> np.ndarray:
        """Return float64[n_pairs]: the strictest level at which the pair is weak inside a group; NaN where it is at none."""
        out = np.full(len(pairs), np.nan)
        for level in self.levels:  # from loose to strict
            inside = level.p_value[pairs].max(axis=1) <= FAMILY_P
            out[inside & _weak(ln_p, level.level)] = level.level
        return out


def find(pairs: np.ndarray, ln_p: np.ndarray, n_accounts: int) -> Extent:
    """Return the groups in which everybody has so many weak pairs inside that the family-wise error rate of 2.5 % is kept.

    pairs       int[n, 2]   pairs tested, each once;  ln_p  float64[n] corrected for graphs and windows, not for pairs
    n_accounts  accounts with a post

    At each level the weak pairs make a graph. A group is a k-core of it: everybody has k weak pairs inside. What chance and
    small shared interests give is read from everybody outside the 3-core: how many weak pairs an account has, mean and
    variance, as a negative binomial, one account with one pair added so that little data promise little. If P is its probability
    of k or more, n P accounts are expected to have that many, and a k-core needs k + 1 of them at once: by Markov's inequality
    its probability is at most n P / (k + 1), times the number of levels. That asks nothing of pairs being independent, which
    shared interests deny: only that the tail of weak pairs per account is no heavier than it looks. With fewer than 200 accounts
    outside, or where one in fifty accounts has three weak pairs by chance, so that the core itself may be chance, nothing is
    found at that level. Cost: linear in the weak pairs, per level.

    Source: cluster-extent inference of brain imaging (Friston et al. 1994), with accounts for voxels and cores for clusters.
    """
    return Extent(tuple(_level(pairs[_weak(ln_p, level)], level, n_accounts) for level in LEVELS))


def _weak(ln_p: np.ndarray, level: float) -> np.ndarray:
    return ln_p < 0.0 if level >= 1.0 else ln_p <= np.log(level)


def _level(pairs: np.ndarray, level: float, n_accounts: int) -> Level:
    core = cores.coreness(pairs, n_accounts)
    outside = core < LEAST
    touching = pairs[outside[pairs].any(axis=1)]
    degree = np.append(np.bincount(touching.ravel(), minlength=n_accounts)[outside], 1)
    mean, spread = float(degree.mean()), float(degree.var() / degree.mean())
    depth = np.arange(int(core.max(initial=0)) + 1)
    bound = np.minimum(len(LEVELS) * n_accounts * tail(depth, mean, spread) / (depth + 1.0), 1.0)
    known = outside.sum() >= MIN_OUTSIDE and tail(np.array([LEAST]), mean, spread)[0] <= MAX_BY_CHANCE
    bound[: LEAST if known else None] = 1.0
    passing = np.flatnonzero(bound <= FAMILY_P)
    return Level(level, int(passing[0]) if len(passing) else None, mean, spread, core, bound[core])


def tail(k: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """Return P(X >= k) of a negative binomial of this mean and variance over mean; of a Poisson where that is at most 1.

    >>> tail(np.array([0, 1, 3]), 0.1, 1.0).round(5).tolist()
    [1.0, 0.09516, 0.00015]
    """
    if spread <= 1.0 + 1e-9:
        return poisson.sf(k - 1, mean)
    return nbinom.sf(k - 1, mean / (spread - 1.0), 1.0 / spread)
