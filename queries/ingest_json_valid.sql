-- ingest_json_valid: the lines that hold no JSON object.
-- grain:  one row per record
-- reads:  json_line(record, line)
-- params: none

SELECT record
FROM json_line
WHERE NOT JSON_VALID(line)
  OR NOT STARTS_WITH(line, '{') AND NOT STARTS_WITH(LTRIM(line, CONCAT(' ', CHR(9), CHR(10), CHR(13))), '{')
ORDER BY record
