-- exhibited: the meetings of the pairs kept as evidence, within the window that carries the edge.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, level)
--         exhibit(cluster_id, graph, account_a_ix, account_b_ix, window_s, level)

SELECT
  exhibit.cluster_id,
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.item_ix,
  coincidence.object_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix,
  coincidence.acted_at_a,
  coincidence.acted_at_b,
  coincidence.gap_s,
  exhibit.level
FROM coincidence
JOIN exhibit
  ON exhibit.graph = coincidence.graph
  AND exhibit.account_a_ix = coincidence.account_a_ix
  AND exhibit.account_b_ix = coincidence.account_b_ix
WHERE coincidence.gap_s <= exhibit.window_s
  AND coincidence.level >= exhibit.level
ORDER BY exhibit.cluster_id, coincidence.graph, coincidence.account_a_ix, coincidence.account_b_ix, coincidence.item_ix
