"""Coincidences of one part, counted per pair: by items, or by posts, with and without the interest that the two share most."""

import numpy as np

from cib.kernels import kernel

_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Fibonacci hashing
_CODE = 6  # bits of a key below the pair, as `coaction` has them
_DIGIT, _N_DIGITS = 8, 256


@kernel
def _shift(size):
    """Return by how many bits a 64-bit hash is moved to be a place among `size`, a power of two."""
    shift = np.uint64(64)
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    return shift


@kernel
def mark(pair, seen):
    """Let `seen`, uint8[2^s], zeros, say which pairs are wanted. pair: int64[n], keys without their code."""
    shift = _shift(seen.size)
    for k in range(pair.size):
        seen[(np.uint64(pair[k]) * _ODD) >> shift] = 1


@kernel
def frequent(key, acts, least, counts, seen):
    """Keep the coincidences whose pairs may have `least` of them, in their order, at the front; return how many these are.

    key   int64[n], as `gather` wrote it;  acts  as key, or empty: both changed
    seen  uint8[2^s]  sieve of pairs by hash. `counts`: zeros, overwritten; no pair that has `least` is lost, few others stay
          while n is under 2^s. Else it says by itself, as `mark` wrote it, which pairs are wanted: least is then 1
    """
    shift = _shift(seen.size)
    least = min(least, 255)
    if counts:
        for k in range(key.size):
            h = (np.uint64(key[k] >> _CODE) * _ODD) >> shift
            seen[h] += seen[h] < least
    n = 0
    for k in range(key.size):
        h = (np.uint64(key[k] >> _CODE) * _ODD) >> shift
        key[n] = key[k]
        if acts.size:
            acts[n] = acts[k]
        n += seen[h] >= least
    return n


@kernel
def order(key, acts, spare_key, spare_acts):
    """Sort key by pair, and acts with it, stably: least significant digit first, digits that are all the same left out.

    key, spare_key  int64[n], >= 0;  acts, spare_acts  int64[n] or empty
    """
    n = key.size
    every, some = key[0], key[0]
    for k in range(n):
        every &= key[k]
        some |= key[k]
    differs = every ^ some
    at, swapped = _CODE, False
    count = np.zeros(_N_DIGITS, np.int64)
    while at < 63 and (differs >> at) != 0:
        if (differs >> at) & (_N_DIGITS - 1) == 0:
            at += _DIGIT
            continue
        count[:] = 0
        for k in range(n):
            count[(key[k] >> at) & (_N_DIGITS - 1)] += 1
        total = 0
        for d in range(_N_DIGITS):
            total, count[d] = total + count[d], total
        for k in range(n):
            d = (key[k] >> at) & (_N_DIGITS - 1)
            spare_key[count[d]] = key[k]
            if acts.size:
                spare_acts[count[d]] = acts[k]
            count[d] += 1
        key, spare_key, acts, spare_acts = spare_key, key, spare_acts, acts
        swapped = not swapped
        at += _DIGIT
    if swapped:
        spare_key[:] = key
        if acts.size:
            spare_acts[:] = acts


@kernel
def longest(key):
    """Return the largest number of coincidences of one pair. key: int64[n], sorted by pair."""
    most = start = 0
    for k in range(key.size):
        if key[k] >> _CODE != key[start] >> _CODE:
            start = k
        most = max(most, k + 1 - start)
    return most


@kernel
def _numbered(value, n, slot, out):
    """Write into out[k] the number, from 0, of value[k] among the different values of value[:n], by first appearance."""
    room = 2
    while room < 2 * n:
        room *= 2
    slot[:room] = -1
    m = 0
    for k in range(n):
        h = np.int64((np.uint64(value[k]) * _ODD) >> np.uint64(32)) & (room - 1)
        while slot[h] >= 0 and value[slot[h]] != value[k]:
            h = (h + 1) & (room - 1)
        if slot[h] < 0:
            slot[h] = k
            out[k] = m
            m += 1
        else:
            out[k] = out[slot[h]]


@kernel
def _new(stamp, number, now):
    """Return 1 the first time that `number` comes in the round `now`, else 0."""
    if stamp[number] == now:
        return 0
    stamp[number] = now
    return 1


