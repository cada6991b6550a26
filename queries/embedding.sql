-- embedding: the posts that act by a verb and carry an embedding in a column of the user's own, by time. DuckDB only: maps.
-- grain:  one row per post_ix
-- reads:  action(account_ix, verb, acted_at, post_ix)   one act per post
--         scope(post_ix, extra)
-- params: verb;  name  the column

SELECT
  action.post_ix,
  action.account_ix,
  action.acted_at,
  scope.extra[$name] AS embedding
FROM action
JOIN scope
  ON scope.post_ix = action.post_ix
WHERE action.verb = $verb
  AND scope.extra[$name] IS NOT NULL
ORDER BY action.acted_at, action.post_ix
