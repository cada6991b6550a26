-- action_media: who published which picture or film. DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, media)
-- params: originals, retweets  whether acts of such posts count

WITH mentioned AS (
  SELECT DISTINCT
    account_ix,
    account_id,
    UNNEST(media) AS entry,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE LEN(media) > 0
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
)

SELECT DISTINCT
  account_ix,
  'media' AS verb,
  entry AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM mentioned
WHERE entry <> ''
ORDER BY post_ix, object