@kernel
def _by_post(key, acts, post, interest, favourites, work, slot, n_shared, n_rest, favourite):
    """Write the counts of one pair by posts: in each window the smallest of the numbers of items, of posts of the one and of
    posts of the other; the interest with most, counted so, of equals the lowest; and the same without it.

    key, acts  int64[n], this pair's;  favourites  whether one is set apart
    work  int64[14, >= n];  slot  int64[>= 4 n];  n_shared, n_rest  int32[6];  favourite  int64[6], -1 where none: overwritten
    """
    n = key.size
    value, a, b, v, va, vb = work[0], work[1], work[2], work[3], work[4], work[5]
    for k in range(n):
        value[k] = post[acts[k] >> 32]
    _numbered(value, n, slot, a)
    for k in range(n):
        value[k] = post[acts[k] & 0xFFFFFFFF]
    _numbered(value, n, slot, b)
    for k in range(n):
        value[k] = interest[acts[k] & 0xFFFFFFFF]
    _numbered(value, n, slot, v)
    for side, out in ((a, va), (b, vb)):
        for k in range(n):
            work[6, k] = v[k] * n + side[k]
        _numbered(work[6], n, slot, out)
    work[7:11, :n] = -1
    for w in range(6):
        work[11:14, :n] = 0
        items = posts_a = posts_b = 0
        for k in range(n):
            if (key[k] >> 3) & 7 <= w < key[k] & 7:
                items += 1
                posts_a += _new(work[7], a[k], 2 * w)
                posts_b += _new(work[8], b[k], 2 * w)
                work[11, v[k]] += 1
                work[12, v[k]] += _new(work[9], va[k], w)
                work[13, v[k]] += _new(work[10], vb[k], w)
        n_shared[w] = min(items, posts_a, posts_b)
        top, most = np.int64(-1), 0
        for k in range(n):
            met = min(work[11, v[k]], work[12, v[k]], work[13, v[k]])
            if favourites and (met > most or (met == most and met > 0 and value[k] < top)):
                top, most = value[k], met
        favourite[w] = top
        items = posts_a = posts_b = 0
        for k in range(n):
            if (key[k] >> 3) & 7 <= w < key[k] & 7 and value[k] != top:
                items += 1
                posts_a += _new(work[7], a[k], 2 * w + 1)
                posts_b += _new(work[8], b[k], 2 * w + 1)
        n_rest[w] = min(items, posts_a, posts_b)


@kernel
def pairs(key, acts, post, interest, block, bits, least, favourites, work, slot, pair, n_shared, n_rest, favourite, rare):
    """Write the pairs with `least` coincidences in some window, and return how many they are.

    key, acts  int64[n], sorted by pair;  acts is empty where items are counted, and then post, interest, work, slot, n_rest and
               favourite are not used
    post, interest  int64[n_acts]  of every act, >= 0;  block  int32[n_accounts];  bits  of an account's number in a key
    work, slot  as in `_by_post`, with n the largest number of coincidences of a pair
    pair      int32[n // least, 2];  n_shared, n_rest  int32[.., 6];  favourite  int64[.., 6]: overwritten up to what is returned
    rare      int64[n_blocks + 1, 6]  the coincidences, by items, of pairs with `least` items are taken off, inside each block and
              across; those by posts of pairs whose items turn out to be too few posts are added
    """
    across, mask = rare.shape[0] - 1, (1 << bits) - 1
    by_item, n_out, start = np.zeros(7, np.int64), 0, 0
    while start < key.size:
        end = start + 1
        while end < key.size and key[end] >> _CODE == key[start] >> _CODE:
            end += 1
        if end - start < least:
            start = end
            continue
        by_item[:] = 0
        for k in range(start, end):
            by_item[(key[k] >> 3) & 7] += 1
            by_item[key[k] & 7] -= 1
        for w in range(1, 6):
            by_item[w] += by_item[w - 1]
        if by_item[:6].max() >= least:
            low, high = key[start] >> (_CODE + bits), (key[start] >> _CODE) & mask
            place = block[low] if block[low] == block[high] else across
            rare[place] -= by_item[:6]
            pair[n_out, 0], pair[n_out, 1] = low, high
            n_shared[n_out] = by_item[:6]
            if acts.size:
                out = n_shared[n_out], n_rest[n_out], favourite[n_out]
                _by_post(key[start:end], acts[start:end], post, interest, favourites, work, slot, out[0], out[1], out[2])
            if n_shared[n_out].max() >= least:
                n_out += 1
            else:
                rare[place] += n_shared[n_out]
        start = end
    return n_out
