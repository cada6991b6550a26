-- candidate: the pairs of one graph that met on enough items to be worth a closer look.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  pair_count(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
-- params: graph;  min_shared

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
  n_w1 AS rest_w1,
  n_w2 AS rest_w2,
  n_w3 AS rest_w3,
  n_w4 AS rest_w4,
  n_w5 AS rest_w5,
  n_w6 AS rest_w6,
  CAST(NULL AS BIGINT) AS favourite_w1,
  CAST(NULL AS BIGINT) AS favourite_w2,
  CAST(NULL AS BIGINT) AS favourite_w3,
  CAST(NULL AS BIGINT) AS favourite_w4,
  CAST(NULL AS BIGINT) AS favourite_w5,
  CAST(NULL AS BIGINT) AS favourite_w6
FROM pair_count
WHERE graph = $graph
  AND GREATEST(COALESCE(n_w1, 0), COALESCE(n_w2, 0), COALESCE(n_w3, 0), COALESCE(n_w4, 0), COALESCE(n_w5, 0), COALESCE(n_w6, 0)) >= $min_shared
ORDER BY account_a_ix, account_b_ix
