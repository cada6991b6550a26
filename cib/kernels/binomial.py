"""Upper tails of sums of unequal coins (Poisson-binomial) in log space."""

import math

import numpy as np

from cib.kernels import kernel

EXACT_UP_TO = 1000


@kernel
def _tilt(chance, k):
    """Return theta so that the coins tilted by exp(theta) have mean k: bisection on an increasing function."""
    low, high = -60.0, 60.0
    for _ in range(200):
        theta = 0.5 * (low + high)
        mean = 0.0
        for p in chance:
            odds = p * math.exp(theta)
            mean += odds / (1.0 - p + odds)
        if mean < k:
            low = theta
        else:
            high = theta
        if high - low < 1e-12:
            break
    return 0.5 * (low + high)


@kernel
def _ln_generating(chance, theta):
    total = 0.0
    for p in chance:
        total += math.log(1.0 - p + p * math.exp(theta))
    return total


@kernel
def _ln_exact(chance, k):
    """Add up the tilted distribution from k on: every term is positive, nothing cancels, nothing underflows. Below the mean
    there is nothing to tilt."""
    n = chance.size
    theta = max(_tilt(chance, min(float(k), n - 0.5)), 0.0)
    mass = np.zeros(n + 1)
    mass[0] = 1.0
    for i in range(n):
        odds = chance[i] * math.exp(theta)
        p = odds / (1.0 - chance[i] + odds)
        for s in range(i + 1, 0, -1):
            mass[s] = mass[s] * (1.0 - p) + mass[s - 1] * p
        mass[0] *= 1.0 - p
    total = 0.0
    for s in range(k, n + 1):
        total += mass[s] * math.exp(-theta * (s - k))
    return min(_ln_generating(chance, theta) - theta * k + math.log(total), 0.0)


@kernel
def _ln_saddlepoint(chance, k):
    """Lugannani and Rice with the lattice correction; where the tail reaches the mean, the normal law with it."""
    theta = _tilt(chance, float(k))
    mean, variance = 0.0, 0.0
    tilted = 0.0
    for p in chance:
        mean += p
        variance += p * (1.0 - p)
        odds = p * math.exp(theta)
        q = odds / (1.0 - p + odds)
        tilted += q * (1.0 - q)
    if abs(theta) < 1e-4:
        z = (k - 0.5 - mean) / math.sqrt(variance)
        return math.log(0.5 * math.erfc(z / math.sqrt(2.0)))
    deviance = theta * k - _ln_generating(chance, theta)
    w = math.copysign(math.sqrt(2.0 * deviance), theta)
    u = (1.0 - math.exp(-theta)) * math.sqrt(tilted)
    if theta < 0:
        upper = 0.5 * math.erfc(w / math.sqrt(2.0)) + math.exp(-0.5 * w * w) / math.sqrt(2.0 * math.pi) * (1.0 / u - 1.0 / w)
        return math.log(min(max(upper, 1e-300), 1.0))
    # Beyond the mean: the normal tail and the correction share the factor exp(-w^2/2), which would underflow; take it out.
    mills = _scaled_tail(w)
    return -0.5 * w * w + math.log(mills + (1.0 / u - 1.0 / w) / math.sqrt(2.0 * math.pi))


@kernel
def _scaled_tail(w):
    """Return exp(w^2/2) P(Z >= w) for w > 0."""
    if w < 25.0:
        return 0.5 * math.erfc(w / math.sqrt(2.0)) * math.exp(0.5 * w * w)
    return (1.0 - 1.0 / (w * w) + 3.0 / w**4) / (w * math.sqrt(2.0 * math.pi))


@kernel
def ln_upper(starts, chance, n_hits, out):
    """Write into out[k] the natural logarithm of P(S >= n_hits[k]), S the number of heads among the coins of row k.

    starts  int64[n + 1]   where each row's coins begin in `chance`
    chance  float64[...]   chance of heads, in [0, 1]; coins that cannot fail count as heads
    n_hits  int64[n]       >= 0
    out     float64[n]     overwritten; in (-inf, 0]

    Up to 1,000 coins exact (|error| <= 1e-9 max(1, |out|)); above, saddlepoint: |error| <= 0.01 + 1e-4 |out|.
    Cost: n^2 / 2 steps for n exact coins, 200 n for more.
    Source: Lugannani & Rice 1980; exponential tilting as in Butler 2007, section 2.
    """
    for k in range(n_hits.size):
        row = chance[starts[k] : starts[k + 1]]
        sure = 0
        for p in row:
            sure += p >= 1.0
        coins = np.empty(row.size - sure)
        m = 0
        for p in row:
            if 0.0 < p < 1.0:
                coins[m] = p
                m += 1
        hits = n_hits[k] - sure
        if hits <= 0:
            out[k] = 0.0
        elif hits > m:
            out[k] = -math.inf
        elif hits == m:
            out[k] = np.log(coins[:m]).sum()
        elif m <= EXACT_UP_TO:
            out[k] = _ln_exact(coins[:m], hits)
        else:
            out[k] = _ln_saddlepoint(coins[:m], hits)
