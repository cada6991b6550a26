-- usual: which share of those who act on an object at all, within the widest window that counts, do so within each narrower one: of strangers
--   on the objects of one interest, pulled by one stranger towards that of everybody on the graph; 1 where nobody tells.
-- grain:  one row per (graph, interest_ix)
-- reads:  stranger(graph, interest_ix, level, m_w1 … m_w6)
--         act(graph, account_ix, item_ix, post_ix, level, m_w1 … m_w6)
--         companion(graph, account_ix, spot_ix, n_w1 … n_w6)
--         grid(graph, by_post)

WITH kind AS (
  SELECT
    graph,
    MAX(CASE WHEN by_post THEN 1 ELSE 0 END) = 1 AS by_post
  FROM grid
  GROUP BY graph
),

reach AS (
  SELECT
    act.graph,
    act.level,
    GREATEST(act.m_w1 - COALESCE(companion.n_w1, 0), 0) AS m_w1,
    GREATEST(act.m_w2 - COALESCE(companion.n_w2, 0), 0) AS m_w2,
    GREATEST(act.m_w3 - COALESCE(companion.n_w3, 0), 0) AS m_w3,
    GREATEST(act.m_w4 - COALESCE(companion.n_w4, 0), 0) AS m_w4,
    GREATEST(act.m_w5 - COALESCE(companion.n_w5, 0), 0) AS m_w5,
    GREATEST(act.m_w6 - COALESCE(companion.n_w6, 0), 0) AS m_w6
  FROM act
  JOIN kind
    ON kind.graph = act.graph
  LEFT JOIN companion
    ON companion.graph = act.graph
    AND companion.account_ix = act.account_ix
    AND companion.spot_ix = CASE WHEN kind.by_post THEN act.post_ix ELSE act.item_ix END
),

everybody AS (
  SELECT
    graph,
    COALESCE(CAST(SUM(CASE WHEN level >= 1 THEN m_w1 END) AS DOUBLE)
      / NULLIF(SUM(CASE WHEN level >= 1 THEN CASE level WHEN 1 THEN m_w1 WHEN 2 THEN m_w2 WHEN 3 THEN m_w3 WHEN 4 THEN m_w4 WHEN 5 THEN m_w5 WHEN 6 THEN m_w6 END END), 0), 1.0) AS share_w1,
    COALESCE(CAST(SUM(CASE WHEN level >= 2 THEN m_w2 END) AS DOUBLE)
      / NULLIF(SUM(CASE WHEN level >= 2 THEN CASE level WHEN 1 THEN m_w1 WHEN 2 THEN m_w2 WHEN 3 THEN m_w3 WHEN 4 THEN m_w4 WHEN 5 THEN m_w5 WHEN 6 THEN m_w6 END END), 0), 1.0) AS share_w2,
    COALESCE(CAST(SUM(CASE WHEN level >= 3 THEN m_w3 END) AS DOUBLE)
      / NULLIF(SUM(CASE WHEN level >= 3 THEN CASE level WHEN 1 THEN m_w1 WHEN 2 THEN m_w2 WHEN 3 THEN m_w3 WHEN 4 THEN m_w4 WHEN 5 THEN m_w5 WHEN 6 THEN m_w6 END END), 0), 1.0) AS share_w3,
    COALESCE(CAST(SUM(CASE WHEN level >= 4 THEN m_w4 END) AS DOUBLE)
      / NULLIF(SUM(CASE WHEN level >= 4 THEN CASE level WHEN 1 THEN m_w1 WHEN 2 THEN m_w2 WHEN 3 THEN m_w3 WHEN 4 THEN m_w4 WHEN 5 THEN m_w5 WHEN 6 THEN m_w6 END END), 0), 1.0) AS share_w4,
    COALESCE(CAST(SUM(CASE WHEN level >= 5 THEN m_w5 END) AS DOUBLE)
      / NULLIF(SUM(CASE WHEN level >= 5 THEN CASE level WHEN 1 THEN m_w1 WHEN 2 THEN m_w2 WHEN 3 THEN m_w3 WHEN 4 THEN m_w4 WHEN 5 THEN m_w5 WHEN 6 THEN m_w6 END END), 0), 1.0) AS share_w5
  FROM reach
  GROUP BY graph
)

SELECT
  stranger.graph,
  stranger.interest_ix,
  (COALESCE(SUM(CASE WHEN stranger.level >= 1 THEN stranger.m_w1 END), 0) + MAX(everybody.share_w1))
    / (COALESCE(SUM(CASE WHEN stranger.level >= 1 THEN CASE stranger.level WHEN 1 THEN stranger.m_w1 WHEN 2 THEN stranger.m_w2 WHEN 3 THEN stranger.m_w3 WHEN 4 THEN stranger.m_w4 WHEN 5 THEN stranger.m_w5 WHEN 6 THEN stranger.m_w6 END END), 0) + 1.0) AS share_w1,
  (COALESCE(SUM(CASE WHEN stranger.level >= 2 THEN stranger.m_w2 END), 0) + MAX(everybody.share_w2))
    / (COALESCE(SUM(CASE WHEN stranger.level >= 2 THEN CASE stranger.level WHEN 1 THEN stranger.m_w1 WHEN 2 THEN stranger.m_w2 WHEN 3 THEN stranger.m_w3 WHEN 4 THEN stranger.m_w4 WHEN 5 THEN stranger.m_w5 WHEN 6 THEN stranger.m_w6 END END), 0) + 1.0) AS share_w2,
  (COALESCE(SUM(CASE WHEN stranger.level >= 3 THEN stranger.m_w3 END), 0) + MAX(everybody.share_w3))
    / (COALESCE(SUM(CASE WHEN stranger.level >= 3 THEN CASE stranger.level WHEN 1 THEN stranger.m_w1 WHEN 2 THEN stranger.m_w2 WHEN 3 THEN stranger.m_w3 WHEN 4 THEN stranger.m_w4 WHEN 5 THEN stranger.m_w5 WHEN 6 THEN stranger.m_w6 END END), 0) + 1.0) AS share_w3,
  (COALESCE(SUM(CASE WHEN stranger.level >= 4 THEN stranger.m_w4 END), 0) + MAX(everybody.share_w4))
    / (COALESCE(SUM(CASE WHEN stranger.level >= 4 THEN CASE stranger.level WHEN 1 THEN stranger.m_w1 WHEN 2 THEN stranger.m_w2 WHEN 3 THEN stranger.m_w3 WHEN 4 THEN stranger.m_w4 WHEN 5 THEN stranger.m_w5 WHEN 6 THEN stranger.m_w6 END END), 0) + 1.0) AS share_w4,
  (COALESCE(SUM(CASE WHEN stranger.level >= 5 THEN stranger.m_w5 END), 0) + MAX(everybody.share_w5))
    / (COALESCE(SUM(CASE WHEN stranger.level >= 5 THEN CASE stranger.level WHEN 1 THEN stranger.m_w1 WHEN 2 THEN stranger.m_w2 WHEN 3 THEN stranger.m_w3 WHEN 4 THEN stranger.m_w4 WHEN 5 THEN stranger.m_w5 WHEN 6 THEN stranger.m_w6 END END), 0) + 1.0) AS share_w5
FROM stranger
JOIN everybody
  ON everybody.graph = stranger.graph
GROUP BY stranger.graph, stranger.interest_ix
ORDER BY stranger.graph, stranger.interest_ix
