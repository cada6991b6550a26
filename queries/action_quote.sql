-- action_quote: who quoted which post. Quoting oneself is no act.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, quote_of, quote_of_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'quote' AS verb,
  CASE WHEN platform = '' THEN quote_of ELSE platform || ':' || quote_of END AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id
FROM scope
WHERE quote_of IS NOT NULL
  AND (quote_of_account IS NULL OR quote_of_account <> account_id)
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
