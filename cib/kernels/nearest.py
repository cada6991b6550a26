"""Posts whose vectors point the same way, within a window of time."""

from cib.kernels import kernel


@kernel
def _dot(vector, a, b):
    """Return the dot product of two rows, added in four lanes of fixed order: the same bits on every call."""
    n = vector.shape[1]
    one = two = three = four = 0.0
    last = n - n % 4
    for k in range(0, last, 4):
        one += vector[a, k] * vector[b, k]
        two += vector[a, k + 1] * vector[b, k + 1]
        three += vector[a, k + 2] * vector[b, k + 2]
        four += vector[a, k + 3] * vector[b, k + 3]
    for k in range(last, n):
        one += vector[a, k] * vector[b, k]
    return (one + two) + (three + four)


@kernel
def match(
    first, account, acted_at, vector, before, window_s, least, n_own, n_compared, n_kept, is_new, cut, earlier, later, cosine
):
    """Write every two acts of different accounts, at most `window_s` apart, whose cosine is `least` or more, both new.

    An act is new where none of the account's own latest `n_own` acts before it is so near: a habit meets once. An act is compared
    with the latest `n_compared` new acts of others in its window, and its latest `n_kept` matches are kept; where there are more,
    `cut` counts the act. Begins with act `first` and stops early when the room for results might not suffice for the next act;
    returns the act to go on with and the number of results.

    account, acted_at  int64[n_acts]     acts by rising time, UTC seconds
    vector   float64[n_acts, n_dims]     rows of length 1
    before   int64[n_acts]               the account's act before, -1 if none
    is_new   bool[n_acts], cut  int64[2]  written, carried from call to call; cut: over n_compared, over n_kept
    earlier, later  int32[room >= n_kept];  cosine  float64[room]  overwritten
    """
    n_out = 0
    for act in range(first, account.size):
        if n_out + n_kept > earlier.size:
            return act, n_out
        is_new[act] = True
        own, n = before[act], 0
        while own >= 0 and n < n_own and is_new[act]:
            is_new[act] = _dot(vector, act, own) < least
            own = before[own]
            n += 1
        if not is_new[act]:
            continue
        n = kept = 0
        for other in range(act - 1, -1, -1):
            if acted_at[act] - acted_at[other] > window_s:
                break
            if account[other] == account[act] or not is_new[other]:
                continue
            if n == n_compared:
                cut[0] += 1
                break
            n += 1
            near = _dot(vector, act, other)
            if near < least:
                continue
            if kept == n_kept:
                cut[1] += 1
                break
            earlier[n_out], later[n_out], cosine[n_out] = other, act, near
            n_out += 1
            kept += 1
    return account.size, n_out
