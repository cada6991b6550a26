"""The two usual rules, each at the best setting that truth can choose for it: what a result is worth beside them.

window and count   accounts that act on the same objects within a window; an account's score is its highest number of such
                   objects with any other account (coordination-network-toolkit, CooRTweet)
fused cosine       tf-idf cosine of what accounts act on, per trace (retweets, links, hashtags, texts, replies), fused by the
                   largest; an account's score is its eigenvector centrality (Luceri et al. 2024), or its strongest edge
                   (Pacheco et al. 2021). Texts are compared by their normalised words, not by a language model

They read `post` and nothing of a run. A score of 0 means: never found. Objects of more than 500 accounts are left out, and
counted.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy import sparse

TRACES = ("retweet", "link", "hashtags", "text", "reply")
WINDOWS_S = (10, 60, 600, 3600)
MAX_ACCOUNTS = 500  # per object: an object of n accounts costs n squared
LEAST = (1, 3, 5, 10)  # objects that an account needs in a trace
SIMILAR = (0.1, 0.3, 0.5, 0.7, 0.9)
CHUNK = 1_000  # accounts compared with all others at once
ROUNDS = 200  # of the power iteration

ACTS = """
WITH act AS (
  SELECT platform, account_id, created_at, 'retweet' AS trace, retweet_of AS object FROM post
  UNION ALL
  SELECT platform, account_id, created_at, 'link', UNNEST(url_keys) FROM post WHERE retweet_of IS NULL
  UNION ALL
  SELECT platform, account_id, created_at, 'hashtags', ARRAY_TO_STRING(hashtags, ' ') FROM post
  WHERE retweet_of IS NULL AND LEN(hashtags) > 0
  UNION ALL
  SELECT platform, account_id, created_at, 'text', text_key FROM post WHERE retweet_of IS NULL
  UNION ALL
  SELECT platform, account_id, created_at, 'reply', reply_to FROM post WHERE retweet_of IS NULL
),

whole AS (
  SELECT
    platform,
    account_id,
    trace,
    object,
    COUNT(*) AS n_acts,
    MIN(EPOCH(created_at)) AS acted_at,
    COUNT(*) OVER (PARTITION BY platform, trace, object) AS n_accounts
  FROM act
  WHERE object IS NOT NULL
  GROUP BY platform, account_id, trace, object
)

SELECT
  account.account_ix,
  whole.trace,
  DENSE_RANK() OVER (ORDER BY whole.platform, whole.trace, whole.object) - 1 AS object_ix,
  whole.n_acts,
  CAST(whole.acted_at AS BIGINT) AS acted_at,
  whole.n_accounts
FROM whole
JOIN account USING (platform, account_id)
WHERE whole.n_accounts >= 2
ORDER BY object_ix, account_ix
"""

STRONGEST = """
WITH probe AS (
  SELECT account_ix, object_ix, acted_at, acted_at // $window_s AS bucket FROM act
  UNION ALL
  SELECT account_ix, object_ix, acted_at, acted_at // $window_s - 1 FROM act
),

pair AS (
  SELECT
    LEAST(a.account_ix, b.account_ix) AS account_a_ix,
    GREATEST(a.account_ix, b.account_ix) AS account_b_ix,
    COUNT(DISTINCT a.object_ix) AS n_shared
  FROM act AS a
  JOIN probe AS b
    ON b.object_ix = a.object_ix
    AND b.bucket = a.acted_at // $window_s
  WHERE b.account_ix <> a.account_ix
    AND b.acted_at - a.acted_at BETWEEN 0 AND $window_s
  GROUP BY ALL
),

ends AS (
  SELECT account_a_ix AS account_ix, n_shared FROM pair
  UNION ALL
  SELECT account_b_ix, n_shared FROM pair
)

SELECT account_ix, MAX(n_shared) AS n_shared FROM ends GROUP BY account_ix ORDER BY account_ix
"""


@dataclass(frozen=True)
class Acts:
    """One row per account and object of at least two accounts. columns: int64[n] arrays, and the trace's number."""

    n_accounts: int
    columns: dict[str, np.ndarray]
    left_out: int

    def of(self, trace: str) -> "Acts":
        chosen = self.columns["trace"] == TRACES.index(trace)
        return Acts(self.n_accounts, {name: values[chosen] for name, values in self.columns.items()}, 0)


def acts(connection: duckdb.DuckDBPyConnection, accounts: pa.Table) -> Acts:
    """Return who acted on which object of two accounts or more, from the view `post`.

    accounts  platform, account_id and account_ix, from 0
    """
    connection.register("account", accounts)
    rows = connection.sql(ACTS).to_arrow_table()
    columns = {name: rows[name].to_numpy() for name in ("account_ix", "object_ix", "n_acts", "acted_at", "n_accounts")}
    columns["trace"] = np.array([TRACES.index(trace) for trace in rows["trace"].to_pylist()], np.int64)
    fits = columns["n_accounts"] <= MAX_ACCOUNTS
    left_out = len(np.unique(columns["object_ix"][~fits]))
    return Acts(accounts.num_rows, {name: values[fits] for name, values in columns.items()}, left_out)


