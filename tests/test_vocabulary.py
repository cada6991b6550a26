"""Which words mark a cluster's posts: its own, not everybody's, not one person's."""

import math
from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import cib
from cib.clusters import vocabulary


def test_the_words_of_the_group_come_first_and_everybodys_not_at_all():
    ours = [(0, account, "they stole the count again") for account in range(4)]
    others = [(-1, account, f"the weather is nice again number{account}") for account in range(40)]
    assert vocabulary.telling([*ours, *others], 1) == [["count", "stole", "they"]]


def test_one_persons_word_and_a_word_said_twice_mark_nothing():
    alone = [(0, 1, "marmalade forever") for _ in range(9)]
    twice = [(0, account, "lanterns") for account in (2, 3)]
    assert vocabulary.telling([*alone, *twice, (-1, 9, "nothing")], 1) == [[]]


def test_unspaced_scripts_are_read_by_pairs():
    rows = [(0, account, "选举舞弊") for account in range(3)]
    others = [(-1, account, "天气很好") for account in range(9)]
    assert vocabulary.telling([*rows, *others], 1) == [["举舞", "舞弊", "选举"]]


def test_without_texts_there_are_no_words():
    assert vocabulary.telling([], 2) == [[], []]


def naive(rows, n_clusters):
    groups = [*range(n_clusters), -1]
    posts = {g: [(a, vocabulary.words(text)) for c, a, text in rows if c == g] for g in groups}
    share = defaultdict(dict)
    for g in groups:
        for word, n in Counter(w for _, found in posts[g] for w in found).items():
            share[g][word] = n / len(posts[g])
    mean = sum(sum(own.values()) for own in share.values()) / (n_clusters + 1)
    told = []
    for c in range(n_clusters):
        score = {}
        for word, s in share[c].items():
            n = sum(word in found for _, found in posts[c])
            rest = sum(word in found for _, found in posts[-1])
            ratio = ((n + 1) / (len(posts[c]) + 1)) / ((rest + 1) / (len(posts[-1]) + 1))
            if n >= 3 and len({a for a, found in posts[c] if word in found}) >= 2 and ratio >= 3 * (1 - 1e-12):
                score[word] = s * math.log(1 + mean / sum(share[g].get(word, 0) for g in groups))
        told.append(score)
    return told


@given(
    rows=st.lists(
        st.tuples(st.integers(-1, 1), st.integers(0, 3), st.sampled_from(["aaa bbb", "bbb ccc", "aaa", "ddd eee fff", "fff"])),
        max_size=40,
    )
)
def test_words_by_the_slow_way(rows):
    for told, score in zip(vocabulary.telling(rows, 2), naive(rows, 2), strict=True):
        assert set(told) == set(score)
        values = [score[word] for word in told]
        assert all(a >= b - 1e-9 for a, b in pairwise(values))


def test_a_run_tells_the_words_of_its_clusters(case):
    clusters = cib.open(case).table("cluster", ["cluster_id", "words"]).to_pylist()
    assert any(cluster["words"] for cluster in clusters)
    assert all(len(cluster["words"]) <= vocabulary.TOP for cluster in clusters)
