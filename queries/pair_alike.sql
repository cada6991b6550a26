-- pair_alike: the pairs of one timeless graph. They are alike, whenever they acted: no window has a number.
-- grain:  one row per (graph, account_a_ix, account_b_ix), account_a_ix < account_b_ix
-- reads:  alike(graph, account_a_ix, account_b_ix)
-- params: graph

SELECT
  graph,
  account_a_ix,
  account_b_ix,
  CAST(NULL AS INTEGER) AS n_w1,
  CAST(NULL AS INTEGER) AS n_w2,
  CAST(NULL AS INTEGER) AS n_w3,
  CAST(NULL AS INTEGER) AS n_w4,
  CAST(NULL AS INTEGER) AS n_w5,
  CAST(NULL AS INTEGER) AS n_w6,
  CAST(NULL AS INTEGER) AS rest_w1,
  CAST(NULL AS INTEGER) AS rest_w2,
  CAST(NULL AS INTEGER) AS rest_w3,
  CAST(NULL AS INTEGER) AS rest_w4,
  CAST(NULL AS INTEGER) AS rest_w5,
  CAST(NULL AS INTEGER) AS rest_w6,
  CAST(NULL AS BIGINT) AS favourite_w1,
  CAST(NULL AS BIGINT) AS favourite_w2,
  CAST(NULL AS BIGINT) AS favourite_w3,
  CAST(NULL AS BIGINT) AS favourite_w4,
  CAST(NULL AS BIGINT) AS favourite_w5,
  CAST(NULL AS BIGINT) AS favourite_w6
FROM alike
WHERE graph = $graph
ORDER BY graph, account_a_ix, account_b_ix
