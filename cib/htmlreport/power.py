"""What could have been found: the smallest group whose ties would have passed the run's error rate. Pure functions of numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from scipy.special import bdtrc, pdtrc

SIZES = (3, 10, 30)  # accounts of an imagined group, all tied to each other
LARGEST_GROUP = 100
JOINT_ACTS = 20  # of an imagined group whose size is asked
PARTICIPATION = 0.6  # chance that one of its accounts takes part in one of its joint acts, in time
POWER = 0.8
LARGEST = 1_000_000  # meetings; beyond this the answer is "never"
COMMON_WINDOW_S = 60


@dataclass(frozen=True)
class Ground:
    """What one window of one graph asks of a group.

    expected  meetings due by chance to two accounts of average activity, apart from what the group does together
    own       meetings due by chance per joint act and other account of the group: a group is a crowd around its own acts
    p_value   of one window, per tie of the group: Benjamini-Hochberg over all pairs, Bonferroni over windows and graphs
    """

    expected: float
    own: float
    p_value: float

    def meetings(self, size: int, joint_acts: int) -> int:
        """Return how often every two of `size` accounts must meet so that all their ties pass, if they are the only group."""
        p_value = min(1.0, self.p_value * (size * (size - 1) // 2))
        return least_meetings(self.expected + self.own * joint_acts * (size - 1), p_value)

    def shows(self, size: int, joint_acts: int) -> bool:
        """Say whether two of the group meet so often with probability POWER, each taking part with PARTICIPATION."""
        k = self.meetings(size, joint_acts)
        return k <= joint_acts and bool(bdtrc(k - 1, joint_acts, PARTICIPATION**2) >= POWER)

    def joint_acts(self, size: int) -> int:
        """Return how many joint acts give the group away."""
        return _least(lambda n: self.shows(size, n), at_least=2)

    def smallest(self, joint_acts: int) -> int | None:
        """Return the size of the smallest group that so many joint acts give away; None where none up to LARGEST_GROUP does."""
        return next((size for size in range(SIZES[0], LARGEST_GROUP + 1) if self.shows(size, joint_acts)), None)


def least_meetings(expected: float, p_value: float) -> int:
    """Return the smallest k >= 2 with P(Poisson(expected) >= k) <= p_value; LARGEST where there is none below.

    >>> least_meetings(0.05, 1e-9)
    6
    """
    return _least(lambda k: pdtrc(k - 1, expected) <= p_value, at_least=2)


def _least(holds: Callable[[int], bool], *, at_least: int) -> int:
    """Return the smallest whole number >= at_least for which `holds`, which stays true once it is; found by halving."""
    high = max(at_least, 1)
    while not holds(high):
        if high >= LARGEST:
            return LARGEST
        high = min(2 * high, LARGEST)
    low = at_least
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def table(notes: Mapping[str, Any], *, fdr: float, graphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row per window of these graphs: meetings, and joint acts at 80 % power, that a group of each of SIZES needs, and
    the size of the smallest group that 20 joint acts give away.

    notes  the manifest's, of the tests. Expected numbers are those of two average accounts, the null's multiplier included; the
           group's own acts add to them at the median multiplier. A more active account needs more meetings.
    """
    tests = notes["tests"]
    rows = []
    for graph in graphs:
        windows = notes["windows"][graph]["tested_s"]
        for window_s in windows:
            name = f"{graph} {window_s} s"
            expected = notes["expected"].get(name, 0.0)
            if not expected:
                continue
            own = PARTICIPATION**2 * median(notes["multipliers"][name]) / max(tests["effective_accounts"], 1.0)
            ground = Ground(expected, own, fdr / (max(tests["pairs"], 1) * len(windows) * tests["graphs"]))
            needed = {size: ground.joint_acts(size) for size in SIZES}
            groups = [{"accounts": size, "meetings": ground.meetings(size, n), "joint_acts": n} for size, n in needed.items()]
            smallest = ground.smallest(JOINT_ACTS)
            rows.append({"graph": graph, "window_s": window_s, "expected": expected, "groups": groups, "smallest": smallest})
    return rows


def common(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what groups need near one minute, over the graphs: fewest and most meetings of three accounts, smallest and largest
    size at 20 joint acts, and on how many graphs no size is enough. None without rows."""
    nearest: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = nearest.get(row["graph"])
        if known is None or abs(row["window_s"] - COMMON_WINDOW_S) < abs(known["window_s"] - COMMON_WINDOW_S):
            nearest[row["graph"]] = row
    chosen = [row for row in nearest.values() if row["window_s"] == COMMON_WINDOW_S] or list(nearest.values())
    if not chosen:
        return None
    meetings = [row["groups"][0]["meetings"] for row in chosen]
    seconds = {row["window_s"] for row in chosen}
    acts = [row["groups"][0]["joint_acts"] for row in chosen]
    sizes = [row["smallest"] for row in chosen if row["smallest"] is not None]
    return {
        "accounts": SIZES[0],
        "fewest": min(meetings),
        "most": max(meetings),
        "window_s": max(seconds),
        "acts": max(acts),
        "sizes": sorted({min(sizes), max(sizes)}) if sizes else [],
        "never": len(chosen) - len(sizes),
    }
