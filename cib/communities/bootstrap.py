"""How stable clusters are: what becomes of them when the objects are drawn anew."""

import numpy as np
import pyarrow as pa

from cib.communities import partition
from cib.kernels import resample, tails
from cib.runs import Run

REPLICATES = (101, 47, 23)  # primes: see resample.times_drawn
DRAWN_TIES = 15_000_000  # ties read in all replicates together: fewer replicates where there are more
MIN_OBJECTS, MIN_TIES = 2, 2
ENOUGH, SPARE = 2, 20  # meetings of an edge that are drawn from: twice what it needs and twenty


def replicates(run: Run, ties: np.ndarray) -> np.ndarray:
    """Return bool[n_replicates, n_ties]: which ties would still be there, had the objects been drawn with replacement.

    Every object counts as often as it is drawn (Poisson with mean one, seeded, balanced), for all ties alike: that ties share
    objects is what makes a cluster that hangs on one of them fall apart at once. A tie is still there when one of the edges
    that carry it meets so often that chance gives it with a probability of at most the run's error rate, against its own
    expected number in its own window, and on two objects or more. Found ties are asked anew here, pairs are not searched: so
    without correction for many tests. At the cut of the search every tie that only just passed would be gone in half of all
    replicates (measured: it dropped seven of 15 campaign clusters in two camouflaged worlds). An object is what counts once:
    the address, the text, the hashtag of one day; of similar texts the earliest. Expected numbers stay what they are, and no
    tie is added.

    101 replicates, 47 beyond 148,000 ties, 23 beyond 319,000.
    Memory: 16 bytes per meeting drawn from, at most twice what an edge needs and twenty more; a byte per tie and replicate.
    """
    n = next((n for n in REPLICATES if n * len(ties) <= DRAWN_TIES), REPLICATES[-1])
    start, item, least, tie = _footing(run, ties)
    out = np.zeros((n, len(ties)), bool)
    seed = np.random.default_rng(run.parameters.seed).integers(0, 2**63, dtype=np.uint64)
    passes = np.empty(len(least), bool)
    for turn in range(n):
        resample.survives(start, item, least, seed, turn, n, passes)
        out[turn, tie[passes]] = True
    return out


def stability(kept: np.ndarray, ties: np.ndarray, label: np.ndarray, *, seed: int) -> np.ndarray:
    """Return float64[n_clusters]: how much of each cluster stays together when objects are drawn anew, 0 to 1.

    kept   bool[n_replicates, n_ties]  as `replicates` gives it;  ties  int[n_ties, 2]
    label  int64[n_accounts]           cluster numbers from 0, partition.NOWHERE outside

    The mean, over replicates and over the ties inside the cluster, of whether both ends are in one cluster of the replicate,
    which is partitioned as `partition.labels` does. Ties, not all pairs of members: nothing is quadratic in a cluster's size.
    Cost: one partition per replicate.
    """
    n_clusters = int(label.max(initial=partition.NOWHERE)) + 1
    inside = partition.together(label, ties)
    home = label[ties[inside, 0]]
    n_together = np.zeros(n_clusters, np.int64)
    for turn, mask in enumerate(kept):
        drawn = partition.labels(len(label), ties[mask], seed=seed + turn)
        n_together += np.bincount(home[partition.together(drawn, ties[inside])], minlength=n_clusters)
    return n_together / np.maximum(np.bincount(home, minlength=n_clusters) * len(kept), 1)


def membership(kept: np.ndarray, ties: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return float64[n_accounts]: in which share of the replicates the account keeps two ties or more inside its cluster.

    kept, ties, label as in `stability`. An account that met a whole group on two of its posts has as many ties as the group has
    members, and all of them hang on the same two objects: one accident, counted once for each. Cost: all ties, per replicate.
    """
    inside = partition.together(label, ties)
    n_held = np.zeros(len(label), np.int64)
    for mask in kept:
        held = np.bincount(ties[mask & inside].ravel(), minlength=len(label))
        n_held += held >= MIN_TIES
    return n_held / max(len(kept), 1)


def _footing(run: Run, ties: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what `resample.survives` asks for: start, item and least per edge; and the number of the tie that each carries."""
    edges = _hurdles(run.read("carrier"), fdr=run.parameters.fdr)
    tie = _places(ties, np.stack([edges["account_a_ix"].to_numpy(), edges["account_b_ix"].to_numpy()], axis=1))
    run.put("hurdle", edges)
    similar = [graph.name for graph in run.parameters.graphs if graph.join == "similar"]
    for graph in similar or [""]:
        run.write("likeness_root", params={"graph": graph}, part=graph or "none")
    rows = run.read("footing")
    edge = rows["edge_ix"].to_numpy()
    item = _numbered(edges["graph"].combine_chunks().dictionary_encode().indices.to_numpy()[edge], rows["item_ix"].to_numpy())
    return np.searchsorted(edge, np.arange(edges.num_rows + 1)), item[np.lexsort((item, edge))], edges["least"].to_numpy(), tie


def _numbered(graph: np.ndarray, item: np.ndarray) -> np.ndarray:
    """Return int64[n]: items numbered in the order of (graph, item), so that draws do not depend on what else the case holds."""
    _, number = np.unique(np.stack([graph, item], axis=1), axis=0, return_inverse=True)
    return number.ravel().astype(np.int64)


def _hurdles(edges: pa.Table, *, fdr: float) -> pa.Table:
    """Return the edges that carry ties with what each must reach anew: `least` meetings, on anything but `favourite_ix`.

    An edge must be as rare as the error rate asks, one in a group found by extent as rare as that group asked. An edge that
    timing carries, whose meetings were mostly on the favourite, must meet on two objects, the favourite's among them.
    """
    n_shared, expected = edges["n_shared"].to_numpy().astype(np.int64), edges["expected"].to_numpy()
    ln_cut = np.maximum(edges["ln_cut"].to_numpy(), np.log(fdr))
    by_timing = tails.poisson(n_shared, expected) > ln_cut
    least = np.empty(edges.num_rows, np.int64)
    tails.least(n_shared, expected, ln_cut, least)
    least[by_timing] = MIN_OBJECTS
    favourite = np.where(by_timing, -1, edges["favourite_ix"].to_numpy())
    columns = {"edge_ix": np.arange(edges.num_rows), "least": least, "most": ENOUGH * least + SPARE}
    for name, values in columns.items():
        edges = edges.append_column(name, pa.array(values))
    return edges.set_column(edges.column_names.index("favourite_ix"), "favourite_ix", pa.array(favourite))


def _places(ties: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return int64[n_pairs]: where each pair stands among the ties, which are sorted and hold it."""
    width = int(max(ties.max(initial=0), pairs.max(initial=0))) + 1
    return np.searchsorted(ties[:, 0].astype(np.int64) * width + ties[:, 1], pairs[:, 0].astype(np.int64) * width + pairs[:, 1])
