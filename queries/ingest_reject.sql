-- ingest_reject: rows that could not be read.
-- grain:  one row per (file, record, field)
-- reads:  staged_reject(file, record, field, reason, raw, sha256)
-- params: none

SELECT
  file,
  record,
  field,
  reason,
  raw,
  sha256
FROM staged_reject
ORDER BY file, record, field
