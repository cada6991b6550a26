"""The whole way of a row through the house, on one screen."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from cib import (
    calibration,
    clusters,
    communities,
    edges,
    embeddings,
    evidence,
    fusion,
    neartext,
    observer,
    profiles,
    projection,
    significance,
    similarity,
    slices,
    timing,
)
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.graphdef import select
from cib.lists import NamedList, columns_of
from cib.progress import report
from cib.runs import Parameters, Run, parameters
from cib.schema import arrow

Step = tuple[str, Callable[[Run], None]]

STEPS: tuple[Step, ...] = (
    ("acts", projection.act),  # post → action: who did what to which object, when
    ("similar texts", neartext.match),  # action → match: the same words again, however much was changed
    ("embeddings", embeddings.match),  # action → match, too: one meaning, where a column of the user's tells
    ("communities", communities.block),  # action → coarse communities, for the null
    ("calibration", calibration.quick),  # does the null keep its promise here? authors exchanged
    ("pairs", projection.project),  # action → pair: acted alike, per window
    ("profiles", profiles.read),  # account → what accounts say of themselves, where a graph describes it
    ("similar accounts", similarity.describe),  # → alike: graphs that describe and are never tested
    ("trials", significance.test),  # pair → expected and p: unlikely by chance, without the interest they share most?
    ("timing", timing.test),  # … or closer in time than that interest explains?
    ("calibration of timing", calibration.haste),  # and are ordinary pairs no closer than they should be?
    ("edges", edges.decide),  # → edge: p and q of every pair
    ("ties", fusion.fuse),  # edge → tie: over all graphs, at the error rate
    ("clusters", communities.gather),  # tie → who belongs together
    ("kinds", clusters.describe),  # → cluster, trait, member
    ("evidence", evidence.collect),  # → the posts a human should read
    ("slices", slices.follow),  # tie → slice, slice_member: the clusters over time, where asked for
    ("observer's tables", observer.observe),  # lists and calendar → target, cluster_target, …: no step above reads them
)


def calibrate(case: Case, engine: DuckDB, *, name: str | None, seed: int) -> dict[str, Any]:
    """Return the calibration of the case over 20 permutations, with the graphs and the period of its run `name`, or the newest.
    Leaves no run behind."""
    as_run = name or case.runs()  # a case without a run is calibrated with all graphs
    given = parameters(case.run_folder(name)) if as_run else Parameters(select(None), sample=case.sample)
    run = Run(case, replace(given, seed=seed), engine)
    try:
        projection.act(run)
        neartext.match(run)
        embeddings.match(run)
        communities.block(run)
        return calibration.full(run)
    finally:
        run.discard()


def detect(
    case: Case, parameters: Parameters, engine: DuckDB, *, name: str | None = None, lists: Sequence[NamedList] = ()
) -> Path:
    """Run every step over the case and return the folder of the finished run. Nothing is left behind when a step fails."""
    run = Run(case, parameters, engine, name=name)
    try:
        if lists:
            run.put("listed", pa.table(columns_of(lists), schema=arrow("listed")))
        for what, step in STEPS:
            report(what)
            started = time.perf_counter()
            step(run)
            run.timings[what] = time.perf_counter() - started
        return run.finish()
    except BaseException:
        run.discard()
        raise
