-- circle_pair: what two accounts share beyond the interest that weighs most, the rarer the more. An act that n others stood around
--   weighs 1 / n; a post counts once, whatever number of objects and posts it met on; posts that met on that interest do not count; all
--   hashtags are one interest, and similar words under them count none the less.
-- grain:  one row per (account_a_ix, account_b_ix) with two posts or more of either side beyond it
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, object_ix, interest_ix, post_a_ix, post_b_ix)
--         act(graph, account_ix, item_ix, m_w1 … m_w6)
--         object_code(object_ix, verb)
-- params: whole  the weight of an act that one other stood around

WITH crowd AS (
  SELECT
    graph,
    account_ix,
    item_ix,
    GREATEST(
      COALESCE(m_w1, 1), COALESCE(m_w2, 1), COALESCE(m_w3, 1), COALESCE(m_w4, 1), COALESCE(m_w5, 1), COALESCE(m_w6, 1)
    ) AS n_others
  FROM act
),

met AS (
  SELECT
    coincidence.account_a_ix,
    coincidence.account_b_ix,
    coincidence.post_a_ix,
    coincidence.post_b_ix,
    object_code.verb = 'text' AS is_text,
    CASE WHEN object_code.verb = 'hashtag' THEN -1 ELSE coincidence.interest_ix END AS interest_ix,
    2 * $whole // (a.n_others + b.n_others) AS weight
  FROM coincidence
  JOIN object_code
    ON object_code.object_ix = coincidence.object_ix
  JOIN crowd AS a
    ON a.graph = coincidence.graph
    AND a.item_ix = coincidence.item_ix
    AND a.account_ix = coincidence.account_a_ix
  JOIN crowd AS b
    ON b.graph = coincidence.graph
    AND b.item_ix = coincidence.item_ix
    AND b.account_ix = coincidence.account_b_ix
),

taste AS (
  SELECT
    account_a_ix,
    account_b_ix,
    interest_ix,
    ROW_NUMBER() OVER (PARTITION BY account_a_ix, account_b_ix ORDER BY SUM(weight) DESC, interest_ix) AS n_th
  FROM met
  GROUP BY account_a_ix, account_b_ix, interest_ix
),

judged AS (
  SELECT
    met.account_a_ix,
    met.account_b_ix,
    met.post_a_ix,
    met.post_b_ix,
    met.weight,
    met.is_text,
    taste.n_th = 1 AS is_favourite,
    taste.n_th = 1 AND met.interest_ix >= 0 AS is_site
  FROM met
  JOIN taste
    ON taste.account_a_ix = met.account_a_ix
    AND taste.account_b_ix = met.account_b_ix
    AND taste.interest_ix = met.interest_ix
),

kept AS (
  SELECT
    account_a_ix,
    account_b_ix,
    post_a_ix,
    post_b_ix,
    weight,
    is_favourite
    OR BOOL_OR(is_site) OVER (PARTITION BY account_a_ix, account_b_ix, post_a_ix)
    OR BOOL_OR(is_site) OVER (PARTITION BY account_a_ix, account_b_ix, post_b_ix)
    OR (NOT is_text AND (
      BOOL_OR(is_favourite) OVER (PARTITION BY account_a_ix, account_b_ix, post_a_ix)
      OR BOOL_OR(is_favourite) OVER (PARTITION BY account_a_ix, account_b_ix, post_b_ix)
    )) AS is_spent
  FROM judged
),

post AS (
  SELECT account_a_ix, account_b_ix, TRUE AS is_a, post_a_ix AS post_ix, MAX(weight) AS weight
  FROM kept
  WHERE NOT is_spent
  GROUP BY account_a_ix, account_b_ix, post_a_ix
  UNION ALL
  SELECT account_a_ix, account_b_ix, FALSE AS is_a, post_b_ix AS post_ix, MAX(weight) AS weight
  FROM kept
  WHERE NOT is_spent
  GROUP BY account_a_ix, account_b_ix, post_b_ix
),

side AS (
  SELECT
    account_a_ix,
    account_b_ix,
    is_a,
    COUNT(*) AS n_posts,
    SUM(weight) AS weight
  FROM post
  GROUP BY account_a_ix, account_b_ix, is_a
)

SELECT
  account_a_ix,
  account_b_ix,
  CAST(MIN(n_posts) AS BIGINT) AS n_posts,
  CAST(MIN(weight) AS BIGINT) AS weight
FROM side
GROUP BY account_a_ix, account_b_ix
HAVING MIN(n_posts) >= 2
ORDER BY account_a_ix, account_b_ix
