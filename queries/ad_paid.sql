-- ad_paid: who says to have paid for advertisements, in whatever spelling. Spending is added later. DuckDB only: arg_max, make_timestamp.
-- grain:  one row per payer_key
-- reads:  ad(post_ix, account_ix, day, payer)
--         payer_key(payer, payer_key)   the same key for spellings that look the same

WITH spelled AS (
  SELECT
    payer_key.payer_key,
    ad.payer,
    COUNT(*) AS n_ads
  FROM ad
  JOIN payer_key
    ON payer_key.payer = ad.payer
  GROUP BY payer_key.payer_key, ad.payer
),

named AS (
  SELECT
    payer_key,
    ARG_MAX(payer, (n_ads, payer)) AS payer,
    COUNT(*) AS n_spellings
  FROM spelled
  GROUP BY payer_key
)

SELECT
  named.payer_key,
  named.payer,
  named.n_spellings,
  COUNT(DISTINCT ad.account_ix) AS n_advertisers,
  COUNT(ad.post_ix) AS n_ads,
  MAKE_TIMESTAMP(MIN(ad.day) * 86400000000) AS first_at,
  MAKE_TIMESTAMP(MAX(ad.day) * 86400000000) AS last_at
FROM named
JOIN payer_key
  ON payer_key.payer_key = named.payer_key
JOIN ad
  ON ad.payer = payer_key.payer
GROUP BY named.payer_key, named.payer, named.n_spellings
ORDER BY named.payer_key
