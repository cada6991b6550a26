-- verdict: every pair tried, with what timing said of it where it was asked.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  trial(graph, account_a_ix, account_b_ix, n_w1 … n_w6, window_s, n_shared, expected, n_favourite, favourite_ix, ln_rest)
--         timing(graph, account_a_ix, account_b_ix, timing_p)

SELECT
  trial.graph,
  trial.account_a_ix,
  trial.account_b_ix,
  trial.n_w1,
  trial.n_w2,
  trial.n_w3,
  trial.n_w4,
  trial.n_w5,
  trial.n_w6,
  trial.window_s,
  trial.n_shared,
  trial.expected,
  trial.n_favourite,
  trial.favourite_ix,
  trial.ln_rest,
  timing.timing_p
FROM trial
LEFT JOIN timing
  ON timing.graph = trial.graph
  AND timing.account_a_ix = trial.account_a_ix
  AND timing.account_b_ix = trial.account_b_ix
ORDER BY trial.graph, trial.account_a_ix, trial.account_b_ix
