-- report_push: how often each cluster, and everybody else, used the hashtags, domains and addresses that it is known for. Retweets do not count.
-- DuckDB only: unnest, list_distinct.
-- grain:  one row per (cluster_id, what, name), what = terms, domains or url_keys
-- reads:  post(platform, account_id, created_at, retweet_of, hashtags, domains, url_keys)
--         shown(cluster_id, platform, account_id)   the accounts of the clusters to be shown, without sources
--         pushed(cluster_id, what, name)   what to count; hashtags in small letters
-- params: since, until  the period, timestamps; until is excluded

WITH own AS (
  SELECT
    shown.cluster_id,
    post.hashtags,
    post.domains,
    post.url_keys
  FROM post
  LEFT JOIN shown
    ON shown.platform = post.platform
    AND shown.account_id = post.account_id
  WHERE post.retweet_of IS NULL
    AND post.created_at >= CAST($since AS TIMESTAMP)
    AND post.created_at < CAST($until AS TIMESTAMP)
),

used AS (
  SELECT cluster_id, 'terms' AS what, LOWER(UNNEST(LIST_DISTINCT(hashtags))) AS name FROM own WHERE LEN(hashtags) > 0
  UNION ALL
  SELECT cluster_id, 'domains' AS what, UNNEST(LIST_DISTINCT(domains)) AS name FROM own WHERE LEN(domains) > 0
  UNION ALL
  SELECT cluster_id, 'url_keys' AS what, UNNEST(LIST_DISTINCT(url_keys)) AS name FROM own WHERE LEN(url_keys) > 0
),

sought AS (
  SELECT DISTINCT
    what,
    name
  FROM pushed
),

counted AS (
  SELECT
    used.cluster_id,
    used.what,
    used.name,
    COUNT(*) AS n
  FROM used
  JOIN sought
    ON sought.what = used.what
    AND sought.name = used.name
  GROUP BY used.cluster_id, used.what, used.name
),

busy AS (
  SELECT
    COALESCE(cluster_id, '') AS cluster_id,
    COUNT(*) AS n
  FROM own
  GROUP BY COALESCE(cluster_id, '')
)

SELECT
  pushed.cluster_id,
  pushed.what,
  pushed.name,
  CAST(COALESCE(SUM(CASE WHEN counted.cluster_id = pushed.cluster_id THEN counted.n END), 0) AS BIGINT) AS n_posts,
  CAST(COALESCE(SUM(counted.n), 0) AS BIGINT) AS n_posts_all,
  CAST(COALESCE((SELECT SUM(busy.n) FROM busy WHERE busy.cluster_id = pushed.cluster_id), 0) AS BIGINT) AS n_own,
  CAST(COALESCE((SELECT SUM(busy.n) FROM busy), 0) AS BIGINT) AS n_own_all
FROM pushed
LEFT JOIN counted
  ON counted.what = pushed.what
  AND counted.name = pushed.name
GROUP BY pushed.cluster_id, pushed.what, pushed.name
ORDER BY pushed.cluster_id, pushed.what, pushed.name
