-- act: the first acts of one graph with the crowd around each: how many other accounts acted first on the same item within each window.
-- grain:  one row per (graph, account_ix, item_ix); acts that nobody came near are absent; spot_ix is what a crowd stands around
-- reads:  action(account_ix, verb, object_ix, acted_at, post_ix)
--         object_code(object_ix, interest_ix)
--         giant(graph, object_ix)   objects that belong to everybody
-- params: graph;  verb  or any: all acts whose objects belong to an interest;  cut_s, per_s  an object is a new item every per_s seconds from cut_s;  max_crowd
--         window_1_s … window_6_s  seconds, NULL where unused;  slot_s, n_slots  as in activity

WITH deed AS (
  SELECT
    action.account_ix,
    action.object_ix * 100000 + (action.acted_at - $cut_s) // $per_s AS item_ix,
    action.object_ix,
    object_code.interest_ix,
    action.acted_at,
    action.post_ix
  FROM action
  JOIN object_code
    ON object_code.object_ix = action.object_ix
  WHERE (action.verb = $verb OR ($verb = 'any' AND action.verb IN ('hashtag', 'link', 'mention', 'quote', 'reply', 'retweet')))
    AND action.object_ix NOT IN (SELECT object_ix FROM giant WHERE graph = $graph)
),

turn AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY account_ix, item_ix ORDER BY acted_at, post_ix) AS n_th
  FROM deed
),

crowd AS (
  SELECT
    account_ix,
    item_ix,
    object_ix,
    interest_ix,
    acted_at,
    post_ix,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_1_s, 0) PRECEDING AND COALESCE($window_1_s, 0) FOLLOWING
    ) - 1 AS m_w1,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_2_s, 0) PRECEDING AND COALESCE($window_2_s, 0) FOLLOWING
    ) - 1 AS m_w2,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_3_s, 0) PRECEDING AND COALESCE($window_3_s, 0) FOLLOWING
    ) - 1 AS m_w3,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_4_s, 0) PRECEDING AND COALESCE($window_4_s, 0) FOLLOWING
    ) - 1 AS m_w4,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_5_s, 0) PRECEDING AND COALESCE($window_5_s, 0) FOLLOWING
    ) - 1 AS m_w5,
    COUNT(*) OVER (
      PARTITION BY item_ix ORDER BY acted_at
      RANGE BETWEEN COALESCE($window_6_s, 0) PRECEDING AND COALESCE($window_6_s, 0) FOLLOWING
    ) - 1 AS m_w6
  FROM turn
  WHERE n_th = 1
)

SELECT
  CAST($graph AS VARCHAR) AS graph,
  account_ix,
  item_ix,
  item_ix AS spot_ix,
  object_ix,
  interest_ix,
  acted_at,
  post_ix,
  CAST((acted_at // $slot_s) % $n_slots AS INTEGER) AS slot,
  GREATEST(
    CASE WHEN $window_1_s IS NOT NULL AND m_w1 <= $max_crowd THEN 1 ELSE 0 END,
    CASE WHEN $window_2_s IS NOT NULL AND m_w2 <= $max_crowd THEN 2 ELSE 0 END,
    CASE WHEN $window_3_s IS NOT NULL AND m_w3 <= $max_crowd THEN 3 ELSE 0 END,
    CASE WHEN $window_4_s IS NOT NULL AND m_w4 <= $max_crowd THEN 4 ELSE 0 END,
    CASE WHEN $window_5_s IS NOT NULL AND m_w5 <= $max_crowd THEN 5 ELSE 0 END,
    CASE WHEN $window_6_s IS NOT NULL AND m_w6 <= $max_crowd THEN 6 ELSE 0 END
  ) AS level,
  CAST(CASE WHEN $window_1_s IS NOT NULL THEN m_w1 END AS INTEGER) AS m_w1,
  CAST(CASE WHEN $window_2_s IS NOT NULL THEN m_w2 END AS INTEGER) AS m_w2,
  CAST(CASE WHEN $window_3_s IS NOT NULL THEN m_w3 END AS INTEGER) AS m_w3,
  CAST(CASE WHEN $window_4_s IS NOT NULL THEN m_w4 END AS INTEGER) AS m_w4,
  CAST(CASE WHEN $window_5_s IS NOT NULL THEN m_w5 END AS INTEGER) AS m_w5,
  CAST(CASE WHEN $window_6_s IS NOT NULL THEN m_w6 END AS INTEGER) AS m_w6
FROM crowd
WHERE GREATEST(m_w1, m_w2, m_w3, m_w4, m_w5, m_w6) > 0
ORDER BY item_ix, acted_at, account_ix
