"""The whole way of a row through the house, on one screen."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cib import calibration, clusters, communities, evidence, fusion, neartext, projection, significance, slices, timing
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.progress import report
from cib.runs import Parameters, Run

Step = tuple[str, Callable[[Run], None]]

STEPS: tuple[Step, ...] = (
    ("acts", projection.act),  # post → action: who did what to which object, when
    ("similar texts", neartext.match),  # action → match: the same words again, however much was changed
    ("communities", communities.block),  # action → coarse communities, for the null
    ("calibration", calibration.quick),  # does the null keep its promise here? authors shuffled within hours and communities
    ("pairs", projection.project),  # action → pair: acted alike, per window
    ("scores", significance.test),  # pair → expected, p, q: unlikely by chance?
    ("edges", timing.test),  # → edge: and closer in time than interest explains?
    ("ties", fusion.fuse),  # edge → tie: over all graphs, at the error rate
    ("clusters", communities.gather),  # tie → who belongs together
    ("kinds", clusters.describe),  # → cluster, trait, member
    ("evidence", evidence.collect),  # → the posts a human should read
    ("slices", slices.follow),  # tie → slice, slice_member: the clusters over time, where asked for
)


def calibrate(case: Case, parameters: Parameters, engine: DuckDB) -> dict[str, Any]:
    """Return the calibration of the case over 20 permutations. Leaves no run behind."""
    run = Run(case, parameters, engine)
    try:
        projection.act(run)
        communities.block(run)
        return calibration.full(run)
    finally:
        run.discard()


def detect(case: Case, parameters: Parameters, engine: DuckDB, *, name: str | None = None) -> Path:
    """Run every step over the case and return the folder of the finished run. Nothing is left behind when a step fails."""
    run = Run(case, parameters, engine, name=name)
    try:
        for what, step in STEPS:
            report(what)
            started = time.perf_counter()
            step(run)
            run.timings[what] = time.perf_counter() - started
        return run.finish()
    except BaseException:
        run.discard()
        raise
