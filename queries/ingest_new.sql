-- ingest_new: rows that nothing has to be merged with.
-- grain:  one row per (platform, post_id)
-- reads:  staged(every column of post but resolution_s, file_ix)
--         plan(file_ix, source_record, platform, post_id, is_foreign, is_shared)
--         input(file_ix, resolution_s)
-- params: none

SELECT
  staged.platform,
  plan.post_id,
  staged.account_id,
  staged.created_at,
  staged.text,
  staged.lang,
  staged.lang_guessed,
  staged.retweet_of,
  staged.retweet_of_account,
  staged.reply_to,
  staged.reply_to_account,
  staged.quote_of,
  staged.quote_of_account,
  staged.urls,
  staged.hashtags,
  staged.mentions,
  staged.media,
  staged.container,
  staged.client,
  staged.like_count,
  staged.retweet_count,
  staged.reply_count,
  staged.view_count,
  staged.permalink,
  staged.collected_at,
  staged.edited_at,
  staged.deleted,
  staged.text_key,
  staged.url_keys,
  staged.domains,
  staged.rule_version,
  input.resolution_s,
  staged.source_file,
  staged.source_record,
  staged.extra
FROM staged
JOIN plan
  ON plan.file_ix = staged.file_ix
  AND plan.source_record = staged.source_record
JOIN input
  ON input.file_ix = staged.file_ix
WHERE NOT plan.is_foreign
  AND NOT plan.is_shared
ORDER BY staged.created_at, staged.platform, plan.post_id
