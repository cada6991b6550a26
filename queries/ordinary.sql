-- ordinary: the pairs whose coincidences activity explains, the favourite counted.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  trial(graph, account_a_ix, account_b_ix, ln_all)
-- params: ln_least

SELECT
  graph,
  account_a_ix,
  account_b_ix
FROM trial
WHERE ln_all >= $ln_least
ORDER BY graph, account_a_ix, account_b_ix
