"""Writes `action` (who did what to which object, when) and `pair` (who acted alike, how often within each window)."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from cib import schema
from cib.coaction import MOST_ROOM, Acts, Meetings, Rule
from cib.errors import CaseError, GraphError
from cib.graphdef import ANY, POOLED, GraphDef, builtin
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
        raise CaseError(_why_nothing(run, period))
    for number, (verb, graph) in enumerate(_verbs(run.parameters.graphs).items()):
        query = "action_extra" if graph.extra else f"action_{graph.verb}"
        wanted = {"originals": graph.posts != "retweet", "retweets": graph.posts != "original", "verb": verb, "name": graph.extra}
        run.write("deed", query, params=wanted, part=f"{number:03d}")
    if "deed" not in run.n_rows:  # only profiles are looked at
        run.put("deed", DEED.empty_table())
    run.write("object_code")
    run.write("action")
    _giants(run)
    tested = sorted({verb for graph in run.parameters.graphs if graph.tested for verb in graph.verbs})
    run.put("tested_verb", pa.table({"verb": pa.array(tested, pa.string())}))
    run.write("activity", params={"slot_s": SLOT_S, "n_slots": N_SLOTS})
    _measure(run)


def _giants(run: Run) -> None:
    """Write the work table `giant`, once for the run and its permutations: the objects that belong to everybody, by graph."""
    run.put("giant", GIANT.empty_table())
    for graph in run.parameters.graphs:
        if graph.max_share < 1.0 or graph.max_audience:
            max_accounts = int(graph.max_share * run.n_rows["account_code"])
            max_accounts = min(max_accounts, graph.max_audience or max_accounts)
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
        resolution_s = max(coarsest.get(verb, 1) for verb in graph.verbs)
        run.windows[graph.name] = graph.windows(resolution_s)
        if graph.timeless:
            continue
        tested = [w for w in run.windows[graph.name] if w]
        run.note("windows", **{graph.name: {"resolution_s": resolution_s, "tested_s": tested}})
    run.note("days", quiet_hour_utc=run.quiet_hour)


def project(run: Run, *, by_sql: bool = False) -> None:
    """Write `pair`, and the work tables `act` and `pair_total` that the null is made from.

    At most max_crowd acts are compared with each act, whatever the object's size; what that leaves out is noted. Pairs are
    counted in kernels, in a buffer of at most a quarter of the engine's memory; the plan is noted. `by_sql` counts them with the
    queries that say the same, for comparison: every meeting of two accounts that met often is then a row.
    """
    slots = [(name, level, w) for name, windows in run.windows.items() for level, w in enumerate(windows, start=1) if w]
    names, levels, seconds = zip(*slots, strict=True) if slots else ((), (), ())
    run.put("grid", pa.table({"graph": pa.array(names, pa.string()), "level": levels, "window_s": pa.array(seconds, pa.int64())}))
    for graph in run.parameters.graphs:
        if graph.timeless:  # no act of it meets another at a moment
            run.write("act", params=run.graph_params(graph) | {"verb": None}, part=graph.name)
        else:
            _project_one(run, graph, count=_count_by_sql if by_sql else _count)


def _project_one(run: Run, graph: GraphDef, *, count: Callable[[Run, GraphDef], None]) -> None:
    params = run.graph_params(graph)
    # A match is an item on which two posts act; only the crowd around a post is counted otherwise.
    kind = "_similar" if graph.join == "similar" else ""
    run.write("act", f"act{kind}", params=params, part=graph.name)
    count(run, graph)
    left_out = run.read(f"left_out{kind}", params).to_pylist()[0]
    windows = {f"{w} s": left_out[f"n_w{i}"] for i, w in enumerate(graph.windows_s, start=1)}
    run.note("crowds", **{graph.name: {"acts": left_out["n_acts"], "max_crowd": graph.max_crowd, "left_out_by_window": windows}})


def _count(run: Run, graph: GraphDef) -> None:
    """Write `pair` and `pair_total` of one graph."""
    rule = Rule(run.windows[graph.name], graph.min_shared, graph.multiple or graph.favourite, graph.favourite)
    block = run.part("block")
    of = np.zeros(run.n_rows["account_code"], np.int32)
    of[block["account_ix"].to_numpy()] = block["block"].to_numpy()
    acts = Acts.of(run.part("act", graph.name, columns=list(Acts.columns(rule))), rule)
    room_bytes = min(run.engine.memory_bytes // 4, MOST_ROOM)
    meetings = Meetings(acts, rule, block=of, room_bytes=room_bytes, n_threads=run.engine.n_threads)
    run.put("pair", _rows(graph.name, meetings), part=graph.name)
    run.put("pair_total", _totals(meetings), part=graph.name)
    run.note("meetings", **{graph.name: asdict(meetings.plan)})


def _rows(name: str, meetings: Meetings) -> Iterator[pa.Table]:
    """Yield the rows of `pair`."""
    shape = schema.arrow("pair")
    for pair, n, *more in meetings.rows():
        rest, favourite = more if more else (n, np.full(n.shape, -1, np.int64))
        columns: list[pa.Array] = [pa.repeat(name, len(pair)), pa.array(pair[:, 0]), pa.array(pair[:, 1])]
        for of, missing in ((n, False), (rest, False), (favourite, True)):
            for values, w in zip(of.T, meetings.rule.windows_s, strict=True):
                columns.append(pa.array(values, mask=values < 0 if missing else np.full(len(values), w is None)))
        yield pa.table(columns, names=shape.names)


def _totals(meetings: Meetings) -> pa.Table:
    """Return the rows of `pair_total`: coincidences of pairs without a row, across blocks as -1, inside each block with any."""
    rare = np.roll(meetings.rare, 1, axis=0)
    block = np.flatnonzero(rare.any(axis=1))
    columns = {"block": pa.array(block - 1)}
    for number, w in enumerate(meetings.rule.windows_s, start=1):
        columns[f"n_w{number}"] = pa.array(rare[block, number - 1], mask=np.full(len(block), w is None))
    return pa.table(columns)


def _count_by_sql(run: Run, graph: GraphDef) -> None:
    """Write `pair` and `pair_total` of one graph by queries, and the work tables that they go through."""
    params = run.graph_params(graph)
    own: dict[str, Any] = {"params": params, "part": graph.name, "alone": True}
    run.write("pair_count", params=params, part=graph.name)
    run.write("candidate", **own)
    if graph.multiple or graph.favourite:
        run.write("probe", **own)
        run.write("coincidence", **own)
        run.write("favourite", **own)
        run.write("counted", "pair_by_post", params=params, part=graph.name)
    else:
        run.write("counted", "candidate", params=params, part=graph.name)
    run.write("pair", params=params, part=graph.name)
    run.write("pair_total", params=params, part=graph.name)


def _verbs(graphs: tuple[GraphDef, ...]) -> dict[str, GraphDef]:
    """Return one graph per kind of act; pooled acts are read as our own graphs read them, unless another one is chosen.

    Raises GraphError when two graphs want different posts for the same verb.
    """
    chosen: dict[str, GraphDef] = {}
    for graph in (g for g in graphs if g.acts and g.verb != ANY):
        known = chosen.setdefault(graph.deed, graph)
        if known.posts != graph.posts:
            raise GraphError(
                f"{known.name} and {graph.name} read {graph.verb!r} from different posts. Run them apart: --graphs {graph.name}."
            )
    if any(graph.verb == ANY for graph in graphs):
        chosen = {graph.deed: graph for graph in builtin() if graph.deed in POOLED} | chosen
    return chosen
