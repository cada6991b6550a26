"""Does the null keep its promise on this case? Authors are shuffled where the null says they are exchangeable, and p-values
counted."""

from typing import Any

import numpy as np
import pyarrow as pa

from cib import embeddings, neartext, projection, significance
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
    #{p <= alpha} <= 2 alpha N + 3 Poisson sd for every alpha and every graph by itself, N = pairs of active accounts times
    # permutations.
    `below` shows the graph that comes nearest to its bounds.
    """
    found: dict[str, np.ndarray] = {}
    n_tests = 0
    for number in range(permutations):
        report(f"calibration {number + 1} of {permutations}")
        below, n_pairs = _shuffled(run, number)
        n_tests += n_pairs
        for graph, counts in below.items():
            found[graph] = found.get(graph, np.zeros(len(ALPHAS), np.int64)) + counts
    allowed = np.array([gate(alpha, n_tests) for alpha in ALPHAS])
    failed = sorted(graph for graph, counts in found.items() if (counts > allowed).any())
    worst = max(found.values(), key=lambda counts: tuple(counts / allowed), default=np.zeros(len(ALPHAS), np.int64))
    return {
        "permutations": permutations,
        "tests": n_tests,
        "graphs": len(found),
        "below": {f"{alpha:g}": int(n) for alpha, n in zip(ALPHAS, worst, strict=True)},
        "allowed": {f"{alpha:g}": round(float(n), 1) for alpha, n in zip(ALPHAS, allowed, strict=True)},
        "failed": failed,
        "passed": not failed,
    }


def gate(alpha: float, n_tests: int) -> float:
    """Return how many p-values at or below alpha a calibrated null may give in n_tests tests.

    >>> gate(0.01, 100)
    6.242640687119286
    """
    mean = SLACK * alpha * n_tests
    return mean + SD * np.sqrt(mean)


def _shuffled(run: Run, number: int) -> tuple[dict[str, np.ndarray], int]:
    """Return, per graph with a pair, the p-values at or below each alpha in one permutation, and the number of pairs tested."""
    rows = run.read("author_stratum", {"slot_s": SLOT_S, "n_slots": N_SLOTS})
    stratum = rows["block"].to_numpy().astype(np.int64) * N_SLOTS + rows["slot"].to_numpy()
    shadow = run.shadow(f"permutation-{number}")
    rng = np.random.default_rng([run.parameters.seed, 1, number])
    order = np.lexsort((rng.random(len(stratum)), stratum))
    authors = rows["account_ix"].to_numpy()[order]
    shadow.put("author", pa.table({"post_ix": rows["post_ix"], "account_ix": pa.array(authors)}))
    shadow.write("action", "shuffled_action")
    neartext.match(shadow)
    embeddings.match(shadow)
    projection.project(shadow)
    significance.test(shadow)
    score = shadow.part("score")
    graph, p = np.array(score["graph"].to_pylist(), object), score["p_value"].to_numpy()
    below = {g: np.array([np.count_nonzero(p[graph == g] <= alpha) for alpha in ALPHAS]) for g in sorted(set(graph.tolist()))}
    n_pairs = shadow.notes["tests"]["pairs"]
    shadow.fade()
    return below, n_pairs
