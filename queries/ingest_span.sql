-- ingest_span: first and last time and number of accounts of each input.
-- grain:  one row per file_ix
-- reads:  staged(file_ix, platform, account_id, created_at)
-- params: none

SELECT
  file_ix,
  MIN(created_at) AS first_at,
  MAX(created_at) AS last_at,
  COUNT(DISTINCT platform || CHR(31) || account_id) AS accounts
FROM staged
GROUP BY file_ix
ORDER BY file_ix
