-- timing_coin: for each pair worth asking, the posts that met within the widest window, whether they also met within each narrower one,
--   and the chance of that: how many of the strangers around the act at all were that close, with one more who is as fast as usual for
--   the interest. Windows for which the crowd around one of the two acts is too large do not count.
-- grain:  one row per (graph, account_a_ix, account_b_ix, post_a_ix, post_b_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, post_a_ix, post_b_ix, gap_s, level)
--         grid(graph, level, window_s, by_post)
--         stranger(graph, account_ix, spot_ix, interest_ix, m_w1 … m_w6)
--         usual(graph, interest_ix, share_w1 … share_w5)

WITH scale AS (
  SELECT
    graph,
    MAX(CASE WHEN by_post THEN 1 ELSE 0 END) = 1 AS by_post,
    MAX(CASE WHEN level = 1 THEN window_s END) AS window_1_s,
    MAX(CASE WHEN level = 2 THEN window_s END) AS window_2_s,
    MAX(CASE WHEN level = 3 THEN window_s END) AS window_3_s,
    MAX(CASE WHEN level = 4 THEN window_s END) AS window_4_s,
    MAX(CASE WHEN level = 5 THEN window_s END) AS window_5_s
  FROM grid
  GROUP BY graph
),

coin AS (
  SELECT
    coincidence.graph,
    coincidence.account_a_ix,
    coincidence.account_b_ix,
    coincidence.post_a_ix,
    coincidence.post_b_ix,
    coincidence.level,
    coincidence.gap_s,
    scale.window_1_s,
    scale.window_2_s,
    scale.window_3_s,
    scale.window_4_s,
    scale.window_5_s,
    CASE WHEN coincidence.level > 1 THEN (a.m_w1 + usual_a.share_w1) / (CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END + 1.0) ELSE 1.0 END AS chance_a_w1,
    CASE WHEN coincidence.level > 2 THEN (a.m_w2 + usual_a.share_w2) / (CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END + 1.0) ELSE 1.0 END AS chance_a_w2,
    CASE WHEN coincidence.level > 3 THEN (a.m_w3 + usual_a.share_w3) / (CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END + 1.0) ELSE 1.0 END AS chance_a_w3,
    CASE WHEN coincidence.level > 4 THEN (a.m_w4 + usual_a.share_w4) / (CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END + 1.0) ELSE 1.0 END AS chance_a_w4,
    CASE WHEN coincidence.level > 5 THEN (a.m_w5 + usual_a.share_w5) / (CASE coincidence.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 WHEN 6 THEN a.m_w6 END + 1.0) ELSE 1.0 END AS chance_a_w5,
    CASE WHEN coincidence.level > 1 THEN (b.m_w1 + usual_b.share_w1) / (CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END + 1.0) ELSE 1.0 END AS chance_b_w1,
    CASE WHEN coincidence.level > 2 THEN (b.m_w2 + usual_b.share_w2) / (CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END + 1.0) ELSE 1.0 END AS chance_b_w2,
    CASE WHEN coincidence.level > 3 THEN (b.m_w3 + usual_b.share_w3) / (CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END + 1.0) ELSE 1.0 END AS chance_b_w3,
    CASE WHEN coincidence.level > 4 THEN (b.m_w4 + usual_b.share_w4) / (CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END + 1.0) ELSE 1.0 END AS chance_b_w4,
    CASE WHEN coincidence.level > 5 THEN (b.m_w5 + usual_b.share_w5) / (CASE coincidence.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 WHEN 6 THEN b.m_w6 END + 1.0) ELSE 1.0 END AS chance_b_w5
  FROM coincidence
  JOIN scale
    ON scale.graph = coincidence.graph
  JOIN stranger AS a
    ON a.graph = coincidence.graph
    AND a.account_ix = coincidence.account_a_ix
    AND a.spot_ix = CASE WHEN scale.by_post THEN coincidence.post_a_ix ELSE coincidence.item_ix END
  JOIN stranger AS b
    ON b.graph = coincidence.graph
    AND b.account_ix = coincidence.account_b_ix
    AND b.spot_ix = CASE WHEN scale.by_post THEN coincidence.post_b_ix ELSE coincidence.item_ix END
  JOIN usual AS usual_a
    ON usual_a.graph = a.graph
    AND usual_a.interest_ix = a.interest_ix
  JOIN usual AS usual_b
    ON usual_b.graph = b.graph
    AND usual_b.interest_ix = b.interest_ix
)

SELECT
  graph,
  account_a_ix,
  account_b_ix,
  post_a_ix,
  post_b_ix,
  MAX(CASE WHEN level >= 1 AND gap_s <= window_1_s THEN 1 ELSE 0 END) = 1 AS hit_w1,
  MAX(CASE WHEN level >= 2 AND gap_s <= window_2_s THEN 1 ELSE 0 END) = 1 AS hit_w2,
  MAX(CASE WHEN level >= 3 AND gap_s <= window_3_s THEN 1 ELSE 0 END) = 1 AS hit_w3,
  MAX(CASE WHEN level >= 4 AND gap_s <= window_4_s THEN 1 ELSE 0 END) = 1 AS hit_w4,
  MAX(CASE WHEN level >= 5 AND gap_s <= window_5_s THEN 1 ELSE 0 END) = 1 AS hit_w5,
  MAX(CASE WHEN level >= 1 THEN chance_a_w1 END) AS chance_a_w1,
  MAX(CASE WHEN level >= 2 THEN chance_a_w2 END) AS chance_a_w2,
  MAX(CASE WHEN level >= 3 THEN chance_a_w3 END) AS chance_a_w3,
  MAX(CASE WHEN level >= 4 THEN chance_a_w4 END) AS chance_a_w4,
  MAX(CASE WHEN level >= 5 THEN chance_a_w5 END) AS chance_a_w5,
  MAX(CASE WHEN level >= 1 THEN chance_b_w1 END) AS chance_b_w1,
  MAX(CASE WHEN level >= 2 THEN chance_b_w2 END) AS chance_b_w2,
  MAX(CASE WHEN level >= 3 THEN chance_b_w3 END) AS chance_b_w3,
  MAX(CASE WHEN level >= 4 THEN chance_b_w4 END) AS chance_b_w4,
  MAX(CASE WHEN level >= 5 THEN chance_b_w5 END) AS chance_b_w5
FROM coin
GROUP BY graph, account_a_ix, account_b_ix, post_a_ix, post_b_ix
ORDER BY graph, account_a_ix, account_b_ix, post_a_ix, post_b_ix
