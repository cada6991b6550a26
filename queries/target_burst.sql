-- target_burst: answers, mentions and quotes of each person of a list, by cluster: how many, in which hour most, how close to the person's own posts.
-- DuckDB only: make_timestamp.
-- grain:  one row per (list, person, cluster_id); cluster_id '' for all accounts in no cluster
-- reads:  person(person_ix, list, person, side, gender)
--         aimed(person_ix, act, post_ix, account_ix, acted_at, is_retweet)
--         placed(account_ix, cluster_id)   members of clusters, sources apart
-- params: near_s  how close to a post of the person is near, seconds, inclusive

WITH told AS (
  SELECT
    person_ix,
    post_ix,
    account_ix,
    acted_at,
    MAX(CASE WHEN act = 'own' THEN 1 ELSE 0 END) AS is_own,
    MAX(CASE WHEN act = 'reply' THEN 1 ELSE 0 END) AS is_reply
  FROM aimed
  WHERE act IN ('reply', 'mention', 'quote')
    OR (act = 'own' AND NOT is_retweet)
  GROUP BY person_ix, post_ix, account_ix, acted_at
),

around AS (
  SELECT
    person_ix,
    account_ix,
    acted_at,
    is_own,
    is_reply,
    MAX(CASE WHEN is_own = 1 THEN acted_at END) OVER (
      PARTITION BY person_ix ORDER BY acted_at, is_own DESC, post_ix ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS own_before,
    MIN(CASE WHEN is_own = 1 THEN acted_at END) OVER (
      PARTITION BY person_ix ORDER BY acted_at, is_own DESC, post_ix ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS own_after
  FROM told
),

by_hour AS (
  SELECT
    around.person_ix,
    COALESCE(placed.cluster_id, '') AS cluster_id,
    around.acted_at // 3600 AS hour,
    COUNT(*) AS n_posts,
    COUNT(CASE WHEN around.is_reply = 1 THEN 1 END) AS n_replies,
    COUNT(CASE WHEN around.is_reply = 1 AND around.acted_at - around.own_before <= $near_s THEN 1 END) AS n_replies_near,
    COUNT(CASE WHEN around.is_reply = 0 AND around.acted_at - around.own_before <= $near_s THEN 1 END) AS n_mentions_after,
    COUNT(CASE WHEN around.is_reply = 0 AND around.own_after - around.acted_at <= $near_s THEN 1 END) AS n_mentions_before
  FROM around
  LEFT JOIN placed
    ON placed.account_ix = around.account_ix
  WHERE around.is_own = 0
  GROUP BY around.person_ix, COALESCE(placed.cluster_id, ''), around.acted_at // 3600
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY person_ix, cluster_id ORDER BY n_posts DESC, hour) AS place
  FROM by_hour
),

heads AS (
  SELECT
    around.person_ix,
    COALESCE(placed.cluster_id, '') AS cluster_id,
    COUNT(DISTINCT around.account_ix) AS n_accounts
  FROM around
  LEFT JOIN placed
    ON placed.account_ix = around.account_ix
  WHERE around.is_own = 0
  GROUP BY around.person_ix, COALESCE(placed.cluster_id, '')
),

own AS (
  SELECT
    person_ix,
    COUNT(*) AS n_own
  FROM told
  WHERE is_own = 1
  GROUP BY person_ix
)

SELECT
  person.list,
  person.person,
  ranked.cluster_id,
  person.side,
  person.gender,
  CAST(SUM(ranked.n_posts) AS BIGINT) AS n_posts,
  heads.n_accounts,
  COUNT(*) AS n_hours,
  MAKE_TIMESTAMP(MAX(CASE WHEN ranked.place = 1 THEN ranked.hour END) * 3600000000) AS peak_at,
  MAX(ranked.n_posts) AS peak_posts,
  CAST(SUM(ranked.n_replies) AS BIGINT) AS n_replies,
  CAST(SUM(ranked.n_replies_near) AS BIGINT) AS n_replies_near,
  CAST(SUM(ranked.n_posts) - SUM(ranked.n_replies) AS BIGINT) AS n_mentions,
  CAST(SUM(ranked.n_mentions_after) AS BIGINT) AS n_mentions_after,
  CAST(SUM(ranked.n_mentions_before) AS BIGINT) AS n_mentions_before,
  COALESCE(MAX(own.n_own), 0) AS n_own
FROM ranked
JOIN person
  ON person.person_ix = ranked.person_ix
JOIN heads
  ON heads.person_ix = ranked.person_ix
  AND heads.cluster_id = ranked.cluster_id
LEFT JOIN own
  ON own.person_ix = ranked.person_ix
GROUP BY person.list, person.person, ranked.cluster_id, person.side, person.gender, heads.n_accounts
ORDER BY person.list, person.person, ranked.cluster_id
