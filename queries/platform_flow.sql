-- platform_flow: of what two platforms both carried, how often which one had it first, held against what exchanging the times would give: a
--   platform with three times as many carriers of a page is first three times in four by luck. DuckDB only: quantile_disc.
-- grain:  one row per (what, from_platform, to_platform)
-- reads:  link_place(what, object, platform, first_s, first_latest_s, first_cluster_id, n_accounts)
-- params: max_platforms  the platforms of one object that are compared, those with most accounts first

WITH kept AS (
  SELECT
    what,
    object,
    platform,
    first_s,
    first_latest_s,
    first_cluster_id,
    n_accounts,
    ROW_NUMBER() OVER (PARTITION BY what, object ORDER BY n_accounts DESC, platform) AS place
  FROM link_place
),

met AS (
  SELECT
    one.what,
    one.platform AS from_platform,
    other.platform AS to_platform,
    other.first_s > one.first_latest_s AS is_first,
    one.first_s > other.first_latest_s AS is_second,
    other.first_s - one.first_s AS lag_s,
    one.first_cluster_id AS from_cluster_id,
    other.first_cluster_id AS to_cluster_id,
    CAST(1000000 * one.n_accounts // (one.n_accounts + other.n_accounts) AS BIGINT) AS luck_ppm
  FROM kept AS one
  JOIN kept AS other
    ON other.what = one.what
    AND other.object = one.object
    AND other.platform <> one.platform
  WHERE one.place <= $max_platforms
    AND other.place <= $max_platforms
)

SELECT
  what,
  from_platform,
  to_platform,
  COUNT(*) AS n_objects,
  COUNT(CASE WHEN is_first THEN 1 END) AS n_first,
  COUNT(CASE WHEN is_second THEN 1 END) AS n_second,
  CAST(SUM(CASE WHEN is_first OR is_second THEN luck_ppm ELSE 0 END) AS DOUBLE) / 1000000 AS expected_first,
  QUANTILE_DISC(CASE WHEN is_first THEN lag_s END, 0.25) AS low_lag_s,
  QUANTILE_DISC(CASE WHEN is_first THEN lag_s END, 0.5) AS median_lag_s,
  QUANTILE_DISC(CASE WHEN is_first THEN lag_s END, 0.75) AS high_lag_s,
  COUNT(CASE WHEN is_first AND to_cluster_id <> '' THEN 1 END) AS n_first_clusters,
  COUNT(CASE WHEN is_first AND to_cluster_id <> '' AND to_cluster_id = from_cluster_id THEN 1 END) AS n_first_same_cluster
FROM met
GROUP BY what, from_platform, to_platform
ORDER BY what, from_platform, to_platform
