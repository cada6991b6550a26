-- action_container: who published in which chat, group, channel or under which video.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, acted_at, retweet_of, container)
-- params: originals, retweets  whether acts of such posts count

SELECT
  account_ix,
  'container' AS verb,
  CASE WHEN platform = '' THEN container ELSE platform || ':' || container END AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM scope
WHERE container <> ''
  AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
ORDER BY post_ix
