-- pair_total: coincidences of the pairs that met too rarely for a row of their own, summed inside each block and across blocks (-1): those
--   with too few items, and those whose items turned out to be too few posts.
-- grain:  one row per block
-- reads:  pair_count(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
--         counted(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
--         block(account_ix, block)
-- params: graph;  min_shared

WITH rare AS (
  SELECT account_a_ix, account_b_ix, n_w1, n_w2, n_w3, n_w4, n_w5, n_w6
  FROM pair_count
  WHERE graph = $graph
    AND GREATEST(COALESCE(n_w1, 0), COALESCE(n_w2, 0), COALESCE(n_w3, 0), COALESCE(n_w4, 0), COALESCE(n_w5, 0), COALESCE(n_w6, 0)) < $min_shared
  UNION ALL
  SELECT account_a_ix, account_b_ix, n_w1, n_w2, n_w3, n_w4, n_w5, n_w6
  FROM counted
  WHERE graph = $graph
    AND GREATEST(COALESCE(n_w1, 0), COALESCE(n_w2, 0), COALESCE(n_w3, 0), COALESCE(n_w4, 0), COALESCE(n_w5, 0), COALESCE(n_w6, 0)) < $min_shared
)

SELECT
  CASE WHEN a.block = b.block THEN a.block ELSE -1 END AS block,
  CAST(SUM(rare.n_w1) AS BIGINT) AS n_w1,
  CAST(SUM(rare.n_w2) AS BIGINT) AS n_w2,
  CAST(SUM(rare.n_w3) AS BIGINT) AS n_w3,
  CAST(SUM(rare.n_w4) AS BIGINT) AS n_w4,
  CAST(SUM(rare.n_w5) AS BIGINT) AS n_w5,
  CAST(SUM(rare.n_w6) AS BIGINT) AS n_w6
FROM rare
JOIN block AS a
  ON a.account_ix = rare.account_a_ix
JOIN block AS b
  ON b.account_ix = rare.account_b_ix
GROUP BY CASE WHEN a.block = b.block THEN a.block ELSE -1 END
ORDER BY block
