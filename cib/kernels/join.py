"""Which accounts acted on the same objects, whenever they did: rows of a sparse matrix compared with all earlier rows."""

import numpy as np

from cib.kernels import kernel

MARGIN = 0.01  # what sums of up to 10^5 short numbers may be off by, and more


@kernel
def members(start, item, value, place, member, member_value):
    """Write which rows have each item, rising, and with what value, as `common` reads them. place: head[:-1], changed."""
    for row in range(start.size - 1):
        for k in range(start[row], start[row + 1]):
            at = place[item[k]]
            member[at], member_value[at] = row, value[k]
            place[item[k]] = at + 1


@kernel
def common(
    first, start, item, value, head, member, member_value, min_shared, n_common, dot, touched, earlier, later, n_shared, product
):
    """Write every two rows that share `min_shared` items, with the number they share and the dot product of their values.

    Gustavson's product of the matrix with its transpose, row by row, below the diagonal. Values are added in rising order of
    items, so that a product has one value. Begins with row `first` and stops early when the room for results might not suffice
    for the next row; returns the row to go on with and the number of results. Cost: the members of every item of every row.

    start    int64[n_rows + 1]   first place in item and value of every row
    item     int64[nnz]          rising within a row, 0 to n_items - 1;  value  float64[nnz]
    head     int64[n_items + 1]  first place in member of every item
    member   int32[nnz]          the rows that have it, rising;  member_value  float64[nnz]
    n_common  int32[n_rows], zeros;  dot  float64[n_rows], zeros;  touched  int32[n_rows]
    earlier, later  int32[room >= n_rows]  overwritten: numbers of the two rows, earlier < later
    n_shared  int32[room];  product  float64[room]  overwritten

    Source: Gustavson 1978, Two fast algorithms for sparse matrices.
    """
    n_out = 0
    for row in range(first, start.size - 1):
        if n_out + row > earlier.size:
            return row, n_out
        n_touched = 0
        for k in range(start[row], start[row + 1]):
            for e in range(head[item[k]], head[item[k] + 1]):
                other = member[e]
                if other >= row:
                    break
                if n_common[other] == 0:
                    touched[n_touched] = other
                    n_touched += 1
                n_common[other] += 1
                dot[other] += value[k] * member_value[e]
        for k in range(n_touched):
            other = touched[k]
            if n_common[other] >= min_shared:
                earlier[n_out], later[n_out] = other, row
                n_shared[n_out], product[n_out] = n_common[other], dot[other]
                n_out += 1
            n_common[other] = 0
            dot[other] = 0.0
    return start.size - 1, n_out


@kernel
def _product(start, item, value, one, other):
    """Return how many items two rows share, and the dot product of their values, added in rising order of items."""
    a, b, n, dot = start[one], start[other], 0, 0.0
    while a < start[one + 1] and b < start[other + 1]:
        if item[a] == item[b]:
            dot += value[a] * value[b]
            n += 1
        left, right = item[a], item[b]
        a += left <= right
        b += right <= left
    return n, dot


@kernel
def _sizes(head, out):
    """Write into out[item] in which of 256 classes its number of members falls, rising: eight classes per doubling."""
    for item in range(out.size):
        n, doublings = head[item + 1] - head[item], 0
        while n >> (doublings + 4):
            doublings += 1
        out[item] = min(8 * doublings + (n >> doublings), 255)


@kernel
def _reach(start, item, value, size, row, most_left, mass):
    """Return beyond which class of size an item of this row is left aside, and what these weigh: the sum of their squares, the
    largest classes that are together `most_left` or less. mass: float64[256], scratch."""
    mass[:] = 0.0
    for k in range(start[row], start[row + 1]):
        mass[size[item[k]]] += value[k] * value[k]
    least, left = 255, 0.0
    while least > 0 and left + mass[least] <= most_left:
        left += mass[least]
        least -= 1
    return least, left


@kernel
def near(
    first, start, item, value, head, member, member_value, min_shared, least, dot, touched, earlier, later, n_shared, product
):
    """Write every two rows of length 1 that share `min_shared` items and whose dot product is `least` or more; as `common` does.

    The items that most rows have, together at most 0.7 of `least` long, are left aside: they cannot make two rows alike. Who
    might still be alike by the others is compared exactly. So the longest lists of members are seldom gone through.

    value, member_value  > 0;  least  above 0;  dot  float32[n_rows], zeros: sums without the items left aside
    The rest as in `common`.

    Source: Bayardo, Ma and Srikant 2007, Scaling up all pairs similarity search, for the bound.
    """
    n_out, mass, size = 0, np.zeros(256), np.empty(head.size - 1, np.int64)
    _sizes(head, size)
    for row in range(first, start.size - 1):
        if n_out + row > earlier.size:
            return row, n_out
        most, left = _reach(start, item, value, size, row, least * least / 2.0, mass)
        n_touched = 0
        for k in range(start[row], start[row + 1]):
            if size[item[k]] > most:
                continue
            for e in range(head[item[k]], head[item[k] + 1]):
                other = member[e]
                if other >= row:
                    break
                if dot[other] == 0.0:
                    touched[n_touched] = other
                    n_touched += 1
                dot[other] += np.float32(value[k] * member_value[e])
        enough = least - np.sqrt(left) - MARGIN
        for k in range(n_touched):
            other = touched[k]
            if dot[other] >= enough:
                n, exact = _product(start, item, value, row, other)
                if n >= min_shared and exact >= least:
                    earlier[n_out], later[n_out], n_shared[n_out], product[n_out] = other, row, n, exact
                    n_out += 1
            dot[other] = 0.0
    return start.size - 1, n_out
