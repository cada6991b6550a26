-- ad_shared: the creatives and landing pages that advertisers of one network share. DuckDB only: make_timestamp.
-- grain:  one row per (network_id, kind, object), shared by two advertisers of the network or more
-- reads:  ad_object(kind, object, account_ix, first_day, n_ads, post_ix)
--         ad_placed(account_ix, network_id)
--         scope(post_ix, platform, post_id)

WITH inside AS (
  SELECT
    ad_placed.network_id,
    ad_object.kind,
    ad_object.object,
    COUNT(*) AS n_advertisers,
    CAST(SUM(ad_object.n_ads) AS BIGINT) AS n_ads,
    MIN(ad_object.first_day) AS first_day,
    MAX(ad_object.first_day) AS last_day,
    MIN(ad_object.post_ix) AS post_a_ix,
    MAX(ad_object.post_ix) AS post_b_ix
  FROM ad_object
  JOIN ad_placed
    ON ad_placed.account_ix = ad_object.account_ix
  GROUP BY ad_placed.network_id, ad_object.kind, ad_object.object
  HAVING COUNT(*) > 1
)

SELECT
  inside.network_id,
  inside.kind,
  inside.object,
  inside.n_advertisers,
  inside.n_ads,
  MAKE_TIMESTAMP(inside.first_day * 86400000000) AS first_at,
  inside.last_day - inside.first_day AS spread_days,
  one.platform AS post_platform_a,
  one.post_id AS post_a,
  other.platform AS post_platform_b,
  other.post_id AS post_b
FROM inside
JOIN scope AS one
  ON one.post_ix = inside.post_a_ix
JOIN scope AS other
  ON other.post_ix = inside.post_b_ix
ORDER BY inside.network_id, inside.kind, inside.object
