-- coincidence: every meeting of the candidate pairs: the two posts, the gap, and the level up to which it counts.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  probe(graph, account_a_ix, account_b_ix, item_ix, spot_ix, object_ix, interest_ix, acted_at, post_ix, level)
--         act(graph, account_ix, item_ix, spot_ix, acted_at, post_ix, level)
--         grid(graph, level, window_s)

SELECT
  probe.graph,
  probe.account_a_ix,
  probe.account_b_ix,
  probe.item_ix,
  probe.object_ix,
  probe.interest_ix,
  probe.spot_ix AS spot_a_ix,
  act.spot_ix AS spot_b_ix,
  probe.post_ix AS post_a_ix,
  act.post_ix AS post_b_ix,
  probe.acted_at AS acted_at_a,
  act.acted_at AS acted_at_b,
  ABS(probe.acted_at - act.acted_at) AS gap_s,
  LEAST(probe.level, act.level) AS level
FROM probe
JOIN act
  ON act.graph = probe.graph
  AND act.account_ix = probe.account_b_ix
  AND act.item_ix = probe.item_ix
JOIN grid
  ON grid.graph = probe.graph
  AND grid.level = LEAST(probe.level, act.level)
WHERE ABS(probe.acted_at - act.acted_at) <= grid.window_s
ORDER BY probe.graph, probe.account_a_ix, probe.account_b_ix, probe.item_ix
