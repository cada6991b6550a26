-- edge: every pair tested, also those that chance explains: expected, p, q.
-- grain:  one row per (graph, platform_a, account_a, platform_b, account_b)
-- reads:  score(graph, account_a_ix, account_b_ix, n_w1 … n_w6, window_s, n_shared, expected, n_favourite, favourite_ix, timing_p, ln_p,
--           p_value, q_value)
--         object_code(object_ix, interest)
--         account_code(account_ix, platform, account_id)

SELECT
  score.graph,
  a.platform AS platform_a,
  a.account_id AS account_a,
  b.platform AS platform_b,
  b.account_id AS account_b,
  score.n_w1,
  score.n_w2,
  score.n_w3,
  score.n_w4,
  score.n_w5,
  score.n_w6,
  score.window_s,
  score.n_shared,
  score.expected,
  score.n_favourite,
  object_code.interest AS favourite,
  score.p_value,
  score.q_value,
  score.timing_p,
  -score.ln_p / LN(2) AS surprise_bits,
  CAST(NULL AS DOUBLE) AS weight
FROM score
LEFT JOIN object_code
  ON object_code.object_ix = score.favourite_ix
JOIN account_code AS a
  ON a.account_ix = score.account_a_ix
JOIN account_code AS b
  ON b.account_ix = score.account_b_ix
ORDER BY score.graph, score.account_a_ix, score.account_b_ix
