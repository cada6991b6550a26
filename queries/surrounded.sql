-- surrounded: the same meetings with the slot of the first account's act and the crowd around it. A table of its own: an engine that may choose
--   joins the acts of both accounts by item first, every act with every other.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  exhibited(cluster_id, graph, account_a_ix, account_b_ix, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, level)
--         act(graph, account_ix, item_ix, slot, m_w1 … m_w6)

SELECT
  exhibited.cluster_id,
  exhibited.graph,
  exhibited.account_a_ix,
  exhibited.account_b_ix,
  exhibited.item_ix,
  exhibited.object_ix,
  exhibited.post_a_ix,
  exhibited.post_b_ix,
  exhibited.acted_at_a,
  exhibited.acted_at_b,
  exhibited.gap_s,
  exhibited.level,
  act.slot AS slot_a,
  CASE exhibited.level WHEN 1 THEN act.m_w1 WHEN 2 THEN act.m_w2 WHEN 3 THEN act.m_w3 WHEN 4 THEN act.m_w4 WHEN 5 THEN act.m_w5 ELSE act.m_w6 END AS crowd_a
FROM exhibited
JOIN act
  ON act.graph = exhibited.graph
  AND act.account_ix = exhibited.account_a_ix
  AND act.item_ix = exhibited.item_ix
ORDER BY exhibited.cluster_id, exhibited.graph, exhibited.account_a_ix, exhibited.account_b_ix, exhibited.item_ix
