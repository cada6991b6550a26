-- action_mention: who mentioned which account. Mentioning oneself is no act. DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, mentions)
--         account(platform, account_id, handle)   who is mentioned may be known by another name
-- params: originals, retweets  whether acts of such posts count

WITH mentioned AS (
  SELECT DISTINCT
    account_ix,
    account_id,
    UNNEST(mentions) AS entry,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE LEN(mentions) > 0
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
),

named AS (
  SELECT
    platform,
    LOWER(handle) AS handle,
    MIN(account_id) AS account_id
  FROM account
  WHERE handle <> ''
  GROUP BY platform, LOWER(handle)
)

SELECT DISTINCT
  mentioned.account_ix,
  'mention' AS verb,
  CASE WHEN mentioned.platform = '' THEN LOWER(entry) ELSE mentioned.platform || ':' || LOWER(entry) END AS object,
  mentioned.acted_at,
  mentioned.post_ix,
  mentioned.platform AS post_platform,
  mentioned.post_id,
  COALESCE(named.account_id, LOWER(entry)) AS interest
FROM mentioned
LEFT JOIN named
  ON named.platform = mentioned.platform
  AND named.handle = LOWER(entry)
WHERE entry <> ''
  AND entry <> mentioned.account_id
ORDER BY post_ix, object
