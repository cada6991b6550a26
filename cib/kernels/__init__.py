"""Numeric loops, compiled. NumPy and numba only; arrays in, `out` arrays filled.

`kernel` is the one decorator: compiled once and cached on disk, the GIL released so that callers may run
partitions in threads, and no fast-math, so that a score has one value. Where no cache can be written
(a read-only install without a home) the kernel still works, compiled anew in each process.
"""

import numba


def kernel(function):
    """Return `function` compiled: cached where a cache can be written, GIL released, strict floating point."""
    try:
        return numba.njit(nogil=True, fastmath=False, error_model="numpy", cache=True)(function)
    except RuntimeError:  # numba: "no locator available", no place for a cache
        return numba.njit(nogil=True, fastmath=False, error_model="numpy")(function)
