"""Circles: groups that share what hardly anybody else touches. Found where they are planted, nowhere else."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from cib import circles

N = 1_000
ONE_BLOCK = np.zeros(N, np.int64)


def by_activity(rate, rng, block=ONE_BLOCK):
    """Close pairs of a world in which two accounts are close with a probability of rate[a] rate[b], inside a block only."""
    a, b = np.triu_indices(len(rate), 1)
    near = (rng.random(len(a)) < np.minimum(rate[a] * rate[b], 1.0)) & (block[a] == block[b])
    pairs = np.stack([a, b], axis=1)[near]
    return pairs, np.full(len(pairs), circles.WHOLE)


def ring(accounts, share=1.0, rng=None):
    pairs = np.array(list(itertools.combinations(accounts, 2)))
    return pairs if rng is None else pairs[rng.random(len(pairs)) < share]


def joined(close, more):
    pairs = np.unique(np.concatenate([close[0], more]), axis=0)
    return pairs, np.full(len(pairs), circles.WHOLE)


def found(close, by_chance, block=ONE_BLOCK):
    circle = circles.find(close, block, by_chance=circles.ordinary(by_chance, block)).circle
    return [set(np.flatnonzero(circle == number).tolist()) for number in range(circle.max() + 1)]


def usual(rng):
    """How busy accounts are: a few of them very."""
    return 0.05 * rng.lognormal(0.0, 0.7, N)


def test_a_planted_circle_is_found_and_nobody_with_it():
    rng = np.random.default_rng(1)
    rate = usual(rng)
    close = joined(by_activity(rate, rng), ring(range(100, 114), 0.7, rng))
    assert found(close, by_activity(rate, rng)) == [set(range(100, 114))]


def test_two_circles_are_two():
    rng = np.random.default_rng(2)
    rate = usual(rng)
    close = joined(by_activity(rate, rng), np.concatenate([ring(range(100, 112)), ring(range(300, 320))]))
    assert sorted(found(close, by_activity(rate, rng)), key=min) == [set(range(100, 112)), set(range(300, 320))]


@pytest.mark.parametrize("seed", range(20))
def test_busy_people_who_meet_because_they_are_busy_are_no_circle(seed):
    """Thirty accounts are close in seven of ten pairs, and would be so with exchanged authors: they do that much."""
    rng = np.random.default_rng(seed)
    rate = usual(rng)
    rate[:30] = 0.85
    assert found(by_activity(rate, rng), by_activity(rate, rng)) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_community_that_is_closer_than_exchanged_authors_is_no_circle(seed):
    """A tenth of all accounts share a taste: every pair of them is close four times as often as activity alone would have it."""
    rng = np.random.default_rng(seed)
    block = (np.arange(N) < 100).astype(np.int64)
    rate = usual(rng)
    real = np.where(block == 1, 2 * rate, rate)
    assert found(by_activity(real, rng, block), by_activity(rate, rng, block), block) == []


def test_loose_company_is_no_circle_at_any_size():
    """Whoever is close to a tenth of a crowd is no circle with some of it, also where exchanged authors show no company."""
    rng = np.random.default_rng(3)
    loose = ring(range(200), 0.1, rng)
    assert found((loose, np.full(len(loose), circles.WHOLE)), (loose[:0], np.empty(0, np.int64))) == []


def test_little_weight_makes_nobody_close():
    pairs = ring(range(20))
    light = np.full(len(pairs), min(circles.LEVELS) - 1)
    none = (pairs[:0], np.empty(0, np.int64))
    assert found((pairs, light), none) == []
    assert found((pairs, light + 1), none) == [set(range(20))]


def test_where_few_accounts_are_seen_nobody_is_found():
    pairs, block = ring(range(20)), np.zeros(circles.MIN_ACCOUNTS - 1, np.int64)
    close = (pairs, np.full(len(pairs), circles.WHOLE))
    by_chance = circles.ordinary((pairs[:0], np.empty(0, np.int64)), block)
    assert not (circles.find(close, block, by_chance=by_chance).circle >= 0).any()


def test_the_bound_is_that_of_all_sets_of_accounts_tried():
    """Written out once: p times the sets, the sizes and the levels."""
    due = circles.Due(ONE_BLOCK, np.full((N, 1), 2.0), np.array([[0.01]]))
    assert due.pairs_among(np.arange(6)) == pytest.approx(15 * 0.01 * 4.0)
    sets = N * (N - 1) * (N - 2) * (N - 3) * (N - 4) * (N - 5) / 720
    expect = poisson.sf(14, 0.06) * sets * N * len(circles.LEVELS)
    assert circles.family_p(15, 0.06, n_accounts=N, n_members=6) == pytest.approx(expect)
    assert circles.family_p(10, 0.6, n_accounts=N, n_members=6) == 1.0


def test_company_outside_a_group_tells_how_sociable_its_members_are():
    """Four members, all close to each other; the first is close to ten others, who are close to one more each."""
    others = np.array([[0, other] for other in range(10, 20)] + [[other, other + 10] for other in range(10, 20)])
    pairs = np.concatenate([ring(range(4)), others])
    seen = circles.Seen(pairs, ONE_BLOCK, circles.company(pairs, ONE_BLOCK))
    assert seen.pairs_among(np.arange(4)) == 6
    ordinary = 41 / N
    assert seen.pairs_due(np.arange(4)) == pytest.approx((3 * (10 + ordinary) * ordinary + 3 * ordinary**2) / 41)


@given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda e: e[0] < e[1]), max_size=80), st.integers(1, 3))
def test_company_is_counted_by_account_and_block(edges, n_blocks):
    pairs = np.array(sorted(edges), np.int64).reshape(-1, 2)
    block = np.arange(31) % n_blocks
    expect = np.zeros((31, n_blocks))
    for a, b in pairs.tolist():
        expect[a, block[b]] += 1
        expect[b, block[a]] += 1
    assert (circles.company(pairs, block) == expect).all()
    rows = circles.ordinary((pairs, np.full(len(pairs), circles.WHOLE)), block)
    assert rows.schema.equals(circles.COMPANY)
    assert pa.compute.sum(rows["n_close"]).as_py() == (2 * len(pairs) * len(circles.LEVELS) if len(pairs) else None)


@given(st.integers(1, 2_000), st.floats(1e-6, 1e3))
def test_the_tail_is_never_promised_smaller_than_it_is(n, due):
    ln_p = float(poisson.logsf(n - 1, due))
    assert circles.ln_upper(n, due) >= (ln_p if np.isfinite(ln_p) else -np.inf) - 1e-9
    assert np.isfinite(circles.ln_upper(n, due))
