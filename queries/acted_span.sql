-- acted_span: when the first and the last post of the period were published.
-- grain:  one row
-- reads:  scope(acted_at)

SELECT
  MIN(acted_at) AS first_at,
  MAX(acted_at) AS last_at
FROM scope
