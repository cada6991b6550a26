-- near_act: who published which text, by time.
-- grain:  one row per post_ix
-- reads:  action(account_ix, verb, object_ix, acted_at, post_ix)
-- params: verb

SELECT
  account_ix,
  object_ix,
  acted_at,
  post_ix
FROM action
WHERE verb = $verb
ORDER BY acted_at, post_ix
