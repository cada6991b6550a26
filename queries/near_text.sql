-- near_text: the distinct texts of one verb, in the order of their numbers.
-- grain:  one row per object_ix
-- reads:  object_code(object_ix, verb, object)
-- params: verb

SELECT
  object_ix,
  object
FROM object_code
WHERE verb = $verb
ORDER BY object_ix
