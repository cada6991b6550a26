-- timing_drawn: what timing said of the pairs that were drawn.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  timing(graph, account_a_ix, account_b_ix, timing_p)
--         drawn(graph, account_a_ix, account_b_ix)

SELECT
  timing.graph,
  timing.account_a_ix,
  timing.account_b_ix,
  timing.timing_p
FROM timing
JOIN drawn
  ON drawn.graph = timing.graph
  AND drawn.account_a_ix = timing.account_a_ix
  AND drawn.account_b_ix = timing.account_b_ix
ORDER BY timing.graph, timing.account_a_ix, timing.account_b_ix
