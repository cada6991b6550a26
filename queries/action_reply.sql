-- action_reply: who answered which post. Answering oneself is no act.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, reply_to, reply_to_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'reply' AS verb,
  CASE WHEN platform = '' THEN reply_to ELSE platform || ':' || reply_to END AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id
FROM scope
WHERE reply_to IS NOT NULL
  AND (reply_to_account IS NULL OR reply_to_account <> account_id)
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