def window_and_count(found: Acts, connection: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    """Return, per window, float64[n_accounts]: the most objects shared with any one account within it."""
    connection.register("act", pa.table({name: found.columns[name] for name in ("account_ix", "object_ix", "acted_at")}))
    scores = {}
    for window_s in WINDOWS_S:
        rows = connection.sql(STRONGEST, params={"window_s": window_s}).to_arrow_table()
        score = np.zeros(found.n_accounts)
        score[rows["account_ix"].to_numpy()] = rows["n_shared"].to_numpy()
        scores[f"{window_s} s"] = score
    return scores


def fused_cosine(found: Acts) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return, per setting, float64[n_accounts]: eigenvector centrality, and the strongest edge, of the fused network."""
    central, strongest = {}, {}
    for least in LEAST:
        fused = sparse.csr_matrix((found.n_accounts, found.n_accounts))
        for trace in TRACES:
            fused = fused.maximum(cosine(found.of(trace), least))
        strongest[f"{least} objects"] = fused.max(axis=1).toarray().ravel()
        for similar in SIMILAR:
            kept = fused.multiply(fused >= similar).tocsr()
            central[f"{least} objects, {similar:g}"] = centrality(kept)
    return central, strongest


def cosine(found: Acts, least: int) -> sparse.csr_matrix:
    """Return the symmetric tf-idf cosines of at least 0.1 of accounts with `least` objects or more; nothing on the diagonal."""
    columns, n = found.columns, found.n_accounts
    enough = np.bincount(columns["account_ix"], minlength=n)[columns["account_ix"]] >= least
    account, object_ix = columns["account_ix"][enough], np.unique(columns["object_ix"][enough], return_inverse=True)[1]
    if not account.size:
        return sparse.csr_matrix((n, n))
    weight = columns["n_acts"][enough] * np.log(n / columns["n_accounts"][enough])
    table = sparse.csr_matrix((weight, (account, object_ix)), shape=(n, int(object_ix.max()) + 1))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = (sparse.diags(1.0 / np.where(length > 0, length, 1.0)) @ table).tocsr()
    parts = [_similar(table, start) for start in range(0, n, CHUNK)]
    return sparse.vstack(parts, format="csr")


def _similar(table: sparse.csr_matrix, start: int) -> sparse.csr_matrix:
    part = (table[start : start + CHUNK] @ table.T).tocoo()
    keep = (part.data >= SIMILAR[0] - 1e-12) & (part.row + start != part.col)
    return sparse.csr_matrix((np.minimum(part.data[keep], 1.0), (part.row[keep], part.col[keep])), shape=part.shape)


def centrality(network: sparse.csr_matrix) -> np.ndarray:
    """Return the leading eigenvector of a symmetric network, largest entry 1; 0 for accounts without an edge.

    Power iteration from one on everybody, with the identity added so that it does not swing.
    """
    vector = (np.diff(network.indptr) > 0).astype(float)
    for _ in range(ROUNDS):
        vector = network @ vector + vector
        vector /= max(vector.max(), 1e-300)
    return np.where(vector > 1e-12, vector, 0.0)


def best_f1(score: np.ndarray, core: np.ndarray) -> tuple[float, float]:
    """Return the largest F1 that any threshold on the score gives, and the threshold: everybody at or above it is found.

    >>> best_f1(np.array([3.0, 2.0, 1.0, 0.0]), np.array([True, True, False, True]))
    (0.8, 2.0)
    """
    value, right, found = _ladder(score, core)
    if not value.size:
        return 0.0, np.inf
    f1 = 2.0 * right / (found + np.count_nonzero(core))
    best = int(f1.argmax())
    return float(f1[best]), float(value[best])


def recall_at(score: np.ndarray, core: np.ndarray, *, innocent: np.ndarray, rate: float = 1e-3) -> float:
    """Return the share of the core found when at most `rate` of the innocent are: whoever shares a score is found together."""
    judged = core | innocent
    _, right, found = _ladder(score[judged], core[judged])
    allowed = right[(found - right) <= rate * np.count_nonzero(innocent)]
    return float(allowed.max(initial=0)) / max(np.count_nonzero(core), 1)


def _ladder(score: np.ndarray, core: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every score above 0, highest first, and how many of the core, and of all, are at it or above."""
    order = np.argsort(-score, kind="stable")
    order = order[score[order] > 0]
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))[: order.size]
    return score[order][last], np.cumsum(core[order])[last], last + 1
