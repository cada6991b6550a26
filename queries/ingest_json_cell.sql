-- ingest_json_cell: the values of a set of paths in every line, typed as the shape says.
-- grain:  one row per record
-- reads:  json_line(record, line)
-- params: shape  the structure, as JSON_TRANSFORM takes it

SELECT
  record,
  JSON_TRANSFORM(line, $shape) AS shaped
FROM json_line
ORDER BY record
