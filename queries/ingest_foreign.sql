-- ingest_foreign: records whose post_id belongs to another account.
-- grain:  one row per (file_ix, source_record)
-- reads:  staged(file_ix, source_file, source_record, platform, account_id, created_at, text)
--         plan(file_ix, source_record, post_id, is_foreign)
-- params: none

SELECT
  staged.source_file,
  staged.source_record,
  staged.platform,
  plan.post_id,
  staged.account_id,
  CAST(staged.created_at AS VARCHAR) AS created_at,
  staged.text
FROM staged
JOIN plan
  ON plan.file_ix = staged.file_ix
  AND plan.source_record = staged.source_record
WHERE plan.is_foreign
ORDER BY staged.file_ix, staged.source_record
