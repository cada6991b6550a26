-- incidence: who acted on what how often, whenever: the accounts by objects that timeless joins compare.
-- grain:  one row per (account_ix, object_ix)
-- reads:  action(account_ix, verb, object_ix)
-- params: verb

SELECT
  account_ix,
  object_ix,
  COUNT(*) AS n_acts
FROM action
WHERE verb = $verb
GROUP BY account_ix, object_ix
ORDER BY account_ix, object_ix
