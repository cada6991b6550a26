-- stranger: who stood around each act that is asked about, without the accounts that its account is asked about: they may act together, and
--   then they are no measure of how fast others are.
-- grain:  one row per (graph, account_ix, spot_ix)
-- reads:  companion(graph, account_ix, spot_ix, n_w1 … n_w6)
--         act(graph, account_ix, item_ix, interest_ix, post_ix, level, m_w1 … m_w6)
--         grid(graph, by_post)

WITH kind AS (
  SELECT
    graph,
    MAX(CASE WHEN by_post THEN 1 ELSE 0 END) = 1 AS by_post
  FROM grid
  GROUP BY graph
)

SELECT
  companion.graph,
  companion.account_ix,
  companion.spot_ix,
  MIN(act.interest_ix) AS interest_ix,
  MAX(act.level) AS level,
  MAX(GREATEST(act.m_w1 - companion.n_w1, 0)) AS m_w1,
  MAX(GREATEST(act.m_w2 - companion.n_w2, 0)) AS m_w2,
  MAX(GREATEST(act.m_w3 - companion.n_w3, 0)) AS m_w3,
  MAX(GREATEST(act.m_w4 - companion.n_w4, 0)) AS m_w4,
  MAX(GREATEST(act.m_w5 - companion.n_w5, 0)) AS m_w5,
  MAX(GREATEST(act.m_w6 - companion.n_w6, 0)) AS m_w6
FROM companion
JOIN kind
  ON kind.graph = companion.graph
JOIN act
  ON act.graph = companion.graph
  AND act.account_ix = companion.account_ix
  AND CASE WHEN kind.by_post THEN act.post_ix ELSE act.item_ix END = companion.spot_ix
GROUP BY companion.graph, companion.account_ix, companion.spot_ix
ORDER BY companion.graph, companion.account_ix, companion.spot_ix
