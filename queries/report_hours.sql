-- report_hours: posts by hour of the week, of each shown cluster and, under the name '', of everybody. DuckDB only: epoch.
-- grain:  one row per (cluster_id, hour) with posts; hour 0 is Monday, 00:00 UTC
-- reads:  post(platform, account_id, created_at, resolution_s)
--         shown(cluster_id, platform, account_id)   the accounts of the clusters to be drawn, without sources
-- params: since, until  the period, timestamps; until is excluded
--         max_resolution_s  posts whose times are coarser have no hour

WITH busy AS (
  SELECT
    platform,
    account_id,
    ((CAST(FLOOR(EPOCH(created_at) / 3600) AS BIGINT) + 72) % 168 + 168) % 168 AS hour,
    COUNT(*) AS n_posts
  FROM post
  WHERE created_at >= CAST($since AS TIMESTAMP)
    AND created_at < CAST($until AS TIMESTAMP)
    AND COALESCE(resolution_s, 1) <= $max_resolution_s
  GROUP BY
    platform,
    account_id,
    ((CAST(FLOOR(EPOCH(created_at) / 3600) AS BIGINT) + 72) % 168 + 168) % 168
)

SELECT
  '' AS cluster_id,
  hour,
  CAST(SUM(n_posts) AS BIGINT) AS n_posts
FROM busy
GROUP BY hour
UNION ALL
SELECT
  shown.cluster_id,
  busy.hour,
  CAST(SUM(busy.n_posts) AS BIGINT) AS n_posts
FROM busy
JOIN shown
  ON shown.platform = busy.platform
  AND shown.account_id = busy.account_id
GROUP BY shown.cluster_id, busy.hour
ORDER BY cluster_id, hour
