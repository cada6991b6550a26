-- edge: every pair tested, also those that chance explains: expected, p, q. Pairs of graphs that are never tested have a weight instead.
-- grain:  one row per (graph, platform_a, account_a, platform_b, account_b)
-- reads:  score(graph, account_a_ix, account_b_ix, n_w1 … n_w6, window_s, n_shared, expected, n_favourite, favourite_ix, timing_p, ln_p,
--           p_value, q_value)
--         object_code(object_ix, interest)
--         alike(graph, account_a_ix, account_b_ix, window_s, n_shared, weight)
--         pair(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
--         account_code(account_ix, platform, account_id)

WITH found AS (
  SELECT
    graph,
    account_a_ix,
    account_b_ix,
    n_w1,
    n_w2,
    n_w3,
    n_w4,
    n_w5,
    n_w6,
    window_s,
    n_shared,
    expected,
    n_favourite,
    favourite_ix,
    timing_p,
    p_value,
    q_value,
    -ln_p / LN(2) AS surprise_bits,
    CAST(NULL AS DOUBLE) AS weight
  FROM score
  UNION ALL
  SELECT
    alike.graph,
    alike.account_a_ix,
    alike.account_b_ix,
    pair.n_w1,
    pair.n_w2,
    pair.n_w3,
    pair.n_w4,
    pair.n_w5,
    pair.n_w6,
    alike.window_s,
    alike.n_shared,
    CAST(NULL AS DOUBLE) AS expected,
    CAST(NULL AS INTEGER) AS n_favourite,
    CAST(NULL AS BIGINT) AS favourite_ix,
    CAST(NULL AS DOUBLE) AS timing_p,
    CAST(NULL AS DOUBLE) AS p_value,
    CAST(NULL AS DOUBLE) AS q_value,
    CAST(NULL AS DOUBLE) AS surprise_bits,
    alike.weight
  FROM alike
  JOIN pair
    ON pair.graph = alike.graph
    AND pair.account_a_ix = alike.account_a_ix
    AND pair.account_b_ix = alike.account_b_ix
)

SELECT
  found.graph,
  a.platform AS platform_a,
  a.account_id AS account_a,
  b.platform AS platform_b,
  b.account_id AS account_b,
  found.n_w1,
  found.n_w2,
  found.n_w3,
  found.n_w4,
  found.n_w5,
  found.n_w6,
  found.window_s,
  found.n_shared,
  found.expected,
  found.n_favourite,
  object_code.interest AS favourite,
  found.p_value,
  found.q_value,
  found.timing_p,
  found.surprise_bits,
  found.weight
FROM found
LEFT JOIN object_code
  ON object_code.object_ix = found.favourite_ix
JOIN account_code AS a
  ON a.account_ix = found.account_a_ix
JOIN account_code AS b
  ON b.account_ix = found.account_b_ix
ORDER BY found.graph, found.account_a_ix, found.account_b_ix
