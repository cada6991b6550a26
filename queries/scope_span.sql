-- scope_span: the first and the last second of the posts of a run.
-- grain:  one row
-- reads:  scope(acted_at)

SELECT
  MIN(acted_at) AS first_at,
  MAX(acted_at) AS last_at
FROM scope
