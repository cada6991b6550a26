-- alike_met: the pairs of one untested graph over windows, weighed by the most coincidences within any, and the narrowest window with so many.
-- grain:  one row per (graph, account_a_ix, account_b_ix), account_a_ix < account_b_ix
-- reads:  pair(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
-- params: graph;  window_1_s … window_6_s  seconds, NULL where unused

WITH weighed AS (
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
    GREATEST(COALESCE(n_w1, 0), COALESCE(n_w2, 0), COALESCE(n_w3, 0), COALESCE(n_w4, 0), COALESCE(n_w5, 0), COALESCE(n_w6, 0)) AS n_shared
  FROM pair
  WHERE graph = $graph
)

SELECT
  graph,
  account_a_ix,
  account_b_ix,
  CAST(CASE n_shared
    WHEN n_w1 THEN $window_1_s
    WHEN n_w2 THEN $window_2_s
    WHEN n_w3 THEN $window_3_s
    WHEN n_w4 THEN $window_4_s
    WHEN n_w5 THEN $window_5_s
    ELSE $window_6_s
  END AS INTEGER) AS window_s,
  n_shared,
  CAST(n_shared AS DOUBLE) AS weight
FROM weighed
ORDER BY graph, account_a_ix, account_b_ix
