"""Who met whom: one sweep over acts finds every coincidence once and deals it out to the part of its pair.

A coincidence is two accounts' acts on one item whose gap fits a window at which both acts take part. Its code says in which
windows it counts: 8 * (number of windows shorter than the gap) + (the narrower of the two acts' levels). So windows first + 1 to
last count it, first = code // 8 and last = code % 8. Its key is one int64: the lower account, the higher one, the code, with
`bits` bits for an account and 6 for the code; so at most 2^28 accounts.
"""

import numpy as np

from cib.kernels import kernel

CODE_BITS = 6
N_CODES = 1 << CODE_BITS
MAX_BITS = 28  # of an account's number
CHUNK_BITS = 10
CHUNK = 1 << CHUNK_BITS  # keys that a part is given at a time


@kernel
def _end_of(item, start, stop):
    """Return the first index after `start` with another item."""
    end = start + 1
    while end < stop and item[end] == item[start]:
        end += 1
    return end


@kernel
def reach(item, acted_at, account, level, window_s, out):
    """Add to out[account[k]] how many other acts lie within the widest window at which act k takes part: no fewer than it meets.

    item, acted_at, account, level, window_s  as in `sweep`;  out  int64[n_accounts]
    Cost: two moving bounds per act.
    """
    left, right = np.zeros(7, np.int64), np.zeros(7, np.int64)
    start = 0
    while start < item.size:
        end = _end_of(item, start, item.size)
        left[:], right[:] = start, start
        for k in range(start, end):
            own = level[k]
            if own == 0:
                continue
            while acted_at[left[own]] < acted_at[k] - window_s[own - 1]:
                left[own] += 1
            while right[own] < end and acted_at[right[own]] <= acted_at[k] + window_s[own - 1]:
                right[own] += 1
            out[account[k]] += right[own] - left[own] - 1
        start = end


@kernel
def divide(weight, most, bits, row):
    """Cut the pairs, by rising accounts, into parts of about `most`, and return how many parts there are.

    weight  int64[n_accounts]  how many coincidences an account may own: those with accounts of higher numbers
    row     int64[n_accounts]  overwritten: 64 * base + shift. The pair a < b belongs to part base[a] + (b >> shift[a]): an
                               account of more than `most` has parts of its own, by ranges of b; others share with neighbours
    """
    n, filled = 0, 0
    for a in range(weight.size):
        if weight[a] > most:
            n += filled > 0
            filled, split = 0, 0
            while split < bits and (weight[a] >> split) > most:
                split += 1
            row[a] = (n << 6) | (bits - split)
            n += 1 << split
            continue
        if filled + weight[a] > most:
            n, filled = n + 1, 0
        row[a] = (n << 6) | bits
        filled += weight[a]
    return n + 1


@kernel
def sweep(item, acted_at, account, level, block, row, begin, stop, window_s, bits, first, place, total, used, link, key, acts):
    """Find every coincidence of the items in begin … stop - 1; count those of each part, or write them, chunk by chunk.

    item      int64[n]  rising; acts of one item together, one per account and item;  acted_at  int64[n]  rising within an item
    account   int32[n]  0 to 2^bits - 1
    level     int32[n]  the widest window, by number from 1, at which the act takes part; 0: none
    block     int32[n]  community of the account, 0 to n_blocks - 1
    row       int64[n]  the account's entry of `divide`
    begin, stop         where items begin
    window_s  int64[6]  rising; below 0 before the first that is tested, 2^60 after the last
    place     int64[n_parts]  of parts first … only. Counting: added to. Writing: -CHUNK; then where in `key` the part goes on
    total     int64[n_blocks + 1, 64]  added to: coincidences of each code inside each block, and across; empty: not wanted
    used      int64[1]  next free chunk, moved on;  link  int64[n_chunks]  overwritten: the chunk before, < 0 if none
    key       int64[CHUNK * n_chunks]  overwritten; empty: count
    acts      as key: act of the lower account << 32 | act of the higher one; empty: not wanted

    Every act is compared with the acts in the window of its own level, so at most with max_crowd others.
    """
    across, writes, wanted, adds = total.shape[0] - 1, key.size > 0, acts.size > 0, total.size > 0
    left = np.zeros(7, np.int64)
    start = begin
    while start < stop:
        end = _end_of(item, start, stop)
        least = most = level[start]
        for k in range(start + 1, end):
            least, most = min(least, level[k]), max(most, level[k])
        left[:] = start
        for i in range(start, end):
            own, when, who, shorter = level[i], acted_at[i], np.int64(account[i]), 0
            if own == 0:
                continue
            j = i + 1
            if least < most:  # those who take part more widely are met looking back, too: they do not look for this act
                while acted_at[left[own]] < when - window_s[own - 1]:
                    left[own] += 1
                j = left[own]
            latest = when + window_s[own - 1]
            while j < end and acted_at[j] <= latest:
                if level[j] > own or (level[j] == own and j > i):
                    other = np.int64(account[j])
                    low, high = min(who, other), max(who, other)
                    its, theirs = row[i], row[j]  # both read, then one chosen: no branch to guess
                    its = its if who < other else theirs
                    part = (its >> 6) + (high >> (its & 63)) - first
                    if 0 <= part < place.size:
                        gap = abs(acted_at[j] - when)
                        while window_s[shorter] < gap:
                            shorter += 1
                        while shorter > 0 and window_s[shorter - 1] >= gap:
                            shorter -= 1
                        code = 8 * shorter + own
                        if adds:
                            total[block[i] if block[i] == block[j] else across, code] += 1
                        at = place[part]
                        if writes:
                            if at & (CHUNK - 1) == 0:
                                link[used[0]] = (at - 1) >> CHUNK_BITS
                                at = used[0] << CHUNK_BITS
                                used[0] += 1
                            key[at] = (((low << bits) | high) << CODE_BITS) | code
                            if wanted:
                                acts[at] = (np.int64(i) << 32) | j if who < other else (np.int64(j) << 32) | i
                        place[part] = at + 1
                j += 1
        start = end
