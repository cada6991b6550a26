"""Kernels against their naive twins and against 50-digit arithmetic."""

import math

import mpmath
import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib.kernels import chance, multiplicity, tails

MEANS = (1e-6, 1e-3, 0.01, 0.3, 1.0, 3.3, 10.0, 47.1, 300.0, 1e3, 1e4)
FACTORS = (0.5, 0.9, 1.0, 1.1, 1.5, 3.0)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_tail_is_within_one_part_in_a_billion_of_fifty_digits(mean):
    shared = sorted({1, 2, 3, 5, 15, 16, 17, 60, 150, *(int(mean * f) + 1 for f in FACTORS), int(mean) + 200})
    got = tails.poisson(np.array(shared), np.full(len(shared), mean))
    with mpmath.workdps(50):
        for k, found in zip(shared, got.tolist(), strict=True):
            exact = mpmath.log(mpmath.gammainc(k, 0, mpmath.mpf(mean), regularized=True))
            if exact > -2000:
                assert abs(found - exact) <= 1e-9 * max(1, abs(exact)), f"k={k} mean={mean}: {found} against {exact}"


@given(st.integers(0, 60), st.floats(1e-6, 60))
def test_poisson_tail_equals_its_naive_twin(k, mean):
    assert math.exp(tails.poisson(np.array([k]), np.array([mean]))[0]) == pytest.approx(naive.poisson_upper(k, mean), rel=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(0, 50))
def test_benjamini_hochberg_equals_its_naive_twin(p_values, unseen):
    n = len(p_values) + unseen
    assert multiplicity.benjamini_hochberg(np.array(p_values), n) == pytest.approx(naive.benjamini_hochberg(p_values, n))


def test_nobody_is_expected_more_often_than_there_were_acts():
    pairs = np.array([[0, 1]], np.int32)
    crowd, n_acts = np.array([[300], [300]]), np.array([2, 2])
    share, out = np.array([[0.5], [0.5]]), np.empty((1, 2))
    chance.expected(pairs, crowd, share, n_acts, np.zeros((1, 2)), np.zeros((1, 2), np.int64), out)
    assert out.tolist() == [[2.0, 2.0]]


def test_what_is_due_on_the_favourite_is_told_apart_also_where_an_account_is_alone_in_a_slot():
    pairs, favourite = np.array([[0, 1]], np.int32), np.array([7])
    head, interest, slot = np.array([0, 3, 4]), np.array([5, 7, 7, 7]), np.array([0, 0, 1, 0])
    crowd, n_acts = np.array([9, 4, 0, 2]), np.array([1, 2, 0, 1])
    share = np.array([[0.5, 1.0], [0.25, 0.0]])
    out, acts = np.empty((1, 2)), np.empty((1, 2), np.int64)
    chance.expected_apart(pairs, favourite, head, interest, slot, crowd, n_acts, share, out, acts)
    assert out.tolist() == [[4 * 0.25 / 0.5, 2 * 0.5 / 0.75]]
    assert acts.tolist() == [[2, 1]]
    chance.expected_apart(pairs, np.array([-1]), head, interest, slot, crowd, n_acts, share, out, acts)
    assert (out.tolist(), acts.tolist()) == ([[0.0, 0.0]], [[0, 0]])


def test_a_meeting_is_rarer_the_smaller_the_crowd_and_the_less_active_the_other():
    bits = chance.meeting_bits(np.full(3, 0.01), np.array([0.01, 0.01, 0.001]), np.array([100, 10, 10]))
    assert bits[0] < bits[1] < bits[2]
    assert chance.meeting_bits(np.zeros(1), np.array([0.5]), np.array([1])) == pytest.approx([1.0])
