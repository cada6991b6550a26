-- action_reply: who answered which post. Answering oneself is no act. An interest in a post is one in its author.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, reply_to, reply_to_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  act.account_ix,
  'reply' AS verb,
  CASE WHEN act.platform = '' THEN act.reply_to ELSE act.platform || ':' || act.reply_to END AS object,
  act.acted_at,
  act.post_ix,
  act.platform AS post_platform,
  act.post_id,
  COALESCE(act.reply_to_account, original.account_id) AS interest
FROM scope AS act
LEFT JOIN scope AS original
  ON original.platform = act.platform
  AND original.post_id = act.reply_to
WHERE act.reply_to IS NOT NULL
  AND (act.reply_to_account IS NULL OR act.reply_to_account <> act.account_id)
  AND ((act.retweet_of IS NULL AND $originals) OR (act.retweet_of IS NOT NULL AND $retweets))
ORDER BY act.post_ix
