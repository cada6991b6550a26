-- witness: the meetings of tied accounts of one cluster, with what is needed to say how rare each is.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, level)
--         exhibit(cluster_id, graph, account_a_ix, account_b_ix, window_s, level)
--         act(graph, account_ix, item_ix, slot, m_w1 … m_w6)

SELECT
  exhibit.cluster_id,
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.object_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix,
  coincidence.acted_at_a,
  coincidence.acted_at_b,
  coincidence.gap_s,
  a.slot AS slot_a,
  b.slot AS slot_b,
  CASE exhibit.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 ELSE a.m_w6 END AS crowd_a,
  CASE exhibit.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 ELSE b.m_w6 END AS crowd_b
FROM coincidence
JOIN exhibit
  ON exhibit.graph = coincidence.graph
  AND exhibit.account_a_ix = coincidence.account_a_ix
  AND exhibit.account_b_ix = coincidence.account_b_ix
JOIN act AS a
  ON a.graph = coincidence.graph
  AND a.account_ix = coincidence.account_a_ix
  AND a.item_ix = coincidence.item_ix
JOIN act AS b
  ON b.graph = coincidence.graph
  AND b.account_ix = coincidence.account_b_ix
  AND b.item_ix = coincidence.item_ix
WHERE coincidence.gap_s <= exhibit.window_s
  AND coincidence.level >= exhibit.level
ORDER BY exhibit.cluster_id, coincidence.graph, coincidence.account_a_ix, coincidence.account_b_ix, coincidence.item_ix
