"""Writes the work table `timing`: for pairs worth asking, whether they met closer in time than their shared interest explains."""

import numpy as np
import pyarrow as pa

from cib import coincidences
from cib.kernels import binomial
from cib.runs import Run
from cib.schema import MAX_WINDOWS

WORTH = 1e-3  # pairs whose coincidences activity alone gives this rarely, before any correction over pairs


def test(run: Run) -> None:
    """Write the work table `timing`, for pairs whose coincidences are rarer than 1 in 1,000, or than the error rate asked where
    that is larger."""
    run.write("candidate", "worth_timing", params={"ln_most": ln_most(run)}, part="timing", alone=True)
    closeness(run)


def ln_most(run: Run) -> float:
    """Return the logarithm of the chance from which a pair's timing is asked."""
    return float(np.log(max(WORTH, run.parameters.fdr)))


def closeness(run: Run) -> None:
    """Write the work table `timing`: the timing_p of every pair of `candidate`.

    Given that the two acted on the same objects within the widest window, how likely is it that so many of these meetings are as
    close as a narrower window, when whoever is around an act is as likely to be close as strangers are? Poisson-binomial over
    post pairs, the larger of the two directions; the least of the narrower windows, Bonferroni over them. Significant means
    closer in time than interest and waking hours explain: feeds, notifications and group calls do that too. Cost: the acts of
    the accounts of these pairs.
    """
    coincidences.write(run, "timing")
    for table in ("companion", "stranger", "usual"):
        run.write(table)
    run.put("timing", answer(run.read("timing_coin"), {g: sum(w is not None for w in ws) for g, ws in run.windows.items()}))


def answer(coins: pa.Table, n_windows: dict[str, int]) -> pa.Table:
    """Return one row per pair with its timing p.

    coins      one row per post pair, pairs together: hit_wN, whether it met within window N too; chance_a_wN, chance_b_wN, how
               likely that was by the strangers of either side, NULL where window N does not count
    n_windows  windows tested, per graph; the widest is what is given
    """
    graph = coins["graph"].combine_chunks().dictionary_encode()
    codes = graph.indices.to_numpy()
    a, b = coins["account_a_ix"].to_numpy(), coins["account_b_ix"].to_numpy()
    key = np.stack([codes, a, b])
    starts = np.flatnonzero(np.append(True, (key[:, 1:] != key[:, :-1]).any(axis=0))) if len(a) else np.empty(0, np.int64)
    bounds = np.append(starts, len(a)).astype(np.int64)
    ln_p = np.zeros(len(starts))
    for number in range(1, MAX_WINDOWS):
        ln_p = np.minimum(ln_p, _window(coins, number, bounds))
    tried = np.array([max(n_windows[name] - 1, 1) for name in graph.dictionary.to_pylist()], float)[codes[starts]]
    return pa.table(
        {
            "graph": coins["graph"].take(pa.array(starts)),
            "account_a_ix": pa.array(a[starts]),
            "account_b_ix": pa.array(b[starts]),
            "timing_p": pa.array(np.exp(np.minimum(ln_p + np.log(tried), 0.0))),
        }
    )


def _window(coins: pa.Table, number: int, bounds: np.ndarray) -> np.ndarray:
    """Return float64[n_pairs]: ln p of the meetings within one window, the larger of the two directions."""
    starts = bounds[:-1]
    hit = coins[f"hit_w{number}"].fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
    hits = np.add.reduceat(hit, starts) if len(starts) else np.empty(0, np.int64)
    ln_p = np.full(len(starts), -np.inf)
    for side in ("a", "b"):
        chance, out = coins[f"chance_{side}_w{number}"].fill_null(0.0).to_numpy(), np.empty(len(starts))
        binomial.ln_upper(bounds, np.minimum(chance, 1.0), hits, out)
        ln_p = np.maximum(ln_p, out)
    return np.where(hits > 0, ln_p, 0.0)
