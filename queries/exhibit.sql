-- exhibit: the edges of the tied pairs whose meetings are kept as evidence, each with its cluster and the window that carries it. A table of
--   its own, so that no engine joins acts on items before it knows the pairs.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  member_score(account_ix, cluster_id)
--         tie_score(account_a_ix, account_b_ix, surprise_bits)
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
)

SELECT
  inside.cluster_id,
  score.graph,
  score.account_a_ix,
  score.account_b_ix,
  score.window_s,
  grid.level
FROM inside
JOIN score
  ON score.account_a_ix = inside.account_a_ix
  AND score.account_b_ix = inside.account_b_ix
JOIN grid
  ON grid.graph = score.graph
  AND grid.window_s = score.window_s
WHERE inside.place <= $n_pairs OR inside.place_a <= $n_each OR inside.place_b <= $n_each
ORDER BY score.graph, score.account_a_ix, score.account_b_ix
