-- lookalike_activity: posts and cluster of the accounts that resemble a person of a list.
-- grain:  one row per account_ix
-- reads:  lookalike(account_ix)
--         scope(account_ix)
--         placed(account_ix, cluster_id)   members of clusters, sources apart

SELECT
  lookalike.account_ix,
  MIN(placed.cluster_id) AS cluster_id,
  COUNT(*) AS n_posts
FROM lookalike
JOIN scope
  ON scope.account_ix = lookalike.account_ix
LEFT JOIN placed
  ON placed.account_ix = lookalike.account_ix
GROUP BY lookalike.account_ix
ORDER BY lookalike.account_ix
