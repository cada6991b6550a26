-- explain_edge: the least likely edges of one account, also those that chance explains; no edges of graphs that are never tested.
-- grain:  one row per (graph, other account)
-- reads:  account(platform, account_id, handle)
--         edge(graph, platform_a, account_a, platform_b, account_b, window_s, n_shared, expected, p_value, q_value)
-- params: platform, account_id, n_rows;  other  only edges with this account, NULL for all

WITH mine AS (
  SELECT
    graph,
    CASE WHEN account_a = $account_id AND platform_a = $platform THEN platform_b ELSE platform_a END AS platform,
    CASE WHEN account_a = $account_id AND platform_a = $platform THEN account_b ELSE account_a END AS other,
    window_s,
    n_shared,
    expected,
    p_value,
    q_value
  FROM edge
  WHERE ((platform_a = $platform AND account_a = $account_id) OR (platform_b = $platform AND account_b = $account_id))
    AND p_value IS NOT NULL
    AND ($other IS NULL OR account_a = $other OR account_b = $other)
)

SELECT
  mine.graph,
  COALESCE(account.handle, mine.other) AS other,
  mine.window_s,
  mine.n_shared,
  mine.expected,
  mine.p_value,
  mine.q_value
FROM mine
LEFT JOIN account
  ON account.platform = mine.platform
  AND account.account_id = mine.other
ORDER BY mine.p_value, mine.graph, other
LIMIT $n_rows
