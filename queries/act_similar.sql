-- act_similar: the acts of one graph that joins similar texts. A match is an item on which two posts act; the crowd around a post is how
--   many other accounts have a match with it within each window, and its level holds for all its matches.
-- grain:  one row per (graph, account_ix, item_ix)
-- reads:  match(post_a_ix, post_b_ix, compared)
--         action(account_ix, verb, object_ix, acted_at, post_ix)   one act per post
-- params: graph;  verb;  compared;  max_crowd;  window_1_s … window_6_s  seconds, NULL where unused;  slot_s, n_slots  as in activity

WITH deed AS (
  SELECT
    account_ix,
    object_ix,
    acted_at,
    post_ix
  FROM action
  WHERE verb = $verb
),

meeting AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY match.post_a_ix, match.post_b_ix) AS item_ix,
    CASE WHEN a.acted_at <= b.acted_at THEN a.object_ix ELSE b.object_ix END AS object_ix,
    ABS(a.acted_at - b.acted_at) AS gap_s,
    a.account_ix AS account_a_ix,
    b.account_ix AS account_b_ix,
    a.acted_at AS acted_at_a,
    b.acted_at AS acted_at_b,
    a.post_ix AS post_a_ix,
    b.post_ix AS post_b_ix
  FROM match
  JOIN deed AS a
    ON a.post_ix = match.post_a_ix
  JOIN deed AS b
    ON b.post_ix = match.post_b_ix
  WHERE match.compared = $compared
    AND ABS(a.acted_at - b.acted_at) <= GREATEST(
    COALESCE($window_1_s, -1),
    COALESCE($window_2_s, -1),
    COALESCE($window_3_s, -1),
    COALESCE($window_4_s, -1),
    COALESCE($window_5_s, -1),
    COALESCE($window_6_s, -1)
  )
),

side AS (
  SELECT item_ix, object_ix, gap_s, account_a_ix AS account_ix, account_b_ix AS other_ix, acted_at_a AS acted_at, post_a_ix AS post_ix FROM meeting
  UNION ALL
  SELECT item_ix, object_ix, gap_s, account_b_ix AS account_ix, account_a_ix AS other_ix, acted_at_b AS acted_at, post_b_ix AS post_ix FROM meeting
),

nearest AS (
  SELECT
    post_ix,
    other_ix,
    MIN(gap_s) AS gap_s
  FROM side
  GROUP BY post_ix, other_ix
),

crowd AS (
  SELECT
    post_ix,
    COUNT(CASE WHEN gap_s <= $window_1_s THEN 1 END) AS m_w1,
    COUNT(CASE WHEN gap_s <= $window_2_s THEN 1 END) AS m_w2,
    COUNT(CASE WHEN gap_s <= $window_3_s THEN 1 END) AS m_w3,
    COUNT(CASE WHEN gap_s <= $window_4_s THEN 1 END) AS m_w4,
    COUNT(CASE WHEN gap_s <= $window_5_s THEN 1 END) AS m_w5,
    COUNT(CASE WHEN gap_s <= $window_6_s THEN 1 END) AS m_w6
  FROM nearest
  GROUP BY post_ix
)

SELECT
  CAST($graph AS VARCHAR) AS graph,
  side.account_ix,
  side.item_ix,
  side.post_ix AS spot_ix,
  side.object_ix,
  side.object_ix AS interest_ix,
  side.acted_at,
  side.post_ix,
  CAST((side.acted_at // $slot_s) % $n_slots AS INTEGER) AS slot,
  GREATEST(
    CASE WHEN $window_1_s IS NOT NULL AND crowd.m_w1 <= $max_crowd THEN 1 ELSE 0 END,
    CASE WHEN $window_2_s IS NOT NULL AND crowd.m_w2 <= $max_crowd THEN 2 ELSE 0 END,
    CASE WHEN $window_3_s IS NOT NULL AND crowd.m_w3 <= $max_crowd THEN 3 ELSE 0 END,
    CASE WHEN $window_4_s IS NOT NULL AND crowd.m_w4 <= $max_crowd THEN 4 ELSE 0 END,
    CASE WHEN $window_5_s IS NOT NULL AND crowd.m_w5 <= $max_crowd THEN 5 ELSE 0 END,
    CASE WHEN $window_6_s IS NOT NULL AND crowd.m_w6 <= $max_crowd THEN 6 ELSE 0 END
  ) AS level,
  CAST(CASE WHEN $window_1_s IS NOT NULL THEN crowd.m_w1 END AS INTEGER) AS m_w1,
  CAST(CASE WHEN $window_2_s IS NOT NULL THEN crowd.m_w2 END AS INTEGER) AS m_w2,
  CAST(CASE WHEN $window_3_s IS NOT NULL THEN crowd.m_w3 END AS INTEGER) AS m_w3,
  CAST(CASE WHEN $window_4_s IS NOT NULL THEN crowd.m_w4 END AS INTEGER) AS m_w4,
  CAST(CASE WHEN $window_5_s IS NOT NULL THEN crowd.m_w5 END AS INTEGER) AS m_w5,
  CAST(CASE WHEN $window_6_s IS NOT NULL THEN crowd.m_w6 END AS INTEGER) AS m_w6
FROM side
JOIN crowd
  ON crowd.post_ix = side.post_ix
ORDER BY side.item_ix, side.acted_at, side.account_ix
