-- incidence: who acted on what how often, whenever: the accounts by objects that timeless joins compare.
-- grain:  one row per (account_ix, object_ix)
-- reads:  action(account_ix, verb, object_ix)
--         giant(graph, object_ix)   objects that belong to everybody
-- params: graph;  verb

SELECT
  account_ix,
  object_ix,
  COUNT(*) AS n_acts
FROM action
WHERE verb = $verb
  AND object_ix NOT IN (SELECT object_ix FROM giant WHERE graph = $graph)
GROUP BY account_ix, object_ix
ORDER BY account_ix, object_ix
