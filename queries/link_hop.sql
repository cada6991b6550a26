-- link_hop: the platforms of each page and site in the order in which it turned up there, with the lag behind the one before.
--   DuckDB only: make_timestamp.
-- grain:  one row per (what, object, platform)
-- reads:  link_place(what, object, platform, first_s, first_latest_s, account_ix, first_cluster_id, n_posts, n_accounts, n_accounts_clusters,
--           n_accounts_flagged)
--         account_code(account_ix, account_id)
-- params: max_objects  of each kind, those that most accounts carried

WITH whole AS (
  SELECT what, object, SUM(n_accounts) AS n_accounts FROM link_place GROUP BY what, object
),

ranked AS (
  SELECT what, object, ROW_NUMBER() OVER (PARTITION BY what ORDER BY n_accounts DESC, object) AS place FROM whole
),

placed_in_time AS (
  SELECT
    what,
    object,
    platform,
    ROW_NUMBER() OVER (PARTITION BY what, object ORDER BY first_s, first_latest_s, platform) - 1 AS hop_ix,
    LAG(platform) OVER (PARTITION BY what, object ORDER BY first_s, first_latest_s, platform) AS from_platform,
    first_s - LAG(first_s) OVER (PARTITION BY what, object ORDER BY first_s, first_latest_s, platform) AS lag_s,
    first_s > LAG(first_latest_s) OVER (PARTITION BY what, object ORDER BY first_s, first_latest_s, platform) AS is_sure,
    first_s,
    first_latest_s - first_s + 1 AS resolution_s,
    account_ix,
    first_cluster_id,
    n_posts,
    n_accounts,
    n_accounts_clusters,
    n_accounts_flagged
  FROM link_place
)

SELECT
  hop.what,
  hop.object,
  CAST(hop.hop_ix AS INTEGER) AS hop_ix,
  hop.platform,
  hop.from_platform,
  MAKE_TIMESTAMP(hop.first_s * 1000000) AS first_at,
  CAST(hop.resolution_s AS BIGINT) AS resolution_s,
  CAST(hop.lag_s AS BIGINT) AS lag_s,
  hop.is_sure,
  account_code.account_id,
  NULLIF(hop.first_cluster_id, '') AS cluster_id,
  hop.n_posts,
  hop.n_accounts,
  hop.n_accounts_clusters,
  hop.n_accounts_flagged
FROM placed_in_time AS hop
JOIN ranked
  ON ranked.what = hop.what
  AND ranked.object = hop.object
JOIN account_code
  ON account_code.account_ix = hop.account_ix
WHERE ranked.place <= $max_objects
ORDER BY hop.what, hop.object, hop_ix
