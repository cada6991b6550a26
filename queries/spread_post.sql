-- spread_post: every post that carried it, in order of time, with how it came by it and from whom.
-- grain:  one row per (platform, post_id)
-- reads:  carried(platform, post_id, account_id, created_at, container, permalink, resolution_s, source_file, source_record,
--                 retweet_of, retweet_of_account, reply_to, reply_to_account, quote_of, quote_of_account, carried_at, objects, is_it)

WITH told AS (
  SELECT
    platform,
    post_id,
    CASE
      WHEN retweet_of IS NOT NULL THEN 'retweet'
      WHEN quote_of IS NOT NULL THEN 'quote'
      WHEN reply_to IS NOT NULL THEN 'reply'
      WHEN is_it THEN 'the page itself'
      ELSE 'original'
    END AS how,
    COALESCE(retweet_of, quote_of, reply_to) AS of_post
  FROM carried
)

SELECT
  post.created_at,
  post.platform,
  post.post_id,
  post.account_id,
  post.container,
  post.permalink,
  told.how,
  told.of_post,
  COALESCE(
    source.account_id,
    CASE told.how
      WHEN 'retweet' THEN post.retweet_of_account
      WHEN 'quote' THEN post.quote_of_account
      WHEN 'reply' THEN post.reply_to_account
    END
  ) AS of_account,
  post.carried_at - source.carried_at AS lag_s,
  source.post_id IS NOT NULL AS of_carrier,
  post.carried_at,
  COALESCE(post.resolution_s, 1) AS resolution_s,
  post.objects,
  post.source_file,
  post.source_record
FROM carried AS post
JOIN told
  ON told.platform = post.platform
  AND told.post_id = post.post_id
LEFT JOIN carried AS source
  ON source.platform = post.platform
  AND source.post_id = told.of_post
ORDER BY post.created_at, post.platform, post.post_id
