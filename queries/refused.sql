-- refused: why rows of the input could not be read, most frequent reason first, with an example. Rows that were understood and are no posts are not among them.
-- grain:  one row per (field, reason)
-- reads:  reject(field, reason, raw)

SELECT
  field,
  reason,
  COUNT(*) AS n_rows,
  MIN(raw) AS raw
FROM reject
WHERE SUBSTR(reason, 1, 9) <> 'no post: '
GROUP BY field, reason
ORDER BY n_rows DESC, field, reason
