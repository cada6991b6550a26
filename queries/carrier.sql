-- carrier: the edges that carry a tie, with how often the two met and how often chance would have it.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  finalist(graph, account_a_ix, account_b_ix)
--         tie_score(account_a_ix, account_b_ix)
--         score(graph, account_a_ix, account_b_ix, window_s, n_shared, expected)

SELECT
  finalist.graph,
  finalist.account_a_ix,
  finalist.account_b_ix,
  score.window_s,
  score.n_shared,
  score.expected
FROM finalist
JOIN tie_score
  ON tie_score.account_a_ix = finalist.account_a_ix
  AND tie_score.account_b_ix = finalist.account_b_ix
JOIN score
  ON score.graph = finalist.graph
  AND score.account_a_ix = finalist.account_a_ix
  AND score.account_b_ix = finalist.account_b_ix
ORDER BY finalist.graph, finalist.account_a_ix, finalist.account_b_ix
