-- precedence: how many of an account's posts came before, and how many after, the post of an account it is tied to.
-- grain:  one row per account_ix
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)

WITH side AS (
  SELECT account_a_ix AS account_ix, post_a_ix AS post_ix, acted_at_a - acted_at_b AS lag_s FROM meeting
  UNION ALL
  SELECT account_b_ix AS account_ix, post_b_ix AS post_ix, acted_at_b - acted_at_a AS lag_s FROM meeting
)

SELECT
  account_ix,
  COUNT(DISTINCT CASE WHEN lag_s < 0 THEN post_ix END) AS n_led,
  COUNT(DISTINCT CASE WHEN lag_s > 0 THEN post_ix END) AS n_followed
FROM side
GROUP BY account_ix
ORDER BY account_ix
