-- target: how often posts act on each person of a list, with and without the members of clusters. Counts of one post beyond 10^11 are believed
--   to be 10^11, so that hostile ones add up.
-- grain:  one row per (list, person, act); act = any counts every post once that does something to the person
-- reads:  person(person_ix, list, person, side, party, gender, role)
--         aimed(person_ix, act, post_ix, account_ix)
--         placed(account_ix, flagged)   members of clusters, sources apart
--         scope(post_ix, platform, post_id, like_count)
--         post(platform, post_id, view_count)

WITH every AS (
  SELECT person_ix, act, post_ix, account_ix FROM aimed
  UNION
  SELECT person_ix, 'any' AS act, post_ix, account_ix FROM aimed WHERE act <> 'own'
),

reach AS (
  SELECT
    scope.post_ix,
    CASE WHEN scope.like_count IS NOT NULL THEN LEAST(GREATEST(scope.like_count, 0), 100000000000) END AS like_count,
    CASE WHEN post.view_count IS NOT NULL THEN LEAST(GREATEST(post.view_count, 0), 100000000000) END AS view_count
  FROM (SELECT DISTINCT post_ix FROM aimed) AS met
  JOIN scope
    ON scope.post_ix = met.post_ix
  JOIN post
    ON post.platform = scope.platform
    AND post.post_id = scope.post_id
),

weighed AS (
  SELECT
    every.person_ix,
    every.act,
    every.account_ix,
    placed.account_ix IS NOT NULL AS inside,
    COALESCE(placed.flagged, FALSE) AS flagged,
    reach.like_count,
    reach.view_count
  FROM every
  JOIN reach
    ON reach.post_ix = every.post_ix
  LEFT JOIN placed
    ON placed.account_ix = every.account_ix
)

SELECT
  person.list,
  person.person,
  weighed.act,
  person.side,
  person.party,
  person.gender,
  person.role,
  COUNT(*) AS n_posts,
  COUNT(DISTINCT weighed.account_ix) AS n_accounts,
  COUNT(CASE WHEN weighed.inside THEN 1 END) AS n_posts_clusters,
  COUNT(DISTINCT CASE WHEN weighed.inside THEN weighed.account_ix END) AS n_accounts_clusters,
  COUNT(CASE WHEN weighed.flagged THEN 1 END) AS n_posts_flagged,
  COUNT(DISTINCT CASE WHEN weighed.flagged THEN weighed.account_ix END) AS n_accounts_flagged,
  CAST(SUM(weighed.view_count) AS BIGINT) AS n_views,
  CAST(SUM(CASE WHEN weighed.inside THEN weighed.view_count END) AS BIGINT) AS n_views_clusters,
  CAST(SUM(weighed.like_count) AS BIGINT) AS n_likes,
  CAST(SUM(CASE WHEN weighed.inside THEN weighed.like_count END) AS BIGINT) AS n_likes_clusters
FROM weighed
JOIN person
  ON person.person_ix = weighed.person_ix
GROUP BY person.list, person.person, weighed.act, person.side, person.party, person.gender, person.role
ORDER BY person.list, person.person, weighed.act
