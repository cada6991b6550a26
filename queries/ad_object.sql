-- ad_object: which advertiser shows which creative, and which landing page, how often and since which day.
-- grain:  one row per (kind, object, account_ix), kind = creative or page
-- reads:  ad(post_ix, account_ix, day, creative, page, site)

WITH every AS (
  SELECT 'creative' AS kind, creative AS object, '' AS site, account_ix, day, post_ix FROM ad WHERE creative <> ''
  UNION ALL
  SELECT 'page' AS kind, page AS object, site, account_ix, day, post_ix FROM ad WHERE page <> ''
)

SELECT
  kind,
  object,
  site,
  account_ix,
  MIN(day) AS first_day,
  COUNT(*) AS n_ads,
  MIN(post_ix) AS post_ix
FROM every
GROUP BY kind, object, site, account_ix
ORDER BY kind, object, account_ix
