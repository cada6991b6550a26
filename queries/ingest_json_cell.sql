-- ingest_json_cell: the values of a set of paths in every line, typed as the shape says, and of a set of pointers, as text.
-- grain:  one row per record
-- reads:  json_line(record, line)
-- params: shape  the structure, as JSON_TRANSFORM takes it;  pointers  JSON pointers

SELECT
  record,
  JSON_TRANSFORM(line, $shape) AS shaped,
  JSON_EXTRACT_STRING(line, $pointers) AS cells
FROM json_line
ORDER BY record
