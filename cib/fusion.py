"""Writes `tie`: pairs of accounts that pass an error rate over all graphs, by themselves or in a group, and how they met."""

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from cib import circles, coincidences, extent
from cib.kernels import multiplicity, triangles
from cib.runs import SITTING_S, Run

LEADER_P, LEADER_MIN = 0.01, 7


def fuse(run: Run) -> None:
    """Write `tie`, and the work tables `coincidence`, `meeting` and `group` that evidence, roles and clusters are read from.

    tie.p_value is the smallest edge p, Bonferroni over the configured graphs, rows or not; q is Benjamini-Hochberg over all
    pairs of active accounts, unseen pairs counting as 1. Two doors lead to a tie for a pair with two or more post pairs: q <= fdr
    (found_by "pair"), or being weak inside a group that `extent` or `circles` finds (found_by "extent"). Through either, a pair
    becomes a tie only beside a third account that is tied to both: campaigns are of three or more, and two accounts alone may be
    friends with several interests in common, which no test of theirs tells from an arrangement. q bounds false pairs, not false
    accounts or clusters; the group's family-wise p bounds false groups. Cost: the acts of the accounts that passed.
    """
    n_graphs = run.notes["tests"]["graphs"]
    pairs, ln_p = corrected(run)
    q = multiplicity.benjamini_hochberg(np.exp(ln_p), max(run.notes["tests"]["pairs"], len(ln_p)))
    strong = q <= run.parameters.fdr
    best = run.read("pair_best")
    level, in_circle = _groups(run, pairs, ln_p)
    ln_cut = np.where(strong, ln_p[strong].max(initial=-np.inf), np.log(np.nan_to_num(level, nan=1.0))) - np.log(max(n_graphs, 1))
    columns = {"ln_tie": ln_p, "q_value": q, "is_strong": strong, "ln_cut": ln_cut, "in_circle": in_circle}
    for name, values in columns.items():
        best = best.append_column(name, pa.array(values))
    scored = best.filter(pa.array(strong | ~np.isnan(level) | in_circle))
    run.put("passed", scored)
    run.write("finalist")
    run.write("candidate", "finalist", part="tie", alone=True)
    coincidences.write(run, "tie")
    run.write("meeting")
    repeated = _describe(scored, run.read("tie_meeting", {"sitting_s": SITTING_S}))
    ties = with_third(repeated)
    run.put("tie_score", ties)
    run.write("tie")
    by_pair = int(np.count_nonzero(scored["is_strong"].to_numpy(zero_copy_only=False)))
    run.note(
        "ties", passed=by_pair, by_extent=scored.num_rows - by_pair, ties=ties.num_rows,
        single_post_pair=scored.num_rows - repeated.num_rows, alone=repeated.num_rows - ties.num_rows,
    )  # fmt: skip


def corrected(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return int32[n, 2], float64[n]: the pairs tried, and the ln p of each, Bonferroni over the configured graphs."""
    best = run.read("pair_best")
    pairs = np.stack([best["account_a_ix"].to_numpy(), best["account_b_ix"].to_numpy()], axis=1)
    return pairs, np.minimum(best["ln_p"].to_numpy() + np.log(max(run.notes["tests"]["graphs"], 1)), 0.0)


def _groups(run: Run, pairs: np.ndarray, ln_p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Write the work table `group`, the accounts in groups found by extent or in circles; return each pair's level in extent, or
    NaN, and bool[n_pairs], whether a circle makes it a tie."""
    by_chance = run.notes.get("calibration", {}).get("co_action", {}).get("grouped", 0)
    run.note("extent", closed=by_chance > 0)
    ln_p = np.zeros(len(ln_p)) if by_chance else ln_p  # authors exchanged, and still a group: here cores can be chance
    found = extent.find(pairs, ln_p, run.notes["tests"]["accounts"])
    close, circled = _circles(run)
    p_value = np.minimum(found.p_value, circled.p_value)
    account = np.flatnonzero(p_value < 1.0)
    run.put("group", pa.table({"account_ix": pa.array(account, pa.int32()), "p_value": p_value[account]}))
    run.note(
        "circles", pairs=len(close), circles=int(circled.circle.max(initial=-1)) + 1, accounts=int((circled.circle >= 0).sum())
    )
    for level in found.levels:
        row = {"least": level.least, "mean": level.mean, "spread": level.spread, "deepest": int(level.core.max(initial=0))}
        run.note("extent", **{f"{level.level:g}": row})
    return found.level_of(pairs, ln_p), _listed(pairs, close[circled.holds(close)])


def _circles(run: Run) -> tuple[np.ndarray, circles.Circles]:
    """Return the close pairs, int32[n, 2], and the circles among them; none where no permutation tells what chance gives."""
    close = circles.close(run)
    if "company" not in run.n_rows:
        return close[0], circles.nobody(run.n_rows["account_code"])
    return close[0], circles.find(close, circles.blocks(run), by_chance=run.part("company"))


def _listed(pairs: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return bool[n_pairs]: which of the pairs, int[n_pairs, 2], are among the chosen."""
    width = np.int64(max(pairs.max(initial=0), chosen.max(initial=0))) + 1
    return np.isin(pairs[:, 0].astype(np.int64) * width + pairs[:, 1], chosen[:, 0].astype(np.int64) * width + chosen[:, 1])


def with_third(ties: pa.Table) -> pa.Table:
    """Return the rows whose two accounts (account_a_ix, account_b_ix) are both tied to one more; order kept."""
    pairs = np.stack([ties["account_a_ix"].to_numpy(), ties["account_b_ix"].to_numpy()], axis=1)
    return ties.filter(pa.array(triangles.in_triangle(pairs)))


def _describe(scored: pa.Table, met: pa.Table) -> pa.Table:
    """Return one row per tie: its score beside how the two met. Pairs that rest on a single pair of posts are left out."""
    for column in ("account_a_ix", "account_b_ix"):
        if not scored[column].equals(met[column]):
            raise AssertionError("every pair that passed has met")
    leader, leader_p = _leaders(met["n_a_first"].to_numpy(), met["n_b_first"].to_numpy())
    ln_p = scored["ln_tie"].to_numpy()
    columns = {
        **{name: scored[name] for name in ("account_a_ix", "account_b_ix", "is_strong", "ln_cut")},
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
