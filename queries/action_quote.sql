-- action_quote: who quoted which post. Quoting oneself is no act. An interest in a post is one in its author.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, quote_of, quote_of_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  act.account_ix,
  'quote' AS verb,
  CASE WHEN act.platform = '' THEN act.quote_of ELSE act.platform || ':' || act.quote_of END AS object,
  act.acted_at,
  act.post_ix,
  act.platform AS post_platform,
  act.post_id,
  COALESCE(act.quote_of_account, original.account_id) AS interest
FROM scope AS act
LEFT JOIN scope AS original
  ON original.platform = act.platform
  AND original.post_id = act.quote_of
WHERE act.quote_of IS NOT NULL
  AND (act.quote_of_account IS NULL OR act.quote_of_account <> act.account_id)
  AND ((act.retweet_of IS NULL AND $originals) OR (act.retweet_of IS NOT NULL AND $retweets))
ORDER BY act.post_ix
