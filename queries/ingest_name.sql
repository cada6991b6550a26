-- ingest_name: the key of every staged row. A row without an id of its own is named after what it says and how often it was said.
-- grain:  one row per (file_ix, source_record)
-- reads:  staged(file_ix, source_record, platform, post_id, account_id, created_at, text)
-- params: none

WITH named AS (
  SELECT
    file_ix,
    source_record,
    platform,
    account_id,
    post_id
  FROM staged
  WHERE post_id IS NOT NULL
),

nameless AS (
  SELECT
    file_ix,
    source_record,
    platform,
    account_id,
    SUBSTR(SHA256(platform || CHR(31) || account_id || CHR(31) || CAST(created_at AS VARCHAR) || CHR(31) || COALESCE(text, '')), 1, 16) AS digest
  FROM staged
  WHERE post_id IS NULL
)

SELECT
  file_ix,
  source_record,
  platform,
  account_id,
  post_id
FROM named
UNION ALL
SELECT
  file_ix,
  source_record,
  platform,
  account_id,
  digest || '-' || CAST(ROW_NUMBER() OVER (PARTITION BY file_ix, platform, digest ORDER BY source_record) AS VARCHAR) AS post_id
FROM nameless
ORDER BY file_ix, source_record
