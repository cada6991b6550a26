"""Who stood around each act, by the hour in which they acted themselves."""

from cib.kernels import kernel


@kernel
def _first_at_least(times, low, high, value):
    """Return the first index in low .. high - 1 whose time is at least `value`; high if none."""
    while low < high:
        middle = (low + high) // 2
        if times[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def segments(item, acted_at, level, number, window_s, slot_s, n_slots, act, slot, crowd):
    """Write who stood around each act within the window, one row per act and slot in which any of them acted; return how many
    rows.

    A member of a crowd is counted in the slot in which it acted itself, not in the slot of the act it stands around: who is
    awake on the
    other side of a slot's border is told by that side's activity.

    item      int64[n]   rising; acts of one item together
    acted_at  int64[n]   UTC seconds, rising within an item
    level     int32[n]   the widest window, by number, at which the act takes part;  number, window_s  this window
    slot_s    seconds in a slot;  n_slots  slots in a week
    act       int64[n_rows]  the act's row, rising; may be empty, then rows are only counted
    slot      int64[n_rows]  slot of the week in which the others acted
    crowd     int64[n_rows]  how many of them, >= 0

    At most one act per account and item. Cost: two moving bounds per act and a binary search per slot that its window touches.
    """
    n = 0
    start = 0
    while start < item.size:
        end = start + 1
        while end < item.size and item[end] == item[start]:
            end += 1
        left = right = start
        for k in range(start, end):
            while acted_at[left] < acted_at[k] - window_s:
                left += 1
            while right < end and acted_at[right] <= acted_at[k] + window_s:
                right += 1
            if level[k] < number or right - left < 2:
                continue
            begin = left
            while begin < right:
                own = acted_at[begin] // slot_s
                after = _first_at_least(acted_at, begin, right, (own + 1) * slot_s)
                if act.size:
                    act[n] = k
                    slot[n] = own % n_slots
                    crowd[n] = after - begin - (own == acted_at[k] // slot_s)
                n += 1
                begin = after
        start = end
    return n


@kernel
def add_up(account, slot, crowd, out):
    """Add crowd[k] to out[account[k], slot[k]].

    account, slot, crowd  int64[n];  out  int64[n_accounts, n_slots]  added to
    """
    for k in range(account.size):
        out[account[k], slot[k]] += crowd[k]
