"""Writes `tie`: pairs of accounts that pass the error rate over all graphs together, with who came first and how close."""

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from cib.kernels import multiplicity
from cib.runs import SITTING_S, Run

LEADER_P, LEADER_MIN = 0.01, 7


def fuse(run: Run) -> None:
    """Write `tie`, and the work tables `coincidence` and `meeting` that evidence and roles are read from.

    tie.p_value is the smallest edge p, Bonferroni over the configured graphs, rows or not; q is Benjamini-Hochberg over all
    pairs of
    active accounts, unseen pairs counting as 1. Only q <= fdr and two or more post pairs make a tie. q bounds false pairs,
    not false
    accounts or clusters. Cost: the acts of the accounts that passed.
    """
    n_graphs = run.notes["tests"]["graphs"]
    n_pairs = run.notes["tests"]["pairs"]
    best = run.read("pair_best")
    ln_p = np.minimum(best["ln_p"].to_numpy() + np.log(max(n_graphs, 1)), 0.0)
    q = multiplicity.benjamini_hochberg(np.exp(ln_p), max(n_pairs, best.num_rows))
    passed = q <= run.parameters.fdr
    ln_cut = float(ln_p[passed].max(initial=-np.inf)) - np.log(max(n_graphs, 1))
    scored = best.append_column("ln_tie", pa.array(ln_p)).append_column("q_value", pa.array(q)).filter(pa.array(passed))
    run.put("passed", scored)
    run.write("finalist", params={"ln_cut": ln_cut})
    run.write("candidate", "finalist", params={"ln_cut": ln_cut}, part="tie", alone=True)
    run.write("probe", part="tie", alone=True)
    run.write("coincidence", part="tie", alone=True)
    run.write("meeting")
    ties = _describe(scored, run.read("tie_meeting", {"sitting_s": SITTING_S}))
    run.put("tie_score", ties)
    run.write("tie")
    run.note("ties", passed=scored.num_rows, ties=ties.num_rows, single_post_pair=scored.num_rows - ties.num_rows)


def _describe(scored: pa.Table, met: pa.Table) -> pa.Table:
    """Return one row per tie: its score beside how the two met. Pairs that rest on a single pair of posts are left out."""
    for column in ("account_a_ix", "account_b_ix"):
        if not scored[column].equals(met[column]):
            raise AssertionError("every pair that passed has met")
    leader, leader_p = _leaders(met["n_a_first"].to_numpy(), met["n_b_first"].to_numpy())
    ln_p = scored["ln_tie"].to_numpy()
    columns = {
        "account_a_ix": scored["account_a_ix"],
        "account_b_ix": scored["account_b_ix"],
        "p_value": pa.array(np.exp(ln_p)),
        "q_value": scored["q_value"],
        "surprise_bits": pa.array(-ln_p / np.log(2)),
        **{name: met[name] for name in ("n_post_pairs", "first_at", "last_at", "median_gap_s")},
        "leader": leader,
        "leader_p": leader_p,
    }
    table = pa.table(columns)
    return table.filter(pa.array(table["n_post_pairs"].to_numpy() >= 2))


def _leaders(n_a_first: np.ndarray, n_b_first: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Return who acts first beyond a coin's chance (two-sided p < 0.01, at least 7 sittings with an order), and the p-values."""
    n = n_a_first + n_b_first
    p = np.minimum(2.0 * binom.cdf(np.minimum(n_a_first, n_b_first), n, 0.5), 1.0)
    leads = (p < LEADER_P) & (n >= LEADER_MIN)
    side = np.where(n_a_first > n_b_first, "a", "b")
    return pa.array(side, pa.string(), mask=~leads), pa.array(p, pa.float64(), mask=n == 0)
