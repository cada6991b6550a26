"""Writes `evidence`: per cluster, pair and graph the rarest meetings, with both posts and the place of each in its input file."""

import numpy as np
import pyarrow as pa

from cib.kernels import chance
from cib.runs import Run

PAIRS_PER_CLUSTER = 500
PAIRS_PER_ACCOUNT = 2  # on either side of a pair: nobody is named without evidence
OBJECTS_PER_PAIR = 20


def collect(run: Run) -> None:
    """Write `evidence`: the 20 rarest meetings per pair and graph, for the 500 strongest pairs per cluster and the
    strongest of every account; the rest is counted.

    item_bits = -log2 P(the other account is in the crowd of this act), in the direction that makes it less surprising. It
    ranks the
    meetings and is never summed. Only meetings within the window that carries the edge are shown.
    """
    run.write("exhibit", params={"n_pairs": PAIRS_PER_CLUSTER, "n_each": PAIRS_PER_ACCOUNT})
    run.write("exhibited")
    run.write("surrounded")
    rows = run.read("witness")
    share = run.part("share")["share"].combine_chunks().flatten().to_numpy().reshape(run.n_rows["account_code"], -1)
    bits = _item_bits(rows, share)
    kept = _rarest(rows, bits)
    run.put("ranked", rows.append_column("item_bits", pa.array(bits)).take(pa.array(kept)))
    run.write("origin")
    run.write("evidence")
    ties = sum(run.read("tie_inside")["n_ties"].to_pylist())
    pairs = ties - len(set(zip(rows["account_a_ix"].to_pylist(), rows["account_b_ix"].to_pylist(), strict=True)))
    run.note("evidence", meetings=len(kept), meetings_left_out=rows.num_rows - len(kept), pairs_left_out=pairs)


def _item_bits(rows: pa.Table, share: np.ndarray) -> np.ndarray:
    """Return float64[n]: the smaller surprise of the two directions, in bits."""
    a, b = rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()
    forward = chance.meeting_bits(share[a, rows["slot_a"]], share[b, rows["slot_a"]], rows["crowd_a"].to_numpy())
    backward = chance.meeting_bits(share[b, rows["slot_b"]], share[a, rows["slot_b"]], rows["crowd_b"].to_numpy())
    return np.minimum(forward, backward)


def _rarest(rows: pa.Table, bits: np.ndarray) -> np.ndarray:
    """Return the row numbers of the OBJECTS_PER_PAIR rarest meetings of each pair and graph, in row order."""
    if not len(bits):
        return np.empty(0, np.int64)
    graph = rows["graph"].combine_chunks().dictionary_encode().indices.to_numpy()
    a, b = rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()
    order = np.lexsort((rows["object_ix"].to_numpy(), -bits, b, a, graph))
    key = np.stack([graph, a, b])[:, order]
    starts = np.flatnonzero(np.append(True, (key[:, 1:] != key[:, :-1]).any(axis=0)))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return np.sort(order[place < OBJECTS_PER_PAIR])
