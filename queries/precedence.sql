-- precedence: how many of an account's meeting posts came before every post, of accounts it is tied to, that they met.
-- grain:  one row per account_ix
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)

WITH side AS (
  SELECT account_a_ix AS account_ix, post_a_ix AS post_ix, acted_at_a - acted_at_b AS lag_s FROM meeting
  UNION ALL
  SELECT account_b_ix AS account_ix, post_b_ix AS post_ix, acted_at_b - acted_at_a AS lag_s FROM meeting
),

place AS (
  SELECT
    account_ix,
    post_ix,
    MAX(lag_s) AS lag_s
  FROM side
  GROUP BY account_ix, post_ix
)

SELECT
  account_ix,
  COUNT(*) AS n_met,
  COUNT(CASE WHEN lag_s < 0 THEN 1 END) AS n_led
FROM place
GROUP BY account_ix
ORDER BY account_ix
