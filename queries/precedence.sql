-- precedence: the meeting posts of accounts that mostly came first: before every post that they met of nine in ten of the accounts
--   they are tied to; and how many accounts each post met, and all of them together.
-- grain:  one row per (account_ix, post_ix)
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)
-- params: min_led  posts that came first;  led_percent  of all its meeting posts

WITH side AS (
  SELECT
    account_a_ix AS account_ix,
    post_a_ix AS post_ix,
    account_b_ix AS other_ix,
    acted_at_a - acted_at_b AS lag_s
  FROM meeting
  UNION ALL
  SELECT
    account_b_ix AS account_ix,
    post_b_ix AS post_ix,
    account_a_ix AS other_ix,
    acted_at_b - acted_at_a AS lag_s
  FROM meeting
),

rival AS (
  SELECT
    account_ix,
    post_ix,
    other_ix,
    MAX(lag_s) < 0 AS is_later
  FROM side
  GROUP BY account_ix, post_ix, other_ix
),

place AS (
  SELECT
    account_ix,
    post_ix,
    10 * COUNT(CASE WHEN is_later THEN 1 END) >= 9 * COUNT(*) AS is_first,
    COUNT(*) AS n_others
  FROM rival
  GROUP BY account_ix, post_ix
),

around AS (
  SELECT
    account_ix,
    COUNT(DISTINCT other_ix) AS n_around
  FROM side
  GROUP BY account_ix
),

early AS (
  SELECT account_ix
  FROM place
  GROUP BY account_ix
  HAVING COUNT(CASE WHEN is_first THEN 1 END) >= $min_led
    AND 100 * COUNT(CASE WHEN is_first THEN 1 END) >= $led_percent * COUNT(*)
)

SELECT
  place.account_ix,
  place.post_ix,
  place.is_first,
  place.n_others,
  around.n_around
FROM place
JOIN early
  ON early.account_ix = place.account_ix
JOIN around
  ON around.account_ix = place.account_ix
ORDER BY place.account_ix, place.post_ix
