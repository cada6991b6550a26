-- ingest_plan: what becomes of every staged row. The first record of a key owns it; a record of another account under that key is refused.
-- grain:  one row per (file_ix, source_record)
-- reads:  named(file_ix, source_record, platform, account_id, post_id)
--         hit(platform, post_id, account_id, part)
-- params: none

WITH ranked AS (
  SELECT
    named.file_ix,
    named.source_record,
    named.platform,
    named.post_id,
    hit.part,
    named.account_id <> COALESCE(
      hit.account_id,
      FIRST_VALUE(named.account_id) OVER (PARTITION BY named.platform, named.post_id ORDER BY named.file_ix, named.source_record)
    ) AS is_foreign,
    ROW_NUMBER() OVER (PARTITION BY named.platform, named.post_id ORDER BY named.file_ix, named.source_record) AS turn
  FROM named
  LEFT JOIN hit
    ON hit.platform = named.platform
    AND hit.post_id = named.post_id
)

SELECT
  file_ix,
  source_record,
  platform,
  post_id,
  part,
  is_foreign,
  part IS NULL AND turn = 1 AS is_new,
  COUNT(*) FILTER (WHERE NOT is_foreign) OVER (PARTITION BY platform, post_id) + CASE WHEN part IS NULL THEN 0 ELSE 1 END > 1 AS is_shared
FROM ranked
ORDER BY file_ix, source_record
