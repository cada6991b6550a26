"""Does the null keep its promise on this case? The steps are played on data in which chance rules by construction, and the
p-values counted. Writes nothing but the run's notes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import norm, poisson

from cib import circles
from cib.calibration import nulls
from cib.progress import report
from cib.runs import Run

EXPONENTS = tuple(-k / 2 for k in range(1, 17))  # where the p-values of a picture are counted: 10^-0.5 to 10^-8
SLACK = 2.0  # how many times more often than alpha a p-value at alpha may occur
SD = 3.0
QUICK = 1  # permutations in every run
FULL = 20
COMPANY_DRAWS, COMPANY_STREAM = 3, 4
MAX_ASKED = 1000  # ordinary pairs whose timing is asked; beyond it a seeded sample

JUDGED = [EXPONENTS.index(-k) for k in (3.0, 4.0, 5.0, 6.0)]  # where a gate can fail: alpha = 10^-3 to 10^-6

Played = tuple[dict[str, np.ndarray], dict[str, int]]  # per graph: counts at 10^exponents, tests
Play = Callable[[Run, np.random.Generator], Played]


def quick(run: Run) -> None:
    """Note in the manifest whether the co-action p-values of this case are calibrated, from one permutation.

    Cost: similar texts, pairs, scores and timing once more; similar texts and the pairs of two graphs three times more, for
    what company chance gives.
    """
    run.note("calibration", co_action=co_action(run, permutations=QUICK))


def haste(run: Run) -> None:
    """Note in the manifest whether the timing p-values of this case are calibrated, on at most 1,000 ordinary pairs. The trials
    must have run. Cost: the timing step once more."""
    run.note("calibration", timing=timing_only(run, most=MAX_ASKED))


def full(run: Run) -> dict[str, Any]:
    """Return the first from 20 permutations, the second on 20,000 pairs, and the smoke test; nothing is noted. The steps to the
    communities must have run."""
    found = {"co_action": co_action(run, permutations=FULL), "days": days(run)}
    nulls.trials(run)
    return {**found, "timing": timing_only(run, most=FULL * MAX_ASKED)}


def company(run: Run) -> None:
    """Write the work table `company`, once: how much company chance gives each account, the mean of three permutations of
    authors. `circles` asks for it."""
    if not circles.graphs(run) or "company" in run.n_rows:
        return
    report("calibration: company among exchanged authors")
    draws = []
    for turn in range(COMPANY_DRAWS):
        with nulls.shadow(run, f"company_{turn}") as shadow:
            draws.append(nulls.company(shadow, rng=np.random.default_rng([run.parameters.seed, COMPANY_STREAM, turn])))
    run.put("company", circles.mean(draws))


def co_action(run: Run, *, permutations: int) -> dict[str, Any]:
    """Return how often edge p-values fall below each alpha when authors are exchanged over all posts of a slot of the week
    and a block.

    Every account keeps its number of posts in each slot, every object its acts and their times; who acted together is
    chance. N = pairs of active accounts times permutations, for every graph by itself; pairs without a row count as p = 1.
    `grouped` counts the accounts in groups found by extent, where there should be none: one is enough to close that door.
    `circled` counts the permutations that show a circle.
    Cannot see shared interest inside a block, which the exchange destroys.
    """

    company(run)
    grouped = circled = 0

    def play(shadow: Run, rng: np.random.Generator) -> Played:
        nonlocal grouped, circled
        nulls.authors(shadow, rng=rng)
        grouped += nulls.grouped(shadow)
        circled += bool(circles.graphs(shadow)) and nulls.circled(shadow)
        graphs = (graph.name for graph in shadow.parameters.graphs)
        return _count(shadow.part("score"), "p_value"), dict.fromkeys(graphs, shadow.notes["tests"]["pairs"])

    return {**_judge(run, play, permutations=permutations, stream=1), "grouped": grouped, "circled": circled}


def timing_only(run: Run, *, most: int) -> dict[str, Any]:
    """Return how often the timing p-values of ordinary pairs fall below each alpha: pairs that met no more often than activity
    gives once in twenty.

    Whoever acts together may do so in haste, and is no measure; ordinary pairs are, and should meet no closer than strangers
    do. N = the pairs drawn, for every graph by itself; `left_out` counts the rest. Exchanging times among accounts cannot judge
    this test: on a campaign's own objects every time is a hasty one. Where there is no ordinary pair the gate has nothing to
    judge, and passes.
    """
    left_out = 0

    def play(shadow: Run, rng: np.random.Generator) -> Played:
        nonlocal left_out
        drawn = nulls.ordinary(shadow, rng=rng, most=most)
        left_out = shadow.notes["ordinary"]["pairs"] - drawn.num_rows
        return _count(drawn, "timing_p"), dict(Counter(drawn["graph"].to_pylist()))

    return {**_judge(run, play, permutations=1, stream=2), "left_out": left_out}


def days(run: Run) -> dict[str, Any]:
    """Return how many ties are left when each account's posts are moved by a whole number of days of its own.

    A smoke test of the whole chain and no gate: time of day and objects stay, and among accounts moved by different numbers
    nobody acts together any more, so about no tie should be left. Accounts moved alike still do, and keep theirs.
    """
    report("calibration, days moved")
    with nulls.shadow(run, "days") as shadow:
        moved = nulls.days(shadow, rng=np.random.default_rng([run.parameters.seed, 3]))
        if moved is None:
            return {"tested": False, "why": "the posts span less than four days"}
        ties = shadow.part("tie_score")
        apart = moved[ties["account_a_ix"].to_numpy()] != moved[ties["account_b_ix"].to_numpy()]
        return {"tested": True, "ties_moved_apart": int(apart.sum()), "ties_moved_alike": int((~apart).sum())}


def gate(alpha: float, n_tests: int) -> int:
    """Return how many p-values at or below alpha a calibrated null may give in n_tests tests: as many as a Poisson number of
    mean 2 alpha n_tests exceeds as seldom as a normal one exceeds its mean by 3 standard deviations.

    For large means that is METHODS' mean plus 3 sd; below one the sd says nothing of a Poisson tail.

    >>> gate(0.01, 100), gate(0.001, 3_600_000), gate(1e-6, 25_000)
    (7, 7456, 1)
    """
    return int(poisson.isf(norm.sf(SD), SLACK * alpha * n_tests))


def _judge(run: Run, play: Play, *, permutations: int, stream: int) -> dict[str, Any]:
    """Return the verdict over all permutations of one null. stream: keeps the draws of different nulls apart.

    Passes if #{p <= alpha} <= gate(alpha, N) for every alpha and every graph. `graphs` holds per graph N, how many p-values
    were seen at or below each of 10^exponents, and how many may be; `worst` names the one that comes nearest to its bounds.
    """
    seen: dict[str, np.ndarray] = {}
    tests: dict[str, int] = {}
    for number in range(permutations):
        report(f"calibration {number + 1} of {permutations}")
        with nulls.shadow(run, f"permutation-{number}") as shadow:
            counts, n_tests = play(shadow, np.random.default_rng([run.parameters.seed, stream, number]))
        for graph, n in n_tests.items():  # also of graphs without a row: their pairs count as p = 1
            tests[graph] = tests.get(graph, 0) + n
        for graph, below in counts.items():
            seen[graph] = seen.get(graph, 0) + below
    allowed = {graph: np.array([gate(10.0**e, tests[graph]) for e in EXPONENTS]) for graph in seen}
    failed = sorted(graph for graph in seen if (seen[graph] > allowed[graph])[JUDGED].any())
    nearness = {graph: (seen[graph] / np.maximum(allowed[graph], 1))[JUDGED].max() for graph in sorted(seen)}
    return {
        "permutations": permutations,
        "exponents": list(EXPONENTS),
        "graphs": {g: {"tests": tests[g], "seen": seen[g].tolist(), "allowed": allowed[g].tolist()} for g in sorted(seen)},
        "worst": max(failed or nearness, key=lambda graph: nearness[graph], default=None),
        "failed": failed,
        "passed": not failed,
    }


def _count(rows: pa.Table, column: str) -> dict[str, np.ndarray]:
    """Return, per graph with a row, how many p-values lie at or below each of 10^EXPONENTS."""
    graph, p = np.array(rows["graph"].to_pylist(), object), rows[column].to_numpy()
    return {g: np.searchsorted(np.sort(p[graph == g]), 10.0 ** np.array(EXPONENTS), side="right") for g in sorted(set(graph))}
