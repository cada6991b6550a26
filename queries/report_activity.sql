-- report_activity: posts over time, of each shown cluster and, under the name '', of everybody. DuckDB only: epoch.
-- grain:  one row per (cluster_id, bin) with posts; bins before first_bin or after last_bin are one each
-- reads:  post(platform, account_id, created_at)
--         shown(cluster_id, platform, account_id)   the accounts of the clusters to be drawn, without sources
-- params: since, until  the period, timestamps; until is excluded
--         bin_s  length of a bin, seconds; bins are counted from 1970, before it downwards
--         first_bin, last_bin  the bins to be drawn, both included

WITH busy AS (
  SELECT
    platform,
    account_id,
    LEAST(GREATEST(CAST(FLOOR(EPOCH(created_at) / $bin_s) AS BIGINT), $first_bin - 1), $last_bin + 1) AS bin,
    COUNT(*) AS n_posts
  FROM post
  WHERE created_at >= CAST($since AS TIMESTAMP)
    AND created_at < CAST($until AS TIMESTAMP)
  GROUP BY
    platform,
    account_id,
    LEAST(GREATEST(CAST(FLOOR(EPOCH(created_at) / $bin_s) AS BIGINT), $first_bin - 1), $last_bin + 1)
)

SELECT
  '' AS cluster_id,
  bin,
  CAST(SUM(n_posts) AS BIGINT) AS n_posts
FROM busy
GROUP BY bin
UNION ALL
SELECT
  shown.cluster_id,
  busy.bin,
  CAST(SUM(busy.n_posts) AS BIGINT) AS n_posts
FROM busy
JOIN shown
  ON shown.platform = busy.platform
  AND shown.account_id = busy.account_id
GROUP BY shown.cluster_id, busy.bin
ORDER BY cluster_id, bin
