-- ingest_json: the values of a set of pointers in every line, as text.
-- grain:  one row per record
-- reads:  json_line(record, line)
-- params: pointers  JSON pointers

SELECT
  record,
  JSON_EXTRACT_STRING(line, $pointers) AS cells
FROM json_line
ORDER BY record
