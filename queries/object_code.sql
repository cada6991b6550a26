-- object_code: the objects of all acts, numbered in the order of (verb, object).
-- grain:  one row per (verb, object)
-- reads:  deed(verb, object)

WITH known AS (
  SELECT DISTINCT
    verb,
    object
  FROM deed
)

SELECT
  ROW_NUMBER() OVER (ORDER BY verb, object) - 1 AS object_ix,
  verb,
  object
FROM known
ORDER BY object_ix
