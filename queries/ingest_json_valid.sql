-- ingest_json_valid: which lines hold a JSON object.
-- grain:  one row per record
-- reads:  json_line(record, line)
-- params: none

SELECT
  record,
  CASE WHEN JSON_VALID(line) THEN JSON_TYPE(line) = 'OBJECT' ELSE FALSE END AS is_object
FROM json_line
ORDER BY record
