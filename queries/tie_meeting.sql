-- tie_meeting: how each finalist pair met: how often, when, how close, who came first.
-- grain:  one row per (account_a_ix, account_b_ix)
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)

SELECT
  account_a_ix,
  account_b_ix,
  LEAST(COUNT(DISTINCT post_a_ix), COUNT(DISTINCT post_b_ix)) AS n_post_pairs,
  MIN(LEAST(acted_at_a, acted_at_b)) AS first_at,
  MAX(GREATEST(acted_at_a, acted_at_b)) AS last_at,
  MEDIAN(ABS(acted_at_a - acted_at_b)) AS median_gap_s,
  COUNT(CASE WHEN acted_at_a < acted_at_b THEN 1 END) AS n_a_first,
  COUNT(CASE WHEN acted_at_b < acted_at_a THEN 1 END) AS n_b_first
FROM meeting
GROUP BY account_a_ix, account_b_ix
ORDER BY account_a_ix, account_b_ix
