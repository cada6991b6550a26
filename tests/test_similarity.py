"""Graphs that describe: similarity as the literature counts it, bounded, deterministic, and never a tie."""

import naive
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import example, given
from hypothesis import strategies as st

import cib
from cib import graphdef, projection, runs, similarity
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.runs import Parameters, Run, manifest

TABLES = ("tie", "member", "cluster", "trait", "evidence")
LEAST = 'name = "mine"\nverb = "link"\nobject = "url_keys"\nposts = "original"\nmisleads = "It is never tested."\nnull = "none"\n'
COUNTS = st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 12)), st.integers(1, 5), max_size=60)


def graph(join: str, *, least: float, min_shared: int = 2, max_crowd: int = 300) -> graphdef.GraphDef:
    more = f'join = "{join}"\nmin_similarity = {least}\nmin_shared = {min_shared}\nmax_crowd = {max_crowd}\n'
    return graphdef.parse(LEAST + more, "mine.toml")


def acts(n_acts: dict) -> similarity.Acts:
    """{(account, object): acts} as arrays, with gaps between the numbers as real ones have."""
    rows = sorted((3 * account + 1, 5 * item + 2, n) for (account, item), n in n_acts.items())
    account, item, n = np.array(rows, np.int64).reshape(-1, 3).T
    return similarity.Acts(account.astype(np.int32), item, n)


def found(known: similarity.Acts, wanted: graphdef.GraphDef) -> dict:
    batches = [batch.to_pylist() for batch in similarity.similar(known, wanted)]
    return {(r["account_a_ix"], r["account_b_ix"]): (r["n_shared"], r["weight"]) for rows in batches for r in rows}


