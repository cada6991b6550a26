-- ingest_json_key: the keys of some lines and the first line of each.
-- grain:  one row per key
-- reads:  json_line(record, line)
-- params: none

SELECT
  name,
  MIN(record) AS record
FROM (
  SELECT
    record,
    UNNEST(JSON_KEYS(line)) AS name
  FROM json_line
) AS named
GROUP BY name
ORDER BY record, name
