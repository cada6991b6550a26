"""Slow, obvious twins of what the package computes fast. Imports nothing from it."""

import itertools
import math
import unicodedata
from collections import Counter, defaultdict
from fractions import Fraction


def poisson_upper(k, mean):
    """P(Poisson(mean) >= k), by adding up the densities at k, k + 1, …, 150 of them."""
    return min(1.0, math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k, k + 150)))


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
    """{(a, b): [count per window]} of pairs with at least one coincidence: by items, or the smallest of items and posts of
    either side."""
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
            counts = [
                min(n, len({m[1] for m in met}), len({m[2] for m in met})) for n, met in zip(counts, by_window, strict=True)
            ]
        out[pair] = [None if w is None else n for n, w in zip(counts, windows, strict=True)]
    return out


def activity_share(posts, n_accounts, slot_s=21_600, n_slots=28, kappa=5.0):
    """posts: (account, time). Share of each account in each slot: w = (A + 1)(A_s + kappa pi_s) / (A + kappa), columns to 1."""
    count = [[0] * n_slots for _ in range(n_accounts)]
    for account, time in posts:
        count[account][(time // slot_s) % n_slots] += 1
    total = [sum(row) for row in count]
    typical = [sum(row[s] for row in count) / sum(total) for s in range(n_slots)]
    weight = [
        [(total[j] + 1) * (count[j][s] + kappa * typical[s]) / (total[j] + kappa) for s in range(n_slots)]
        for j in range(n_accounts)
    ]
    sums = [sum(row[s] for row in weight) for s in range(n_slots)]
    return [[row[s] / sums[s] if sums[s] else 0.0 for s in range(n_slots)] for row in weight]


def crowds(acts, windows, max_crowd, slot_s=21_600, n_slots=28):
    """{account: {item: (time, post, level, [{slot: others}] per window)}}: everything about first acts that the null needs,
    item by item."""
    known = defaultdict(dict)
    for item, people in first_acts(acts).items():
        for account, (time, post) in people.items():
            others = [t for other, (t, _) in people.items() if other != account]
            around = [
                None if w is None else Counter((t // slot_s) % n_slots for t in others if abs(t - time) <= w) for w in windows
            ]
            fitting = [i for i, m in enumerate(around, start=1) if m is not None and m.total() <= max_crowd]
            known[account][item] = (time, post, max(fitting, default=0), around)
    return known


def expected(mine, i, j, number, share, slot_s=21_600, n_slots=28, without=frozenset()):
    """lambda_{i->j}: over i's acts that fit window `number`, the others around each in their own slots times share_j / (1 -
    share_i); items in `without` are left out."""
    total, n = 0.0, 0
    for item, (time, _, fits, around) in mine.items():
        met = around[number - 1]
        if fits < number or not met or item in without:
            continue
        met = met if isinstance(met, Counter) else {(time // slot_s) % n_slots: met}
        total += sum(m * share[j][s] / (1 - share[i][s]) for s, m in met.items())
        n += 1
    return min(total, n)


def by_posts(met):
    """met: (item, post, post). The smallest of the numbers of items and of posts on either side."""
    return min(len({m[side] for m in met}) for side in range(3))


def favourite(met, interest):
    """The interest with most meetings, counted by posts; of equals the lowest number. None where nothing was met."""
    shared = {interest[item] for item, _, _ in met}
    return min(shared, key=lambda i: (-by_posts([m for m in met if interest[m[0]] == i]), i), default=None)


def meetings(known, a, b, number, window):
    """(item, post of a, post of b) of everything that counts within one window."""
    both = [(item, known[a][item], known[b][item]) for item in known[a] if item in known[b]]
    return [(o, x[1], y[1]) for o, x, y in both if abs(x[0] - y[0]) <= window and min(x[2], y[2]) >= number]


def edge_p(known, a, b, windows, share, multiplier, *, by_post, interest=None):
    """p of one pair on one graph: the least over windows of P(Poisson(c lambda) >= k), Bonferroni. multiplier: c per window
    number; interest: {item: interest} where the favourite is left out. Pairs that met once at most are not asked."""
    if max(len(meetings(known, a, b, n, window)) for n, window in enumerate(windows, start=1)) < 2:
        return 1.0
    best = 1.0
    for number, window in enumerate(windows, start=1):
        met, without = meetings(known, a, b, number, window), frozenset()
        if interest is not None and met:
            top = favourite(met, interest)
            without = frozenset(item for i in (a, b) for item in known[i] if interest[item] == top)
        rest = [m for m in met if m[0] not in without]
        k = by_posts(rest) if by_post or interest is not None else len(rest)
        due = max(expected(known[i], i, j, number, share, without=without) for i, j in ((a, b), (b, a)))
        best = min(best, poisson_upper(k, multiplier[number - 1] * due) if k else 1.0)
    return min(1.0, len(windows) * best)


def coins_upper(chances, k):
    """P(at least k of these unequal coins fall heads), by adding coin after coin."""
    mass = [1.0] + [0.0] * len(chances)
    for p in chances:
        mass = [mass[0] * (1 - p)] + [mass[i] * (1 - p) + mass[i - 1] * p for i in range(1, len(mass))]
    return sum(mass[k:])


def crowd_size(met):
    return sum(met.values()) if isinstance(met, Counter) else met or 0


def companions(known, asked, windows):
    """{(account, item): [accounts that it is asked about around this act, per window]}; an act far from all of them has none."""
    out = defaultdict(lambda: [set() for _ in windows])
    for a, b in asked:
        for item in set(known[a]) & set(known[b]):
            (time_a, _, level_a, _), (time_b, _, level_b, _) = known[a][item], known[b][item]
            fits = min(level_a, level_b)
            if not fits or abs(time_a - time_b) > windows[fits - 1]:
                continue
            for own, other in ((a, b), (b, a)):
                for number, window in enumerate(windows, start=1):
                    out[own, item][number - 1] |= {other} if abs(time_a - time_b) <= window and number <= fits else set()
    return out


def strangers(known, near):
    """{(account, item): (level, [others around the act who are no companions, per window])} of every act."""
    out = {}
    for account, acts in known.items():
        for item, (_, _, level, around) in acts.items():
            away = near.get((account, item), [()] * len(around))
            out[account, item] = level, [max(crowd_size(m) - len(them), 0) for m, them in zip(around, away, strict=True)]
    return out


def usual(around, asked_acts, interest, number):
    """{interest: share of strangers around the acts asked about who are within window `number`}, pulled by one stranger towards
    the share on all acts."""

    def sums(acts):
        fitting = [around[act] for act in acts if around[act][0] >= number]
        return sum(m[number - 1] for _, m in fitting), sum(m[level - 1] for level, m in fitting)

    near, every = sums(around)
    base = near / every if every else 1.0
    by = defaultdict(list)
    for account, item in asked_acts:
        by[interest[item]].append((account, item))
    return {i: (sums(acts)[0] + base) / (sums(acts)[1] + 1.0) for i, acts in by.items()}


def haste(known, asked, windows, interest):
    """What `timing_p` needs of one graph: strangers, and per narrower window what is usual for each interest."""
    near = companions(known, asked, windows)
    around = strangers(known, near)
    return around, [usual(around, list(near), interest, number) for number in range(1, len(windows))]


def timing_p(known, a, b, windows, *, hasty, interest):
    """Were the meetings closer than strangers' haste explains? Per narrower window, post pairs as coins; the larger direction;
    Bonferroni. hasty: as `haste` gives it; interest: {item: interest}."""
    best = 1.0
    around, shares = hasty
    for number, window in enumerate(windows[:-1], start=1):
        share, coins = shares[number - 1], {}
        for item in set(known[a]) & set(known[b]):
            (time_a, post_a, level_a, _), (time_b, post_b, level_b, _) = known[a][item], known[b][item]
            fits = min(level_a, level_b)
            if fits < number or abs(time_a - time_b) > windows[fits - 1]:
                continue
            chances = [1.0, 1.0]
            if fits > number:
                sizes = [around[own, item][1] for own in (a, b)]
                chances = [(m[number - 1] + share[interest[item]]) / (m[fits - 1] + 1.0) for m in sizes]
            hit, *known_chances = coins.get((post_a, post_b), (False, 0.0, 0.0))
            coins[post_a, post_b] = (hit or abs(time_a - time_b) <= window, *map(max, known_chances, chances))
        hits = sum(hit for hit, _, _ in coins.values())
        if hits:
            best = min(best, max(coins_upper([min(c[side], 1.0) for c in coins.values()], hits) for side in (1, 2)))
    return min(1.0, best * max(len(windows) - 1, 1))


def benjamini_hochberg(p_values, n_tests):
    """q-values by definition: the smallest n p_(k) / k over all ranks k at or above one's own."""
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    q = [1.0] * (len(p_values) + 1)
    for rank in range(len(p_values), 0, -1):
        q[rank - 1] = min(q[rank], n_tests * p_values[ranked[rank - 1]] / rank)
    return [q[place] for place in sorted(range(len(p_values)), key=ranked.__getitem__)]


def cohesion(edges):
    """edges: (bits, a, b). Per account the largest surprise at which its component holds three accounts; absent where none."""
    best = {}
    for cut in {bits for bits, _, _ in edges}:
        for component in components([(a, b) for bits, a, b in edges if bits >= cut]):
            if len(component) >= 3:
                best.update({account: max(cut, best.get(account, cut)) for account in component})
    return best


def components(pairs):
    """The connected components of a list of pairs, as sets."""
    found = []
    for a, b in pairs:
        touched = [c for c in found if a in c or b in c]
        found = [c for c in found if c not in touched] + [{a, b}.union(*touched)]
    return found


def two_core(pairs):
    """What is left of a simple graph when accounts with fewer than two neighbours leave, again and again."""
    pairs = {frozenset(pair) for pair in pairs}
    while True:
        degree = defaultdict(int)
        for pair in pairs:
            for account in pair:
                degree[account] += 1
        kept = {pair for pair in pairs if all(degree[account] >= 2 for account in pair)}
        if kept == pairs:
            return {account for pair in pairs for account in pair}
        pairs = kept


def coreness(pairs, n):
    """Core number of every vertex: the largest k for which it stays when vertices with fewer than k neighbours leave, again and
    again."""
    out = [0] * n
    for k in range(1, n):
        left = set(range(n))
        while gone := {v for v in left if sum((v in pair) and set(pair) <= left for pair in pairs) < k}:
            left -= gone
        for v in left:
            out[v] = k
    return out


def cpm_quality(pairs, label, resolution):
    """Constant Potts model: ties inside communities, less resolution times the pairs of accounts inside."""
    inside = sum(label[a] == label[b] for a, b in pairs)
    sizes = defaultdict(int)
    for community in label.values():
        sizes[community] += 1
    return inside - resolution * sum(n * (n - 1) / 2 for n in sizes.values())


def precedes(meetings, *, min_led, percent):
    """meetings: (account_a, account_b, post_a, post_b, time_a, time_b). [(account, post, is it before all it met of nine in ten
    accounts, accounts it met, accounts its account met)] of accounts with enough of them."""
    met = defaultdict(list)
    for a, b, post_a, post_b, time_a, time_b in meetings:
        met[a, post_a].append((b, time_a < time_b))
        met[b, post_b].append((a, time_b < time_a))
    around = defaultdict(set)
    for (account, _), them in met.items():
        around[account] |= {other for other, _ in them}
    rows = []
    for key, them in sorted(met.items()):
        others = {other for other, _ in them}
        beaten = {other for other, first in them if not first}
        rows.append((*key, 10 * len(others - beaten) >= 9 * len(others), len(others), len(around[key[0]])))
    led, n = Counter(row[0] for row in rows if row[2]), Counter(row[0] for row in rows)
    return [row for row in rows if led[row[0]] >= min_led and 100 * led[row[0]] >= percent * n[row[0]]]


def luck(posts, n_around):
    """posts: (is it first, others it met). The chance that one of those around is among the first tenth with so many, each as
    likely as any."""
    n_first, total = sum(first for first, _ in posts), 0.0
    for outcome in itertools.product((0, 1), repeat=len(posts)):
        if sum(outcome) >= n_first:
            chances = [(1 + n // 10) / (1 + n) for _, n in posts]
            total += math.prod(c if hit else 1 - c for hit, c in zip(outcome, chances, strict=True))
    return total * (1 + n_around)


def leading(meetings, members, sitting_s):
    """{member: (sittings led, sittings followed, others met, others it was ahead of, behind)}: a post is led by the sign of
    others met later less others met earlier, by the earliest post of each; a sitting by the sum of its posts."""
    met = defaultdict(dict)
    for a, b, post_a, post_b, time_a, time_b in meetings:
        if {a, b} <= members:
            for own, post, time, other, at in ((a, post_a, time_a, b, time_b), (b, post_b, time_b, a, time_a)):
                met[own, post, time // sitting_s].setdefault(other, []).append(time - at)
    total, rivals = defaultdict(Counter), defaultdict(lambda: defaultdict(Counter))
    for (own, _, sitting), others in met.items():
        signs = {other: (max(lags) < 0) - (max(lags) > 0) for other, lags in others.items()}
        total[own][sitting] += (sum(signs.values()) > 0) - (sum(signs.values()) < 0)
        for other, sign in signs.items():
            rivals[own][other][sitting] += sign
    out = {}
    for own, sittings in total.items():
        each = [(sum(n > 0 for n in by.values()), sum(n < 0 for n in by.values())) for by in rivals[own].values()]
        ahead, behind = (sum(4 * pair[i] >= 3 * sum(pair) > 0 for pair in each) for i in (0, 1))
        out[own] = (sum(n > 0 for n in sittings.values()), sum(n < 0 for n in sittings.values()), len(each), ahead, behind)
    return out


def sign_test(n_led, n_followed):
    """Two-sided: twice the chance that a fair coin shows the rarer side so seldom."""
    n = n_led + n_followed
    return min(1.0, 2 * math.fsum(math.comb(n, i) for i in range(min(n_led, n_followed) + 1)) / 2**n)


def leaders(counts):
    """[(leads, follows)] of (led, followed, others, ahead of, behind): among the largest k whose p-values are at most k / n of
    1 %, with three sittings in four, and more than half of the others."""
    p = [sign_test(*row[:2]) for row in counts]
    cut = max((x for i, x in enumerate(sorted(p), start=1) if x * len(p) / i <= 0.01), default=-1.0)
    return [
        tuple(x <= cut and 4 * own >= 3 * (a + b) and 2 * rivals > n for own, rivals in ((a, ahead), (b, behind)))
        for x, (a, b, n, ahead, behind) in zip(p, counts, strict=True)
    ]


def mixed(h):
    """The last steps of splitmix64."""
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    h = (h ^ h >> 27) * 0x94D049BB133111EB % 2**64
    return h ^ h >> 31


def times_drawn(item, seed, turn, n_turns):
    """How often an object is drawn: the first n up to which Poisson(1) has more than the turn's stratum, and a bit, of chance."""
    h = mixed(((item + 1) * 0x9E3779B97F4A7C15 ^ seed) % 2**64)
    bit = (mixed((h + 0x9E3779B97F4A7C15) % 2**64) >> 11) / 2**53
    stratum = (h % 2**32 + (1 + (h >> 32) % (n_turns - 1)) * turn) % n_turns
    n = 0
    while n < 12 and (stratum + bit) / n_turns >= math.fsum(math.exp(-1.0) / math.factorial(i) for i in range(n + 1)):
        n += 1
    return n


def survives(items, least, seed, turn, n_turns):
    """Whether an edge that met on these objects would still pass, each counted as often as it is drawn."""
    drawn = {item: times_drawn(item, seed, turn, n_turns) for item in items}
    return sum(drawn[item] for item in items) >= least and sum(n > 0 for n in drawn.values()) >= 2


def least(n_shared, mean, p_value):
    """The fewest coincidences whose chance is at most p_value; n_shared where only it or more would do."""
    return next((k for k in range(1, n_shared) if poisson_upper(k, mean) <= p_value), n_shared)


def stability(group, pairs, replicates):
    """Of the pairs inside the group, over all replicates, the share whose ends are in one component of the 2-core."""
    inside = [pair for pair in pairs if set(pair) <= group]
    held = 0
    for kept in replicates:
        core = two_core(kept)
        found = components([pair for pair in kept if set(pair) <= core])
        held += sum(any(set(pair) <= set(component) for component in found) for pair in inside)
    return held / (len(inside) * len(replicates))


SPACELESS = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI")


def tokens(text):
    """The tokens of a text, at most 256, and whether most of them are pictures or signs of scripts without spaces."""
    found, word = [], ""
    for sign in text + "\n":
        category = unicodedata.category(sign)
        single = unicodedata.name(sign, "").startswith(SPACELESS) and category[0] in "LMN"
        if not single and (category in ("Mn", "Me", "Sk") or sign in "'’ʼـ"):
            continue
        if not single and (sign.isalnum() or sign == "_" or category == "Mc"):
            word += sign
            continue
        found += [("word", word)] if word else []
        found += [("single" if single else "picture", sign)] if single or category == "So" else []
        word = ""
    found = found[:256]
    by_sign = 2 * sum(kind == "word" for kind, _ in found) < len(found)
    return [token for kind, token in found if by_sign or kind != "picture"], by_sign


def grams(text):
    """The grams of a text: two words at most three places apart, or three and four neighbours in a text of single code points."""
    found, by_sign = tokens(text)
    if by_sign:
        return {tuple(found[i : i + n]) for n in (3, 4) for i in range(len(found) - n + 1)}
    return {(found[i], found[j]) for i in range(len(found)) for j in range(i + 1, min(i + 4, len(found)))}


def similar(posts, window):
    """posts: (account, time, post, text). {(post, post): Jaccard} of those that share three rare grams new to both accounts."""
    users, seen, new = defaultdict(set), defaultdict(set), {}
    for account, _, _, text in posts:
        for gram in grams(text):
            users[gram].add(account)
    for account, _, post, text in sorted(posts, key=lambda p: (p[1], p[2])):
        new[post] = {gram for gram in grams(text) - seen[account] if 2 <= len(users[gram]) <= 100}
        seen[account] |= grams(text)
    out = {}
    for a, time_a, post_a, text_a in posts:
        for b, time_b, post_b, text_b in posts:
            if a != b and post_a < post_b and abs(time_a - time_b) <= window and len(new[post_a] & new[post_b]) >= 3:
                out[post_a, post_b] = len(grams(text_a) & grams(text_b)) / len(grams(text_a) | grams(text_b))
    return out


def matched(posts, matches, windows):
    """posts: {post: (account, time)}, matches: pairs of posts. {post: {other post: gap}} within the widest window."""
    met = defaultdict(dict)
    for p, q in matches:
        gap = abs(posts[p][1] - posts[q][1])
        if gap <= max(w for w in windows if w is not None):
            met[p][q] = met[q][p] = gap
    return met


def match_crowds(posts, matches, windows):
    """{post: [other accounts with a match, per window]}"""
    met = matched(posts, matches, windows)
    return {
        p: [None if w is None else len({posts[q][0] for q, gap in others.items() if gap <= w}) for w in windows]
        for p, others in met.items()
    }


def match_pairs(posts, matches, windows, max_crowd):
    """{(a, b): [per window, the smaller of: posts of a matched by one of b, and the reverse]}; a post in a large crowd is out."""
    met, around = matched(posts, matches, windows), match_crowds(posts, matches, windows)
    level = {p: max([i for i, m in enumerate(ms, 1) if m is not None and m <= max_crowd] + [0]) for p, ms in around.items()}
    sides = defaultdict(lambda: [set() for _ in windows])
    for p, others in met.items():
        for q, gap in others.items():
            for i, w in enumerate(windows, start=1):
                if w is not None and gap <= w and min(level[p], level[q]) >= i:
                    sides[posts[p][0], posts[q][0]][i - 1].add(p)
    return {
        (a, b): [None if w is None else min(len(x), len(y)) for w, x, y in zip(windows, sides[a, b], sides[b, a], strict=True)]
        for a, b in list(sides)
        if a < b
    }


def match_acts(posts, matches, windows, max_crowd):
    """{account: {number of the match: (time, post, level, [crowd per window])}}: what the null needs, match by match."""
    known, around = defaultdict(dict), match_crowds(posts, matches, windows)
    for number, pair in enumerate(matches):
        for post in pair:
            account, time = posts[post]
            fitting = [i for i, m in enumerate(around[post], start=1) if m is not None and m <= max_crowd]
            known[account][number] = (time, post, max(fitting, default=0), around[post])
    return known


def match_edge_p(known, a, b, windows, share, multiplier):
    """edge_p where posts match: counted by posts, and the crowd around a post is met once, whatever the number of its matches."""
    once = {account: {act[1]: act for act in known[account].values()} for account in (a, b)}
    both = [(known[a][match], known[b][match]) for match in known[a] if match in known[b]]
    best, most = 1.0, 0
    for number, window in enumerate(windows, start=1):
        met = [(x[1], y[1]) for x, y in both if abs(x[0] - y[0]) <= window and min(x[2], y[2]) >= number]
        k = min(len({m[side] for m in met}) for side in (0, 1))
        due = max(expected(once[i], i, j, number, share) for i, j in ((a, b), (b, a)))
        best, most = min(best, poisson_upper(k, multiplier[number - 1] * due) if k else 1.0), max(most, k)
    return min(1.0, len(windows) * best) if most > 1 else 1.0


def best_overlap(known, groups, least=0.3):
    """The largest sum of Jaccards over all one-to-one matchings of known sets to groups, pairs under `least` left out."""
    if not groups:
        return 0.0
    first, *rest = groups
    best = best_overlap(known, rest, least)
    for i, members in enumerate(known):
        jaccard = len(members & first) / len(members | first)
        if jaccard >= least:
            best = max(best, jaccard + best_overlap(known[:i] + known[i + 1 :], rest, least))
    return best


def lineage_events(seen, n_slices):
    """seen: {(slice, lineage): members}. {(slice, lineage): (event, other)}, told again from who was where."""

    def most(members, when):
        """The lineage whose group in that slice holds more than half of the members."""
        homes = [i for (s, i), group in seen.items() if s == when and 2 * len(members & group) > len(members)]
        return homes[0] if homes else None

    told = {}
    for (s, i), members in seen.items():
        if (s - 1, i) in seen:
            told[s, i] = ("continuation", None)
        elif (other := most(members, s - 1)) is not None:
            told[s, i] = ("split", other)
        else:
            told[s, i] = ("return" if any(j == i and t < s for t, j in seen) else "birth", None)
        if (s + 1, i) in seen or s + 1 == n_slices:
            continue
        if (other := most(members, s + 1)) is not None:
            told[s + 1, i] = ("merge", other)
        else:
            told[s + 1, i] = ("dormancy" if any(j == i and t > s for t, j in seen) else "end", None)
    return told


def accounts_alike(n_acts, min_shared, *, cosine):
    """n_acts: {(account, object): acts}. {(a, b): (objects shared, tf-idf cosine or Jaccard)} of accounts that share enough."""
    rows = defaultdict(dict)
    for (account, item), n in n_acts.items():
        rows[account][item] = n
    n_accounts = Counter(item for row in rows.values() for item in row)
    value = {a: {o: n * (math.log((1 + len(rows)) / (1 + n_accounts[o])) + 1) for o, n in row.items()} for a, row in rows.items()}
    length = {a: math.sqrt(math.fsum(v * v for v in row.values())) for a, row in value.items()}
    found = {}
    for a, b in itertools.combinations(sorted(rows), 2):
        shared = set(rows[a]) & set(rows[b])
        if len(shared) >= min_shared:
            dot = math.fsum(value[a][o] * value[b][o] for o in shared) / length[a] / length[b]
            found[a, b] = (len(shared), dot if cosine else len(shared) / len(set(rows[a]) | set(rows[b])))
    return found


def vectors_match(posts, window, least, n_own, n_compared, n_kept):
    """posts: (account, time, vector) by time. ([(earlier, later)], [posts with too many to compare, too many matches])."""

    def cosine(a, b):
        lengths = math.sqrt(math.fsum(x * x for x in a)) * math.sqrt(math.fsum(x * x for x in b))
        return math.fsum(x * y for x, y in zip(a, b, strict=True)) / lengths

    new, found, cut = set(), [], [0, 0]
    for n, (account, time, vector) in enumerate(posts):
        own = [k for k in range(n) if posts[k][0] == account][-n_own:]
        if any(cosine(vector, posts[k][2]) >= least for k in own):
            continue
        others = [k for k in reversed(range(n)) if posts[k][0] != account and k in new and time - posts[k][1] <= window]
        near = [k for k in others[:n_compared] if cosine(vector, posts[k][2]) >= least]
        found += [(k, n) for k in near[:n_kept]]
        cut[1] += len(near) > n_kept
        cut[0] += len(others) > n_compared and len(near) <= n_kept
        new.add(n)
    return found, cut


# Lists


def terms_in(terms, words):
    """The numbers of the terms whose words stand side by side in `words`, or written together as one of them."""
    found = []
    for number, term in enumerate(terms):
        wanted = term.split(" ")
        beside = any(words[i : i + len(wanted)] == wanted for i in range(len(words)))
        joined = "".join(wanted)
        runs, run = [], ""
        for word in [*words, ""]:
            run, runs = (run + word, runs) if len(word) == 1 else ("", [*runs, run])
        apart = len(joined) >= 3 and any(joined in run for run in runs if len(run) >= 3)
        solid = len(wanted) > 1 and len(joined) >= 5 and joined in words
        if beside or solid or (apart and (len(wanted) == 1 or len(joined) >= 5)):
            found.append(number)
    return found


def edits(one, other):
    """Letters to exchange, add, leave out or swap with a neighbour: optimal string alignment, all of the table."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            ways = [table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                ways.append(table[i - 2][j - 2] + 1)
            table[i][j] = min(ways)
    return table[-1][-1]


def krippendorff(units):
    """Krippendorff's alpha for names, from the coincidence matrix, in fractions; None where nothing varies."""
    matrix = Counter()
    for unit in units:
        for i, a in enumerate(unit):
            for j, b in enumerate(unit):
                if i != j:
                    matrix[a, b] += Fraction(1, len(unit) - 1)
    totals = Counter()
    for (a, _), value in matrix.items():
        totals[a] += value
    n = sum(totals.values())
    expected = sum(totals[a] * totals[b] for a in totals for b in totals if a != b)
    if not expected:
        return None
    observed = sum(value for (a, b), value in matrix.items() if a != b)
    return 1 - (n - 1) * observed / expected


def holds_words(seen, words):
    """Whether the words follow one another in a normalised text, whatever stands between two of them; * is any ending."""

    def in_word(char):
        return char.isalnum() or char in "_\u200c\u00b7" or unicodedata.category(char) in ("Mn", "Mc")

    found = ["".join(letters) for held, letters in itertools.groupby(seen, key=in_word) if held]
    return any(
        all(have.startswith(want) if star else have == want for have, (want, star) in zip(found[i:], words, strict=False))
        for i in range(len(found) - len(words) + 1)
    )
