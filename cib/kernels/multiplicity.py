"""Many tests at once."""

import numpy as np


def benjamini_hochberg(p_value, n_tests):
    """Return q-values when `p_value` are the smallest of `n_tests` p-values, the unseen ones counting as 1.

    p_value   float64[n] in [0, 1], any order
    n_tests   at least n
    returns   float64[n] in [0, 1]

    Source: Benjamini & Hochberg 1995.

    >>> benjamini_hochberg(np.array([0.01, 0.5]), 4)
    array([0.04, 1.  ])
    """
    order = np.argsort(p_value, kind="stable")
    ranked = p_value[order] * (n_tests / np.arange(1, len(p_value) + 1))
    q = np.empty(len(p_value))
    q[order] = np.minimum.accumulate(ranked[::-1])[::-1]
    return np.minimum(q, 1.0)
