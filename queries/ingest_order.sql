-- ingest_order: where each new post lies, among the staged rows or behind them among those that were merged, in the order in which they are kept.
-- grain:  one row per (platform, post_id)
-- reads:  staged(file_ix, source_record, created_at, place)
--         plan(file_ix, source_record, platform, post_id, is_foreign, is_shared)
--         merged(platform, post_id, created_at, part, place)
-- params: none

WITH new AS (
  SELECT
    staged.created_at,
    plan.platform,
    plan.post_id,
    staged.place
  FROM staged
  JOIN plan
    ON plan.file_ix = staged.file_ix
    AND plan.source_record = staged.source_record
  WHERE NOT plan.is_foreign
    AND NOT plan.is_shared
  UNION ALL
  SELECT
    created_at,
    platform,
    post_id,
    place
  FROM merged
  WHERE part IS NULL
)

SELECT
  place,
  post_id
FROM new
ORDER BY created_at, platform, post_id
