-- ingest_count: how many rows of each input became new posts, were merged, or were refused.
-- grain:  one row per file_ix
-- reads:  plan(file_ix, is_foreign, is_new)
-- params: none

SELECT
  file_ix,
  COUNT(*) FILTER (WHERE is_new) AS posts,
  COUNT(*) FILTER (WHERE NOT is_new AND NOT is_foreign) AS merged,
  COUNT(*) FILTER (WHERE is_foreign) AS refused
FROM plan
GROUP BY file_ix
ORDER BY file_ix
