-- ingest_json_key: the keys of some objects in some lines, and the first line of each.
-- grain:  one row per (place, name)
-- reads:  json_line(record, line)
-- params: places  JSON pointers of the objects; `place` is a number in this list, from 1

WITH shape AS (
  SELECT
    JSON_KEYS(line, $places) AS names,
    MIN(record) AS record
  FROM json_line
  GROUP BY JSON_KEYS(line, $places)
),

key_list AS (
  SELECT
    record,
    UNNEST(names) AS names,
    UNNEST(RANGE(1, LEN($places) + 1)) AS place
  FROM shape
),

key_name AS (
  SELECT
    record,
    place,
    UNNEST(names) AS name
  FROM key_list
)

SELECT
  place,
  name,
  MIN(record) AS record
FROM key_name
GROUP BY place, name
ORDER BY place, record, name
