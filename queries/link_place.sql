-- link_place: on which platforms every page and every site turned up that is on more than one. Who first had it there, and how far it went.
--   Posts without a named platform are left out. DuckDB only: unnest, lists, arg_min.
-- grain:  one row per (what, object, platform), what = page or site
-- reads:  scope(post_ix, account_ix, platform, acted_at, resolution_s, url_keys, domains)
--         placed(account_ix, cluster_id, flagged)   members of clusters, sources apart

WITH mentioned AS (
  SELECT 'page' AS what, UNNEST(LIST_DISTINCT(url_keys)) AS object, platform, account_ix, post_ix, acted_at, resolution_s
  FROM scope
  WHERE platform <> '' AND LEN(url_keys) > 0
  UNION ALL
  SELECT 'site' AS what, UNNEST(LIST_DISTINCT(domains)) AS object, platform, account_ix, post_ix, acted_at, resolution_s
  FROM scope
  WHERE platform <> '' AND LEN(domains) > 0
),

carrying AS (
  SELECT
    what,
    object,
    platform,
    account_ix,
    MIN(acted_at) AS first_s,
    MIN(acted_at + COALESCE(resolution_s, 1) - 1) AS first_latest_s,
    ARG_MIN(post_ix, (acted_at, post_ix)) AS post_ix,
    COUNT(*) AS n_posts
  FROM mentioned
  WHERE object <> ''
  GROUP BY what, object, platform, account_ix
),

wide AS (
  SELECT what, object FROM carrying GROUP BY what, object HAVING MIN(platform) <> MAX(platform)
)

SELECT
  carrying.what,
  carrying.object,
  carrying.platform,
  MIN(carrying.first_s) AS first_s,
  MIN(carrying.first_latest_s) AS first_latest_s,
  ARG_MIN(carrying.account_ix, (carrying.first_s, carrying.post_ix)) AS account_ix,
  ARG_MIN(COALESCE(placed.cluster_id, ''), (carrying.first_s, carrying.post_ix)) AS first_cluster_id,
  CAST(SUM(carrying.n_posts) AS BIGINT) AS n_posts,
  COUNT(*) AS n_accounts,
  COUNT(placed.account_ix) AS n_accounts_clusters,
  COUNT(CASE WHEN placed.flagged THEN 1 END) AS n_accounts_flagged
FROM carrying
JOIN wide
  ON wide.what = carrying.what
  AND wide.object = carrying.object
LEFT JOIN placed
  ON placed.account_ix = carrying.account_ix
GROUP BY carrying.what, carrying.object, carrying.platform
ORDER BY carrying.what, carrying.object, carrying.platform
