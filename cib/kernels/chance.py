"""What chance alone would give: expected coincidences of two accounts."""

import numpy as np

from cib.kernels import kernel

ROUNDING = 1e-12  # of a sum from which nearly all is taken away again, no less than this share is believed


@kernel
def expected(pairs, crowd, share, n_acts, apart, apart_acts, out):
    """Write into out[k, 0] and out[k, 1] the coincidences due by chance from the acts of the first and of the second
    account of pair k, those on its favourite left out.

    lambda_{i->j} = sum over slots s of crowd[i, s] * share[j, s] / (1 - share[i, s]), at most n_acts[i]: each stranger in a crowd
    around i is j with the probability that j's activity gives, all activity counted.

    pairs       int32[n_pairs, 2]             account numbers
    crowd       int64[n_accounts, n_slots]    sum of the crowds around the account's acts in the slot
    share       float64[n_accounts, n_slots]  the account's share of all posting activity in the slot; columns sum to 1
    n_acts      int64[n_accounts]             acts that met a crowd
    apart       float64[n_pairs, 2]           the part of lambda that is due on the favourite;  apart_acts  int64[n_pairs, 2]
                its acts
    out         float64[n_pairs, 2]           overwritten; >= 0

    Assumes that who fills a crowd depends on activity and hour alone; homophily breaks it (block multiplier), and so does a
    shared
    interest (favourite). Source: METHODS 2, the union bound over the acts of i.
    """
    for k in range(pairs.shape[0]):
        for side in range(2):
            i, j = pairs[k, side], pairs[k, 1 - side]
            total = 0.0
            for s in range(crowd.shape[1]):
                if crowd[i, s] > 0:
                    total += crowd[i, s] * share[j, s] / (1.0 - share[i, s])
            rest = max(total - apart[k, side], ROUNDING * total)
            out[k, side] = min(rest, float(n_acts[i] - apart_acts[k, side]))


@kernel
def block_sums(crowd, share, block, block_share, out):
    """Add to out[b] the expected coincidences from the acts of each account in block b to the other accounts of b.

    crowd        int64[n_accounts, n_slots]
    share        float64[n_accounts, n_slots]
    block        int32[n_accounts]            in 0 .. n_blocks - 1
    block_share  float64[n_blocks, n_slots]   sums of share
    out          float64[n_blocks]            added to; ordered pairs, so each unordered pair counts twice
    """
    for i in range(crowd.shape[0]):
        b = block[i]
        for s in range(crowd.shape[1]):
            if crowd[i, s] > 0:
                out[b] += crowd[i, s] * (block_share[b, s] - share[i, s]) / (1.0 - share[i, s])


def meeting_bits(share_own, share_other, crowd):
    """Return float64[n]: surprise, in bits, that the other account is among the strangers around one act.

    share_own, share_other  float64[n]  shares of all activity in the act's slot;  crowd  int64[n] >= 1

    P = 1 - (1 - share_other / (1 - share_own))^crowd
    """
    each = np.minimum(share_other / (1.0 - share_own), 1.0 - 1e-15)
    return -np.log2(-np.expm1(crowd * np.log1p(-each)))


@kernel
def _first_at_least(values, low, high, value):
    """Return the first index in low .. high - 1 whose value is at least `value`; high if none."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def expected_apart(pairs, favourite, head, interest, slot, crowd, n_acts, share, out, acts):
    """Write into out[k, side] the coincidences due by chance on the favourite of pair k alone, from the acts of that side, and
    into
    acts[k, side] how many such acts met a crowd.

    pairs      int32[n_pairs, 2]             account numbers
    favourite  int64[n_pairs]                an interest; -1 for none
    head       int64[n_accounts + 1]         where each account's rows begin
    interest   int64[n_rows]                 rising within an account
    slot       int64[n_rows]                 slot of the week in which the crowd acted
    crowd      int64[n_rows]                 sum of the crowds around the account's acts on the interest, of that slot
    n_acts     int64[n_rows]                 the account's acts on the interest that met a crowd, in the interest's first row;
               else 0
    share      float64[n_accounts, n_slots]  as in `expected`
    out        float64[n_pairs, 2]           overwritten;  acts  int64[n_pairs, 2]  overwritten

    Cost: a binary search and at most n_slots terms per side.
    """
    for k in range(pairs.shape[0]):
        for side in range(2):
            i, j = pairs[k, side], pairs[k, 1 - side]
            total, n = 0.0, 0
            if favourite[k] >= 0:
                row = _first_at_least(interest, head[i], head[i + 1], favourite[k])
                while row < head[i + 1] and interest[row] == favourite[k]:
                    if crowd[row] > 0:  # who acted alone in a slot has all of it
                        total += crowd[row] * share[j, slot[row]] / (1.0 - share[i, slot[row]])
                    n += n_acts[row]
                    row += 1
            out[k, side] = total
            acts[k, side] = n
