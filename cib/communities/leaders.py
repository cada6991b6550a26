"""Who acts first in a cluster, and who after the others, tested against a coin."""

import numpy as np
import pyarrow as pa
from scipy.stats import binom

from cib.kernels import multiplicity
from cib.runs import SITTING_S, Run

LEADER_Q = 0.01
LED_PERCENT = 75  # of the sittings with an order: a difference must matter, not only be significant


def test(run: Run) -> None:
    """Write the work table `leader`: per member of a cluster how often it acted before the others, and how likely that is.

    n_led, n_followed     sittings in which its posts came mostly before, or mostly after, most of the others of its cluster
                          that they met; sittings without an order are left out
    n_ahead_of, n_behind  others, of the n_others met, that it came before, or after, in three of four sittings
    leader_p              two-sided sign test: a coin for each sitting. Valid where members are alike, and sittings independent;
                          an account that lives an hour ahead of the others leads too
    leads                 leader_p passes 1 % (Benjamini-Hochberg over all members of all clusters), the account came first in
                          three of four sittings, and it is ahead of more than half of the others: one straggler makes no leader
                          of everybody else

    Followers are counted alike; being slow is no role. Cost: the meetings of members, once.
    """
    rows = run.read("leading", {"sitting_s": SITTING_S, "led_percent": LED_PERCENT})
    p, leads, follows = decide(*(rows[c].to_numpy() for c in ("n_led", "n_followed")), **_rivals(rows))
    none = rows["n_led"].to_numpy() + rows["n_followed"].to_numpy() == 0
    rows = rows.append_column("leader_p", pa.array(p, mask=none)).append_column("leads", pa.array(leads))
    run.put("leader", rows)
    led = np.array(rows["cluster_id"].to_pylist(), object)[leads]
    run.note(
        "leaders", tested=len(p), leaders=int(leads.sum()), followers=int(follows.sum()), clusters_led=len(set(led.tolist()))
    )


def _rivals(rows: pa.Table) -> dict[str, np.ndarray]:
    return {name: rows[name].to_numpy() for name in ("n_others", "n_ahead_of", "n_behind")}


def decide(
    n_led: np.ndarray, n_followed: np.ndarray, *, n_others: np.ndarray, n_ahead_of: np.ndarray, n_behind: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return float64[n] the p-values of the sign test, and bool[n] twice: who leads, who follows. Input: int64[n] each."""
    n = n_led + n_followed
    p = np.minimum(2.0 * binom.cdf(np.minimum(n_led, n_followed), n, 0.5), 1.0)
    passed = multiplicity.benjamini_hochberg(p, max(len(p), 1)) <= LEADER_Q
    leads = passed & (100 * n_led >= LED_PERCENT * n) & (2 * n_ahead_of > n_others)
    return p, leads, passed & (100 * n_followed >= LED_PERCENT * n) & (2 * n_behind > n_others)
