"""Rare grams of texts: what grams a text makes, how many accounts use one, and which posts share several.

A gram is two words at most three places apart in a text of words, and three or four neighbours in a text of single code points:
a 64-bit hash of its tokens (the finaliser of SplitMix64). Where grams are counted their lowest bits give way to the account's
number: with a million accounts 44 bits are left, and among 10^7 grams three pairs are expected to be taken for one.
"""

import numpy as np

from cib.kernels import kernel
from cib.kernels.tokens import MAX_TOKENS

REACH = 3  # words of a gram are at most so many places apart: bigrams, and skip-grams over one word and over two
MAX_GRAMS = REACH * MAX_TOKENS  # of a text; for callers: no kernel here reads a number of another file
MAX_ACCOUNTS = 100  # a gram that more accounts use is not rare

_ODD, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_27, _30, _31 = np.uint64(27), np.uint64(30), np.uint64(31)


@kernel
def _mix(h):
    h = (h ^ (h >> _30)) * _MIX_A
    h = (h ^ (h >> _27)) * _MIX_B
    return h ^ (h >> _31)


@kernel
def _joined(a, b):
    return _mix(a * _ODD + b)


@kernel
def _grams_of(token, begin, end, single, out):
    """Write the grams of one text, repeated ones repeatedly, into `out` uint64[>= MAX_GRAMS]; return their number."""
    n = 0
    for i in range(begin, end):
        if single:
            if i + 2 < end:
                out[n] = _joined(_joined(token[i], token[i + 1]), token[i + 2])
                n += 1
            if i + 3 < end:
                out[n] = _joined(out[n - 1], token[i + 3])
                n += 1
        else:
            for j in range(i + 1, min(i + REACH + 1, end)):
                out[n] = _joined(token[i], token[j])
                n += 1
    return n


@kernel
def count_uses(text, token, start, single, part_bits, scratch, out):
    """Add to out[h] the grams, repeated ones repeatedly, whose highest `part_bits` bits are h, over the texts of all acts.

    text     int64[n_acts]            text of each act;  token, start, single  as `tokenise` wrote them
    scratch  uint64[MAX_GRAMS]
    out      int64[2 ** part_bits]    added to
    """
    shift = np.uint64(63 - part_bits)
    for act in range(text.size):
        t = text[act]
        for k in range(_grams_of(token, start[t], start[t + 1], single[t], scratch)):
            out[(scratch[k] >> np.uint64(1)) >> shift] += 1


@kernel
def uses(text, account, token, start, single, part, part_bits, mask, scratch, out):
    """Write every use of a gram whose highest `part_bits` bits are `part`: the gram, its lowest bits replaced by the account.

    account  int64[n_acts]    who acted;  mask  uint64, 2^b - 1 with b bits enough for every account number
    out      uint64[n_uses]   overwritten; n_uses as `count_uses` counted
    """
    shift, n = np.uint64(63 - part_bits), 0
    for act in range(text.size):
        t = text[act]
        for k in range(_grams_of(token, start[t], start[t + 1], single[t], scratch)):
            if np.int64((scratch[k] >> np.uint64(1)) >> shift) == part:
                out[n] = (scratch[k] & ~mask) | np.uint64(account[act])
                n += 1


@kernel
def rare(use, mask, gram, n_accounts):
    """Write the grams that 2 to MAX_ACCOUNTS accounts use, and by how many; return how many grams there are.

    use         uint64[n_uses]       as `uses` wrote them, sorted
    gram        uint64[n_uses // 2]  overwritten up to what is returned, rising;  n_accounts  int64, as long
    """
    n = i = 0
    while i < use.size:
        this, n_users = use[i] & ~mask, 1
        i += 1
        while i < use.size and use[i] & ~mask == this:
            n_users += use[i] != use[i - 1]
            i += 1
        if 2 <= n_users <= MAX_ACCOUNTS:
            gram[n], n_accounts[n] = this, n_users
            n += 1
    return n


