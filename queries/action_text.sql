-- action_text: who published which normalised text.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, acted_at, retweet_of, text_key)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'text' AS verb,
  text_key AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM scope
WHERE text_key IS NOT NULL
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
