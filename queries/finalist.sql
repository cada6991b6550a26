-- finalist: the pairs that pass the error rate, with every graph that carries them.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  passed(account_a_ix, account_b_ix, ln_p)   ln_p of the least likely edge
--         score(graph, account_a_ix, account_b_ix, ln_p)
-- params: ln_cut  an edge carries a tie when its own ln p is at most this

SELECT
  score.graph,
  score.account_a_ix,
  score.account_b_ix
FROM passed
JOIN score
  ON score.account_a_ix = passed.account_a_ix
  AND score.account_b_ix = passed.account_b_ix
WHERE score.ln_p <= $ln_cut
  OR score.ln_p = passed.ln_p
ORDER BY score.graph, score.account_a_ix, score.account_b_ix
