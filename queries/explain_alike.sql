-- explain_alike: the heaviest edges of one account on graphs that describe and are never tested.
-- grain:  one row per (graph, other account)
-- reads:  account(platform, account_id, handle)
--         edge(graph, platform_a, account_a, platform_b, account_b, n_shared, p_value, weight)
-- params: platform, account_id, n_rows;  other  only edges with this account, NULL for all

WITH mine AS (
  SELECT
    graph,
    CASE WHEN account_a = $account_id AND platform_a = $platform THEN platform_b ELSE platform_a END AS platform,
    CASE WHEN account_a = $account_id AND platform_a = $platform THEN account_b ELSE account_a END AS other,
    n_shared,
    weight
  FROM edge
  WHERE ((platform_a = $platform AND account_a = $account_id) OR (platform_b = $platform AND account_b = $account_id))
    AND p_value IS NULL
    AND ($other IS NULL OR account_a = $other OR account_b = $other)
)

SELECT
  mine.graph,
  COALESCE(account.handle, mine.other) AS other,
  mine.n_shared,
  mine.weight
FROM mine
LEFT JOIN account
  ON account.platform = mine.platform
  AND account.account_id = mine.other
ORDER BY mine.weight DESC, mine.graph, other
LIMIT $n_rows
