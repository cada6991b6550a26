-- ad_crowd: how many advertisers show each creative and each landing page.
-- grain:  one row per (kind, object)
-- reads:  ad_object(kind, object, account_ix)

SELECT
  kind,
  object,
  COUNT(account_ix) AS n_advertisers
FROM ad_object
GROUP BY kind, object
ORDER BY kind, object
