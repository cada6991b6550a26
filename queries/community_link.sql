-- community_link: who acted on what, whenever: the time-free graph from which coarse communities are read.
-- grain:  one row per (account_ix, object_ix), objects of two or more accounts
-- reads:  action(account_ix, object_ix, is_first)

WITH crowd AS (
  SELECT
    object_ix
  FROM action
  WHERE is_first
  GROUP BY object_ix
  HAVING COUNT(*) >= 2
)

SELECT
  action.account_ix,
  action.object_ix
FROM action
JOIN crowd
  ON crowd.object_ix = action.object_ix
WHERE action.is_first
ORDER BY action.account_ix, action.object_ix
