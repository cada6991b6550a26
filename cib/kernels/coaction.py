"""Who met whom: account by account, every act is compared with those around it, in the windows of all widths at once.

A coincidence is two accounts' acts on one item whose gap fits a window at which both acts take part. Its code says in which
windows it counts: 8 * (number of windows shorter than the gap) + (the narrower of the two acts' levels). So windows first + 1 to
last count it, first = code // 8 and last = code % 8. Its key is one int64: the lower account, the higher one, the code, with
`bits` bits for an account and 6 for the code; so at most 2^28 accounts.

What is read at random, an act and its neighbours, is one int64 per act: 30 bits of a clock, 28 of the account, 3 spare, 3 of the
level. The clock is the sum of the gaps between neighbouring acts, each cut at 2^25 s and so longer than any window, modulo 2^30:
the difference of two acts that a walk reaches is exact. A step to another item counts as such a long gap.
"""

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from cib.kernels import kernel

CODE_BITS = 6
MAX_BITS = 28  # of an account's number
MAX_ACTS = 1 << 31
AHEAD = 4  # acts whose records, and 16 on either side, are fetched early: a miss costs as much as thirty comparisons

_CLOCK = CODE_BITS + MAX_BITS  # where the clock begins in a record
_TICKS, _LONG = (1 << 30) - 1, 1 << 25
_WHO, _LEVEL = ((1 << MAX_BITS) - 1) << CODE_BITS, 7


def _fetch(context, records, at):
    """Let the processor fetch records[at] into its first cache, without waiting. Changes nothing."""

    def generate(target, builder, *call):
        signature, given = call
        ir = cgutils.ir
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        data = target.make_array(signature.args[0])(target, builder, given[0]).data
        known = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        )
        place = builder.bitcast(builder.gep(data, [given[1]]), byte)
        builder.call(known, [place, number(0), number(3), number(1)])  # to read, to stay, data
        return target.get_dummy_value()

    return types.void(records, at), generate


_fetched = intrinsic(_fetch)


@kernel
def lay_out(item, acted_at, account, level, record, head, act):
    """Write every act's record, and the acts of each account that take part.

    item      int64[n]  acts of one item together, one per account and item;  acted_at  int64[n]  rising within an item
    account   int32[n]  0 to 2^28 - 1
    level     int32[n]  the widest window, by number from 1, at which the act takes part; 0: none
    record    int64[n]  overwritten;  head  int64[n_accounts + 2]  zeros; account a's acts are act[head[a]:head[a + 1]]
    act       int32[n]  overwritten up to head[n_accounts], rising within an account
    """
    clock = np.int64(0)
    for k in range(item.size):
        if k > 0:
            clock += min(acted_at[k] - acted_at[k - 1], _LONG) if item[k] == item[k - 1] else _LONG
        record[k] = ((clock & _TICKS) << _CLOCK) | (np.int64(account[k]) << CODE_BITS) | level[k]
        head[account[k] + 2] += level[k] > 0
    for a in range(2, head.size):
        head[a] += head[a - 1]
    for k in range(item.size):
        if level[k] > 0:
            place = account[k] + 1
            act[head[place]] = k
            head[place] += 1


@kernel
def _after(record, own, window_s, base, least, span, n, key, acts):
    """Write the coincidences of the act `own` with those after it from key[n] on; return one past the last, key.size where there
    is no room.

    base, least, span  as `gather` has them: key of the account alone, lowest account wanted, how many, both as in a record
    """
    level, when, j, shorter = record[own] & _LEVEL, record[own] >> _CLOCK, own + 1, 0
    widest, narrow = window_s[level], window_s[1]
    while n < key.size:
        end = min(j + key.size - n, np.int64(record.size))  # as far as there is room, if all of them count
        while j < end:
            other = record[j]
            gap = ((other >> _CLOCK) - when) & _TICKS
            if gap > widest:
                return n
            while narrow < gap:
                shorter += 1
                narrow = window_s[shorter + 1]
            theirs, who = other & _LEVEL, other & _WHO
            key[n] = base | who | (8 * shorter + min(level, theirs))
            if acts.size:
                acts[n] = (own << 32) | j
            n += (shorter < theirs) & (np.uint64(who - least) < span)  # no branch: half of them are of a lower number
            j += 1
        if end == record.size:
            break
    return n


