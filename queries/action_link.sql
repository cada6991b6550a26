-- action_link: who published which address. DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, url_keys)
-- params: originals, retweets  whether acts of such posts count

WITH mentioned AS (
  SELECT DISTINCT
    account_ix,
    account_id,
    UNNEST(url_keys) AS entry,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE LEN(url_keys) > 0
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
)

SELECT DISTINCT
  account_ix,
  'link' AS verb,
  entry AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id
FROM mentioned
WHERE entry <> ''
ORDER BY post_ix, object
