-- ingest_rewrite: a committed part with its merged posts in place of their old selves.
-- grain:  one row per (platform, post_id)
-- reads:  part(every column of post)
--         merged(every column of post, part)
-- params: part  name of the committed part

SELECT
  platform,
  post_id,
  account_id,
  created_at,
  text,
  lang,
  lang_guessed,
  retweet_of,
  retweet_of_account,
  reply_to,
  reply_to_account,
  quote_of,
  quote_of_account,
  urls,
  hashtags,
  mentions,
  media,
  container,
  client,
  like_count,
  retweet_count,
  reply_count,
  view_count,
  permalink,
  collected_at,
  edited_at,
  deleted,
  text_key,
  url_keys,
  domains,
  rule_version,
  resolution_s,
  source_file,
  source_record,
  extra
FROM part
WHERE NOT EXISTS (SELECT 1 FROM merged WHERE merged.platform = part.platform AND merged.post_id = part.post_id)
UNION ALL
SELECT
  platform,
  post_id,
  account_id,
  created_at,
  text,
  lang,
  lang_guessed,
  retweet_of,
  retweet_of_account,
  reply_to,
  reply_to_account,
  quote_of,
  quote_of_account,
  urls,
  hashtags,
  mentions,
  media,
  container,
  client,
  like_count,
  retweet_count,
  reply_count,
  view_count,
  permalink,
  collected_at,
  edited_at,
  deleted,
  text_key,
  url_keys,
  domains,
  rule_version,
  resolution_s,
  source_file,
  source_record,
  extra
FROM merged
WHERE part = $part
ORDER BY created_at, platform, post_id
