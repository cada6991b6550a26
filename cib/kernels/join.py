"""Which accounts acted on the same objects, whenever they did: rows of a sparse matrix compared with all earlier rows."""

from cib.kernels import kernel


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
