-- target_hour: posts of each person of a list, and answers, mentions and quotes of the person by cluster, hour by hour. DuckDB only: make_timestamp.
-- grain:  one row per (list, person, hour_at, cluster_id, what) with posts
-- reads:  person(person_ix, list, person)
--         aimed(person_ix, act, post_ix, account_ix, acted_at, is_retweet)
--         placed(account_ix, cluster_id)   members of clusters, sources apart

WITH addressed AS (
  SELECT DISTINCT
    person_ix,
    CASE WHEN act = 'own' THEN 'own' ELSE 'addressed' END AS what,
    post_ix,
    account_ix,
    acted_at // 3600 AS hour
  FROM aimed
  WHERE act IN ('reply', 'mention', 'quote')
    OR (act = 'own' AND NOT is_retweet)
)

SELECT
  person.list,
  person.person,
  MAKE_TIMESTAMP(addressed.hour * 3600000000) AS hour_at,
  CASE WHEN addressed.what = 'own' THEN '' ELSE COALESCE(placed.cluster_id, '') END AS cluster_id,
  addressed.what,
  COUNT(*) AS n_posts,
  COUNT(DISTINCT addressed.account_ix) AS n_accounts
FROM addressed
JOIN person
  ON person.person_ix = addressed.person_ix
LEFT JOIN placed
  ON placed.account_ix = addressed.account_ix
GROUP BY
  person.list,
  person.person,
  addressed.hour,
  CASE WHEN addressed.what = 'own' THEN '' ELSE COALESCE(placed.cluster_id, '') END,
  addressed.what
ORDER BY person.list, person.person, hour_at, cluster_id, what
