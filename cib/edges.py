"""Writes `edge`. Two ways lead past chance: meetings beyond the favourite, and meetings closer in time than it explains."""

import numpy as np
import pyarrow as pa

from cib.kernels import multiplicity
from cib.runs import Run

REST_SHARE = 0.8  # of an edge's error rate goes to meetings beyond the favourite, the rest to timing: weighted Bonferroni


def decide(run: Run) -> None:
    """Write `edge`: of pairs tried their `score`, of pairs that are only described (`alike`) their weight."""
    score(run)
    run.write("edge")


def score(run: Run) -> None:
    """Write the work table `score` that ties are made from.

    ln_p, on a graph without favourites: of the coincidences. On one with favourites: the smaller of ln_rest less ln 0.8 and,
    where timing was asked (only of pairs whose coincidences activity does not explain), its ln p less ln 0.2. Either is a test
    of its own; this is their weighted Bonferroni. On a graph whose timing failed its gate only the first counts. edge.q_value
    is Benjamini-Hochberg over N times the number of graphs, N all pairs of accounts with a post in the period. Cost: one sort
    of the pairs.
    """
    tests = run.notes["tests"]
    trials = run.read("verdict")
    doubted = run.notes.get("calibration", {}).get("timing", {}).get("failed", [])
    favourites = {graph.name: graph.favourite for graph in run.parameters.graphs}
    names = trials["graph"].combine_chunks().dictionary_encode()
    has, fails = (
        np.array([name in those for name in names.dictionary.to_pylist()], bool)[names.indices.to_numpy()]
        for those in ([name for name, has in favourites.items() if has], doubted)
    )
    rest, timing_p = trials["ln_rest"].to_numpy(), trials["timing_p"].fill_null(1.0).to_numpy()
    timing = np.log(np.maximum(np.where(fails, 1.0, timing_p), np.finfo(float).tiny))
    both = np.minimum(rest - np.log(REST_SHARE), timing - np.log(1.0 - REST_SHARE))
    ln_p = np.minimum(np.where(has, both, rest), 0.0)
    p_value = np.exp(ln_p)
    q = multiplicity.benjamini_hochberg(p_value, max(tests["pairs"] * tests["graphs"], len(ln_p)))
    for name, values in {"ln_p": ln_p, "p_value": p_value, "q_value": q}.items():
        trials = trials.append_column(name, pa.array(values))
    run.put("score", trials)
