-- spread_cluster: how much of it each cluster carried, and how much it publishes anyway; under the name '' everybody together.
-- grain:  one row per cluster_id
-- reads:  post(platform, account_id, created_at)
--         spread_post(created_at, platform, account_id)
--         inside(platform, account_id, first_cluster, role)   accounts of the run's clusters; sources count as outside
-- params: since, until  the period, timestamps; until is excluded

WITH busy AS (
  SELECT
    platform,
    account_id,
    COUNT(*) AS n_posts
  FROM post
  WHERE created_at >= CAST($since AS TIMESTAMP)
    AND created_at < CAST($until AS TIMESTAMP)
  GROUP BY platform, account_id
),

carrier AS (
  SELECT
    platform,
    account_id,
    COUNT(*) AS n_posts,
    MIN(created_at) AS first_at,
    MAX(created_at) AS last_at
  FROM spread_post
  GROUP BY platform, account_id
),

member AS (
  SELECT
    platform,
    account_id,
    first_cluster AS cluster_id
  FROM inside
  WHERE role <> 'source'
),

placed AS (
  SELECT
    busy.platform,
    busy.account_id,
    COALESCE(member.cluster_id, '') AS cluster_id,
    busy.n_posts AS n_all_posts,
    carrier.n_posts,
    carrier.first_at,
    carrier.last_at
  FROM busy
  LEFT JOIN member
    ON member.platform = busy.platform
    AND member.account_id = busy.account_id
  LEFT JOIN carrier
    ON carrier.platform = busy.platform
    AND carrier.account_id = busy.account_id
)

SELECT
  cluster_id,
  COUNT(n_posts) AS n_carriers,
  COUNT(*) AS n_accounts,
  CAST(COALESCE(SUM(n_posts), 0) AS BIGINT) AS n_posts,
  CAST(SUM(n_all_posts) AS BIGINT) AS n_all_posts,
  MIN(first_at) AS first_at,
  MAX(last_at) AS last_at
FROM placed
WHERE cluster_id <> ''
GROUP BY cluster_id
UNION ALL
SELECT
  '' AS cluster_id,
  COUNT(n_posts) AS n_carriers,
  COUNT(*) AS n_accounts,
  CAST(COALESCE(SUM(n_posts), 0) AS BIGINT) AS n_posts,
  CAST(COALESCE(SUM(n_all_posts), 0) AS BIGINT) AS n_all_posts,
  MIN(first_at) AS first_at,
  MAX(last_at) AS last_at
FROM placed
ORDER BY cluster_id