@pytest.mark.parametrize("join", ["cosine", "jaccard"])
@given(COUNTS, st.sampled_from([0.01, 0.3, 0.7, 1.0]), st.integers(2, 4))
@example({(0, 0): 1, (0, 1): 2, (1, 0): 1, (1, 1): 2}, 1.0, 2)
@example({}, 0.5, 2)
def test_similarity_equals_its_naive_twin(join, n_acts, least, min_shared):
    mine = found(acts(n_acts), graph(join, least=least, min_shared=min_shared))
    twin = naive.accounts_alike(n_acts, min_shared, cosine=join == "cosine")
    sure = {pair for pair, (_, weight) in twin.items() if weight >= least + 1e-9}
    near = {pair for pair, (_, weight) in twin.items() if weight >= least - 1e-9}
    got = {((a - 1) // 3, (b - 1) // 3): value for (a, b), value in mine.items()}
    assert sure <= set(got) <= near
    for pair, (n_shared, weight) in got.items():
        assert n_shared == twin[pair][0]
        assert weight == pytest.approx(twin[pair][1], abs=1e-12)


def test_two_accounts_that_did_the_same_are_alike_to_the_full():
    """Rounding must not put equal rows below 1."""
    same = {(account, item): item % 7 + 1 for account in range(6) for item in range(40)}
    assert len(found(acts(same), graph("cosine", least=1.0))) == 15


def test_cosine_is_that_of_scipy_on_a_thousand_accounts():
    rng = np.random.default_rng(5)
    pairs, n = np.unique(np.stack([rng.zipf(1.5, 30_000) % 1000, rng.zipf(1.3, 30_000) % 3000], 1), axis=0, return_counts=True)
    known = similarity.Acts(pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int64), n)
    mine = found(known, graph("cosine", least=0.2))
    matrix = sp.csr_array((n.astype(float), (pairs[:, 0], pairs[:, 1])))
    n_rows = len(np.unique(pairs[:, 0]))
    weighted = matrix @ sp.diags_array(np.log((1 + n_rows) / (1 + (matrix > 0).sum(axis=0))) + 1)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    dense = (weighted @ weighted.T).toarray() / np.outer(np.maximum(length, 1e-9), np.maximum(length, 1e-9))
    shared = ((matrix > 0).astype(int) @ (matrix > 0).astype(int).T).toarray()
    assert mine
    for (a, b), (n_shared, weight) in mine.items():
        assert abs(weight - dense[a, b]) <= 1e-12
        assert n_shared == shared[a, b]
    upper = np.triu((dense >= 0.2 + 1e-9) & (shared >= 2), 1)
    assert set(zip(*np.nonzero(upper), strict=True)) <= set(mine)


def test_one_object_in_common_joins_nobody_however_alike():
    assert found(acts({(account, 0): 1 for account in range(50)}), graph("cosine", least=0.1)) == {}


def test_results_do_not_depend_on_how_many_are_found_at_once(monkeypatch):
    rng = np.random.default_rng(2)
    n_acts = {(int(a), int(o)): 1 + int(a + o) % 3 for a, o in rng.integers(0, 60, (900, 2))}
    wanted = graph("cosine", least=0.05)
    at_once = found(acts(n_acts), wanted)
    monkeypatch.setattr(similarity, "ROOM", 1)
    assert len(list(similarity.similar(acts(n_acts), wanted))) > 1
    assert found(acts(n_acts), wanted) == at_once
    assert at_once


def test_an_object_of_everybody_is_left_out_and_counted():
    n_acts = {(account, 0): 2 for account in range(20)} | {(account, 1 + account // 2): 1 for account in range(20)}
    known, left_out = similarity._known(acts(n_acts), 10)
    assert left_out == {"max_crowd": 10, "objects_left_out": 1, "acts_left_out": 40}
    assert len(known.account) == 20
    assert known.item.min() > 2


# Through the house


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small world, run with one tested graph, and run again with graphs beside it that are never tested."""
    folder = tmp_path_factory.mktemp("similarity")
    cib.simulate(folder / "world", accounts=300, seed=3, campaigns="all")
    case = folder / "case"
    cib.ingest(case, [folder / "world" / "posts.parquet", folder / "world" / "accounts.parquet"], sample="full", threads=1)
    (folder / "mine.toml").write_text(LEAST, encoding="utf-8")
    beside = f"co_retweet,co_retweet_cosine,co_hashtag_jaccard,co_link_cosine,{folder / 'mine.toml'}"
    for name, graphs in (("tested", "co_retweet"), ("beside", beside), ("described", "co_retweet_cosine")):
        cib.detect(case, graphs=graphs, run=name, threads=1)
    cib.detect(case, graphs=f"profile,synchrony,co_domain,{beside}", run="one", threads=1)
    cib.detect(case, graphs=f"profile,synchrony,co_domain,{beside}", run="two", threads=2)
    return case


def edges(case, run: str) -> list[dict]:
    return runs.load(Case.open(case).run_folder(run), "edge").to_pylist()


def test_a_graph_that_is_never_tested_changes_no_tie_and_nothing_that_rests_on_ties(small):
    alone, beside = (manifest(Case.open(small).run_folder(run)) for run in ("tested", "beside"))
    assert alone["rows"]["tie"] > 50
    for table in TABLES:
        assert alone["hashes"][f"{table}/all.parquet"] == beside["hashes"][f"{table}/all.parquet"], table
    assert alone["notes"]["tests"] == beside["notes"]["tests"]
    assert alone["notes"]["calibration"] == beside["notes"]["calibration"]


def test_only_acts_of_tested_graphs_make_communities(small):
    run = Run(Case.open(small), Parameters(graphdef.select("co_retweet,co_link_cosine,profile")), DuckDB(threads=1), name="verbs")
    try:
        projection.act(run)
        assert run.part("tested_verb")["verb"].to_pylist() == ["retweet"]
        assert {row["verb"] for row in run.read("acting_posts").to_pylist()} == {"retweet", "link"}
    finally:
        run.discard()


def test_the_tables_do_not_depend_on_the_threads(small):
    one, two = (manifest(Case.open(small).run_folder(run)) for run in ("one", "two"))
    assert one["hashes"] == two["hashes"]
    own_way = {"names": None, "meetings": None}  # the run before, and the plan by which pairs were counted
    assert one["notes"] | own_way == two["notes"] | own_way
    assert one["rows"]["edge"] > 1000


def test_what_is_never_tested_has_a_weight_and_neither_p_nor_q(small):
    beside = edges(small, "beside")
    described = [edge for edge in beside if edge["graph"] != "co_retweet"]
    assert {edge["graph"] for edge in described} == {"co_retweet_cosine", "co_hashtag_jaccard", "co_link_cosine", "mine"}
    empty = ("p_value", "q_value", "expected", "timing_p", "surprise_bits")
    assert not any(edge[column] is not None for edge in described for column in empty)
    assert all(edge["weight"] > 0 and edge["n_shared"] >= 2 for edge in described)
    assert [edge for edge in beside if edge["graph"] == "co_retweet"] == edges(small, "tested")


def test_pairs_and_edges_of_a_timeless_graph_are_the_same_pairs(small):
    folder = Case.open(small).run_folder("beside")
    for name in ("co_retweet_cosine", "mine"):
        pairs = [row for row in runs.load(folder, "pair").to_pylist() if row["graph"] == name]
        assert len(pairs) == sum(edge["graph"] == name for edge in edges(small, "beside"))
        assert all(any(row[f"n_w{i}"] for i in range(1, 7)) == (name == "mine") for row in pairs)


def test_a_run_in_which_nothing_is_tested_says_so_and_finds_nobody(small):
    folder = Case.open(small).run_folder("described")
    assert runs.load(folder, "tie").num_rows == runs.load(folder, "member").num_rows == 0
    assert edges(small, "described")
    assert "nothing that was tested" in manifest(folder)["notes"]["tests"]["too_little"]["case"]
    page = cib.report(small, run="described")["report"]
    with open(page, encoding="utf-8") as file:
        text = file.read()
    assert "Nothing was tested against chance" in text
    assert "Describes: never tested, never makes a tie." in text


def test_each_graph_that_describes_has_a_map_of_its_own(small):
    for to, name in (("gexf", "alike_co_retweet_cosine.gexf"), ("csv", "alike_co_retweet_cosine_edges.csv")):
        (path,) = (path for path in cib.export(small, to=to, run="described")["export"] if path.endswith(name))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        n = text.count("<edge id=") if to == "gexf" else len(text.splitlines()) - 1
        assert n == len(edges(small, "described"))
        assert to == "csv" or "Nothing here was tested" in text


def test_explain_tells_alike_accounts_apart_from_tested_ones(small):
    one = max(edges(small, "described"), key=lambda edge: edge["weight"])
    told = cib.explain(small, [one["account_a"]], run="described")["accounts"][0]
    assert told["alike"][0]["weight"] >= one["weight"] > 0
    assert told["edges"] == []
    told = cib.explain(small, [one["account_a"]], run="tested")["accounts"][0]
    assert told["alike"] == []
