"""Who of a campaign takes part in which of its objects: everybody at once, shifts that take turns, or a rotating subset."""

import numpy as np

from cib.simulator.campaign import Campaign


def burst(rng: np.random.Generator, n_objects: int, plan: Campaign) -> np.ndarray:
    """Return bool[n_objects, size]: each member takes part in its own share of the objects, participation +- 30 %."""
    share = np.clip(plan.participation * rng.uniform(0.7, 1.3, plan.size), 0.0, 1.0)
    return rng.random((n_objects, plan.size)) < share


def alternating(rng: np.random.Generator, n_objects: int, plan: Campaign) -> np.ndarray:
    """Return bool[n_objects, size]: `shifts` of nearly equal size take turns, object by object; on duty as in a burst."""
    shift = rng.permutation(plan.size) % plan.shifts
    turn = np.arange(n_objects) % plan.shifts
    return burst(rng, n_objects, plan) & (turn[:, None] == shift[None, :])


def subset(rng: np.random.Generator, n_objects: int, plan: Campaign) -> np.ndarray:
    """Return bool[n_objects, size]: exactly participation times size members per object, at least two, pairs spread evenly.

    Greedy: the next one chosen has met those already chosen least often so far, then has had the fewest duties; ties by chance.
    This keeps the sum of squared meetings small, so no pair stands out. Work: acts times size; memory: size squared.
    """
    n = min(max(2, round(plan.participation * plan.size)), plan.size)
    met = np.zeros((plan.size, plan.size), dtype=np.int64)
    on = np.zeros((n_objects, plan.size), dtype=bool)
    duties = np.zeros(plan.size)
    for row in on:
        rank = duties + rng.random(plan.size)
        for _ in range(n):
            chosen = int(np.argmin(rank))
            row[chosen] = True
            rank += met[chosen] * (n_objects + 2)
            rank[chosen] = np.inf
        members = np.flatnonzero(row)
        met[np.ix_(members, members)] += 1
        duties[members] += 1
    return on


ROTATIONS = {"all": burst, "alternating": alternating, "subset": subset}
