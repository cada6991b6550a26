"""Which ties would still be there, had the same accounts met on other objects: a bootstrap over objects."""

import math

import numpy as np

from cib.kernels import kernel

_ODD, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_11, _27, _30, _31, _32 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
MAX_DRAWS = 12  # of one object in one replicate; more have a chance below 10^-9


@kernel
def _mix(h):
    h = (h ^ (h >> _30)) * _MIX_A
    h = (h ^ (h >> _27)) * _MIX_B
    return h ^ (h >> _31)


@kernel
def _times_drawn(item, seed, turn, n_turns):
    """Return how often an object is drawn in replicate `turn`: a function of these four and of nothing else.

    Each object visits n_turns equal strata of [0, 1) in an order of its own, one per replicate, and is drawn as often as the
    inverse of the Poisson distribution says.
    """
    h = _mix((np.uint64(item) + np.uint64(1)) * _ODD ^ seed)
    within = np.float64(_mix(h + _ODD) >> _11) / 9007199254740992.0
    step = np.int64(1) + np.int64((h >> _32) % np.uint64(n_turns - 1))
    first = np.int64((h & np.uint64(0xFFFFFFFF)) % np.uint64(n_turns))
    uniform = ((first + step * turn) % n_turns + within) / n_turns
    chance = total = math.exp(-1.0)
    n = 0
    while uniform >= total and n < MAX_DRAWS:
        n += 1
        chance /= n
        total += chance
    return n


@kernel
def times_drawn(item, seed, turn, n_turns, out):
    """Write into out[k] how often the object item[k] is drawn in replicate `turn` of n_turns.

    item  int64[n];  seed  uint64
    turn  int64, from 0 to n_turns - 1;  n_turns  int64, a prime: every order of strata then visits each once
    out   int64[n]   overwritten; Poisson with mean one. Balanced: over all replicates every object is left out in
                     n_turns / e of them, to the next integer above or below

    Source: Hanley & MacGibbon 2006 (Poisson bootstrap); Davison, Hinkley & Schechtman 1986 (balance).
    """
    for k in range(item.size):
        out[k] = _times_drawn(item[k], seed, turn, n_turns)


@kernel
def survives(start, item, least, seed, turn, n_turns, out):
    """Write into out[e] whether edge e would still pass in one replicate: it meets `least` times or more, on two objects or more.

    start  int64[n_edges + 1]  where each edge's meetings begin in `item`
    item   int64[n_meetings]   the object of each meeting: what is drawn, for all edges alike; rising within an edge
    least  int64[n_edges]      meetings that the edge needs
    seed, turn, n_turns        as in `times_drawn`
    out    bool[n_edges]       overwritten

    Cost: reads an edge's meetings only until it passes."""
    for e in range(least.size):
        n = n_objects = 0
        k = start[e]
        while k < start[e + 1] and (n < least[e] or n_objects < 2):
            drawn = _times_drawn(item[k], seed, turn, n_turns)
            n += drawn
            n_objects += drawn > 0 and (k == start[e] or item[k] != item[k - 1])
            k += 1
        out[e] = n >= least[e] and n_objects >= 2