@kernel
def _place(gram, directory, directory_shift, wanted):
    """Return where `wanted` stands in `gram`, or -1."""
    prefix = wanted >> directory_shift
    low, high = directory[prefix], directory[prefix + np.uint64(1)]
    while low < high:
        middle = (low + high) // 2
        if gram[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    if low < directory[prefix + np.uint64(1)] and gram[low] == wanted:
        return low
    return np.int64(-1)


@kernel
def _has_used(user, begin, end, account, who):
    found = False
    for e in range(begin, end):
        found |= account[user[e]] == who
    return found


@kernel
def match(
    first, text, account, acted_at, token, start, single, gram, directory, directory_shift, mask, head, n_users, user, window_s,
    min_shared, scratch, n_common, touched, earlier, later,
):  # fmt: skip
    """Write every two acts of different accounts, at most `window_s` apart, that share `min_shared` rare grams new to both.

    A gram counts in the first act of an account that uses it, as an account's first act on an object counts: a habit meets once.
    Begins with act `first` and stops early when the room for results might not suffice for the next act; returns the act to go on
    with and the number of results. Compares an act with at most MAX_ACCOUNTS others per gram.

    text, account, acted_at  int64[n_acts]         acts by rising time
    gram       uint64[n_grams]      rare grams, rising;  mask  as in `uses`
    directory  int64[2^b + 1]       first place in gram of every b-bit prefix;  directory_shift  uint64, 64 - b
    head       int64[n_grams + 1]   first place in `user` of every gram
    n_users    int64[n_grams]       accounts that have used it so far: zeros at first, carried from call to call
    user       int32[head[-1]]      their acts, likewise
    scratch    uint64[MAX_GRAMS];  n_common  int32[n_acts], zeros;  touched  int32[MAX_GRAMS * MAX_ACCOUNTS]
    earlier, later  int32[room >= touched.size]    overwritten: numbers of the two acts
    """
    n_out = 0
    for act in range(first, text.size):
        if n_out + touched.size > earlier.size:
            return act, n_out
        t, n_touched = text[act], 0
        for k in range(_grams_of(token, start[t], start[t + 1], single[t], scratch)):
            g = _place(gram, directory, directory_shift, scratch[k] & ~mask)
            if g < 0 or _has_used(user, head[g], head[g] + n_users[g], account, account[act]):
                continue
            for e in range(head[g] + n_users[g] - 1, head[g] - 1, -1):
                other = user[e]
                if acted_at[act] - acted_at[other] > window_s:
                    break
                if n_common[other] == 0:
                    touched[n_touched] = other
                    n_touched += 1
                n_common[other] += 1
            user[head[g] + n_users[g]] = act
            n_users[g] += 1
        for k in range(n_touched):
            if n_common[touched[k]] >= min_shared:
                earlier[n_out], later[n_out] = touched[k], act
                n_out += 1
            n_common[touched[k]] = 0
    return text.size, n_out


@kernel
def _distinct(value, n, owner, key, mark):
    """Enter value[:n] into the open-addressed set (key, mark) under the mark `owner`; return how many differ."""
    n_distinct = 0
    last = np.uint64(key.size - 1)
    for k in range(n):
        slot = value[k] & last
        while mark[slot] == owner and key[slot] != value[k]:
            slot = (slot + np.uint64(1)) & last
        if mark[slot] != owner:
            mark[slot], key[slot] = owner, value[k]
            n_distinct += 1
    return n_distinct


@kernel
def jaccard(left, right, token, start, single, scratch, key, mark, out):
    """Write into out[k] the Jaccard similarity of the sets of all grams of the texts left[k] and right[k].

    left, right  int64[n]
    scratch      uint64[MAX_GRAMS];  key  uint64[2 ** b > 2 * MAX_GRAMS];  mark  int64, as long, -1 at first
    out          float64[n]  overwritten; 0 to 1
    """
    for k in range(left.size):
        n = _grams_of(token, start[left[k]], start[left[k] + 1], single[left[k]], scratch)
        n_left = _distinct(scratch, n, 2 * k, key, mark)
        n = _grams_of(token, start[right[k]], start[right[k] + 1], single[right[k]], scratch)
        n_union = n_left + _distinct(scratch, n, 2 * k, key, mark)
        n_right = _distinct(scratch, n, 2 * k + 1, key, mark)
        out[k] = (n_left + n_right - n_union) / n_union if n_union else 0.0
