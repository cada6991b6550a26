-- target_group: what is done to the persons of a list, by side, gender, party and role. Accounts whose retweets go mostly to one value are
-- counted as its supporters, never listed.
-- grain:  one row per (list, attribute, value)
-- reads:  person(person_ix, list, side, party, gender, role)
--         aimed(person_ix, act, post_ix, account_ix)
--         placed(account_ix, flagged)   members of clusters, sources apart

WITH valued AS (
  SELECT person_ix, list, 'side' AS attribute, side AS value FROM person WHERE side <> ''
  UNION ALL
  SELECT person_ix, list, 'party' AS attribute, party AS value FROM person WHERE party <> ''
  UNION ALL
  SELECT person_ix, list, 'gender' AS attribute, gender AS value FROM person WHERE gender <> ''
  UNION ALL
  SELECT person_ix, list, 'role' AS attribute, role AS value FROM person WHERE role <> ''
),

size AS (
  SELECT list, attribute, value, COUNT(*) AS n_persons FROM valued GROUP BY list, attribute, value
),

done AS (
  SELECT DISTINCT
    valued.list,
    valued.attribute,
    valued.value,
    CASE WHEN aimed.act IN ('retweet', 'link') THEN 'amplified' ELSE 'addressed' END AS what,
    aimed.post_ix,
    placed.account_ix IS NOT NULL AS inside,
    COALESCE(placed.flagged, FALSE) AS flagged
  FROM aimed
  JOIN valued
    ON valued.person_ix = aimed.person_ix
  LEFT JOIN placed
    ON placed.account_ix = aimed.account_ix
  WHERE aimed.act IN ('retweet', 'link', 'reply', 'mention', 'quote')
),

counted AS (
  SELECT
    list,
    attribute,
    value,
    COUNT(CASE WHEN what = 'amplified' THEN 1 END) AS n_amplified,
    COUNT(CASE WHEN what = 'amplified' AND inside THEN 1 END) AS n_amplified_clusters,
    COUNT(CASE WHEN what = 'amplified' AND flagged THEN 1 END) AS n_amplified_flagged,
    COUNT(CASE WHEN what = 'addressed' THEN 1 END) AS n_addressed,
    COUNT(CASE WHEN what = 'addressed' AND inside THEN 1 END) AS n_addressed_clusters,
    COUNT(CASE WHEN what = 'addressed' AND flagged THEN 1 END) AS n_addressed_flagged
  FROM done
  GROUP BY list, attribute, value
),

passed_on AS (
  SELECT
    aimed.account_ix,
    valued.list,
    valued.attribute,
    valued.value,
    COUNT(DISTINCT aimed.post_ix) AS n_posts
  FROM aimed
  JOIN valued
    ON valued.person_ix = aimed.person_ix
  WHERE aimed.act = 'retweet'
  GROUP BY aimed.account_ix, valued.list, valued.attribute, valued.value
),

shared AS (
  SELECT
    account_ix,
    list,
    attribute,
    value,
    n_posts,
    SUM(n_posts) OVER (PARTITION BY account_ix, list, attribute) AS n_all
  FROM passed_on
),

supporting AS (
  SELECT
    shared.list,
    shared.attribute,
    shared.value,
    COUNT(*) AS n_supporters,
    COUNT(placed.account_ix) AS n_supporters_clusters,
    COUNT(CASE WHEN placed.flagged THEN 1 END) AS n_supporters_flagged
  FROM shared
  LEFT JOIN placed
    ON placed.account_ix = shared.account_ix
  WHERE 2 * shared.n_posts > shared.n_all
  GROUP BY shared.list, shared.attribute, shared.value
)

SELECT
  size.list,
  size.attribute,
  size.value,
  size.n_persons,
  COALESCE(counted.n_amplified, 0) AS n_amplified,
  COALESCE(counted.n_amplified_clusters, 0) AS n_amplified_clusters,
  COALESCE(counted.n_amplified_flagged, 0) AS n_amplified_flagged,
  COALESCE(counted.n_addressed, 0) AS n_addressed,
  COALESCE(counted.n_addressed_clusters, 0) AS n_addressed_clusters,
  COALESCE(counted.n_addressed_flagged, 0) AS n_addressed_flagged,
  COALESCE(supporting.n_supporters, 0) AS n_supporters,
  COALESCE(supporting.n_supporters_clusters, 0) AS n_supporters_clusters,
  COALESCE(supporting.n_supporters_flagged, 0) AS n_supporters_flagged
FROM size
LEFT JOIN counted
  ON counted.list = size.list
  AND counted.attribute = size.attribute
  AND counted.value = size.value
LEFT JOIN supporting
  ON supporting.list = size.list
  AND supporting.attribute = size.attribute
  AND supporting.value = size.value
ORDER BY size.list, size.attribute, size.value
