-- exchangeable: the first acts of one graph: who came when on an item is chance to the timing test.
-- grain:  one row per (item_ix, account_ix)
-- reads:  action(account_ix, verb, object_ix, acted_at, post_ix)
-- params: verb;  cut_s, per_s  an object is a new item every per_s seconds from cut_s

WITH deed AS (
  SELECT
    account_ix,
    object_ix * 100000 + (acted_at - $cut_s) // $per_s AS item_ix,
    object_ix,
    acted_at,
    post_ix
  FROM action
  WHERE verb = $verb
),

turn AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY account_ix, item_ix ORDER BY acted_at, post_ix) AS n_th
  FROM deed
)

SELECT
  account_ix,
  item_ix,
  object_ix,
  acted_at,
  post_ix
FROM turn
WHERE n_th = 1
ORDER BY item_ix, account_ix
