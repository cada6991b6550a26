"""The gate: it passes on the null as built, and fails each null that is broken on purpose."""

from pathlib import Path

import mpmath
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib import calibration, communities, exposure, pipeline, projection, significance, timing
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.graphdef import select
from cib.kernels import binomial
from cib.runs import Parameters, Run, manifest


@pytest.fixture(scope="module")
def organic(tmp_path_factory):
    """A world without a campaign, as far as the communities."""
    folder = tmp_path_factory.mktemp("organic")
    cib.simulate(folder / "world", accounts=500, seed=11, campaigns="none")
    cib.ingest(folder / "case", [folder / "world" / "posts.parquet"], sample="full")
    run = Run(Case.open(folder / "case"), Parameters(select(None)), DuckDB(), name="gate")
    projection.act(run)
    communities.block(run)
    return run


def test_the_gate_passes_on_the_null_as_it_is(organic):
    found = calibration.co_action(organic, permutations=2)
    assert found["passed"]
    assert found["permutations"] == 2
    assert found["below"]["0.001"] <= found["allowed"]["0.001"]


def test_the_gate_fails_a_null_that_expects_a_hundredth_of_what_is_due(organic, monkeypatch):
    right = exposure.activity_share
    monkeypatch.setattr(exposure, "activity_share", lambda run: right(run) / 100)
    monkeypatch.setattr(significance, "fit_multiplier", lambda n, e, b, *, rare, due: np.ones(len(due)))
    assert not calibration.co_action(organic, permutations=2)["passed"]


def test_a_permutation_leaves_the_tables_of_the_run_as_they_were(organic):
    before = organic.read("acting_posts")
    calibration.co_action(organic, permutations=1)
    assert organic.read("acting_posts").equals(before)
    assert not list((organic.path / "work").glob("permutation-*"))


def test_every_run_says_whether_its_null_is_calibrated(case):
    notes = manifest(Case.open(case).run_folder())["notes"]["calibration"]
    assert notes["passed"]
    assert notes["permutations"] == calibration.QUICK


def test_a_failed_gate_withholds_every_flag(world, tmp_path, monkeypatch):
    monkeypatch.setattr(calibration, "gate", lambda alpha, n: -1.0)
    cib.ingest(tmp_path / "case", [world / "posts.parquet", world / "accounts.parquet"], sample="full")
    result = cib.detect(tmp_path / "case")
    assert result["clusters"]
    assert result["flagged_accounts"] == 0
    page = Path(cib.report(tmp_path / "case")["report"])
    assert "Calibration failed" in page.read_text(encoding="utf-8")


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
        assert cib.evaluate(case, calibrate=True)["calibration"]["passed"]
    assert Case.open(case).runs() == before
    assert not list((case / "runs").glob(".calibration*"))
    assert pipeline.STEPS
