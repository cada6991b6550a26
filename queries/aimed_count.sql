-- aimed_count: how many posts of each cluster, and of all accounts in none, act on each person of a list.
-- grain:  one row per (cluster_id, person_ix, act) with such posts; cluster_id '' for accounts in no cluster
-- reads:  aimed(person_ix, act, account_ix)
--         placed(account_ix, cluster_id)   members of clusters, sources apart

SELECT
  COALESCE(placed.cluster_id, '') AS cluster_id,
  aimed.person_ix,
  aimed.act,
  COUNT(*) AS n_posts,
  COUNT(DISTINCT aimed.account_ix) AS n_accounts
FROM aimed
LEFT JOIN placed
  ON placed.account_ix = aimed.account_ix
WHERE aimed.act <> 'own'
GROUP BY COALESCE(placed.cluster_id, ''), aimed.person_ix, aimed.act
ORDER BY cluster_id, person_ix, act
