-- worth_timing: the pairs whose timing is worth asking about: those whose coincidences activity alone hardly explains.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  trial(graph, account_a_ix, account_b_ix, ln_all)
-- params: ln_most

SELECT
  graph,
  account_a_ix,
  account_b_ix
FROM trial
WHERE ln_all <= $ln_most
ORDER BY graph, account_a_ix, account_b_ix
