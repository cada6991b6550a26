"""The gates: each passes on the null as built, and fails a null that is broken on purpose."""

import re
from pathlib import Path

import mpmath
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

import cib
from cib import calibration, clusters, communities, exposure, neartext, pipeline, projection, significance, terminal, timing
from cib.calibration import nulls
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.graphdef import select
from cib.kernels import binomial
from cib.runs import Parameters, Run, manifest


def before_pairs(folder, world):
    """A run over `world`, as far as the communities."""
    cib.ingest(folder / "case", [world / "posts.parquet"], sample="full")
    run = Run(Case.open(folder / "case"), Parameters(select(None)), DuckDB(), name="gate")
    projection.act(run)
    neartext.match(run)
    communities.block(run)
    return run


@pytest.fixture(scope="module")
def organic(tmp_path_factory):
    """A world without a campaign, as far as the communities."""
    folder = tmp_path_factory.mktemp("organic")
    cib.simulate(folder / "world", accounts=500, seed=11, campaigns="none")
    return before_pairs(folder, folder / "world")


@pytest.fixture(scope="module")
def planted(world, tmp_path_factory):
    """A world with campaigns, whose pairs are asked for their timing, as far as the communities."""
    return before_pairs(tmp_path_factory.mktemp("planted"), world)


def test_the_co_action_gate_passes_on_the_null_as_it_is(organic):
    found = calibration.co_action(organic, permutations=2)
    assert found["passed"]
    assert found["permutations"] == 2
    assert found["graphs"]["co_retweet"]["tests"] == 2 * significance_pairs(organic)
    assert any(sum(row["seen"]) for row in found["graphs"].values())


def test_a_permutation_in_which_no_two_met_on_a_graph_counts_with_all_its_pairs(organic, monkeypatch):
    right, calls = calibration._count, iter(range(2))

    def once(*args):
        return {} if next(calls) else right(*args)

    monkeypatch.setattr(calibration, "_count", once)
    found = calibration.co_action(organic, permutations=2)
    assert {row["tests"] for row in found["graphs"].values()} == {2 * significance_pairs(organic)}


def significance_pairs(run):
    n = run.n_rows["account_code"]
    return n * (n - 1) // 2


def test_the_co_action_gate_fails_a_null_that_expects_a_tenth_of_what_is_due(organic, monkeypatch):
    right = exposure.activity_share
    monkeypatch.setattr(exposure, "activity_share", lambda run: right(run) / 10)
    monkeypatch.setattr(significance, "fit_multiplier", lambda n, e, b, *, rare, due: np.ones(len(due)))
    assert not calibration.co_action(organic, permutations=2)["passed"]


def test_the_timing_gate_passes_on_the_null_as_it_is(planted):
    found = calibration.timing_only(planted, permutations=4)
    assert found["passed"]
    assert sum(row["tests"] for row in found["graphs"].values()) > 1000


def test_the_timing_gate_fails_a_test_whose_chances_are_halved(planted, monkeypatch):
    right = timing.answer

    def halved(coins, n_windows):
        for name in (column for column in coins.column_names if column.startswith("chance")):
            coins = coins.set_column(coins.column_names.index(name), name, pc.multiply(coins[name], 0.5))
        return right(coins, n_windows)

    monkeypatch.setattr(timing, "answer", halved)
    found = calibration.timing_only(planted, permutations=4)
    assert not found["passed"]
    assert found["worst"] in found["failed"]


def test_exchanging_times_keeps_who_acted_on_what_and_when_there_were_acts(planted):
    projection.project(planted)
    graphs = {g.name: planted.graph_params(g) for g in planted.parameters.graphs}
    every = {
        name: rows(planted.read("exchangeable", graphs[name]), "account_ix", "item_ix") for name in ("co_retweet", "co_hashtag")
    }
    with nulls.shadow(planted, "looked-at") as shadow:
        nulls.times(shadow, rng=np.random.default_rng(1))
        for graph in ("co_retweet", "co_hashtag", "near_text"):
            before, after = planted.part("act", graph), shadow.part("act", graph)
            assert rows(before, "account_ix", "acted_at") != rows(after, "account_ix", "acted_at")
            assert rows(before, "item_ix", "acted_at", "post_ix") == rows(after, "item_ix", "acted_at", "post_ix")
            if graph != "near_text":
                assert set(rows(after, "account_ix", "item_ix")) <= set(every[graph])


def rows(table, *columns):
    return sorted(zip(*(table[column].to_pylist() for column in columns), strict=True))


def test_pairs_beyond_the_cap_are_counted_and_not_asked(planted, monkeypatch):
    every = calibration.timing_only(planted, permutations=1)
    monkeypatch.setattr(calibration, "MAX_ASKED", 50)
    few = calibration.timing_only(planted, permutations=1)
    asked = [sum(row["tests"] for row in found["graphs"].values()) for found in (every, few)]
    assert asked[1] == 50
    assert few["left_out"] == asked[0] + every["left_out"] - 50


