-- ingest_json_key: the keys of some objects in some lines, and the first line of each.
-- grain:  one row per (place, name)
-- reads:  json_line(record, line)
-- params: places  JSON pointers of the objects; `place` is a number in this list, from 1

SELECT
  place,
  name,
  MIN(record) AS record
FROM (
  SELECT
    record,
    place,
    UNNEST(names) AS name
  FROM (
    SELECT
      record,
      UNNEST(JSON_KEYS(line, $places)) AS names,
      UNNEST(RANGE(1, LEN($places) + 1)) AS place
    FROM json_line
  ) AS found
) AS named
GROUP BY place, name
ORDER BY place, record, name
