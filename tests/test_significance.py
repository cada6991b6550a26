"""The null: expected numbers, the block multiplier, and every tie of a case recomputed from its tables by the slow twin."""

import math
from collections import defaultdict

import duckdb
import naive
import numpy as np
import pytest

from cib import runs, significance
from cib.case import Case
from cib.graphdef import builtin


def rows(folder, table):
    return runs.load(folder, table).to_pylist()


@pytest.fixture(scope="module")
def tables(case):
    """A run's tables as plain Python: what the twin recomputes from."""
    opened = Case.open(case)
    folder = opened.run_folder()
    code = {(r["platform"], r["account_id"]): r["account_ix"] for r in rows(folder, "account_code")}
    posts = duckdb.sql(
        f"SELECT platform, account_id, CAST(floor(epoch(created_at)) AS BIGINT) AS acted_at FROM '{case}/data/post/*.parquet'"
    ).fetchall()
    share = naive.activity_share([(code[p, a], t) for p, a, t in posts], len(code))
    block = {r["account_ix"]: r["block"] for r in rows(folder, "block")}
    acts = defaultdict(list)
    for r in rows(folder, "action"):
        acts[r["verb"]].append((r["account_ix"], r["object_ix"], r["acted_at"], r["post_ix"]))
    return {"folder": folder, "code": code, "share": share, "block": block, "acts": acts, "notes": runs.manifest(folder)["notes"]}


def acts_of_two(tables, graph, a, b):
    """Every act of the graph on an item that a or b acted on, items cut by day where the graph says so."""
    cut = 3600 * tables["notes"]["days"]["quiet_hour_utc"] if graph.per == "day" else 0
    per = 86_400 if graph.per == "day" else 10**12
    items = [(i, (o, (t - cut) // per), t, p) for i, o, t, p in tables["acts"][graph.deed]]
    touched = {item for i, item, _, _ in items if i in (a, b)}
    return [act for act in items if act[1] in touched]


def naive_edge_p(tables, graph, a, b):
    """The p-value of one pair on one graph: smallest over windows of P(Poisson(c lambda) >= k), Bonferroni over the windows."""
    acts = acts_of_two(tables, graph, a, b)
    pair = [act for act in acts if act[0] in (a, b)]
    best = 1.0
    people = naive.first_acts(acts)
    for number, window in enumerate(graph.windows_s, start=1):
        met = []
        for item, first in naive.first_acts(pair).items():
            if len(first) == 2 and abs(first[a][0] - first[b][0]) <= window:
                fits = all(naive.level(people[item], i, graph.windows_s, graph.max_crowd) >= number for i in (a, b))
                met += [(item, first[a][1], first[b][1])] if fits else []
        k = min(len({m[i] for m in met}) for i in (range(3) if graph.multiple else (0,)))
        multiplier = tables["notes"]["multipliers"][f"{graph.name} {window} s"]
        c = multiplier[tables["block"][a]] if tables["block"][a] == tables["block"][b] else multiplier[-1]
        due = [naive.expected(acts, i, j, number, graph.windows_s, graph.max_crowd, tables["share"]) for i, j in ((a, b), (b, a))]
        best = min(best, naive.poisson_upper(k, c * max(due)))
    return min(1.0, len(graph.windows_s) * best)


def test_every_tie_has_the_p_value_that_the_tables_give(tables):
    graphs = builtin()
    ties = rows(tables["folder"], "tie")
    assert ties
    sample = [ties[i] for i in np.linspace(0, len(ties) - 1, 12).astype(int)]
    for tie in sample:
        a, b = tables["code"][tie["platform_a"], tie["account_a"]], tables["code"][tie["platform_b"], tie["account_b"]]
        p = min(1.0, len(graphs) * min(naive_edge_p(tables, graph, a, b) for graph in graphs))
        assert math.log(max(tie["p_value"], 1e-300)) == pytest.approx(math.log(max(p, 1e-300)), rel=1e-9), tie


def test_every_tie_passes_the_error_rate_and_rests_on_two_posts(tables):
    n = len(tables["code"])
    ties, edges = rows(tables["folder"], "tie"), rows(tables["folder"], "edge")
    assert all(tie["q_value"] <= 0.01 and tie["n_post_pairs"] >= 2 for tie in ties)
    best = defaultdict(lambda: 1.0)
    for edge in edges:
        key = edge["account_a"], edge["account_b"]
        best[key] = min(best[key], edge["p_value"])
    p = [min(1.0, len(builtin()) * v) for v in best.values()]
    q = dict(zip(best, naive.benjamini_hochberg(p, n * (n - 1) // 2), strict=True))
    for tie in ties:
        assert tie["q_value"] == pytest.approx(q[tie["account_a"], tie["account_b"]], rel=1e-9)


def test_an_account_stands_before_the_other_in_every_pair(tables):
    for row in rows(tables["folder"], "edge")[:2000]:
        assert (row["platform_a"], row["account_a"]) < (row["platform_b"], row["account_b"])


def test_a_campaign_does_not_raise_its_own_bar():
    """100 pairs that chance explains and one that it does not: the multiplier is that of the hundred."""
    n_shared = np.array([2] * 100 + [400])
    expected = np.full(101, 1.0)
    between = np.zeros(101, np.int64)
    fitted = significance.fit_multiplier(n_shared, expected, between, np.zeros(2, np.int64), np.array([101.0, 0.0]))
    assert fitted[0] == pytest.approx(2.0, abs=0.05)


def test_homophily_raises_the_multiplier_and_nothing_lowers_it_below_one():
    rare = np.array([5000, 10])
    fitted = significance.fit_multiplier(np.empty(0, int), np.empty(0), np.empty(0, int), rare, np.array([1000.0, 1000.0]))
    assert fitted[0] > 4
    assert fitted[1] == 1.0


def test_expected_sums_are_the_sums_of_the_expected_numbers_over_all_pairs():
    rng = np.random.default_rng(3)
    share = rng.dirichlet(np.ones(6), 4).T
    crowd = rng.integers(0, 9, (6, 4))
    blocks = significance.Blocks(np.array([0, 0, 0, 1, 1, 1], np.int32), 2)
    by_hand = np.zeros(3)
    for i in range(6):
        for j in range(6):
            if i != j:
                due = sum(crowd[i, s] * share[j, s] / (1 - share[i, s]) for s in range(4))
                by_hand[blocks.of[i] if blocks.of[i] == blocks.of[j] else 2] += due / 2
    assert significance.expected_sums(crowd, share, blocks) == pytest.approx(by_hand)
