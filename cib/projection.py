"""Writes `action` (who did what to which object, when) and `pair` (who acted alike, how often within each window)."""

import datetime as dt
from typing import Any

import pyarrow as pa

from cib.errors import CaseError, GraphError
from cib.graphdef import GraphDef
from cib.runs import N_SLOTS, SLOT_S, Run

FIRST, LAST = "1990-01-01", "2101-01-01"


def act(run: Run) -> None:
    """Write `action`, `account_code`, `object_code` and the work tables `scope` and `activity`.

    Cost: one sort of the posts by name and one of the acts by object; DuckDB spills both.
    """
    period = {"since": _instant(run.parameters.since, FIRST), "until": _instant(run.parameters.until, LAST)}
    run.write("account_code", params=period)
    run.write("scope", params=period)
    if not run.n_rows["scope"]:
        raise CaseError(
            f"{run.case.root} has no post between {period['since']} and {period['until']}. Ingest posts, or widen the period."
        )
    for verb, graph in _verbs(run.parameters.graphs).items():
        query = "action_extra" if graph.extra else f"action_{graph.verb}"
        wanted = {"originals": graph.posts != "retweet", "retweets": graph.posts != "original", "verb": verb, "name": graph.extra}
        run.write("deed", query, params=wanted, part=verb)
    run.write("object_code")
    run.write("action")
    run.write("activity", params={"slot_s": SLOT_S, "n_slots": N_SLOTS})
    _measure(run)


def _measure(run: Run) -> None:
    """Fix the run's time scales: where days are cut, and which windows the resolution of each graph's acts allows."""
    hours = run.read("quiet_hour").to_pydict()
    counts = dict(zip(hours["hour"], hours["n_posts"], strict=True))
    run.quiet_hour = min(range(24), key=lambda hour: (counts.get(hour, 0), hour))
    resolutions = run.read("resolution").to_pydict()
    coarsest = dict(zip(resolutions["verb"], resolutions["resolution_s"], strict=True))
    for graph in run.parameters.graphs:
        resolution_s = coarsest.get(graph.deed, 1)
        run.windows[graph.name] = graph.windows(resolution_s)
        tested = [w for w in run.windows[graph.name] if w]
        run.note("windows", **{graph.name: {"resolution_s": resolution_s, "tested_s": tested}})
    run.note("days", quiet_hour_utc=run.quiet_hour)


def project(run: Run) -> None:
    """Write `pair`, and the work tables `act`, `pair_count` and `exposure` that the null is made from.

    At most 3 * max_crowd acts are compared with each act per window, whatever the object's size; what that leaves out is noted.
    """
    slots = [(name, level, w) for name, windows in run.windows.items() for level, w in enumerate(windows, start=1) if w]
    names, levels, seconds = zip(*slots, strict=True) if slots else ((), (), ())
    run.put("grid", pa.table({"graph": pa.array(names, pa.string()), "level": levels, "window_s": pa.array(seconds, pa.int64())}))
    for graph in run.parameters.graphs:
        _project_one(run, graph)


def _project_one(run: Run, graph: GraphDef) -> None:
    params = run.graph_params(graph)
    # A match is an item on which two posts act; only the crowd around a post is counted otherwise.
    kind = "_similar" if graph.join == "similar" else ""
    run.write("act", f"act{kind}", params=params, part=graph.name)
    run.write("exposure", f"exposure{kind}", params=params, part=graph.name)
    run.write("pair_count", params=params, part=graph.name)
    own: dict[str, Any] = {"params": params, "part": graph.name, "alone": True}
    run.write("candidate", **own)
    if graph.multiple:
        run.write("probe", **own)
        run.write("coincidence", **own)
        run.write("counted", "pair_by_post", **own)
    else:
        run.write("counted", "candidate", **own)
    run.write("pair", params=params, part=graph.name)
    left_out = run.read(f"left_out{kind}", params).to_pylist()[0]
    windows = {f"{w} s": left_out[f"n_w{i}"] for i, w in enumerate(graph.windows_s, start=1)}
    run.note("crowds", **{graph.name: {"acts": left_out["n_acts"], "max_crowd": graph.max_crowd, "left_out_by_window": windows}})


def _verbs(graphs: tuple[GraphDef, ...]) -> dict[str, GraphDef]:
    """Return one graph per kind of act. Raises GraphError when two graphs want different posts for the same verb."""
    chosen: dict[str, GraphDef] = {}
    for graph in graphs:
        known = chosen.setdefault(graph.deed, graph)
        if known.posts != graph.posts:
            raise GraphError(
                f"{known.name} and {graph.name} read {graph.verb!r} from different posts. Run them apart: --graphs {graph.name}."
            )
    return chosen


def _instant(text: str | None, default: str) -> str:
    """Return an ISO time in UTC. Raises CaseError where `text` is none."""
    try:
        when = dt.datetime.fromisoformat(text or default)
    except ValueError as error:
        raise CaseError(f"--since/--until {text!r}: expected a date or time such as 2024-03-04 or 2024-03-04T12:00.") from error
    if when.tzinfo:
        when = when.astimezone(dt.UTC).replace(tzinfo=None)
    return when.isoformat(sep=" ")
