"""Scores every pair: how many coincidences chance alone would give, and how surprising the rest is. `timing` makes `edge`
of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib import schema
from cib.graphdef import GraphDef
from cib.kernels import chance, crowds, multiplicity, tails
from cib.runs import N_SLOTS, SLOT_S, Run

Crowds = Callable[[int, int], tuple[np.ndarray, np.ndarray]]
KAPPA = 5.0  # pseudo-posts that pull an account's week towards everybody's
PSEUDO = 20.0  # pseudo-coincidences that pull a block's multiplier towards the pooled one
OUTLIER_LN_P = np.log(1e-4)  # pairs less likely than this do not take part in fitting the multiplier
ROUNDS = 4
MIN_EFFECTIVE = 200  # equally active accounts that the null needs
MISSING = {"hashtag_sequence": "three hashtags", "fast_retweet": "a retweet within a minute of its original"}
UNTESTED = "nothing that was tested: the chosen graphs describe and are never tested. Choose one that is, too. See: cib graphs"
MAX_ON_OBJECT = 0.95  # share of posts that act on the ready-made objects, from which ordinary activity is unknown


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
    """Per pair, the window that is least likely by chance so far; the first of equals stays."""

    def __init__(self, n_pairs: int):
        self.ln_p = np.full(n_pairs, np.inf)
        self.window_s = np.zeros(n_pairs, np.int32)
        self.n_shared = np.zeros(n_pairs, np.int32)
        self.expected = np.zeros(n_pairs)

    def offer(self, ln_p: np.ndarray, *, window_s: int, n_shared: np.ndarray, expected: np.ndarray) -> None:
        better = ln_p < self.ln_p
        self.ln_p[better] = ln_p[better]
        self.window_s[better] = window_s
        self.n_shared[better] = n_shared[better]
        self.expected[better] = expected[better]

    def onto(self, rows: pa.Table, *, n_windows: int) -> pa.Table:
        """Return `rows` with the best window and its p-value, Bonferroni over the windows tried."""
        ln_p = np.minimum(self.ln_p + np.log(max(n_windows, 1)), 0.0)
        columns = {"window_s": self.window_s, "n_shared": self.n_shared, "expected": self.expected}
        for name, values in {**columns, "ln_p": ln_p, "p_value": np.exp(ln_p)}.items():
            rows = rows.append_column(name, pa.array(values))
        return rows


def test(run: Run) -> None:
    """Write the work table `score`: every pair of `pair`, also those that chance explains, with its best window, expected
    number, p and q.

    N = all pairs of accounts with a post in the period. edge.p_value is Bonferroni over the windows, edge.q_value
    Benjamini-Hochberg over N times the number of graphs. Cost per pair: one dot product of 28 slots per window and direction.
    """
    share = activity_share(run)
    run.put("share", pa.table({"share": pa.FixedSizeListArray.from_arrays(pa.array(share.ravel()), N_SLOTS)}))
    blocks = _blocks(run, len(share))
    tested = [g for g in run.parameters.graphs if g.tested]
    found = [_test_graph(run, graph, share=share, blocks=blocks) for graph in tested]
    n_pairs = len(share) * (len(share) - 1) // 2
    scores = pa.concat_tables(found or [_Best(0).onto(schema.arrow("pair").empty_table(), n_windows=0)])
    q = multiplicity.benjamini_hochberg(scores["p_value"].to_numpy(), max(n_pairs * len(tested), len(scores)))
    run.put("score", scores.append_column("q_value", pa.array(q)))
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
    if not any(graph.tested for graph in run.parameters.graphs):
        thin["case"] = UNTESTED
    acts = run.read("acting_posts").to_pydict()
    posts = dict(zip(acts["verb"], acts["n_posts"], strict=True))
    for graph in run.parameters.graphs:
        if not graph.timeless and not any(run.windows[graph.name]):
            thin[graph.name] = "the times in these files are too coarse for every window of this graph"
        elif graph.extra and posts.get(graph.deed, 0) >= MAX_ON_OBJECT * run.n_rows["scope"]:
            thin[graph.name] = "nearly every row is an act on an object under study: what these accounts do otherwise is unknown"
        elif graph.embedding and not run.notes["embeddings"][graph.name]["posts"]:
            thin[graph.name] = f"no post carries {graph.object}"
        elif graph.acts and not posts.get(graph.deed):
            thin[graph.name] = f"no post carries {MISSING.get(graph.name, graph.object)}"
    return thin


def activity_share(run: Run) -> np.ndarray:
    """Return float64[n_accounts, n_slots]: each account's share of all posting activity in a slot of the week; columns sum to 1.

    w_js = (A_j + 1)(A_js + kappa pi_s) / (A_j + kappa): an account's week, pulled towards everybody's by kappa posts.
    Every post counts, not only this verb's: a campaign that owns a verb's objects would otherwise predict itself.
    """
    rows = run.part("activity")
    posts = np.zeros((run.n_rows["account_code"], N_SLOTS))
    posts[rows["account_ix"].to_numpy(), rows["slot"].to_numpy()] = rows["n_posts"].to_numpy()
    total = posts.sum(axis=1, keepdims=True)
    typical = posts.sum(axis=0) / posts.sum()
    weight = (total + 1.0) * (posts + KAPPA * typical) / (total + KAPPA)
    sums = weight.sum(axis=0)
    return np.divide(weight, sums, out=np.zeros_like(weight), where=sums > 0)


def _blocks(run: Run, n_accounts: int) -> Blocks:
    of = np.zeros(n_accounts, np.int32)
    rows = run.part("block")
    of[rows["account_ix"].to_numpy()] = rows["block"].to_numpy()
    return Blocks(of, int(of.max(initial=0)) + 1)


def _test_graph(run: Run, graph: GraphDef, *, share: np.ndarray, blocks: Blocks) -> pa.Table:
    """Return one row per pair of `graph` with its best window and its p-value."""
    rows = run.part("pair", graph.name)
    pairs = np.stack([rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()], axis=1)
    totals = run.read("pair_total", run.graph_params(graph))
    around = _similar_crowds(run, graph) if graph.join == "similar" else _crowds(run, graph)
    best = _Best(len(pairs))
    windows = [(level, w) for level, w in enumerate(run.windows[graph.name], start=1) if w]
    for level, window_s in windows:
        column = f"n_w{level}"
        n_shared = rows[column].to_numpy().astype(np.int64)
        crowd, n_acts = around(level, window_s)
        both = np.empty((len(pairs), 2))
        chance.expected(pairs, crowd, share, n_acts, both)
        rare = _rare_sums(totals, column, blocks.n)
        multiplier = fit_multiplier(
            n_shared, both.mean(axis=1), blocks.between(pairs), rare=rare, due=expected_sums(crowd, share, blocks)
        )
        expected = both.max(axis=1) * multiplier[blocks.between(pairs)]
        ln_p = tails.poisson(n_shared, expected)
        best.offer(ln_p, window_s=window_s, n_shared=n_shared, expected=expected)
        run.note("multipliers", **{f"{graph.name} {window_s} s": [float(c) for c in multiplier]})
    return best.onto(rows, n_windows=len(windows))


def _crowds(run: Run, graph: GraphDef) -> Crowds:
    """Return a function that counts the crowds around each account's acts at one window: int64[n_accounts, n_slots], and
    its acts that met one."""
    acts = run.part("act", graph.name)
    item, acted_at = acts["item_ix"].to_numpy(), acts["acted_at"].to_numpy()
    account, fits = acts["account_ix"].to_numpy(), acts["level"].to_numpy()

    def count(level: int, window_s: int) -> tuple[np.ndarray, np.ndarray]:
        crowd = np.zeros((run.n_rows["account_code"], N_SLOTS), np.int64)
        n_acts = np.zeros(len(crowd), np.int64)
        crowds.by_slot(item, acted_at, account, fits, level, window_s, SLOT_S, crowd, n_acts)
        return crowd, n_acts

    return count


def _similar_crowds(run: Run, graph: GraphDef) -> Crowds:
    """Return the same for posts with similar texts; who stands around a post is counted in the post's own slot."""
    rows = run.read("exposure_similar", run.graph_params(graph))
    account, slot = rows["account_ix"].to_numpy(), rows["slot"].to_numpy()

    def count(level: int, window_s: int) -> tuple[np.ndarray, np.ndarray]:
        crowd = np.zeros((run.n_rows["account_code"], N_SLOTS), np.int64)
        n_acts = np.zeros(len(crowd), np.int64)
        crowd[account, slot] = rows[f"m_w{level}"].fill_null(0).to_numpy()
        np.add.at(n_acts, account, rows[f"n_w{level}"].to_numpy())
        return crowd, n_acts

    return count


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

    Pairs less likely than 1e-4 at the current multiplier are left out, four rounds, so that a campaign cannot raise its own bar;
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
