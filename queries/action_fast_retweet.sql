-- action_fast_retweet: who passed on which post within a minute of its publication. DuckDB only: TRY_CAST.
--   The original's time comes from its post, where the case holds it, else from a Twitter id, which carries it.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, retweet_of_account)
-- params: originals, retweets  whether acts of such posts count

WITH retweet AS (
  SELECT
    act.account_ix,
    act.platform,
    act.post_ix,
    act.post_id,
    act.retweet_of,
    COALESCE(act.retweet_of_account, original.account_id) AS interest,
    act.acted_at,
    COALESCE(
      original.acted_at,
      CASE
        WHEN act.platform = 'twitter' AND TRY_CAST(act.retweet_of AS BIGINT) > 29700859247
          THEN ((TRY_CAST(act.retweet_of AS BIGINT) >> 22) + 1288834974657) // 1000
      END
    ) AS published_at
  FROM scope AS act
  LEFT JOIN scope AS original
    ON original.platform = act.platform
    AND original.post_id = act.retweet_of
  WHERE act.retweet_of IS NOT NULL
    AND $retweets
    AND NOT $originals
    AND (act.retweet_of_account IS NULL OR act.retweet_of_account <> act.account_id)
)

SELECT
  account_ix,
  'fast_retweet' AS verb,
  CASE WHEN platform = '' THEN retweet_of ELSE platform || ':' || retweet_of END AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  interest
FROM retweet
WHERE acted_at - published_at BETWEEN 0 AND 60
ORDER BY post_ix
