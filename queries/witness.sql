-- witness: the meetings of tied accounts of one cluster, with what is needed to say how rare each is.
-- grain:  one row per (graph, account_a_ix, account_b_ix, item_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, level)
--         member_score(account_ix, cluster_id)
--         tie_score(account_a_ix, account_b_ix, surprise_bits)
--         act(graph, account_ix, item_ix, slot, m_w1 … m_w6)
--         score(graph, account_a_ix, account_b_ix, window_s)
--         grid(graph, level, window_s)
-- params: n_pairs  pairs per cluster, the strongest first;  n_each  and so many more of each account, on either side

WITH inside AS (
  SELECT
    a.cluster_id,
    tie_score.account_a_ix,
    tie_score.account_b_ix,
    ROW_NUMBER() OVER (
      PARTITION BY a.cluster_id
      ORDER BY tie_score.surprise_bits DESC, tie_score.account_a_ix, tie_score.account_b_ix
    ) AS place,
    ROW_NUMBER() OVER (
      PARTITION BY tie_score.account_a_ix
      ORDER BY tie_score.surprise_bits DESC, tie_score.account_b_ix
    ) AS place_a,
    ROW_NUMBER() OVER (
      PARTITION BY tie_score.account_b_ix
      ORDER BY tie_score.surprise_bits DESC, tie_score.account_a_ix
    ) AS place_b
  FROM tie_score
  JOIN member_score AS a
    ON a.account_ix = tie_score.account_a_ix
  JOIN member_score AS b
    ON b.account_ix = tie_score.account_b_ix
    AND b.cluster_id = a.cluster_id
),

scale AS (
  SELECT
    score.graph,
    score.account_a_ix,
    score.account_b_ix,
    score.window_s,
    grid.level
  FROM score
  JOIN grid
    ON grid.graph = score.graph
    AND grid.window_s = score.window_s
)

SELECT
  inside.cluster_id,
  coincidence.graph,
  coincidence.account_a_ix,
  coincidence.account_b_ix,
  coincidence.object_ix,
  coincidence.post_a_ix,
  coincidence.post_b_ix,
  coincidence.acted_at_a,
  coincidence.acted_at_b,
  coincidence.gap_s,
  a.slot AS slot_a,
  b.slot AS slot_b,
  CASE scale.level WHEN 1 THEN a.m_w1 WHEN 2 THEN a.m_w2 WHEN 3 THEN a.m_w3 WHEN 4 THEN a.m_w4 WHEN 5 THEN a.m_w5 ELSE a.m_w6 END AS crowd_a,
  CASE scale.level WHEN 1 THEN b.m_w1 WHEN 2 THEN b.m_w2 WHEN 3 THEN b.m_w3 WHEN 4 THEN b.m_w4 WHEN 5 THEN b.m_w5 ELSE b.m_w6 END AS crowd_b
FROM coincidence
JOIN inside
  ON inside.account_a_ix = coincidence.account_a_ix
  AND inside.account_b_ix = coincidence.account_b_ix
JOIN scale
  ON scale.graph = coincidence.graph
  AND scale.account_a_ix = coincidence.account_a_ix
  AND scale.account_b_ix = coincidence.account_b_ix
JOIN act AS a
  ON a.graph = coincidence.graph
  AND a.account_ix = coincidence.account_a_ix
  AND a.item_ix = coincidence.item_ix
JOIN act AS b
  ON b.graph = coincidence.graph
  AND b.account_ix = coincidence.account_b_ix
  AND b.item_ix = coincidence.item_ix
WHERE (inside.place <= $n_pairs OR inside.place_a <= $n_each OR inside.place_b <= $n_each)
  AND coincidence.gap_s <= scale.window_s
  AND coincidence.level >= scale.level
ORDER BY inside.cluster_id, coincidence.graph, coincidence.account_a_ix, coincidence.account_b_ix, coincidence.item_ix
