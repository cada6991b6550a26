"""The two draws that the whole world is made of: a row by weight, and a human delay."""

import numpy as np


def weighted(rng: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """Return int64[n] row numbers of `weights` (float64, >= 0, not all zero), each drawn with its weight."""
    cumulated = np.cumsum(weights)
    place = rng.random(n) * cumulated[-1]
    return np.minimum(np.searchsorted(cumulated, place, side="right"), weights.size - 1)


def delay(rng: np.random.Generator, n: int, *, median_s: float, sigma: float) -> np.ndarray:
    """Return int64[n] seconds, 2 to 10 days, log-normal: the heavy-tailed reaction times of people.

    A good fit of times to retweet and to reply; real tails are heavier still.
    """
    return 2 + np.minimum(rng.lognormal(np.log(median_s), sigma, n), 864_000).astype(np.int64)
