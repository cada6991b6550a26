-- ad: the advertisements among the posts: those that say who paid, and those of an advertisement library. An advertisement has one creative, its
--   text, and one landing page, the first of its addresses; days are all that libraries tell of its time. DuckDB only: lists, maps.
-- grain:  one row per post_ix
-- reads:  scope(post_ix, account_ix, platform, post_id, acted_at, text_key, url_keys, extra)
--         post(platform, post_id, permalink)

WITH told AS (
  SELECT
    scope.post_ix,
    scope.account_ix,
    scope.acted_at // 86400 AS day,
    TRIM(
      COALESCE(
        scope.extra['byline'],
        scope.extra['bylines'],
        scope.extra['funding_entity'],
        scope.extra['paid_for_by'],
        scope.extra['disclaimer'],
        ''
      )
    ) AS payer,
    COALESCE(scope.extra['spend'], '') AS spend,
    TRIM(COALESCE(scope.extra['currency'], '')) AS currency,
    COALESCE(scope.text_key, '') AS creative,
    COALESCE(scope.url_keys[1], '') AS page,
    STARTS_WITH(COALESCE(post.permalink, ''), 'https://www.facebook.com/ads/library/') AS in_library
  FROM scope
  JOIN post
    ON post.platform = scope.platform
    AND post.post_id = scope.post_id
)

SELECT
  post_ix,
  account_ix,
  day,
  payer,
  spend,
  currency,
  creative,
  page,
  LOWER(SPLIT_PART(SPLIT_PART(page, '://', 2), '/', 1)) AS site
FROM told
WHERE payer <> '' OR in_library
ORDER BY post_ix
