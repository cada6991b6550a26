-- timing_coin: for each pair worth asking, the posts that met within the widest window, whether they also met within the window that carries
--   the edge, and the chance of that, given the crowds: how many of those around the act at all were that close.
-- grain:  one row per (graph, account_a_ix, account_b_ix, post_a_ix, post_b_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, post_a_ix, post_b_ix, gap_s, level)
--         score(graph, account_a_ix, account_b_ix, window_s)
--         grid(graph, level, window_s)
--         act(graph, account_ix, item_ix, m_w1 … m_w6)

WITH scale AS (
  SELECT
    score.graph,
    score.account_a_ix,
    score.account_b_ix,
    score.window_s,
    grid.level
  FROM score
  JOIN grid
    ON grid.graph = score.graph
    AND grid.window_s = score.window_s
)

SELECT
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix,
  MIN(coincidence.gap_s) <= MIN(scale.window_s) AS hit,
  MAX(
    CAST(CASE scale.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END AS DOUBLE)
    / CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END
  ) AS chance_a,
  MAX(
    CAST(CASE scale.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END AS DOUBLE)
    / CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END
  ) AS chance_b
FROM coincidence
JOIN scale
  ON scale.graph = coincidence.graph
  AND scale.account_a_ix = coincidence.account_a_ix
  AND scale.account_b_ix = coincidence.account_b_ix
JOIN act AS a
  ON a.graph = coincidence.graph
  AND a.account_ix = coincidence.account_a_ix
  AND a.item_ix = coincidence.item_ix
JOIN act AS b
  ON b.graph = coincidence.graph
  AND b.account_ix = coincidence.account_b_ix
  AND b.item_ix = coincidence.item_ix
WHERE coincidence.level >= scale.level
GROUP BY
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix
ORDER BY
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix
