"""What could have been found: the smallest group whose ties would have passed the run's error rate. Pure functions of numbers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scipy.special import bdtrc, pdtrc

SIZES = (3, 10, 30)  # accounts of an imagined group, all tied to each other
JOINT_ACTS = 20  # of an imagined group whose size is asked
PARTICIPATION = 0.6  # chance that one of its accounts takes part in one of its joint acts, in time
POWER = 0.8
LARGEST = 1_000_000  # meetings; beyond this the answer is "never"
COMMON_WINDOW_S = 60


def least_meetings(expected: float, p_value: float) -> int:
    """Return the smallest k >= 2 with P(Poisson(expected) >= k) <= p_value; LARGEST where there is none below.

    >>> least_meetings(0.05, 1e-9)
    6
    """
    return _least(lambda k: pdtrc(k - 1, expected) <= p_value, at_least=2)


def least_objects(k: int, participation: float) -> int:
    """Return how many joint acts a group needs so that a pair of its accounts meets k times or more with probability POWER.

    Each account takes part in each act independently with probability `participation`, so a pair meets with its square.

    >>> least_objects(6, 1.0), least_objects(6, 0.6)
    (6, 21)
    """
    if participation >= 1.0:
        return k
    return _least(lambda n: n >= k and bdtrc(k - 1, n, participation**2) >= POWER, at_least=k)


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


def bar(n_ties: int, *, fdr: float, n_pairs: int, n_tests: int) -> float:
    """Return the p-value of one window that `n_ties` equal pairs need so that all pass the error rate.

    Benjamini-Hochberg over n_pairs, Bonferroni over n_tests = windows of the graph times graphs of the run before it.
    """
    return min(1.0, fdr * n_ties / (max(n_pairs, 1) * max(n_tests, 1)))


def smallest_size(expected: float, n_accounts: int, *, fdr: float, n_pairs: int, n_tests: int) -> int | None:
    """Return the size of the smallest group, all of whose ties pass, that JOINT_ACTS joint acts give away; None where not even
    all accounts together would be. Larger groups need less surprise per pair, since they bring more ties.

    >>> smallest_size(0.05, 2000, fdr=0.01, n_pairs=1_999_000, n_tests=30)
    6
    """

    def shows(size: int) -> bool:
        p_value = bar(size * (size - 1) // 2, fdr=fdr, n_pairs=n_pairs, n_tests=n_tests)
        return least_objects(least_meetings(expected, p_value), PARTICIPATION) <= JOINT_ACTS

    return _least(shows, at_least=SIZES[0]) if n_accounts >= SIZES[0] and shows(n_accounts) else None


def table(
    typical: Iterable[Mapping[str, Any]], tests: Mapping[str, Any], *, fdr: float, windows: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return one row per graph and window: meetings, and joint acts at 80 % power, that a group of each of SIZES needs, and the
    size of the smallest group that 20 joint acts give away.

    typical  rows of report_expected: the median expectation of pairs that have a row. These met at least twice, so it lies above
             that of two accounts drawn at random: the answer errs towards a larger group.
    tests    the manifest's note on the tests
    windows  number of windows tested per graph
    """
    rows = []
    for row in typical:
        n_tests = windows.get(row["graph"], 1) * tests["graphs"]
        groups = []
        for size in SIZES:
            p_value = bar(size * (size - 1) // 2, fdr=fdr, n_pairs=tests["pairs"], n_tests=n_tests)
            k = least_meetings(row["expected"], p_value)
            groups.append({"accounts": size, "meetings": k, "joint_acts": least_objects(k, PARTICIPATION)})
        known = {"fdr": fdr, "n_pairs": tests["pairs"], "n_tests": n_tests}
        least = smallest_size(row["expected"], tests["accounts"], **known)
        rows.append({**{name: row[name] for name in ("graph", "window_s", "expected")}, "groups": groups, "smallest": least})
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
