-- action_hashtag_sequence: who published which three or more hashtags in which order. DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, acted_at, retweet_of, hashtags)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'hashtag_sequence' AS verb,
  LOWER(ARRAY_TO_STRING(LIST_FILTER(hashtags, lambda tag: tag <> ''), ' ')) AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM scope
WHERE LEN(LIST_FILTER(hashtags, lambda tag: tag <> '')) >= 3
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
