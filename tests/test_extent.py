"""Groups whose single pairs are too weak: found where they are planted, nowhere else, and never promised on little data."""

import itertools
from types import SimpleNamespace

import naive
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import circles, extent, fusion
from cib.clusters import doors
from cib.kernels import cores

EDGES = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda e: e[0] < e[1]), max_size=40)


@given(EDGES)
def test_core_numbers_equal_their_naive_twin(edges):
    pairs = np.array(sorted(edges), np.int32).reshape(-1, 2)
    assert cores.coreness(pairs, 10).tolist() == naive.coreness(sorted(edges), 10)


@given(EDGES)
def test_ties_beside_a_third_account_equal_their_naive_twin(edges):
    """And what is left stands: each third account keeps both of its ties."""
    pairs = np.array(sorted(edges), np.int32).reshape(-1, 2)
    table = pa.table({"account_a_ix": pairs[:, 0], "account_b_ix": pairs[:, 1], "row": np.arange(len(pairs))})
    kept = fusion.with_third(table)
    third = [any({(a, c), (c, a)} & edges and {(b, c), (c, b)} & edges for c in range(10)) for a, b in pairs.tolist()]
    assert kept["row"].to_pylist() == np.flatnonzero(third).tolist()
    assert fusion.with_third(kept).equals(kept)


def strangers(n_accounts, n_pairs, *, seed):
    """Pairs of strangers, each once."""
    rng = np.random.default_rng(seed)
    found = np.unique(np.sort(rng.integers(0, n_accounts, (n_pairs, 2)), axis=1), axis=0)
    return found[found[:, 0] < found[:, 1]]


def ring(accounts):
    return np.array(list(itertools.combinations(accounts, 2)))


def found(pairs, ln_p, n_accounts):
    return set(
        np.flatnonzero(extent.find(pairs, np.broadcast_to(ln_p, len(pairs)).astype(float), n_accounts).p_value < 1).tolist()
    )


def test_a_group_of_weak_pairs_is_found_among_strangers():
    planted = ring(range(100, 112))
    pairs = np.concatenate([strangers(3000, 40, seed=1), planted])
    assert found(pairs, np.log(0.05), 3000) == set(range(100, 112))


def test_strangers_alone_are_no_group_however_often_it_is_tried():
    wrong = [bool(found(strangers(2000, 300, seed=seed), np.log(0.05), 2000)) for seed in range(200)]
    assert sum(wrong) <= 200 * extent.FAMILY_P


def test_an_account_that_is_weakly_paired_with_everybody_makes_no_group():
    hub = np.array([[0, other] for other in range(1, 200)])
    assert found(np.concatenate([hub, strangers(2000, 60, seed=2)]), np.log(0.05), 2000) == set()


@pytest.mark.parametrize("seed", range(5))
def test_where_everybody_is_in_small_circles_a_small_circle_is_no_group(seed):
    """Friends by threes all over the place: the tail of weak pairs per account is heavy, and four friends are nothing special."""
    circles = np.concatenate([ring(range(start, start + 3)) for start in range(0, 600, 3)])
    pairs = np.concatenate([circles, ring(range(900, 904)), strangers(1000, 50, seed=seed)])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    assert not found(pairs, np.log(0.05), 1000) & set(range(900, 904))


def test_where_chance_itself_makes_cores_nobody_is_found():
    """Everybody has a handful of weak pairs: those outside the 3-core are few, and no measure of the rest."""
    pairs = strangers(500, 1500, seed=4)
    assert found(np.concatenate([pairs, ring(range(480, 490))]), np.log(0.05), 500) == set()


def test_where_one_in_fifty_has_three_weak_pairs_by_chance_the_core_itself_may_be_chance():
    """200 busy accounts are weakly paired at random, twenty times each; 500 others have less than one weak pair each."""
    busy = strangers(200, 2000, seed=5)
    others = 200 + strangers(500, 195, seed=6)
    assert found(np.concatenate([busy, others]), np.log(0.05), 700) == set()


@pytest.mark.parametrize(("grouped", "n_found"), [(0, 12), (3, 0)])
def test_a_group_among_exchanged_authors_closes_the_door(grouped, n_found, monkeypatch):
    monkeypatch.setattr(fusion, "_circles", lambda run: (np.empty((0, 2), np.int32), circles.nobody(2000)))
    pairs, written, noted = ring(range(12)), {}, {}
    run = SimpleNamespace(
        notes={"tests": {"accounts": 2000}, "calibration": {"co_action": {"grouped": grouped}}},
        put=written.__setitem__,
        note=lambda section, **facts: noted.update(facts),
    )
    level, in_circle = fusion._groups(run, pairs, np.full(len(pairs), np.log(0.05)))
    assert written["group"].num_rows == n_found
    assert np.isnan(level).all() == (grouped > 0)
    assert noted["closed"] is (grouped > 0)
    assert not in_circle.any()


def test_little_data_promise_little():
    assert found(ring(range(6)), np.log(0.05), 6) == set()


def test_no_pair_is_weak_whose_p_is_one():
    assert found(ring(range(100)), 0.0, 1000) == set()


def test_a_pair_belongs_to_the_strictest_level_at_which_its_group_passes():
    strong, weak = ring(range(12)), ring(range(12, 24))
    pairs = np.concatenate([strong, weak, [[0, 12], [500, 501]]])
    ln_p = np.concatenate([np.full(66, np.log(1e-4)), np.full(66, np.log(0.2)), [np.log(0.2), np.log(1e-4)]])
    levels = extent.find(pairs, ln_p, 2000).level_of(pairs, ln_p)
    assert levels[:66].tolist() == [0.001] * 66
    assert levels[66:132].tolist() == [0.3] * 66
    assert levels[132] == 0.3
    assert np.isnan(levels[133])


def test_the_error_bound_falls_with_depth_and_the_levels_share_it():
    found = extent.find(strangers(3000, 200, seed=3), np.full(200, np.log(0.05))[: len(strangers(3000, 200, seed=3))], 3000)
    for level in found.levels:
        n_p = extent.tail(np.arange(3, 30), level.mean, level.spread)
        assert (np.diff(n_p) <= 0).all()
        if level.least:
            assert len(extent.LEVELS) * 3000 * n_p[level.least - 3] / (level.least + 1) <= extent.FAMILY_P


def ties(strong, weak):
    a, b = zip(*strong, *weak, strict=True)
    columns = {"account_a_ix": a, "account_b_ix": b, "is_strong": [True] * len(strong) + [False] * len(weak)}
    return {name: np.array(column) for name, column in columns.items()}


def test_a_cluster_is_found_by_ties_when_half_of_it_has_one_that_passes_by_itself():
    members = np.array([0, 1, 2, 3])
    assert doors.door(members, ties([(0, 1)], [(1, 2), (2, 3)]), {}) == ("ties", None)
    p = {0: 1e-6, 1: 1e-4, 2: 1e-9, 3: 1e-9, 4: 1e-9}
    assert doors.door(np.arange(5), ties([(0, 1)], [(1, 2), (2, 3), (3, 4)]), p) == ("extent", 1e-4)


def test_a_run_notes_what_every_level_showed(case):
    from cib.case import Case
    from cib.runs import manifest

    notes = manifest(Case.open(case).run_folder())["notes"]["extent"]
    assert notes.pop("closed") is False
    assert set(notes) == {f"{level:g}" for level in extent.LEVELS}
    assert pa.array([row["mean"] for row in notes.values()]).null_count == 0
