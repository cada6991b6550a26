-- community_link: who acted on what, whenever: the time-free graph from which coarse communities are read. Only acts of tested graphs
--   count: what a graph that describes looks at changes no p-value.
-- grain:  one row per (account_ix, object_ix), objects of two or more accounts
-- reads:  action(account_ix, verb, object_ix, is_first)
--         tested_verb(verb)

WITH tested AS (
  SELECT
    action.account_ix,
    action.object_ix
  FROM action
  JOIN tested_verb
    ON tested_verb.verb = action.verb
  WHERE action.is_first
),

crowd AS (
  SELECT
    object_ix
  FROM tested
  GROUP BY object_ix
  HAVING COUNT(*) >= 2
)

SELECT
  tested.account_ix,
  tested.object_ix
FROM tested
JOIN crowd
  ON crowd.object_ix = tested.object_ix
ORDER BY tested.account_ix, tested.object_ix
