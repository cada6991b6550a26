"""Writes `action` (who did what to which object, when) and `pair` (who acted alike, how often within each window)."""

from typing import Any

import pyarrow as pa

from cib.errors import CaseError, GraphError
from cib.graphdef import GraphDef
from cib.runs import N_SLOTS, SLOT_S, Run

DEED = pa.schema(
    [
        *(("account_ix", pa.int32()), ("verb", pa.string()), ("object", pa.string()), ("acted_at", pa.int64())),
        *(("post_ix", pa.int64()), ("post_platform", pa.string()), ("post_id", pa.string()), ("interest", pa.string())),
    ]
)
GIANT = pa.schema([("graph", pa.string()), ("object_ix", pa.int64()), ("n_accounts", pa.int64())])


def act(run: Run) -> None:
    """Write `action`, `account_code`, `object_code` and the work tables `scope` and `activity`.

    Cost: one sort of the posts by name and one of the acts by object; DuckDB spills both.
    """
    period = run.parameters.period
    run.write("account_code", params=period)
    run.write("scope", params=period)
    if not run.n_rows["scope"]:
        raise CaseError(
            f"{run.case.root} has no post between {period['since']} and {period['until']}. Ingest posts, or widen the period."
        )
    for number, (verb, graph) in enumerate(_verbs(tuple(g for g in run.parameters.graphs if g.acts)).items()):
        query = "action_extra" if graph.extra else f"action_{graph.verb}"
        wanted = {"originals": graph.posts != "retweet", "retweets": graph.posts != "original", "verb": verb, "name": graph.extra}
        run.write("deed", query, params=wanted, part=f"{number:03d}")
    if "deed" not in run.n_rows:  # only profiles are looked at
        run.put("deed", DEED.empty_table())
    run.write("object_code")
    run.write("action")
    _giants(run)
    tested = sorted({graph.deed for graph in run.parameters.graphs if graph.tested})
    run.put("tested_verb", pa.table({"verb": pa.array(tested, pa.string())}))
    run.write("activity", params={"slot_s": SLOT_S, "n_slots": N_SLOTS})
    _measure(run)


def _giants(run: Run) -> None:
    """Write the work table `giant`, once for the run and its permutations: the objects that belong to everybody, by graph."""
    run.put("giant", GIANT.empty_table())
    for graph in run.parameters.graphs:
        if graph.max_share < 1.0:
            max_accounts = int(graph.max_share * run.n_rows["account_code"])
            params = {"graph": graph.name, "verb": graph.deed, "max_accounts": max_accounts}
            run.write("giant", params=params, part=graph.name)
            n = run.part("giant", graph.name).num_rows
            run.note("giants", **{graph.name: {"max_accounts": max_accounts, "objects_left_out": n}})


def _why_nothing(run: Run, period: dict[str, str]) -> str:
    """Return why there is no post to look at: none in the period, none at all, or none that could be read."""
    refused = run.read("refused").to_pylist()
    if run.read("n_posts").to_pylist()[0]["n_posts"]:
        return f"{run.case.root} has no post between {period['since']} and {period['until']}. Widen --since and --until."
    if not refused:
        return f"{run.case.root} holds no post. Ingest some: cib ingest {run.case.root} FILE…"
    most = refused[0]
    return (
        f"{run.case.root} holds no post that could be read: {sum(r['n_rows'] for r in refused)} rows were rejected, most often "
        f"({most['n_rows']} rows) because of {most['field'] or 'the whole record'}: {most['reason']} "
        f"For example: {most['raw'][:120]}"
    )


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
        if graph.timeless:
            continue
        tested = [w for w in run.windows[graph.name] if w]
        run.note("windows", **{graph.name: {"resolution_s": resolution_s, "tested_s": tested}})
    run.note("days", quiet_hour_utc=run.quiet_hour)


def project(run: Run) -> None:
    """Write `pair`, and the work tables `act`, `pair_count` and `counted` that the null is made from.

    At most 3 * max_crowd acts are compared with each act per window, whatever the object's size; what that leaves out is noted.
    """
    similar = {graph.name: graph.join == "similar" for graph in run.parameters.graphs}
    slots = [(name, level, w) for name, windows in run.windows.items() for level, w in enumerate(windows, start=1) if w]
    names, levels, seconds = zip(*slots, strict=True) if slots else ((), (), ())
    grid = {"graph": pa.array(names, pa.string()), "level": levels, "window_s": pa.array(seconds, pa.int64())}
    run.put("grid", pa.table({**grid, "by_post": pa.array([similar.get(name, False) for name in names], pa.bool_())}))
    for graph in run.parameters.graphs:
        if graph.timeless:  # no act of it meets another at a moment
            run.write("act", params=run.graph_params(graph) | {"verb": None}, part=graph.name)
        else:
            _project_one(run, graph)


def _project_one(run: Run, graph: GraphDef) -> None:
    params = run.graph_params(graph)
    # A match is an item on which two posts act; only the crowd around a post is counted otherwise.
    kind = "_similar" if graph.join == "similar" else ""
    run.write("act", f"act{kind}", params=params, part=graph.name)
    run.write("pair_count", params=params, part=graph.name)
    own: dict[str, Any] = {"params": params, "part": graph.name, "alone": True}
    run.write("candidate", **own)
    if graph.multiple or graph.favourite:
        run.write("probe", **own)
        run.write("coincidence", **own)
        run.write("favourite", **own)
        run.write("counted", "pair_by_post", params=params, part=graph.name)
    else:
        run.write("counted", "candidate", params=params, part=graph.name)
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
