-- pair_total: coincidences of the pairs that met too rarely for a row of their own, summed inside each block and across blocks (-1).
-- grain:  one row per block
-- reads:  pair_count(graph, account_a_ix, account_b_ix, n_w1 … n_w6)
--         block(account_ix, block)
-- params: graph;  min_shared

SELECT
  CASE WHEN a.block = b.block THEN a.block ELSE -1 END AS block,
  CAST(SUM(pair_count.n_w1) AS BIGINT) AS n_w1,
  CAST(SUM(pair_count.n_w2) AS BIGINT) AS n_w2,
  CAST(SUM(pair_count.n_w3) AS BIGINT) AS n_w3,
  CAST(SUM(pair_count.n_w4) AS BIGINT) AS n_w4,
  CAST(SUM(pair_count.n_w5) AS BIGINT) AS n_w5,
  CAST(SUM(pair_count.n_w6) AS BIGINT) AS n_w6
FROM pair_count
JOIN block AS a
  ON a.account_ix = pair_count.account_a_ix
JOIN block AS b
  ON b.account_ix = pair_count.account_b_ix
WHERE pair_count.graph = $graph
  AND GREATEST(COALESCE(pair_count.n_w1, 0), COALESCE(pair_count.n_w2, 0), COALESCE(pair_count.n_w3, 0), COALESCE(pair_count.n_w4, 0), COALESCE(pair_count.n_w5, 0), COALESCE(pair_count.n_w6, 0)) < $min_shared
GROUP BY CASE WHEN a.block = b.block THEN a.block ELSE -1 END
ORDER BY block
