-- topic: what most accounts published on, and what was spread most, with and without the members of clusters.
-- grain:  one row per (what, topic) that is among the first max_rank of its kind by one of six orders
-- reads:  topic_act(what, topic, account_ix, n_posts, n_spread, n_engagement, n_views)
--         placed(account_ix, flagged)   members of clusters, sources apart
-- params: max_rank

WITH counted AS (
  SELECT
    act.what,
    act.topic,
    COUNT(CASE WHEN act.n_posts > 0 THEN 1 END) AS n_accounts,
    COUNT(CASE WHEN act.n_posts > 0 AND placed.account_ix IS NOT NULL THEN 1 END) AS n_accounts_clusters,
    COUNT(CASE WHEN act.n_posts > 0 AND placed.flagged THEN 1 END) AS n_accounts_flagged,
    CAST(SUM(act.n_posts) AS BIGINT) AS n_posts,
    CAST(SUM(CASE WHEN placed.account_ix IS NOT NULL THEN act.n_posts ELSE 0 END) AS BIGINT) AS n_posts_clusters,
    COUNT(CASE WHEN act.n_spread > 0 THEN 1 END) AS n_spreaders,
    COUNT(CASE WHEN act.n_spread > 0 AND placed.account_ix IS NOT NULL THEN 1 END) AS n_spreaders_clusters,
    COUNT(CASE WHEN act.n_spread > 0 AND placed.flagged THEN 1 END) AS n_spreaders_flagged,
    CAST(SUM(act.n_spread) AS BIGINT) AS n_spread,
    CAST(SUM(CASE WHEN placed.account_ix IS NOT NULL THEN act.n_spread ELSE 0 END) AS BIGINT) AS n_spread_clusters,
    CAST(SUM(act.n_engagement) AS BIGINT) AS n_engagement,
    CAST(SUM(CASE WHEN placed.account_ix IS NOT NULL THEN act.n_engagement END) AS BIGINT) AS n_engagement_clusters,
    CAST(SUM(act.n_views) AS BIGINT) AS n_views,
    CAST(SUM(CASE WHEN placed.account_ix IS NOT NULL THEN act.n_views END) AS BIGINT) AS n_views_clusters
  FROM topic_act AS act
  LEFT JOIN placed
    ON placed.account_ix = act.account_ix
  GROUP BY act.what, act.topic
  HAVING COUNT(*) > 1
),

ranked AS (
  SELECT
    what,
    topic,
    RANK() OVER (PARTITION BY what ORDER BY n_accounts DESC) AS rank_prevalent,
    RANK() OVER (PARTITION BY what ORDER BY n_accounts - n_accounts_clusters DESC) AS rank_prevalent_others,
    RANK() OVER (PARTITION BY what ORDER BY n_spreaders DESC) AS rank_spread,
    RANK() OVER (PARTITION BY what ORDER BY n_spreaders - n_spreaders_clusters DESC) AS rank_spread_others,
    RANK() OVER (PARTITION BY what ORDER BY COALESCE(n_engagement, 0) DESC) AS rank_engagement,
    RANK() OVER (PARTITION BY what ORDER BY COALESCE(n_engagement, 0) - COALESCE(n_engagement_clusters, 0) DESC) AS rank_engagement_others
  FROM counted
),

chosen AS (
  SELECT
    what,
    topic,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_prevalent, topic) AS by_prevalent,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_prevalent_others, topic) AS by_prevalent_others,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_spread, topic) AS by_spread,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_spread_others, topic) AS by_spread_others,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_engagement, topic) AS by_engagement,
    ROW_NUMBER() OVER (PARTITION BY what ORDER BY rank_engagement_others, topic) AS by_engagement_others
  FROM ranked
)

SELECT
  counted.what,
  counted.topic,
  counted.n_accounts,
  counted.n_accounts_clusters,
  counted.n_accounts_flagged,
  counted.n_posts,
  counted.n_posts_clusters,
  counted.n_spreaders,
  counted.n_spreaders_clusters,
  counted.n_spreaders_flagged,
  counted.n_spread,
  counted.n_spread_clusters,
  counted.n_engagement,
  counted.n_engagement_clusters,
  counted.n_views,
  counted.n_views_clusters,
  ranked.rank_prevalent,
  ranked.rank_prevalent_others,
  ranked.rank_spread,
  ranked.rank_spread_others,
  CASE WHEN counted.n_engagement IS NOT NULL THEN ranked.rank_engagement END AS rank_engagement,
  CASE WHEN counted.n_engagement IS NOT NULL THEN ranked.rank_engagement_others END AS rank_engagement_others
FROM counted
JOIN ranked
  ON ranked.what = counted.what
  AND ranked.topic = counted.topic
JOIN chosen
  ON chosen.what = counted.what
  AND chosen.topic = counted.topic
WHERE LEAST(
  chosen.by_prevalent,
  chosen.by_prevalent_others,
  chosen.by_spread,
  chosen.by_spread_others,
  chosen.by_engagement,
  chosen.by_engagement_others
) <= $max_rank
ORDER BY counted.what, counted.topic
