-- finalist: the pairs that pass an error rate, with every graph that carries them.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  passed(account_a_ix, account_b_ix, ln_p, ln_cut, in_circle)   ln_p of the least likely edge; ln_cut what an edge that carries the tie
--           is at most; in_circle whether a circle makes it
--         circle_graph(graph)   the graphs on which circles are looked for
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
  OR (passed.in_circle AND score.graph IN (SELECT graph FROM circle_graph))
ORDER BY score.graph, score.account_a_ix, score.account_b_ix
