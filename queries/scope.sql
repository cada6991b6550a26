-- scope: the posts of the period, with numbers for account and post. DuckDB only: epoch.
-- grain:  one row per post
-- reads:  post(platform, post_id, account_id, created_at, resolution_s, retweet_of, retweet_of_account, reply_to, reply_to_account, quote_of,
--           quote_of_account, media, container,
--           text_key, url_keys, hashtags, mentions, client, lang, domains, like_count, retweet_count, extra)
--         account_code(account_ix, platform, account_id)
-- params: since, until  the period, timestamps; until is excluded

SELECT
  ROW_NUMBER() OVER (ORDER BY post.platform, post.post_id) - 1 AS post_ix,
  account_code.account_ix,
  post.platform,
  post.post_id,
  post.account_id,
  CAST(FLOOR(EPOCH(post.created_at)) AS BIGINT) AS acted_at,
  post.resolution_s,
  post.retweet_of,
  post.retweet_of_account,
  post.reply_to,
  post.reply_to_account,
  post.quote_of,
  post.quote_of_account,
  post.media,
  post.container,
  post.text_key,
  post.url_keys,
  post.hashtags,
  post.mentions,
  post.client,
  post.lang,
  post.domains,
  post.like_count,
  post.retweet_count,
  post.extra
FROM post
JOIN account_code
  ON account_code.platform = post.platform
  AND account_code.account_id = post.account_id
WHERE post.created_at >= CAST($since AS TIMESTAMP)
  AND post.created_at < CAST($until AS TIMESTAMP)
ORDER BY post_ix
