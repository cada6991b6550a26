"""Writes `edge`: the scores, and for edges worth asking whether the two met closer in time than their shared interest
explains."""

import numpy as np
import pyarrow as pa

from cib.kernels import binomial
from cib.runs import Run

Q_MAX = 0.1


def test(run: Run) -> None:
    """Write `edge`, with timing_p for edges with q <= 0.1. Cost: the acts of the accounts on these edges."""
    run.write("candidate", "worth_timing", params={"q_max": Q_MAX}, part="timing", alone=True)
    closeness(run)
    run.write("edge")


def closeness(run: Run) -> None:
    """Write the work table `timing`: the timing_p of every pair of `candidate`.

    Given that the two acted on the same objects within the widest window, how likely is it that so many
    of these meetings are as close as the window that carries the edge, when each of those around an act is equally likely
    to be the close
    one? Poisson-binomial over post pairs, the larger of the two directions, Bonferroni over the graph's windows.
    Significant means closer in
    time than interest and waking hours explain: feeds, notifications and group calls do that too. An edge carried by the
    widest window says nothing
    of timing: its timing_p is 1. Cost: the acts of the accounts of these pairs.
    """
    run.write("probe", part="timing", alone=True)
    run.write("coincidence", part="timing", alone=True)
    run.put("timing", _test(run.read("timing_coin"), {g: sum(w is not None for w in ws) for g, ws in run.windows.items()}))


def _test(coins: pa.Table, n_windows: dict[str, int]) -> pa.Table:
    """Return one row per edge with its timing p. coins: one row per post pair, edges together."""
    graph = coins["graph"].combine_chunks().dictionary_encode()
    codes = graph.indices.to_numpy()
    a, b = coins["account_a_ix"].to_numpy(), coins["account_b_ix"].to_numpy()
    key = np.stack([codes, a, b])
    starts = np.flatnonzero(np.append(True, (key[:, 1:] != key[:, :-1]).any(axis=0))) if len(a) else np.empty(0, np.int64)
    bounds = np.append(starts, len(a)).astype(np.int64)
    hits = np.add.reduceat(coins["hit"].to_numpy().astype(np.int64), starts) if len(a) else np.empty(0, np.int64)
    ln_p = np.full(len(starts), -np.inf)
    for column in ("chance_a", "chance_b"):
        out = np.empty(len(starts))
        binomial.ln_upper(bounds, np.minimum(coins[column].to_numpy(), 1.0), hits, out)
        ln_p = np.maximum(ln_p, out)
    tried = np.log(np.array([n_windows[name] for name in graph.dictionary.to_pylist()], float))[codes[starts]]
    return pa.table(
        {
            "graph": coins["graph"].take(pa.array(starts)),
            "account_a_ix": pa.array(a[starts]),
            "account_b_ix": pa.array(b[starts]),
            "timing_p": pa.array(np.exp(np.minimum(ln_p + tried, 0.0))),
        }
    )
