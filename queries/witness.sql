-- witness: the meetings of tied accounts of one cluster, with what is needed to say how rare each is.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  surrounded(cluster_id, graph, account_a_ix, account_b_ix, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, level,
--           slot_a, crowd_a)
--         act(graph, account_ix, item_ix, slot, m_w1 … m_w6)

SELECT
  surrounded.cluster_id,
  surrounded.graph,
  surrounded.account_a_ix,
  surrounded.account_b_ix,
  surrounded.object_ix,
  surrounded.post_a_ix,
  surrounded.post_b_ix,
  surrounded.acted_at_a,
  surrounded.acted_at_b,
  surrounded.gap_s,
  surrounded.slot_a,
  act.slot AS slot_b,
  surrounded.crowd_a,
  CASE surrounded.level WHEN 1 THEN act.m_w1 WHEN 2 THEN act.m_w2 WHEN 3 THEN act.m_w3 WHEN 4 THEN act.m_w4 WHEN 5 THEN act.m_w5 ELSE act.m_w6 END AS crowd_b
FROM surrounded
JOIN act
  ON act.graph = surrounded.graph
  AND act.account_ix = surrounded.account_b_ix
  AND act.item_ix = surrounded.item_ix
ORDER BY surrounded.cluster_id, surrounded.graph, surrounded.account_a_ix, surrounded.account_b_ix, surrounded.item_ix
