-- resolution: the coarsest time resolution among the posts of each verb.
-- grain:  one row per verb
-- reads:  action(verb, post_ix)
--         scope(post_ix, resolution_s)

SELECT
  action.verb,
  MAX(scope.resolution_s) AS resolution_s
FROM action
JOIN scope
  ON scope.post_ix = action.post_ix
GROUP BY action.verb
ORDER BY action.verb
