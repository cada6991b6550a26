-- companion: how many of those around an act are accounts that its account is asked about: within each window. A post with similar texts is one
--   spot, whatever the number of its matches.
-- grain:  one row per (graph, account_ix, spot_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, post_a_ix, post_b_ix, gap_s, level)
--         grid(graph, level, window_s, by_post)

WITH scale AS (
  SELECT
    graph,
    MAX(CASE WHEN by_post THEN 1 ELSE 0 END) = 1 AS by_post,
    MAX(CASE WHEN level = 1 THEN window_s END) AS window_1_s,
    MAX(CASE WHEN level = 2 THEN window_s END) AS window_2_s,
    MAX(CASE WHEN level = 3 THEN window_s END) AS window_3_s,
    MAX(CASE WHEN level = 4 THEN window_s END) AS window_4_s,
    MAX(CASE WHEN level = 5 THEN window_s END) AS window_5_s,
    MAX(CASE WHEN level = 6 THEN window_s END) AS window_6_s
  FROM grid
  GROUP BY graph
),

side AS (
  SELECT graph, account_a_ix AS account_ix, account_b_ix AS other_ix, item_ix, post_a_ix AS post_ix, gap_s, level FROM coincidence
  UNION ALL
  SELECT graph, account_b_ix AS account_ix, account_a_ix AS other_ix, item_ix, post_b_ix AS post_ix, gap_s, level FROM coincidence
)

SELECT
  side.graph,
  side.account_ix,
  CASE WHEN scale.by_post THEN side.post_ix ELSE side.item_ix END AS spot_ix,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_1_s AND side.level >= 1 THEN side.other_ix END) AS n_w1,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_2_s AND side.level >= 2 THEN side.other_ix END) AS n_w2,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_3_s AND side.level >= 3 THEN side.other_ix END) AS n_w3,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_4_s AND side.level >= 4 THEN side.other_ix END) AS n_w4,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_5_s AND side.level >= 5 THEN side.other_ix END) AS n_w5,
  COUNT(DISTINCT CASE WHEN side.gap_s <= scale.window_6_s AND side.level >= 6 THEN side.other_ix END) AS n_w6
FROM side
JOIN scale
  ON scale.graph = side.graph
GROUP BY side.graph, side.account_ix, CASE WHEN scale.by_post THEN side.post_ix ELSE side.item_ix END
ORDER BY side.graph, side.account_ix, spot_ix
