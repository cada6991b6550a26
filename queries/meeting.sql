-- meeting: the post pairs behind each tie, each once, whatever number of graphs and objects they met on.
-- grain:  one row per (account_a_ix, account_b_ix, post_a_ix, post_b_ix)
-- reads:  coincidence(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)

SELECT
  account_a_ix,
  account_b_ix,
  post_a_ix,
  post_b_ix,
  acted_at_a,
  acted_at_b
FROM coincidence
GROUP BY account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b
ORDER BY account_a_ix, account_b_ix, post_a_ix, post_b_ix
