-- phase_count: posts in each span of the calendar, and in the time of the same length just before, by cluster.
-- grain:  one row per (phase_ix, cluster_id) with posts; cluster_id '' for all accounts in no cluster
-- reads:  scope(account_ix, acted_at)
--         span(phase_ix, before_s, since_s, until_s)   UTC seconds; before_s <= since_s < until_s, until_s not included
--         placed(account_ix, cluster_id)   members of clusters, sources apart

SELECT
  span.phase_ix,
  COALESCE(placed.cluster_id, '') AS cluster_id,
  COUNT(CASE WHEN scope.acted_at >= span.since_s THEN 1 END) AS n_posts,
  COUNT(DISTINCT CASE WHEN scope.acted_at >= span.since_s THEN scope.account_ix END) AS n_accounts,
  COUNT(CASE WHEN scope.acted_at < span.since_s THEN 1 END) AS n_posts_before,
  COUNT(DISTINCT CASE WHEN scope.acted_at < span.since_s THEN scope.account_ix END) AS n_accounts_before
FROM span
JOIN scope
  ON scope.acted_at >= span.before_s
  AND scope.acted_at < span.until_s
LEFT JOIN placed
  ON placed.account_ix = scope.account_ix
GROUP BY span.phase_ix, COALESCE(placed.cluster_id, '')
ORDER BY span.phase_ix, cluster_id
