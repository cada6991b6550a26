"""Writes the work table `coincidence`: every meeting of the pairs that are asked about."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.coaction import MOST_ROOM, Acts, Meetings, Rule
from cib.runs import Run

SHAPE = pa.schema(
    [
        *(("graph", pa.string()), ("account_a_ix", pa.int32()), ("account_b_ix", pa.int32()), ("item_ix", pa.int64())),
        *(("object_ix", pa.int64()), ("interest_ix", pa.int64()), ("spot_a_ix", pa.int64()), ("spot_b_ix", pa.int64())),
        *(("post_a_ix", pa.int64()), ("post_b_ix", pa.int64()), ("acted_at_a", pa.int64()), ("acted_at_b", pa.int64())),
        *(("gap_s", pa.int64()), ("level", pa.int32())),
    ]
)
COLUMNS = ["account_ix", "item_ix", "object_ix", "interest_ix", "spot_ix", "post_ix", "acted_at", "level"]


def write(run: Run, part: str) -> None:
    """Write `coincidence`, its part `part`, of the pairs in that part of `candidate`: the rows of the query of the same name.

    Only acts of accounts that are asked about are looked at, each compared with at most max_crowd others, however many pairs a
    hub is in. Memory: 100 bytes per such act and a quarter of the engine's for keys; the rows themselves are streamed.
    """
    run.put(
        "coincidence", pa.RecordBatchReader.from_batches(SHAPE, _rows(run, run.part("candidate", part))), part=part, alone=True
    )


def _rows(run: Run, asked: pa.Table) -> Iterator[pa.RecordBatch]:
    for graph in sorted((g for g in run.parameters.graphs if not g.timeless), key=lambda g: g.name):
        own = asked.filter(pc.equal(asked["graph"], graph.name))
        if not own.num_rows:
            continue
        pairs = np.stack([own[f"account_{side}_ix"].to_numpy() for side in "ab"], axis=1).astype(np.int64)
        is_asked = np.zeros(run.n_rows["account_code"], bool)
        is_asked[pairs] = True
        acts = run.part("act", graph.name, columns=COLUMNS)
        acts = acts.filter(pa.array(is_asked[acts["account_ix"].to_numpy()]))
        rule = Rule(run.windows[graph.name], graph.min_shared, by_post=True, favourite=False)
        room_bytes = min(run.engine.memory_bytes // 4, MOST_ROOM)
        meetings = Meetings(
            Acts.of(acts, rule),
            rule,
            block=np.zeros(len(is_asked), np.int32),
            room_bytes=room_bytes,
            n_threads=run.engine.n_threads,
        )
        columns = {name: acts[name].to_numpy() for name in COLUMNS}
        for found in meetings.of(pairs):
            yield _batch(graph.name, {name: (values[found[:, 0]], values[found[:, 1]]) for name, values in columns.items()})


def _batch(graph: str, sides: dict[str, tuple[np.ndarray, np.ndarray]]) -> pa.RecordBatch:
    """Return coincidences as rows. sides: of each column of `act` the values of the one side and of the other."""
    (a, b), (post_a, post_b), (time_a, time_b) = (sides[name] for name in ("account_ix", "post_ix", "acted_at"))
    spot_a, spot_b = sides["spot_ix"]
    same = [sides[name][0] for name in ("item_ix", "object_ix", "interest_ix")]
    columns = [a, b, *same, spot_a, spot_b, post_a, post_b, time_a, time_b, abs(time_a - time_b), np.minimum(*sides["level"])]
    return pa.RecordBatch.from_arrays([pa.repeat(graph, len(a)), *map(pa.array, columns)], schema=SHAPE)
