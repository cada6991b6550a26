-- pair_best: each tested pair once, with its least likely edge.
-- grain:  one row per (account_a_ix, account_b_ix)
-- reads:  score(account_a_ix, account_b_ix, ln_p)

SELECT
  account_a_ix,
  account_b_ix,
  MIN(ln_p) AS ln_p
FROM score
GROUP BY account_a_ix, account_b_ix
ORDER BY account_a_ix, account_b_ix
