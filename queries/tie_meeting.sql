-- tie_meeting: how each finalist pair met: how often, when, how close, and in how many sittings the one came mostly first. The meetings of
--   one hour, by the earlier post, count once together: one post that meets eight of the other is no eight tosses of a coin.
-- grain:  one row per (account_a_ix, account_b_ix)
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)
-- params: sitting_s  seconds

WITH sitting AS (
  SELECT
    account_a_ix,
    account_b_ix,
    COUNT(CASE WHEN acted_at_a < acted_at_b THEN 1 END) - COUNT(CASE WHEN acted_at_b < acted_at_a THEN 1 END) AS n_ahead
  FROM meeting
  GROUP BY account_a_ix, account_b_ix, LEAST(acted_at_a, acted_at_b) // $sitting_s
),

turn AS (
  SELECT
    account_a_ix,
    account_b_ix,
    COUNT(CASE WHEN n_ahead > 0 THEN 1 END) AS n_a_first,
    COUNT(CASE WHEN n_ahead < 0 THEN 1 END) AS n_b_first
  FROM sitting
  GROUP BY account_a_ix, account_b_ix
)

SELECT
  meeting.account_a_ix,
  meeting.account_b_ix,
  LEAST(COUNT(DISTINCT meeting.post_a_ix), COUNT(DISTINCT meeting.post_b_ix)) AS n_post_pairs,
  MIN(LEAST(meeting.acted_at_a, meeting.acted_at_b)) AS first_at,
  MAX(GREATEST(meeting.acted_at_a, meeting.acted_at_b)) AS last_at,
  MEDIAN(ABS(meeting.acted_at_a - meeting.acted_at_b)) AS median_gap_s,
  MIN(turn.n_a_first) AS n_a_first,
  MIN(turn.n_b_first) AS n_b_first
FROM meeting
JOIN turn
  ON turn.account_a_ix = meeting.account_a_ix
  AND turn.account_b_ix = meeting.account_b_ix
GROUP BY meeting.account_a_ix, meeting.account_b_ix
ORDER BY meeting.account_a_ix, meeting.account_b_ix
