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
def by_slot(item, acted_at, account, level, number, window_s, slot_s, crowd, n_acts):
    """Add to crowd[i, s] the other accounts that acted in slot s within the window around an act of i, over i's acts that
    fit the window.

    A member of a crowd is counted in the slot in which it acted itself, not in the slot of the act it stands around: who is
    awake on the other
    side of a slot's border is told by that side's activity.

    item      int64[n]   rising; acts of one item together
    acted_at  int64[n]   UTC seconds, rising within an item
    account   int32[n]   at most one act per account and item
    level     int32[n]   the widest window, by number, at which the act takes part;  number, window_s  this window
    slot_s    seconds in a slot
    crowd     int64[n_accounts, n_slots]  added to;  n_acts  int64[n_accounts]  acts that met a crowd, added to

    Cost: two moving bounds per act and a binary search per slot that its window touches.
    """
    n_slots = crowd.shape[1]
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
            i = account[k]
            n_acts[i] += 1
            begin = left
            while begin < right:
                slot = acted_at[begin] // slot_s
                after = _first_at_least(acted_at, begin, right, (slot + 1) * slot_s)
                crowd[i, slot % n_slots] += after - begin
                begin = after
            crowd[i, (acted_at[k] // slot_s) % n_slots] -= 1
        start = end
