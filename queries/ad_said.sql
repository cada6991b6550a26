-- ad_said: who says to have paid for the advertisements that a network's advertisers share; payer_key '' where an advertisement does not say.
-- grain:  one row per (network_id, account_ix, payer_key)
-- reads:  ad(post_ix, account_ix, payer, creative, page)
--         payer_key(payer, payer_key)
--         ad_placed(account_ix, network_id)
--         ad_shared(network_id, kind, object)

WITH shared AS (
  SELECT
    ad_placed.network_id,
    ad.account_ix,
    ad.payer,
    ad.post_ix
  FROM ad
  JOIN ad_placed
    ON ad_placed.account_ix = ad.account_ix
  JOIN ad_shared
    ON ad_shared.network_id = ad_placed.network_id
    AND ad_shared.kind = 'creative'
    AND ad_shared.object = ad.creative
  UNION
  SELECT
    ad_placed.network_id,
    ad.account_ix,
    ad.payer,
    ad.post_ix
  FROM ad
  JOIN ad_placed
    ON ad_placed.account_ix = ad.account_ix
  JOIN ad_shared
    ON ad_shared.network_id = ad_placed.network_id
    AND ad_shared.kind = 'page'
    AND ad_shared.object = ad.page
)

SELECT
  shared.network_id,
  shared.account_ix,
  COALESCE(payer_key.payer_key, '') AS payer_key,
  COUNT(*) AS n_ads
FROM shared
LEFT JOIN payer_key
  ON payer_key.payer = shared.payer
GROUP BY shared.network_id, shared.account_ix, COALESCE(payer_key.payer_key, '')
ORDER BY shared.network_id, shared.account_ix, payer_key
