-- refused: why rows of the input could not be read, most frequent reason first, with an example.
-- grain:  one row per (field, reason)
-- reads:  reject(field, reason, raw)

SELECT
  field,
  reason,
  COUNT(*) AS n_rows,
  MIN(raw) AS raw
FROM reject
GROUP BY field, reason
ORDER BY n_rows DESC, field, reason
