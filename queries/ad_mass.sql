-- ad_mass: what is needed to say how much two advertisers share by chance: the objects of each, and the others around these.
-- grain:  one row per (kind, account_ix)
-- reads:  ad_object(kind, object, account_ix)
--         ad_crowd(kind, object, n_advertisers)
-- params: max_crowd  objects of more advertisers are left out

SELECT
  ad_object.kind,
  ad_object.account_ix,
  COUNT(*) AS n_objects,
  CAST(SUM(ad_crowd.n_advertisers - 1) AS BIGINT) AS crowd
FROM ad_object
JOIN ad_crowd
  ON ad_crowd.kind = ad_object.kind
  AND ad_crowd.object = ad_object.object
WHERE ad_crowd.n_advertisers <= $max_crowd
GROUP BY ad_object.kind, ad_object.account_ix
ORDER BY ad_object.kind, ad_object.account_ix
