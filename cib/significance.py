"""Tries every pair: how many coincidences chance alone would give, and how surprising the rest is. `edges` makes `edge` of it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib import exposure, schema
from cib.graphdef import ANY, GraphDef
from cib.kernels import chance, tails
from cib.runs import N_SLOTS, Run

PSEUDO = 20.0  # pseudo-coincidences that pull a block's multiplier towards the pooled one
OUTLIER_LN_P = np.log(1e-2)  # pairs less likely than this do not take part in fitting the multiplier
ROUNDS = 4
MIN_EFFECTIVE = 200  # equally active accounts that the null needs
MISSING = {"hashtag_sequence": "three hashtags", "fast_retweet": "a retweet within a minute of its original"}
UNTESTED = "nothing that was tested: the chosen graphs describe and are never tested. Choose one that is, too. See: cib graphs"
MAX_ON_OBJECT = 0.95  # share of posts that act on the ready-made objects, from which ordinary activity is unknown
MAX_ON_ONE = 0.8  # share of posts that act on one and the same object, from which posts were chosen by it


@dataclass(frozen=True)
class Blocks:
    """Coarse communities of accounts. of: int32[n_accounts] block numbers; n: how many there are."""

    of: np.ndarray
    n: int

    def between(self, pairs: np.ndarray) -> np.ndarray:
        """Return int64[n_pairs]: the block of pairs inside one, n for pairs across."""
        a, b = self.of[pairs[:, 0]], self.of[pairs[:, 1]]
        return np.where(a == b, a, self.n).astype(np.int64)


class _Best:
    """Per pair, the window that is least likely by chance so far; the first of equals stays. bound: the least ln p, the
    favourite counted."""

    def __init__(self, n_pairs: int):
        self.bound = np.zeros(n_pairs)
        self.ln_p, self.ln_all = np.full(n_pairs, np.inf), np.full(n_pairs, np.inf)
        self.columns: dict[str, np.ndarray] = {
            "window_s": np.zeros(n_pairs, np.int32),
            "n_shared": np.zeros(n_pairs, np.int32),
            "expected": np.zeros(n_pairs),
            "n_favourite": np.zeros(n_pairs, np.int32),
            "favourite_ix": np.full(n_pairs, -1, np.int64),
        }

    def offer(self, ln_p: np.ndarray, ln_all: np.ndarray, **values: np.ndarray | int) -> None:
        """Take this window where it is less likely than those so far, the favourite left out; of equals, with it."""
        better = (ln_p < self.ln_p) | ((ln_p == self.ln_p) & (ln_all < self.ln_all))
        self.ln_p[better], self.ln_all[better] = ln_p[better], ln_all[better]
        self.bound = np.minimum(self.bound, ln_all)
        for name, value in values.items():
            self.columns[name][better] = value[better] if isinstance(value, np.ndarray) else value

    def onto(self, rows: pa.Table, *, n_windows: int) -> pa.Table:
        """Return `rows` with the best window, its ln p and the bound, Bonferroni over the windows tried."""
        tried = np.log(max(n_windows, 1))
        bound, ln_p = np.minimum(self.bound + tried, 0.0), np.minimum(self.ln_p + tried, 0.0)
        for name, values in {**self.columns, "ln_rest": ln_p, "ln_all": bound}.items():
            rows = rows.append_column(name, pa.array(values))
        return rows


def test(run: Run) -> None:
    """Write the work table `trial`: every pair of `pair`, also those that chance explains, with its best window and expected
    number.

    ln_rest   chance of its coincidences, Bonferroni over the windows. On a graph with favourites the meetings on the one
              interest that the two share most are left out: being fans of one author is no coordination
    ln_all    the same with the favourite counted; what timing may still speak for
    Cost per pair: one dot product of 28 slots per window and direction, and a search for the favourite.
    """
    share = exposure.activity_share(run)
    run.put("share", pa.table({"share": pa.FixedSizeListArray.from_arrays(pa.array(share.ravel()), N_SLOTS)}))
    blocks = _blocks(run, len(share))
    tested = [g for g in run.parameters.graphs if g.tested]
    found = [_test_graph(run, graph, share=share, blocks=blocks) for graph in tested]
    run.put("trial", pa.concat_tables(found or [_Best(0).onto(schema.arrow("pair").empty_table(), n_windows=0)]))
    n_pairs = len(share) * (len(share) - 1) // 2
    weights = share.sum(axis=1)
    n_effective = float(weights.sum() ** 2 / np.square(weights).sum())
    thin = _too_little(run, n_effective)
    run.note(
        "tests", accounts=len(share), pairs=n_pairs, graphs=len(tested), effective_accounts=round(n_effective, 1), too_little=thin
    )


def _too_little(run: Run, n_effective: float) -> dict[str, str]:
    """Return, per graph or for the whole "case", why there is too little to judge. Nothing found is then no all-clear."""
    thin = {}
    if n_effective < MIN_EFFECTIVE:
        thin["case"] = (
            f"the activity of {n_effective:.0f} equally active accounts, under {MIN_EFFECTIVE}: too few to know "
            "what is ordinary. Add all activity of comparable accounts."
        )
    acts = {row["verb"]: row for row in run.read("acting_posts").to_pylist()}
    posts = run.read("post_kinds").to_pylist()[0]
    if not any(graph.tested for graph in run.parameters.graphs):
        thin["case"] = UNTESTED
    for graph in run.parameters.graphs:
        if not graph.timeless and not any(run.windows[graph.name]):
            thin[graph.name] = "the times in these files are too coarse for every window of this graph"
        elif graph.embedding and not run.notes["embeddings"][graph.name]["posts"]:
            thin[graph.name] = f"no post carries {graph.object}"
        elif not graph.acts:
            continue
        elif acts.keys().isdisjoint(graph.verbs):
            thin[graph.name] = f"no post carries {MISSING.get(graph.name, graph.object)}"
        elif graph.verb == ANY:  # no object of its is everybody's
            continue
        elif graph.extra and acts[graph.deed]["n_posts"] >= MAX_ON_OBJECT * posts["n_posts"]:
            thin[graph.name] = "nearly every row is an act on an object under study: what these accounts do otherwise is unknown"
        elif acts[graph.deed]["n_on_one"] >= MAX_ON_ONE * posts["n_originals" if graph.posts == "original" else "n_posts"]:
            thin[graph.name] = "most posts act on one and the same object: they were chosen by it, and what lacks it is unknown"
    return thin


def _blocks(run: Run, n_accounts: int) -> Blocks:
    of = np.zeros(n_accounts, np.int32)
    rows = run.part("block")
    of[rows["account_ix"].to_numpy()] = rows["block"].to_numpy()
    return Blocks(of, int(of.max(initial=0)) + 1)


def _test_graph(run: Run, graph: GraphDef, *, share: np.ndarray, blocks: Blocks) -> pa.Table:
    """Return one row per pair of `graph` with its best window and its ln p."""
    rows = run.part("pair", graph.name)
    pairs = np.stack([rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()], axis=1)
    n_pairs = max(len(share) * (len(share) - 1) // 2, 1)
    totals = run.part("pair_total", graph.name)
    around = exposure.around(run, graph)
    best, between = _Best(len(pairs)), blocks.between(pairs)
    windows = [(level, w) for level, w in enumerate(run.windows[graph.name], start=1) if w]
    for level, window_s in windows:
        n_shared = rows[f"n_w{level}"].to_numpy().astype(np.int64)
        met = around(level, window_s)
        every = _expected(pairs, met, share, favourite=np.full(len(pairs), -1))
        rare = _rare_sums(totals, f"n_w{level}", blocks.n)
        due = expected_sums(met.crowd, share, blocks)
        multiplier = fit_multiplier(n_shared, every.mean(axis=1), between, rare=rare, due=due)
        ln_all = tails.poisson(n_shared, every.max(axis=1) * multiplier[between])
        seen = {"window_s": window_s, "n_shared": n_shared, "expected": every.max(axis=1) * multiplier[between]}
        if graph.favourite:
            favourite = rows[f"favourite_w{level}"].fill_null(-1).to_numpy()
            n_rest = rows[f"rest_w{level}"].to_numpy().astype(np.int64)
            expected = _expected(pairs, met, share, favourite=favourite).max(axis=1) * multiplier[between]
            seen |= {"n_shared": n_rest, "expected": expected, "n_favourite": n_shared - n_rest, "favourite_ix": favourite}
        ln_rest = tails.poisson(seen["n_shared"], seen["expected"]) if graph.favourite else ln_all
        best.offer(ln_rest, ln_all, **seen)
        run.note("expected", **{f"{graph.name} {window_s} s": float((due * multiplier).sum()) / n_pairs})  # of an average pair
        run.note("multipliers", **{f"{graph.name} {window_s} s": [float(c) for c in multiplier]})
    return best.onto(rows, n_windows=len(windows))


def _expected(pairs: np.ndarray, met: exposure.Around, share: np.ndarray, *, favourite: np.ndarray) -> np.ndarray:
    """Return float64[n_pairs, 2]: coincidences due by chance in either direction, those on the favourite left out."""
    both = np.empty((len(pairs), 2))
    chance.expected(pairs, met.crowd, share, met.n_acts, *met.apart(pairs, favourite, share), both)
    return both


def _rare_sums(totals: pa.Table, column: str, n_blocks: int) -> np.ndarray:
    """Return int64[n_blocks + 1]: coincidences of pairs too rare for a row, inside each block and, last, across."""
    sums = np.zeros(n_blocks + 1, np.int64)
    sums[totals["block"].to_numpy()] = totals[column].fill_null(0).to_numpy()  # block -1, across, is the last
    return sums


def expected_sums(crowd: np.ndarray, share: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Return float64[n_blocks + 1]: coincidences due by chance over all pairs inside each block and, last, across blocks."""
    block_share = np.zeros((blocks.n, share.shape[1]))
    for b in range(blocks.n):
        block_share[b] = share[blocks.of == b].sum(axis=0)
    inside = np.zeros(blocks.n)
    chance.block_sums(crowd, share, blocks.of, block_share, inside)
    total = float(crowd.sum())
    return np.append(inside, max(total - inside.sum(), 0.0)) / 2.0


