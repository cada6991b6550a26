-- worth_timing: the edges whose timing is worth asking about: those near the error rate or below it.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  score(graph, account_a_ix, account_b_ix, q_value)
-- params: q_max

SELECT
  graph,
  account_a_ix,
  account_b_ix
FROM score
WHERE q_value <= $q_max
ORDER BY graph, account_a_ix, account_b_ix
