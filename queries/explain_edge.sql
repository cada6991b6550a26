-- explain_edge: the least likely edges of one account, also those that chance explains.
-- grain:  one row per (graph, other account)
-- reads:  edge(graph, platform_a, account_a, platform_b, account_b, window_s, n_shared, expected, p_value, q_value)
-- params: platform, account_id, n_rows;  other  only edges with this account, NULL for all

SELECT
  graph,
  CASE WHEN account_a = $account_id AND platform_a = $platform THEN account_b ELSE account_a END AS other,
  window_s,
  n_shared,
  expected,
  p_value,
  q_value
FROM edge
WHERE ((platform_a = $platform AND account_a = $account_id) OR (platform_b = $platform AND account_b = $account_id))
  AND ($other IS NULL OR account_a = $other OR account_b = $other)
ORDER BY p_value, graph, other
LIMIT $n_rows
