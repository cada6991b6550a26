-- tie_inside: how many ties each cluster holds.
-- grain:  one row per cluster_id
-- reads:  tie_score(account_a_ix, account_b_ix)
--         member_score(account_ix, cluster_id)

SELECT
  a.cluster_id,
  COUNT(*) AS n_ties
FROM tie_score
JOIN member_score AS a
  ON a.account_ix = tie_score.account_a_ix
JOIN member_score AS b
  ON b.account_ix = tie_score.account_b_ix
  AND b.cluster_id = a.cluster_id
GROUP BY a.cluster_id
ORDER BY a.cluster_id
