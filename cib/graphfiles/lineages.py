"""Which accounts of a map stood in which cluster when, where the run followed clusters over slices of time."""

from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from cib import runs
from cib.graphfiles.accounts import flat, key
from cib.graphfiles.network import Network


def read(run_folder: Path, network: Network) -> pa.Table | None:
    """Return (node, lineage, since, until) per account of the map and slice, in order of account and time; None without slices.

    Slices that overlap (steps shorter than their length) are cut where the next one begins: one account has one value at a time.
    """
    rows = runs.load(run_folder, "slice_member")
    if not rows.num_rows:
        return None
    slices = runs.load(run_folder, "slice", ["slice_ix", "since", "until"])
    began = dict(
        zip(
            slices["slice_ix"].to_pylist(),
            zip(slices["since"].to_pylist(), slices["until"].to_pylist(), strict=True),
            strict=True,
        )
    )
    step = min((b[0] - a[0] for a, b in pairwise(sorted(set(began.values())))), default=None)
    ix = pc.index_in(key(rows), value_set=flat(key(network.nodes)))
    rows = rows.append_column("node", ix).filter(pc.is_valid(ix))
    rows = rows.sort_by([("node", "ascending"), ("slice_ix", "ascending"), ("lineage", "ascending")])
    spans = [began[number] for number in rows["slice_ix"].to_pylist()]
    until = [end if step is None else min(end, since + step) for since, end in spans]
    time = pa.timestamp("us")
    columns = {"node": rows["node"], "lineage": rows["lineage"]}
    return pa.table(columns | {"since": pa.array([since for since, _ in spans], time), "until": pa.array(until, time)})
