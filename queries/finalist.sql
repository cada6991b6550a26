-- finalist: the pairs that pass an error rate, with every graph that carries them.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  passed(account_a_ix, account_b_ix, ln_p, ln_cut)   ln_p of the least likely edge; ln_cut what an edge that carries the tie is at most
--         score(graph, account_a_ix, account_b_ix, ln_p)

SELECT
  score.graph,
  score.account_a_ix,
  score.account_b_ix
FROM passed
JOIN score
  ON score.account_a_ix = passed.account_a_ix
  AND score.account_b_ix = passed.account_b_ix
WHERE score.ln_p <= passed.ln_cut
  OR score.ln_p = passed.ln_p
ORDER BY score.graph, score.account_a_ix, score.account_b_ix
