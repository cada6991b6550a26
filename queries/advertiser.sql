-- advertiser: every account that shows advertisements, what it shows, and who says to have paid. Spending is added later. DuckDB only: lists,
--   make_timestamp.
-- grain:  one row per account_ix
-- reads:  ad(post_ix, account_ix, day, payer, creative, site)
--         payer_key(payer, payer_key)
--         ad_paid(payer_key, payer)
--         ad_placed(account_ix, network_id)
--         placed(account_ix, cluster_id)   members of clusters, sources apart
--         account_code(account_ix, platform, account_id)
--         account(platform, account_id, display_name)

WITH paid AS (
  SELECT DISTINCT
    ad.account_ix,
    ad_paid.payer
  FROM ad
  JOIN payer_key
    ON payer_key.payer = ad.payer
  JOIN ad_paid
    ON ad_paid.payer_key = payer_key.payer_key
),

payers AS (
  SELECT account_ix, LIST(payer ORDER BY payer)[:5] AS payers FROM paid GROUP BY account_ix
),

shown AS (
  SELECT
    account_ix,
    COUNT(post_ix) AS n_ads,
    COUNT(DISTINCT NULLIF(creative, '')) AS n_creatives,
    COUNT(DISTINCT NULLIF(site, '')) AS n_sites,
    MIN(day) AS first_day,
    MAX(day) AS last_day,
    COUNT(CASE WHEN payer = '' THEN 1 END) AS n_unpaid
  FROM ad
  GROUP BY account_ix
)

SELECT
  shown.account_ix,
  account_code.platform,
  account_code.account_id,
  account.display_name,
  shown.n_ads,
  shown.n_unpaid AS n_ads_without_payer,
  shown.n_creatives,
  shown.n_sites,
  MAKE_TIMESTAMP(shown.first_day * 86400000000) AS first_at,
  MAKE_TIMESTAMP(shown.last_day * 86400000000) AS last_at,
  COALESCE(payers.payers, CAST([] AS VARCHAR[])) AS payers,
  ad_placed.network_id,
  placed.cluster_id
FROM shown
JOIN account_code
  ON account_code.account_ix = shown.account_ix
LEFT JOIN account
  ON account.platform = account_code.platform
  AND account.account_id = account_code.account_id
LEFT JOIN payers
  ON payers.account_ix = shown.account_ix
LEFT JOIN ad_placed
  ON ad_placed.account_ix = shown.account_ix
LEFT JOIN placed
  ON placed.account_ix = shown.account_ix
ORDER BY shown.account_ix
