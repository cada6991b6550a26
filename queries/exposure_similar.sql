-- exposure_similar: the crowds that an account's matched posts met in each slot of the week, and the posts that met one, per window.
--   A post has a row in act per match and counts once.
-- grain:  one row per (account_ix, slot)
-- reads:  act(graph, account_ix, post_ix, slot, level, m_w1 … m_w6)
-- params: graph

WITH matched AS (
  SELECT DISTINCT
    account_ix,
    post_ix,
    slot,
    level,
    m_w1,
    m_w2,
    m_w3,
    m_w4,
    m_w5,
    m_w6
  FROM act
  WHERE graph = $graph
)

SELECT
  account_ix,
  slot,
  CAST(SUM(CASE WHEN level >= 1 THEN m_w1 END) AS BIGINT) AS m_w1,
  COUNT(CASE WHEN level >= 1 AND m_w1 > 0 THEN 1 END) AS n_w1,
  CAST(SUM(CASE WHEN level >= 2 THEN m_w2 END) AS BIGINT) AS m_w2,
  COUNT(CASE WHEN level >= 2 AND m_w2 > 0 THEN 1 END) AS n_w2,
  CAST(SUM(CASE WHEN level >= 3 THEN m_w3 END) AS BIGINT) AS m_w3,
  COUNT(CASE WHEN level >= 3 AND m_w3 > 0 THEN 1 END) AS n_w3,
  CAST(SUM(CASE WHEN level >= 4 THEN m_w4 END) AS BIGINT) AS m_w4,
  COUNT(CASE WHEN level >= 4 AND m_w4 > 0 THEN 1 END) AS n_w4,
  CAST(SUM(CASE WHEN level >= 5 THEN m_w5 END) AS BIGINT) AS m_w5,
  COUNT(CASE WHEN level >= 5 AND m_w5 > 0 THEN 1 END) AS n_w5,
  CAST(SUM(CASE WHEN level >= 6 THEN m_w6 END) AS BIGINT) AS m_w6,
  COUNT(CASE WHEN level >= 6 AND m_w6 > 0 THEN 1 END) AS n_w6
FROM matched
GROUP BY account_ix, slot
ORDER BY account_ix, slot
