"""Do clusters agree with what people said about the accounts? Beside chance, and beside Leiden on plain co-retweet counts.

CIB_SHARED=../shared python scripts/real.py ira        # prints it for the accounts that Twitter attributed

Two numbers per partition, over accounts that are in one of its groups of three or more: adjusted mutual information with the
human-coded category (1: the same partition, 0: chance; larger is not better where categories are coarser than operations), and
weighted precision, the share of accounts that have their group's commonest category. Both are given for all accounts that a
partition groups and for those which both group: grouping fewer accounts makes agreement easier.
"""

import csv
import random
from collections import Counter
from pathlib import Path

import duckdb
import igraph
import numpy as np
from scipy.special import gammaln, xlogy

from cib.case import Case

SMALLEST, SHUFFLES = 3, 200

PAIRS = """
WITH act AS (
  SELECT DISTINCT account_id, retweet_of FROM post WHERE retweet_of IS NOT NULL
)

SELECT a.account_id AS account_a, b.account_id AS account_b, COUNT(*) AS n_shared
FROM act AS a
JOIN act AS b
  ON b.retweet_of = a.retweet_of
  AND a.account_id < b.account_id
GROUP BY a.account_id, b.account_id
ORDER BY account_a, account_b
"""


def show(case: Path, members: list[dict], authors: Path) -> None:
    """Print how clusters, and Leiden on co-retweet counts, agree with `account_category`; and the largest clusters' make-up."""
    with authors.open(encoding="utf-8") as file:
        category = {row["author_id"]: row["account_category"] for row in csv.DictReader(file)}
    ours = {member["account_id"]: member["cluster_id"] for member in members if member["account_id"] in category}
    for name in sorted(set(ours.values()))[:10]:
        print(f"    {name}: {dict(Counter(category[account] for account in ours if ours[account] == name).most_common())}")
    plain = co_retweets(case)
    plain = {account: group for account, group in plain.items() if account in category}
    print(f"    {'partition':<36} accounts groups   AMI  precision  by chance (largest of {SHUFFLES})")
    both = ours.keys() & plain.keys()
    for name, groups in (("clusters", ours), ("Leiden on co-retweet counts", plain)):
        line(name, groups, category)
        line(f"{name}, of both", {account: group for account, group in groups.items() if account in both}, category)


def line(name: str, groups: dict[str, str], category: dict[str, str]) -> None:
    accounts = sorted(groups)
    left, right = (np.unique([table[account] for account in accounts], return_inverse=True)[1] for table in (groups, category))
    if not accounts:
        print(f"    {name:<36}        0")
        return
    rng = np.random.default_rng(0)
    chance = [precision(left, rng.permutation(right)) for _ in range(SHUFFLES)]
    print(f"    {name:<36} {len(accounts):>8} {left.max() + 1:>6} {adjusted_mutual_information(left, right):.3f} "
          f"{precision(left, right):>9.3f}  {np.mean(chance):.3f} ({max(chance):.3f})")  # fmt: skip


def co_retweets(case: Path) -> dict[str, str]:
    """Return the Leiden community (modularity, seed 0) of accounts that share a retweeted post; communities of three or more."""
    connection = duckdb.connect(config={"threads": 1})
    connection.read_parquet([str(path) for path in Case.open(case).parts("post")]).create_view("post")
    pairs = connection.sql(PAIRS).fetchall()
    names = sorted({name for a, b, _ in pairs for name in (a, b)})
    number = {name: at for at, name in enumerate(names)}
    network = igraph.Graph(n=len(names), edges=[(number[a], number[b]) for a, b, _ in pairs])
    igraph.set_random_number_generator(random.Random(0))
    weights = [n_shared for _, _, n_shared in pairs]
    found = network.community_leiden(objective_function="modularity", weights=weights, n_iterations=-1).membership
    size = Counter(found)
    return {name: str(group) for name, group in zip(names, found, strict=True) if size[group] >= SMALLEST}


def precision(groups: np.ndarray, label: np.ndarray) -> float:
    """Return the share of accounts that have the commonest label of their group.

    >>> precision(np.array([0, 0, 0, 1]), np.array([5, 5, 6, 6]))
    0.75
    """
    return float(table(groups, label).max(axis=1).sum()) / len(groups)


def table(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    counts = np.zeros((int(a.max()) + 1, int(b.max()) + 1), np.int64)
    np.add.at(counts, (a, b), 1)
    return counts


def adjusted_mutual_information(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mutual information of two partitions above what shuffling gives, over the most there could be.

    a, b  int[n] group numbers from 0. The mean of the two entropies is the most; 0 where both have one group.
    Source: Vinh, Epps & Bailey 2010.
    """
    counts = table(a, b)
    n, rows, columns = len(a), counts.sum(axis=1), counts.sum(axis=0)
    found = xlogy(counts, counts).sum() - xlogy(rows, rows).sum() - xlogy(columns, columns).sum() + xlogy(n, n)
    entropies = [xlogy(n, n) - xlogy(sums, sums).sum() for sums in (rows, columns)]
    due = expected_mutual_information(rows, columns)
    most = float(np.mean(entropies)) / n
    return float((found / n - due) / (most - due)) if most - due > 1e-12 else 0.0


def expected_mutual_information(rows: np.ndarray, columns: np.ndarray) -> float:
    """Return the mean mutual information, in nats, of two partitions with these group sizes when one is shuffled."""
    n, total = int(rows.sum()), 0.0
    for size_a in rows[rows > 0].tolist():
        for size_b in columns[columns > 0].tolist():
            k = np.arange(max(1, size_a + size_b - n), min(size_a, size_b) + 1)
            ln_p = (
                gammaln(size_a + 1) + gammaln(size_b + 1) + gammaln(n - size_a + 1) + gammaln(n - size_b + 1) - gammaln(n + 1)
                - gammaln(k + 1) - gammaln(size_a - k + 1) - gammaln(size_b - k + 1) - gammaln(n - size_a - size_b + k + 1)
            )  # fmt: skip
            total += float((k / n * np.log(n * k / (size_a * size_b)) * np.exp(ln_p)).sum())
    return total