def fit_multiplier(n_shared, expected, between, *, rare, due):
    """Return float64[n_blocks + 1] >= 1: how much more often accounts of one block (last: of two blocks) meet than activity
    explains.

    n_shared  int64[n_pairs]       coincidences of the pairs that have a row
    expected  float64[n_pairs]     due by chance, mean of the two directions
    between   int64[n_pairs]       block of the pair, n_blocks across
    rare      int64[n_blocks + 1]  coincidences of all other pairs
    due       float64[n_blocks + 1]  due by chance over all pairs

    Pairs less likely than 1e-2 at the current multiplier are left out, four rounds, so that a campaign cannot raise its own bar;
    20 pseudo-coincidences pull each block towards the pooled ratio. Source: METHODS 2, degree-corrected block null.
    """
    size = len(due)
    multiplier = np.ones(size)
    for _ in range(ROUNDS):
        kept = tails.poisson(n_shared, expected * multiplier[between]) >= OUTLIER_LN_P
        seen = rare + np.bincount(between[kept], weights=n_shared[kept], minlength=size)
        chance_sum = due - np.bincount(between[~kept], weights=expected[~kept], minlength=size)
        chance_sum = np.maximum(chance_sum, 0.0)
        pooled = seen.sum() / chance_sum.sum() if chance_sum.sum() > 0 else 1.0
        pooled = max(pooled, 1e-9)
        multiplier = np.maximum((seen + PSEUDO) / (chance_sum + PSEUDO / pooled), 1.0)
    return multiplier
