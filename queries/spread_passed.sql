-- spread_passed: retweets of posts that hold what was asked for, where the retweet does not hold it itself. DuckDB only: epoch.
-- grain:  one row per (platform, post_id)
-- reads:  held(platform, post_id, objects)
--         post(platform, post_id, account_id, created_at, container, permalink, resolution_s, source_file, source_record,
--              retweet_of, retweet_of_account, reply_to, reply_to_account, quote_of, quote_of_account)
-- params: since, until  the period, timestamps; until is excluded

SELECT
  post.platform,
  post.post_id,
  post.account_id,
  post.created_at,
  post.container,
  post.permalink,
  post.resolution_s,
  post.source_file,
  post.source_record,
  post.retweet_of,
  post.retweet_of_account,
  post.reply_to,
  post.reply_to_account,
  post.quote_of,
  post.quote_of_account,
  CAST(FLOOR(EPOCH(post.created_at)) AS BIGINT) AS carried_at,
  original.objects,
  FALSE AS is_it
FROM post
JOIN held AS original
  ON original.platform = post.platform
  AND original.post_id = post.retweet_of
LEFT JOIN held AS own
  ON own.platform = post.platform
  AND own.post_id = post.post_id
WHERE own.post_id IS NULL
  AND post.created_at >= CAST($since AS TIMESTAMP)
  AND post.created_at < CAST($until AS TIMESTAMP)
ORDER BY post.platform, post.post_id
