"""The words that mark a cluster's posts against everybody else's."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from cib.runs import Run
from cib.text import UNSPACED, WORD

MOST, MOST_REST = 2_000, 20_000  # texts that are read per cluster, and of all others together
MIN_POSTS, MIN_ACCOUNTS, MIN_LETTERS = 3, 2, 3
MIN_RATIO = 3.0  # to everybody else's share of posts; one post is added to all counts
TOP = 10
TOKEN = re.compile(rf"(?<![#\w]){WORD}+")  # hashtags are told apart


def marking(run: Run, clusters: Sequence[np.ndarray]) -> list[list[str]]:
    """Return per cluster, given as account numbers, at most ten words, the most telling first.

    share(word) = posts of the cluster with it / its posts; score = share * ln(1 + A / sum of the shares over all clusters and the
    others), A the mean sum of shares. Of words of two accounts and three posts or more, at least three times as frequent as
    among the others. Chinese, Japanese, Korean and Thai are read by pairs of characters.

    Cost: the words of 2,000 texts per cluster and 20,000 others. Source: Grootendorst 2022, class-based tf-idf.
    """
    account = np.concatenate([*clusters, np.empty(0, np.int64)])
    number = np.repeat(np.arange(len(clusters)), [len(members) for members in clusters])
    run.put("home", pa.table({"account_ix": pa.array(account, pa.int32()), "cluster_ix": pa.array(number, pa.int32())}))
    rows = run.read("cluster_text", {"most": MOST, "most_rest": MOST_REST})
    return telling(
        zip(*(rows[name].to_pylist() for name in ("cluster_ix", "account_ix", "text_key")), strict=True), len(clusters)
    )


def telling(texts: Iterable[tuple[int, int, str]], n_clusters: int) -> list[list[str]]:
    """Return the same from (cluster number or -1, account number, text) rows."""
    posts: list[Counter[str]] = [Counter() for _ in range(n_clusters + 1)]
    users: list[Counter[str]] = [Counter() for _ in range(n_clusters + 1)]
    n_posts, met = [0] * (n_clusters + 1), set[tuple[int, int, str]]()
    for cluster, account, text in texts:
        n_posts[cluster] += 1
        for word in words(text):
            posts[cluster][word] += 1
            if (cluster, account, word) not in met:
                met.add((cluster, account, word))
                users[cluster][word] += 1
    shares = [{word: n / total for word, n in own.items()} for own, total in zip(posts, n_posts, strict=True)]
    whole: dict[str, float] = {}
    for own in shares:
        for word, share in own.items():
            whole[word] = whole.get(word, 0.0) + share
    mean = math.fsum(whole.values()) / (n_clusters + 1)
    told = []
    for c in range(n_clusters):
        scale = (n_posts[-1] + 1) / (n_posts[c] + 1)
        marks = [w for w, n in posts[c].items() if n >= MIN_POSTS and (n + 1) * scale >= MIN_RATIO * (posts[-1][w] + 1)]
        score = {w: shares[c][w] * math.log(1 + mean / whole[w]) for w in marks if users[c][w] >= MIN_ACCOUNTS}
        told.append(sorted(score, key=lambda word: (-score[word], word))[:TOP])
    return told


def words(text: str) -> set[str]:
    """Return the words of a normalised text: of three letters or more, no numbers; of unspaced scripts the pairs of characters.

    >>> sorted(words("count again, count 2024 #again 投票日"))
    ['again', 'count', '投票', '票日']
    """
    found: set[str] = set()
    for token in TOKEN.findall(text):
        if UNSPACED.search(token):
            found.update(token[i : i + 2] for i in range(len(token) - 1))
        elif len(token) >= MIN_LETTERS and not token.isdigit():
            found.add(token)
    return found
