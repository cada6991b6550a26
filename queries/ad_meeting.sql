-- ad_meeting: two advertisers that show the same creatives, or landing pages on more than one site: pages of the one site that they share most
--   are left out. At most max_crowd others are looked at for each object of an advertiser.
-- grain:  one row per (kind, account_a_ix, account_b_ix), account_a_ix < account_b_ix, with two objects in common or more
-- reads:  ad_object(kind, object, site, account_ix, first_day)
--         ad_crowd(kind, object, n_advertisers)
-- params: max_crowd  objects of more advertisers are left out

WITH shared AS (
  SELECT ad_object.kind, ad_object.object, ad_object.site, ad_object.account_ix, ad_object.first_day
  FROM ad_object
  JOIN ad_crowd
    ON ad_crowd.kind = ad_object.kind
    AND ad_crowd.object = ad_object.object
  WHERE ad_crowd.n_advertisers BETWEEN 2 AND $max_crowd
),

met AS (
  SELECT
    one.kind,
    one.account_ix AS account_a_ix,
    other.account_ix AS account_b_ix,
    one.site,
    COUNT(*) AS n_shared,
    COUNT(CASE WHEN ABS(one.first_day - other.first_day) <= 1 THEN 1 END) AS n_same_day
  FROM shared AS one
  JOIN shared AS other
    ON other.kind = one.kind
    AND other.object = one.object
  WHERE one.account_ix < other.account_ix
  GROUP BY one.kind, one.account_ix, other.account_ix, one.site
)

SELECT
  kind,
  account_a_ix,
  account_b_ix,
  CAST(SUM(n_shared) AS BIGINT) AS n_shared,
  CAST(SUM(n_shared) - MAX(CASE WHEN site <> '' THEN n_shared ELSE 0 END) AS BIGINT) AS n_rest,
  CAST(SUM(n_same_day) AS BIGINT) AS n_same_day
FROM met
GROUP BY kind, account_a_ix, account_b_ix
HAVING SUM(n_shared) > 1
ORDER BY kind, account_a_ix, account_b_ix
