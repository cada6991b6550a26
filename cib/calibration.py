"""Does the null keep its promise on this case? Authors are shuffled where the null says they are exchangeable, and p-values
counted."""

from typing import Any

import numpy as np
import pyarrow as pa

from cib import projection, significance
from cib.progress import report
from cib.runs import N_SLOTS, SLOT_S, Run

ALPHAS = (1e-3, 1e-4, 1e-5, 1e-6)
SLACK = 2.0  # how many times more often than alpha a p-value at alpha may occur
SD = 3.0
QUICK = 1  # permutations in every run
FULL = 20


def quick(run: Run) -> None:
    """Note in the manifest whether the co-action p-values of this case are calibrated, from one permutation. Cost: pairs
    and scores once more."""
    run.note("calibration", **co_action(run, permutations=QUICK))


def full(run: Run) -> dict[str, Any]:
    """Return the same from 20 permutations; nothing is noted. The steps up to the communities must have run."""
    return co_action(run, permutations=FULL)


def co_action(run: Run, *, permutations: int) -> dict[str, Any]:
    """Return how often edge p-values fall below each alpha when authors are exchanged over all posts of a slot of the week
    and a block.

    Every account keeps its number of posts in each slot, every object its acts and their times; who acted together is
    chance. The gate passes if
    #{p <= alpha} <= 2 alpha N + 3 Poisson sd for every alpha, N = pairs of active accounts times graphs times permutations.
    """
    counts = np.zeros(len(ALPHAS), np.int64)
    n_tests = 0
    for number in range(permutations):
        report(f"calibration {number + 1} of {permutations}")
        p, n_pairs = _shuffled(run, number)
        counts += [int(np.count_nonzero(p <= alpha)) for alpha in ALPHAS]
        n_tests += n_pairs
    allowed = [gate(alpha, n_tests) for alpha in ALPHAS]
    return {
        "permutations": permutations,
        "tests": n_tests,
        "below": {f"{alpha:g}": int(n) for alpha, n in zip(ALPHAS, counts, strict=True)},
        "allowed": {f"{alpha:g}": round(n, 1) for alpha, n in zip(ALPHAS, allowed, strict=True)},
        "passed": all(n <= most for n, most in zip(counts.tolist(), allowed, strict=True)),
    }


def gate(alpha: float, n_tests: int) -> float:
    """Return how many p-values at or below alpha a calibrated null may give in n_tests tests.

    >>> gate(0.01, 100)
    6.242640687119286
    """
    mean = SLACK * alpha * n_tests
    return mean + SD * np.sqrt(mean)


def _shuffled(run: Run, number: int) -> tuple[np.ndarray, int]:
    """Return the edge p-values of one permutation and the number of tests behind them."""
    rows = run.read("author_stratum", {"slot_s": SLOT_S, "n_slots": N_SLOTS})
    stratum = rows["block"].to_numpy().astype(np.int64) * N_SLOTS + rows["slot"].to_numpy()
    shadow = run.shadow(f"permutation-{number}")
    rng = np.random.default_rng([run.parameters.seed, 1, number])
    order = np.lexsort((rng.random(len(stratum)), stratum))
    authors = rows["account_ix"].to_numpy()[order]
    shadow.put("author", pa.table({"post_ix": rows["post_ix"], "account_ix": pa.array(authors)}))
    shadow.write("action", "shuffled_action")
    projection.project(shadow)
    significance.test(shadow)
    p = shadow.part("score")["p_value"].to_numpy()
    tests = shadow.notes["tests"]["pairs"] * shadow.notes["tests"]["graphs"]
    shadow.fade()
    return p, tests
