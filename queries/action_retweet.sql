-- action_retweet: who passed on which post. Passing on one's own post is no act. An interest in a post is one in its author.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, retweet_of_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  act.account_ix,
  'retweet' AS verb,
  CASE WHEN act.platform = '' THEN act.retweet_of ELSE act.platform || ':' || act.retweet_of END AS object,
  act.acted_at,
  act.post_ix,
  act.platform AS post_platform,
  act.post_id,
  COALESCE(act.retweet_of_account, original.account_id) AS interest
FROM scope AS act
LEFT JOIN scope AS original
  ON original.platform = act.platform
  AND original.post_id = act.retweet_of
WHERE (act.retweet_of_account IS NULL OR act.retweet_of_account <> act.account_id)
  AND ((act.retweet_of IS NULL AND $originals) OR (act.retweet_of IS NOT NULL AND $retweets))
ORDER BY act.post_ix
