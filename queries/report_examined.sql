-- report_examined: what a run read, per platform.
-- grain:  one row per platform
-- reads:  post(platform, account_id, created_at, resolution_s)
-- params: since, until  the period, timestamps; until is excluded

SELECT
  platform,
  COUNT(*) AS n_posts,
  COUNT(DISTINCT account_id) AS n_accounts,
  MIN(created_at) AS first_at,
  MAX(created_at) AS last_at,
  MAX(resolution_s) AS resolution_s
FROM post
WHERE created_at >= CAST($since AS TIMESTAMP)
  AND created_at < CAST($until AS TIMESTAMP)
GROUP BY platform
ORDER BY platform
