"""The nulls of calibration: copies of a run in which one thing is chance by construction, played through the run's own steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa

from cib import circles, edges, embeddings, extent, fusion, neartext, projection, significance, timing
from cib.runs import N_SLOTS, SLOT_S, Run

DAY_S = 86_400
ORDINARY = 0.05  # pairs whose coincidences activity gives at least this often


@contextmanager
def shadow(run: Run, name: str) -> Iterator[Run]:
    """Give a run beside this one, and leave nothing of it behind."""
    other = run.shadow(name)
    try:
        yield other
    finally:
        other.fade()


def authors(shadow: Run, *, rng: np.random.Generator) -> None:
    """Write `score` for the same posts by other authors, exchanged within slot of the week and block."""
    _exchange(shadow, rng=rng)
    embeddings.match(shadow)
    _edges(shadow)


def _exchange(shadow: Run, *, rng: np.random.Generator) -> None:
    """Write `action` and `match` for the same posts by other authors."""
    rows = shadow.read("author_stratum", {"slot_s": SLOT_S, "n_slots": N_SLOTS})
    stratum = rows["block"].to_numpy().astype(np.int64) * N_SLOTS + rows["slot"].to_numpy()
    order = np.lexsort((rng.random(len(stratum)), stratum))
    by_other = rows["account_ix"].to_numpy()[order]
    shadow.put("author", pa.table({"post_ix": rows["post_ix"], "account_ix": pa.array(by_other)}))
    shadow.write("action", "shuffled_action")
    neartext.match(shadow)


def grouped(shadow: Run) -> int:
    """Return how many accounts are in groups that `extent` finds in a shadow that is scored."""
    found = extent.find(*fusion.corrected(shadow), shadow.notes["tests"]["accounts"])
    return int(np.count_nonzero(found.p_value < 1.0))


def circled(shadow: Run) -> bool:
    """Return whether a shadow whose pairs are counted shows a circle, where there should be none."""
    found = circles.find(circles.close(shadow), circles.blocks(shadow), by_chance=shadow.part("company"))
    return bool((found.circle >= 0).any())


def company(shadow: Run, *, rng: np.random.Generator) -> pa.Table:
    """Return what company chance gives, from authors exchanged once; only graphs on which circles are looked for are played."""
    shadow.parameters = replace(shadow.parameters, graphs=circles.graphs(shadow))
    _exchange(shadow, rng=rng)
    projection.project(shadow)
    return circles.ordinary(circles.close(shadow), circles.blocks(shadow))


def trials(run: Run) -> None:
    """Play the steps from acts to trials."""
    projection.project(run)
    significance.test(run)


def _edges(shadow: Run) -> None:
    """Play the steps from acts to edges."""
    trials(shadow)
    timing.test(shadow)
    edges.score(shadow)


def ordinary(shadow: Run, *, rng: np.random.Generator, most: int) -> pa.Table:
    """Write the work table `timing` for pairs whose coincidences chance explains, at most `most`, drawn without regard to
    anything, beside the pairs that the run asks. Returns it for the drawn ones. How many there are is noted as `ordinary`."""
    trials = shadow.read("ordinary", {"ln_least": float(np.log(ORDINARY))})
    shadow.note("ordinary", pairs=trials.num_rows)
    drawn = trials.take(pa.array(np.sort(rng.permutation(trials.num_rows)[:most])))
    asked = shadow.read("worth_timing", {"ln_most": timing.ln_most(shadow)})
    shadow.put("candidate", pa.concat_tables([asked, drawn]), part="timing", alone=True)
    shadow.put("drawn", drawn)
    timing.closeness(shadow)
    return shadow.read("timing_drawn")


def days(shadow: Run, *, rng: np.random.Generator) -> np.ndarray | None:
    """Write `tie` for posts moved by whole days, each account by its own number, around the end of the period to its beginning.

    Returns int64[n_accounts]: by how many days, an even number, since windows reach a day; None, and writes nothing, where the
    posts span less than four days.
    """
    span = shadow.read("acted_span").to_pylist()[0]
    start = span["first_at"] // DAY_S * DAY_S
    n_days = (span["last_at"] - start) // DAY_S + 1
    if n_days < 4:
        return None
    moved = 2 * rng.integers(0, n_days // 2, shadow.n_rows["account_code"])
    account = pa.array(np.arange(len(moved), dtype=np.int32))
    shadow.put("delay", pa.table({"account_ix": account, "moved_s": pa.array(moved * DAY_S)}))
    around = {"start": start, "span_s": n_days * DAY_S}
    shadow.write("scope", "delayed_scope", params=around)
    shadow.write("action", "delayed_action", params=around)
    shadow.write("activity", params={"slot_s": SLOT_S, "n_slots": N_SLOTS})
    neartext.match(shadow)
    embeddings.match(shadow)
    _edges(shadow)
    fusion.fuse(shadow)
    return moved