@kernel
def _before(record, own, window_s, base, least, span, n, key, acts):
    """Do the same with those before it. Apart, since a direction that is only known while it runs costs a third."""
    level, when, j, shorter = record[own] & _LEVEL, record[own] >> _CLOCK, own - 1, 0
    widest, narrow = window_s[level], window_s[1]
    while n < key.size:
        end = max(j - (key.size - n), -1)
        while j > end:
            other = record[j]
            gap = (when - (other >> _CLOCK)) & _TICKS
            if gap > widest:
                return n
            while narrow < gap:
                shorter += 1
                narrow = window_s[shorter + 1]
            theirs, who = other & _LEVEL, other & _WHO
            key[n] = base | who | (8 * shorter + min(level, theirs))
            if acts.size:
                acts[n] = (own << 32) | j
            n += (shorter < theirs) & (np.uint64(who - least) < span)
            j -= 1
        if end == -1:
            break
    return n


@kernel
def gather(record, act, head, first, stop, low, high, window_s, bits, most, key, acts):
    """Write the coincidences of accounts `first` to stop - 1 with those of a higher number, itself in low … high - 1.

    Ends with the account after which there are `most` or more, or before the one for which there is no room. Returns the account
    to go on with, `first` where even this one has no room, and how many were written, by rising lower account.

    record, act, head  as `lay_out` wrote them
    window_s  int64[8]  by level: -1, six windows, rising, below 0 before the first that is tested, beyond any gap after the last
    key       int64[room]  overwritten;  acts  as key: act of the lower account << 32 | of the higher one; empty: not wanted

    Every act is compared with the acts in the window of its own level, so at most with max_crowd others, from either side.
    """
    n, most_act, last = 0, head[head.size - 2] - 1, np.int64(record.size - 1)
    for a in range(first, stop):
        begun = n
        least = max(np.int64(a + 1), np.int64(low)) << CODE_BITS
        wide = (np.int64(high) << CODE_BITS) - least
        span = np.uint64(wide if wide > 0 else 0)
        base = np.int64(a) << (bits + CODE_BITS)
        for i in range(head[a], head[a + 1]):
            soon = np.int64(act[min(i + AHEAD, most_act)])
            for line in range(-2, 3):
                _fetched(record, min(max(soon + 8 * line, 0), last))  # type: ignore[call-arg]
            n = _after(record, np.int64(act[i]), window_s, base, least, span, n, key, acts)
            n = _before(record, np.int64(act[i]), window_s, base, least, span, n, key, acts)
            if n == key.size:
                return a, begun
        if n >= most:
            return a + 1, n
    return stop, n


@kernel
def spread(record, act, head, account, window_s, out):
    """Add to out[b], int64[n_accounts], how many coincidences the account has with b, if higher; the rest as in `gather`."""
    last = np.int64(record.size)
    for i in range(head[account], head[account + 1]):
        own = np.int64(act[i])
        level, when = record[own] & _LEVEL, record[own] >> _CLOCK
        for step in (1, -1):
            j = own + step
            while 0 <= j < last:
                other = record[j]
                gap = (((other >> _CLOCK) - when) * step) & _TICKS
                if gap > window_s[level]:
                    break
                who = (other & _WHO) >> CODE_BITS
                out[who] += (gap <= window_s[other & _LEVEL]) & (who > account)
                j += step


@kernel
def tally(key, bits, block, total):
    """Count coincidences where a window begins and where it ends to count them.

    key    int64[n], as `gather` wrote it;  block  int32[n_accounts]  0 to n_blocks - 1
    total  int64[n_blocks + 1, 8]  added to, inside each block and, last, across: added up along a row, the coincidences by window
    """
    across, mask = total.shape[0] - 1, (1 << bits) - 1
    for k in range(key.size):
        place = 0
        if across > 1:
            place = block[key[k] >> (CODE_BITS + bits)]
            if place != block[(key[k] >> CODE_BITS) & mask]:
                place = across
        total[place, (key[k] >> 3) & 7] += 1
        total[place, key[k] & 7] -= 1
