-- action_retweet: who passed on which post. Passing on one's own post is no act.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, retweet_of_account)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'retweet' AS verb,
  CASE WHEN platform = '' THEN retweet_of ELSE platform || ':' || retweet_of END AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id
FROM scope
WHERE (retweet_of_account IS NULL OR retweet_of_account <> account_id)
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
