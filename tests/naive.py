"""Slow, obvious twins of what the package computes fast. Imports nothing from it."""

import math
from collections import defaultdict
from fractions import Fraction


def poisson_upper(k, mean):
    """P(Poisson(mean) >= k), by adding up 150 terms from k with exact rationals of a float mean."""
    mean = Fraction(mean)
    term = Fraction(1)
    for i in range(1, k + 1):
        term = term * mean / i
    total = Fraction(0)
    for i in range(150):
        total += term
        term = term * mean / (k + i + 1)
    return math.exp(-float(mean)) * float(total)


def first_acts(acts):
    """acts: (account, item, time, post). The first of each account on each item: {item: {account: (time, post)}}."""
    first = defaultdict(dict)
    for account, item, time, post in sorted(acts, key=lambda a: (a[2], a[3])):
        first[item].setdefault(account, (time, post))
    return first


def crowd(people, account, window):
    """How many others acted first on this item within `window` seconds of `account`."""
    mine = people[account][0]
    return sum(abs(time - mine) <= window for other, (time, _) in people.items() if other != account)


def level(people, account, windows, max_crowd):
    """The widest window, by number from 1, whose crowd is at most max_crowd; 0 if none. None windows are not tested."""
    fitting = [i for i, w in enumerate(windows, start=1) if w is not None and crowd(people, account, w) <= max_crowd]
    return max(fitting, default=0)


def pairs(acts, windows, max_crowd, *, by_post):
    """{(a, b): [count per window]} of pairs with at least one coincidence: by items, or the smallest of items and posts of either side."""
    meetings = defaultdict(lambda: [[] for _ in windows])
    for item, people in first_acts(acts).items():
        levels = {account: level(people, account, windows, max_crowd) for account in people}
        for a in people:
            for b in people:
                if a >= b:
                    continue
                gap = abs(people[a][0] - people[b][0])
                for i, w in enumerate(windows, start=1):
                    if w is not None and gap <= w and i <= min(levels[a], levels[b]):
                        meetings[a, b][i - 1].append((item, people[a][1], people[b][1]))
    out = {}
    for pair, by_window in meetings.items():
        counts = [len({m[0] for m in met}) for met in by_window]
        if by_post:
            counts = [min(n, len({m[1] for m in met}), len({m[2] for m in met})) for n, met in zip(counts, by_window, strict=True)]
        out[pair] = [None if w is None else n for n, w in zip(counts, windows, strict=True)]
    return out


def activity_share(posts, n_accounts, slot_s=21_600, n_slots=28, kappa=5.0):
    """posts: (account, time). Share of each account in each slot: w = (A + 1)(A_s + kappa pi_s) / (A + kappa), columns to 1."""
    count = [[0] * n_slots for _ in range(n_accounts)]
    for account, time in posts:
        count[account][(time // slot_s) % n_slots] += 1
    total = [sum(row) for row in count]
    typical = [sum(row[s] for row in count) / sum(total) for s in range(n_slots)]
    weight = [[(total[j] + 1) * (count[j][s] + kappa * typical[s]) / (total[j] + kappa) for s in range(n_slots)] for j in range(n_accounts)]
    sums = [sum(row[s] for row in weight) for s in range(n_slots)]
    return [[row[s] / sums[s] if sums[s] else 0.0 for s in range(n_slots)] for row in weight]


def expected(acts, i, j, window_number, windows, max_crowd, share, slot_s=21_600, n_slots=28):
    """lambda_{i->j}: sum over i's acts that fit the window of crowd * share_j / (1 - share_i), at most the acts that met a crowd."""
    total, n = 0.0, 0
    for people in first_acts(acts).values():
        if i not in people or level(people, i, windows, max_crowd) < window_number:
            continue
        m = crowd(people, i, windows[window_number - 1])
        s = (people[i][0] // slot_s) % n_slots
        if m:
            total += m * share[j][s] / (1 - share[i][s])
            n += 1
    return min(total, n)


def benjamini_hochberg(p_values, n_tests):
    """q-values by definition: the smallest n p_(k) / k over all ranks k at or above one's own."""
    ranked = sorted(p_values)
    return [min([1.0] + [n_tests * p / (k + 1) for k, p in enumerate(ranked) if p >= mine]) for mine in p_values]
