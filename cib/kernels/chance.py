"""What chance alone would give: expected coincidences of two accounts."""

import numpy as np

from cib.kernels import kernel


@kernel
def expected(pairs, crowd, share, n_acts, out):
    """Write into out[k, 0] and out[k, 1] the coincidences due by chance from the acts of the first and of the second
    account of pair k.

    lambda_{i->j} = sum over slots s of crowd[i, s] * share[j, s] / (1 - share[i, s]), at most n_acts[i]: each stranger in a crowd
    around i is j with the probability that j's activity gives, all activity counted.

    pairs   int32[n_pairs, 2]             account numbers
    crowd   int64[n_accounts, n_slots]    sum of the crowds around the account's acts in the slot
    share   float64[n_accounts, n_slots]  the account's share of all posting activity in the slot; columns sum to 1
    n_acts  int64[n_accounts]             acts that met a crowd
    out     float64[n_pairs, 2]           overwritten; >= 0

    Assumes that who fills a crowd depends on activity and hour alone; homophily breaks it (block multiplier).
    Source: METHODS 2, the union bound over the acts of i.
    """
    for k in range(pairs.shape[0]):
        for side in range(2):
            i, j = pairs[k, side], pairs[k, 1 - side]
            total = 0.0
            for s in range(crowd.shape[1]):
                if crowd[i, s] > 0:
                    total += crowd[i, s] * share[j, s] / (1.0 - share[i, s])
            out[k, side] = min(total, float(n_acts[i]))


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
