"""Poisson upper tails in log space."""

import math

import numpy as np

from cib.kernels import kernel

LN_2PI = math.log(2 * math.pi)


@kernel
def _stirling_error(n):
    """Return ln n! - ln(sqrt(2 pi n) (n/e)^n): Loader's table by recursion below 16, the asymptotic series above."""
    if n < 16.0:
        return math.lgamma(n + 1.0) - (n + 0.5) * math.log(n) + n - 0.5 * LN_2PI
    nn = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188) / nn) / nn) / nn) / nn) / n


@kernel
def _deviance(x, mean):
    """Return x ln(x/mean) + mean - x without cancellation near x = mean (Loader's bd0)."""
    d = x - mean
    if abs(d) < 0.1 * (x + mean):
        v = d / (x + mean)
        s = d * v
        term = 2.0 * x * v
        v *= v
        for j in range(1, 1000):
            term *= v
            after = s + term / (2 * j + 1)
            if after == s:
                break
            s = after
        return s
    return x * math.log(x / mean) + mean - x


@kernel
def _ln_pmf(k, mean):
    if k == 0.0:
        return -mean
    return -_stirling_error(k) - _deviance(k, mean) - 0.5 * (LN_2PI + math.log(k))


@kernel
def _ln_upper(k, mean):
    """Return ln P(Poisson(mean) >= k), summing from the term at the cut away from the mean, so that every ratio is below 1."""
    if k <= 0:
        return 0.0
    if mean <= 0.0:
        return -math.inf
    if k > mean:
        total = term = 1.0
        m = k + 1.0
        while term > 1e-18 * total:
            term *= mean / m
            total += term
            m += 1.0
        return _ln_pmf(float(k), mean) + math.log(total)
    total = term = 1.0
    m = k - 1.0
    while m > 0.0 and term > 1e-18 * total:
        term *= m / mean
        total += term
        m -= 1.0
    return math.log1p(-math.exp(_ln_pmf(k - 1.0, mean)) * total)


@kernel
def ln_upper(n_shared, expected, out):
    """Write into out[k] the natural logarithm of P(Poisson(expected[k]) >= n_shared[k]).

    Conservative for sums of unequal rare events. Homophily makes `expected` too small: apply the block multiplier first.

    n_shared  int64[n]    >= 0
    expected  float64[n]  >= 0
    out       float64[n]  overwritten; in [-inf, 0]; |error| <= 1e-9 max(1, |out|) for expected from 1e-6 to 1e4 and out to -2000

    Cost: at most about 9 sqrt(expected) + 40 terms each.
    Source: Loader 2000 (saddle-point form of the density); Anderson & Samuels 1967 for the direction of the error.
    """
    for k in range(n_shared.size):
        out[k] = _ln_upper(n_shared[k], expected[k])


@kernel
def least(n_shared, expected, ln_cut, out):
    """Write into out[k] the fewest coincidences that would still be as unlikely as ln_cut[k].

    n_shared  int64[n]    >= 1, known to be as unlikely as ln_cut: the largest answer
    expected  float64[n]  >= 0
    ln_cut    float64[n]  a logarithm as `ln_upper` writes it
    out       int64[n]    overwritten; in [1, n_shared]

    Cost: a bisection, log2(n_shared) tails each.
    """
    for k in range(n_shared.size):
        low, high = 0, n_shared[k]
        while high - low > 1:
            middle = (low + high) // 2
            if _ln_upper(middle, expected[k]) <= ln_cut[k]:
                high = middle
            else:
                low = middle
        out[k] = high


def poisson(n_shared, expected):
    """Return ln P(Poisson(expected) >= n_shared) for arrays of equal length.

    >>> np.exp(poisson(np.array([3]), np.array([0.5]))).round(4)
    array([0.0144])
    """
    out = np.empty(len(n_shared))
    ln_upper(np.asarray(n_shared, np.int64), np.asarray(expected, np.float64), out)
    return out