def test_days_moved_apart_leave_ties_only_where_a_day_is_like_the_other(planted):
    found = calibration.days(planted)
    assert found["tested"]
    assert found["ties_moved_apart"] < found["ties_moved_alike"]


def test_posts_of_a_single_day_cannot_be_moved_by_days(world, tmp_path):
    case = tmp_path / "case"
    cib.ingest(case, [world / "posts.parquet"], sample="full")
    run = Run(Case.open(case), Parameters(select(None), since="2024-03-05", until="2024-03-06"), DuckDB(), name="gate")
    projection.act(run)
    neartext.match(run)
    communities.block(run)
    assert calibration.days(run)["tested"] is False


@given(st.floats(1e-6, 1e-3), st.integers(1, 10**7))
def test_a_gate_lets_through_what_luck_explains_and_little_more(alpha, n_tests):
    mean = 2 * alpha * n_tests
    allowed = calibration.gate(alpha, n_tests)
    assert poisson.sf(allowed, mean) <= 0.00135 < poisson.sf(allowed - 1, mean)


def test_a_permutation_leaves_the_tables_of_the_run_as_they_were(organic):
    before = organic.read("acting_posts")
    calibration.gates(organic, permutations=1)
    calibration.days(organic)
    assert organic.read("acting_posts").equals(before)
    assert not list((organic.path / "work").glob("permutation-*"))


def test_every_run_says_whether_its_null_is_calibrated(case):
    notes = manifest(Case.open(case).run_folder())["notes"]["calibration"]
    for gate in ("co_action", "timing"):
        assert notes[gate]["passed"]
        assert notes[gate]["permutations"] == calibration.QUICK


@pytest.fixture(scope="module")
def judged(world, tmp_path_factory):
    """What three runs of one case made of their clusters, and their pages: as it is, and with each gate failing."""
    case = tmp_path_factory.mktemp("judged") / "case"
    cib.ingest(case, [world / "posts.parquet", world / "accounts.parquet"], sample="full")
    found = {}
    for gate in ("none", "co_action", "timing_only"):
        given = {"judged": [], "doubted": []}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(significance, "MIN_EFFECTIVE", 50)  # a small world may be judged
            listen(patch, clusters.kinds, "decide", given)
            listen(patch, clusters, "_close_pairs", given)
            if gate != "none":
                patch.setattr(calibration, gate, failing(gate))
            result = cib.detect(case, run=gate, graphs="co_retweet,co_text")
        found[gate] = given, result, Path(cib.report(case, run=gate)["report"]).read_text(encoding="utf-8")
    return found


def listen(patch, module, name, given):
    """Let a function work as it does, and keep those of its arguments that `given` asks for."""
    right = getattr(module, name)

    def heard(*args, **kwargs):
        for key in given.keys() & kwargs.keys():
            given[key].append(kwargs[key])
        return right(*args, **kwargs)

    patch.setattr(module, name, heard)


def failing(gate):
    """The gate as it is, but that it finds a fault on every graph."""
    right = getattr(calibration, gate)

    def fails(run, *, permutations):
        found = right(run, permutations=permutations)
        return found | {"passed": False, "failed": sorted(found["graphs"])}

    return fails


def first_screen(page):
    return page[: page.index("What this does not show")]


def test_a_failed_co_action_gate_lets_no_cluster_be_judged_and_the_first_screen_says_why(judged):
    given, result, page = judged["co_action"]
    assert given["judged"] == [False] * len(result["clusters"])
    assert result["flagged_accounts"] == 0
    assert "No group is flagged: the check by exchanged authors failed on co_retweet, co_text." in first_screen(page)


def test_a_failed_timing_gate_takes_closeness_back_and_no_more(judged):
    given, _, page = judged["timing_only"]
    assert given["doubted"] == [["co_retweet", "co_text"]]
    assert all(given["judged"])
    assert "Closeness in time is not counted on co_retweet, co_text:" in first_screen(page)


def test_the_terminal_says_what_a_failed_gate_takes_back(judged):
    for gate, effect in (("co_action", "No account is flagged"), ("timing_only", "Closeness in time counts for nothing there")):
        assert f"Calibration failed on co_retweet, co_text: {effect}." in terminal.as_text("detect", judged[gate][1])
    assert "Calibration failed" not in terminal.as_text("detect", judged["none"][1])


