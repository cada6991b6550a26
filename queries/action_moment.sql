-- action_moment: who published in which minute, whatever it was: of each account the first post in every ten seconds of the hour, at most 360.
--   Who publishes at the same time of every hour, as a scheduler or a feed reader does, does so once: a habit meets another's once, not
--   every day anew. DuckDB only: make_timestamp.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, acted_at, retweet_of)
-- params: originals, retweets  whether acts of such posts count

WITH turn AS (
  SELECT
    account_ix,
    acted_at,
    post_ix,
    platform,
    post_id,
    ROW_NUMBER() OVER (PARTITION BY account_ix, (acted_at % 3600) // 10 ORDER BY acted_at, post_ix) AS n_th
  FROM scope
  WHERE (retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets)
)

SELECT
  account_ix,
  'moment' AS verb,
  CAST(MAKE_TIMESTAMP((acted_at // 60) * 60000000) AS VARCHAR) AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM turn
WHERE n_th = 1
ORDER BY post_ix
