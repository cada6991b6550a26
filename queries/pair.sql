-- pair: two accounts that acted alike in at least min_shared coincidences of some window.
-- grain:  one row per (graph, account_a_ix, account_b_ix), account_a_ix < account_b_ix
-- reads:  counted(graph, account_a_ix, account_b_ix, n_w1 … n_w6, rest_w1 … rest_w6, favourite_w1 … favourite_w6)
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
  rest_w1,
  rest_w2,
  rest_w3,
  rest_w4,
  rest_w5,
  rest_w6,
  favourite_w1,
  favourite_w2,
  favourite_w3,
  favourite_w4,
  favourite_w5,
  favourite_w6
FROM counted
WHERE graph = $graph
  AND GREATEST(COALESCE(n_w1, 0), COALESCE(n_w2, 0), COALESCE(n_w3, 0), COALESCE(n_w4, 0), COALESCE(n_w5, 0), COALESCE(n_w6, 0)) >= $min_shared
ORDER BY graph, account_a_ix, account_b_ix