def test_a_run_is_calibrated_with_its_own_graphs_and_period(world, tmp_path, monkeypatch):
    cib.ingest(tmp_path / "case", [world / "posts.parquet"], sample="full")
    cib.detect(tmp_path / "case", graphs="co_quote", until="2024-03-06", fdr=0.05)
    monkeypatch.setattr(calibration, "full", lambda run: {"asked": run.parameters})
    asked = cib.evaluate(tmp_path / "case", calibrate=True, seed=3)["calibration"]["asked"]
    assert asked == Parameters(select("co_quote"), fdr=0.05, until="2024-03-06", sample="full", seed=3)


def test_gates_that_pass_withhold_nothing(judged):
    given, result, page = judged["none"]
    assert given == {"judged": [True] * len(result["clusters"]), "doubted": [[]]}
    assert result["clusters"]
    assert "the check by exchanged" not in first_screen(page)


def test_only_edges_of_graphs_with_calibrated_timing_count_as_close():
    edges = {"graph": ["f", "g"], "account_a_ix": [0, 2], "account_b_ix": [1, 3], "timing_p": [1e-9, 1e-9]}
    assert clusters._close_pairs(pa.table(edges), doubted=["f"]) == {(2, 3)}


def exact_tail(chance, k):
    mass = [mpmath.mpf(1)] + [mpmath.mpf(0)] * len(chance)
    for i, p in enumerate(chance):
        for s in range(i + 1, 0, -1):
            mass[s] = mass[s] * (1 - mpmath.mpf(p)) + mass[s - 1] * mpmath.mpf(p)
        mass[0] *= 1 - mpmath.mpf(p)
    return mpmath.log(sum(mass[k:]))


def tail(chance, k):
    out = np.empty(1)
    binomial.ln_upper(np.array([0, len(chance)]), np.array(chance, float), np.array([k]), out)
    return float(out[0])


@given(st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=40), st.data())
def test_the_tail_of_unequal_coins_is_exact(chance, data):
    k = data.draw(st.integers(0, len(chance)))
    with mpmath.workdps(50):
        wanted = float(exact_tail(chance, k))
    assert tail(chance, k) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_coins_that_cannot_fail_or_win_decide_what_they_must():
    assert tail([1.0, 1.0, 0.0], 2) == 0.0
    assert tail([1.0, 1.0, 0.0], 3) == -np.inf
    assert tail([1.0, 0.5], 2) == pytest.approx(np.log(0.5))


def test_one_hit_where_hundreds_are_due_is_no_surprise():
    assert tail([0.5] * 400, 1) == pytest.approx(0.0, abs=1e-12)
    assert tail([0.02] * 700, 1) == pytest.approx(np.log1p(-(0.98**700)), rel=1e-9)


def test_the_saddlepoint_is_as_close_as_it_says():
    chance = np.random.default_rng(4).beta(0.5, 2, binomial.EXACT_UP_TO)
    for k in range(int(chance.sum()) - 60, len(chance) - 40, 61):
        exact, near = binomial._ln_exact(chance, k), binomial._ln_saddlepoint(chance, k)
        assert abs(near - exact) <= 0.01 + 1e-4 * abs(exact), f"k = {k}: {near} against {exact}"


def coins(n, *, chance_a, chance_b):
    """n meetings of one pair, all within the narrowest window, of three windows; the second says nothing."""
    given = {"graph": ["g"] * n, "account_a_ix": [1] * n, "account_b_ix": [2] * n}
    for number in range(1, 6):
        given[f"hit_w{number}"] = [number == 1] * n
        given[f"chance_a_w{number}"] = [chance_a if number == 1 else None] * n
        given[f"chance_b_w{number}"] = [chance_b if number == 1 else None] * n
    shape = {name: pa.float64() for name in given if name.startswith("chance")}
    return pa.table({name: pa.array(column, shape.get(name)) for name, column in given.items()})


def test_an_edge_carried_by_the_widest_window_says_nothing_of_timing():
    assert timing.answer(coins(4, chance_a=1.0, chance_b=1.0), {"g": 3})["timing_p"].to_pylist() == [1.0]


def test_meetings_that_could_have_been_anywhere_in_six_hours_and_were_within_seconds_are_significant():
    n = 12
    found = timing.answer(coins(n, chance_a=0.1, chance_b=0.3), {"g": 3})
    assert found["timing_p"].to_pylist() == [pytest.approx(2 * 0.3**n)]


def test_calibrating_a_case_leaves_no_run_behind(case):
    before = Case.open(case).runs()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "FULL", 2)
        found = cib.evaluate(case, calibrate=True)
    assert found["calibration"]["co_action"]["passed"]
    assert found["calibration"]["timing"]["passed"]
    told = terminal.as_text("evaluate", found)
    assert "Acting alike, authors exchanged 2 times: passed" in told
    assert re.search(r"co_retweet +\d+ +\d+ of \d+", told)
    assert "Smoke test" in told
    assert Case.open(case).runs() == before
    assert not list((case / "runs").glob(".calibration*"))
    assert pipeline.STEPS
