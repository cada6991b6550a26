-- probe: the first acts of the one account of each candidate pair; the join with the other is left to coincidence, so that no engine
--   joins acts on items first, which is quadratic in an item's size.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  candidate(graph, account_a_ix, account_b_ix)
--         act(graph, account_ix, item_ix, spot_ix, object_ix, interest_ix, acted_at, post_ix, level)

SELECT
  candidate.graph,
  candidate.account_a_ix,
  candidate.account_b_ix,
  act.item_ix,
  act.spot_ix,
  act.object_ix,
  act.interest_ix,
  act.acted_at,
  act.post_ix,
  act.level
FROM candidate
JOIN act
  ON act.graph = candidate.graph
  AND act.account_ix = candidate.account_a_ix
WHERE act.level > 0
