"""The null: expected numbers, the block multiplier, and every tie of a case recomputed from its tables by the slow twin."""

import math
from collections import defaultdict

import duckdb
import naive
import numpy as np
import pytest

import cib
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
    cut = 3600 * runs.manifest(folder)["notes"]["days"]["quiet_hour_utc"]
    interest = {r["object_ix"]: r["interest_ix"] for r in rows(folder, "object_code")}
    known = {}
    author = {post: (account, time) for account, _, time, post in acts["text"]}
    matches = [(r["post_a_ix"], r["post_b_ix"]) for r in rows(folder, "match")]
    for graph in builtin():
        if graph.join == "similar":
            known[graph.name] = naive.match_acts(author, matches, graph.windows_s, graph.max_crowd)
            continue
        start, per = (cut, 86_400) if graph.per == "day" else (0, 10**12)
        deeds = [act for verb in graph.verbs for act in acts[verb]]
        audience = defaultdict(set)
        for i, o, _, _ in deeds:
            audience[o].add(i)
        rare = {o for o, who in audience.items() if len(who) <= (graph.max_audience or len(who))}
        items = [(i, (o, (t - start) // per), t, p) for i, o, t, p in deeds if o in rare]
        known[graph.name] = naive.crowds(items, graph.windows_s, graph.max_crowd)
    asked = defaultdict(set)
    for r in rows(folder, "edge"):
        if r["timing_p"] is not None:
            asked[r["graph"]].add((code[r["platform_a"], r["account_a"]], code[r["platform_b"], r["account_b"]]))
    return {
        "known": known,
        "interest": interest,
        "asked": asked,
        "hasty": {},
        "every": {g: {item: interest[item[0]] for acts in known[g].values() for item in acts} for g in known if g != "near_text"},
        "folder": folder,
        "code": code,
        "share": share,
        "block": block,
        "acts": acts,
        "notes": runs.manifest(folder)["notes"],
    }


def naive_tie_p(tables, tie):
    """The p-value of a tie, from the tables alone: Bonferroni over all graphs of the least edge p."""
    a, b = tables["code"][tie["platform_a"], tie["account_a"]], tables["code"][tie["platform_b"], tie["account_b"]]
    best = 1.0
    for graph in builtin():
        fitted = [tables["notes"]["multipliers"][f"{graph.name} {w} s"] for w in graph.windows_s]
        same = tables["block"][a] == tables["block"][b]
        c = [by_block[tables["block"][a] if same else -1] for by_block in fitted]
        known, share = tables["known"][graph.name], tables["share"]
        if graph.join == "similar":
            p = naive.match_edge_p(known, a, b, graph.windows_s, share, c)
        else:
            of_item = {item: tables["interest"][item[0]] for i in (a, b) for item in known[i]} if graph.favourite else None
            p = naive.edge_p(known, a, b, graph.windows_s, share, c, by_post=graph.multiple, interest=of_item)
            if graph.favourite:
                p = min(1.0, p / 0.8, timing(tables, graph, a, b) / 0.2)
        best = min(best, p)
    return min(1.0, len(builtin()) * best)


def timing(tables, graph, a, b):
    """The timing p of a pair, where it was asked, from the tables alone."""
    known, asked, every = (tables[name][graph.name] for name in ("known", "asked", "every"))
    if (a, b) not in asked:
        return 1.0
    if graph.name not in tables["hasty"]:
        tables["hasty"][graph.name] = naive.haste(known, asked, graph.windows_s, every)
    return naive.timing_p(known, a, b, graph.windows_s, hasty=tables["hasty"][graph.name], interest=every)


def test_every_tie_has_the_p_value_that_the_tables_give(tables):
    ties = rows(tables["folder"], "tie")
    assert ties
    for tie in ties:
        p = naive_tie_p(tables, tie)
        assert math.log(max(tie["p_value"], 1e-290)) == pytest.approx(math.log(max(p, 1e-290)), rel=1e-9), tie


def test_every_tie_passes_the_error_rate_and_rests_on_two_posts(tables):
    n = len(tables["code"])
    ties = rows(tables["folder"], "tie")
    edges = runs.load(tables["folder"], "edge", ["account_a", "account_b", "p_value"]).to_pydict()
    assert all(tie["n_post_pairs"] >= 2 for tie in ties)
    assert all((tie["q_value"] <= 0.01) == (tie["found_by"] == "pair") for tie in ties)
    best = defaultdict(lambda: 1.0)
    for a, b, p_value in zip(*edges.values(), strict=True):
        best[a, b] = min(best[a, b], p_value)
    p = [min(1.0, len(builtin()) * v) for v in best.values()]
    q = dict(zip(best, naive.benjamini_hochberg(p, n * (n - 1) // 2), strict=True))
    for tie in ties:
        assert tie["q_value"] == pytest.approx(q[tie["account_a"], tie["account_b"]], rel=1e-9)


def test_every_tie_stands_beside_a_third_account_tied_to_both(tables):
    partners = defaultdict(set)
    for tie in rows(tables["folder"], "tie"):
        a, b = (tie["platform_a"], tie["account_a"]), (tie["platform_b"], tie["account_b"])
        partners[a].add(b)
        partners[b].add(a)
    assert all(partners[a] & partners[b] for a in partners for b in partners[a])


def test_an_account_stands_before_the_other_in_every_pair(tables):
    for row in rows(tables["folder"], "edge")[:2000]:
        assert (row["platform_a"], row["account_a"]) < (row["platform_b"], row["account_b"])


def test_a_campaign_does_not_raise_its_own_bar():
    """100 pairs that chance explains and one that it does not: the multiplier is that of the hundred."""
    n_shared = np.array([2] * 100 + [400])
    expected = np.full(101, 1.0)
    between = np.zeros(101, np.int64)
    fitted = significance.fit_multiplier(n_shared, expected, between, rare=np.zeros(2, np.int64), due=np.array([101.0, 0.0]))
    assert fitted[0] == pytest.approx(2.0, abs=0.05)


def test_homophily_raises_the_multiplier_and_nothing_lowers_it_below_one():
    rare = np.array([5000, 10])
    fitted = significance.fit_multiplier(
        np.empty(0, int), np.empty(0), np.empty(0, int), rare=rare, due=np.array([1000.0, 1000.0])
    )
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


def too_little(tmp_path, posts):
    """What a run over these rows of a CSV file says could not be judged."""
    (tmp_path / "posts.csv").write_text(
        "post_id,account_id,created_at,text,retweet_of,hashtags\n" + "\n".join(posts), encoding="utf-8"
    )
    cib.ingest(tmp_path / "case", [tmp_path / "posts.csv"])
    return cib.detect(tmp_path / "case")["too_little"]


def tagged(n_tagged, n_plain, n_retweets):
    """Posts of as many accounts: with the tag vote and one of their own, with the latter alone, and retweets of others."""
    tags = ["vote"] * n_tagged + [""] * n_plain
    rows = [f'p{i},a{i},2024-03-04T{i % 24:02d}:00:00,words {i},,"{tag},own{i}"' for i, tag in enumerate(tags)]
    return rows + [f"r{i},b{i},2024-03-05T{i % 24:02d}:00:00,,q{i % 9}," for i in range(n_retweets)]


def test_posts_chosen_by_a_hashtag_cannot_be_judged_by_hashtags(tmp_path):
    found = too_little(tmp_path, tagged(80, 20, 150))
    assert found["co_hashtag"].startswith("most posts act on one and the same object")
    assert "co_retweet" not in found


def test_a_popular_hashtag_hides_nothing(tmp_path):
    assert "co_hashtag" not in too_little(tmp_path, tagged(79, 21, 0))
