-- pair_count: every two accounts that met on an item, all windows at once; counted by items. A gap counts in each window from its own
--   to the narrower of the two acts' levels. Every act is compared with at most 3 * max_crowd others per level, whatever the item's size:
--   acts of one level and bucket are a crowd of each other.
-- grain:  one row per (graph, account_a_ix, account_b_ix), account_a_ix < account_b_ix
-- reads:  act(graph, account_ix, item_ix, acted_at, level)
--         grid(graph, level, window_s)
-- params: graph;  window_1_s … window_6_s  seconds, NULL where unused

WITH anchor AS (
  SELECT
    act.account_ix,
    act.item_ix,
    act.acted_at,
    act.level,
    grid.window_s,
    act.acted_at // grid.window_s AS bucket
  FROM act
  JOIN grid
    ON grid.graph = act.graph
    AND grid.level = act.level
  WHERE act.graph = $graph
),

probe AS (
  SELECT account_ix, item_ix, acted_at, level, window_s, bucket - 1 AS bucket FROM anchor
  UNION ALL
  SELECT account_ix, item_ix, acted_at, level, window_s, bucket FROM anchor
  UNION ALL
  SELECT account_ix, item_ix, acted_at, level, window_s, bucket + 1 AS bucket FROM anchor
),

other AS (
  SELECT
    act.account_ix,
    act.item_ix,
    act.acted_at,
    act.level AS own_level,
    grid.level,
    act.acted_at // grid.window_s AS bucket
  FROM act
  JOIN grid
    ON grid.graph = act.graph
    AND grid.level <= act.level
  WHERE act.graph = $graph
),

meeting AS (
  SELECT
    LEAST(probe.account_ix, other.account_ix) AS account_a_ix,
    GREATEST(probe.account_ix, other.account_ix) AS account_b_ix,
    ABS(probe.acted_at - other.acted_at) AS gap_s,
    probe.level
  FROM probe
  JOIN other
    ON other.level = probe.level
    AND other.item_ix = probe.item_ix
    AND other.bucket = probe.bucket
  WHERE other.account_ix <> probe.account_ix
    AND ABS(probe.acted_at - other.acted_at) <= probe.window_s
    AND (other.own_level > probe.level OR other.account_ix > probe.account_ix)
)

SELECT
  CAST($graph AS VARCHAR) AS graph,
  account_a_ix,
  account_b_ix,
  CASE WHEN $window_1_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN 1 END) END AS n_w1,
  CASE WHEN $window_2_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN 1 END) END AS n_w2,
  CASE WHEN $window_3_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN 1 END) END AS n_w3,
  CASE WHEN $window_4_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN 1 END) END AS n_w4,
  CASE WHEN $window_5_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN 1 END) END AS n_w5,
  CASE WHEN $window_6_s IS NOT NULL THEN COUNT(CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN 1 END) END AS n_w6
FROM meeting
GROUP BY account_a_ix, account_b_ix
ORDER BY account_a_ix, account_b_ix
