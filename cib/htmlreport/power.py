"""What could have been found: the smallest group whose ties would have passed the run's error rate. Pure functions of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from scipy.special import bdtrc, pdtrc

SIZES = (3, 10, 30)  # accounts of an imagined group, all tied to each other
LARGEST_GROUP = 100
JOINT_ACTS = 20  # of an imagined group whose size is asked
PARTICIPATION = 0.6  # chance that one of its accounts takes part in one of its joint acts, in time
POWER = 0.8
MOST_ACTS = 500  # joint acts; beyond this the answer is "never"
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

    def meetings(self, size: int, joint_acts: int) -> int | None:
        """Return how often two of `size` accounts must meet to be tied, if that many joint acts give the group away; else None.

        Each account takes part in each act independently with PARTICIPATION, so two of them meet with its square. The group is
        given away if with probability POWER an account is tied to two others, as the 2-core demands; partners are taken as
        independent. The more ties the group has, the less each must surprise.
        """
        due = self.expected + self.own * joint_acts * (size - 1)
        for k in range(2, joint_acts + 1):
            tied = float(bdtrc(k - 1, joint_acts, PARTICIPATION**2))
            if bdtrc(1, size - 1, tied) < POWER:
                return None
            if pdtrc(k - 1, due) <= self.p_value * max(tied * size * (size - 1) / 2, 1.0):
                return k
        return None

    def joint_acts(self, size: int) -> int | None:
        """Return how many joint acts give a group of that size away; None where MOST_ACTS do not."""
        return next((n for n in range(2, MOST_ACTS + 1) if self.meetings(size, n)), None)

    def smallest(self, joint_acts: int) -> int | None:
        """Return the size of the smallest group that so many joint acts give away; None where none up to LARGEST_GROUP does."""
        return next((size for size in range(SIZES[0], LARGEST_GROUP + 1) if self.meetings(size, joint_acts)), None)


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
            groups = [_group(ground, size) for size in SIZES]
            smallest = ground.smallest(JOINT_ACTS)
            rows.append({"graph": graph, "window_s": window_s, "expected": expected, "groups": groups, "smallest": smallest})
    return rows


def _group(ground: Ground, size: int) -> dict[str, int | None]:
    """Return what a group of that size needs; None for acts and meetings where nothing is enough."""
    n = ground.joint_acts(size)
    return {"accounts": size, "meetings": None if n is None else ground.meetings(size, n), "joint_acts": n}


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
    three = [row["groups"][0] for row in chosen if row["groups"][0]["meetings"]]
    sizes = [row["smallest"] for row in chosen if row["smallest"]]
    if not three:
        return None
    meetings = [group["meetings"] for group in three]
    return {
        "accounts": SIZES[0],
        "fewest": min(meetings),
        "most": max(meetings),
        "window_s": max(row["window_s"] for row in chosen),
        "acts": max(group["joint_acts"] for group in three),
        "sizes": sorted({min(sizes), max(sizes)}) if sizes else [],
        "never": len(chosen) - len(sizes),
    }
