-- leading: in how many sittings the posts of a member came mostly before the others of its cluster that they met, and in how many after.
--   A post counts once, whatever number of ties and objects it met on, and the posts of one hour count once together: neither the many
--   ties of one post nor the many posts of one sitting are independent. Each other account counts once per post, by its earliest.
--   Beside it, of how many of the others it was ahead, or behind, nearly always: one straggler puts everybody else before most.
-- grain:  one row per (cluster_id, account_ix)
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)
--         member_score(account_ix, cluster_id, is_source)
-- params: sitting_s  seconds;  led_percent  of the sittings with one other that make it ahead of that other

WITH member AS (
  SELECT
    account_ix,
    cluster_id
  FROM member_score
  WHERE NOT is_source
),

inside AS (
  SELECT
    a.cluster_id,
    meeting.account_a_ix,
    meeting.account_b_ix,
    meeting.post_a_ix,
    meeting.post_b_ix,
    meeting.acted_at_a,
    meeting.acted_at_b
  FROM meeting
  JOIN member AS a
    ON a.account_ix = meeting.account_a_ix
  JOIN member AS b
    ON b.account_ix = meeting.account_b_ix
    AND b.cluster_id = a.cluster_id
),

side AS (
  SELECT
    cluster_id,
    account_a_ix AS account_ix,
    post_a_ix AS post_ix,
    acted_at_a AS acted_at,
    account_b_ix AS other_ix,
    acted_at_a - acted_at_b AS lag_s
  FROM inside
  UNION ALL
  SELECT
    cluster_id,
    account_b_ix AS account_ix,
    post_b_ix AS post_ix,
    acted_at_b AS acted_at,
    account_a_ix AS other_ix,
    acted_at_b - acted_at_a AS lag_s
  FROM inside
),

other AS (
  SELECT
    cluster_id,
    account_ix,
    post_ix,
    acted_at // $sitting_s AS sitting,
    other_ix,
    MAX(lag_s) AS lag_s
  FROM side
  GROUP BY cluster_id, account_ix, post_ix, acted_at // $sitting_s, other_ix
),

post AS (
  SELECT
    cluster_id,
    account_ix,
    sitting,
    post_ix,
    SIGN(COUNT(CASE WHEN lag_s < 0 THEN 1 END) - COUNT(CASE WHEN lag_s > 0 THEN 1 END)) AS ahead
  FROM other
  GROUP BY cluster_id, account_ix, sitting, post_ix
),

sitting AS (
  SELECT
    cluster_id,
    account_ix,
    SUM(ahead) AS n_ahead
  FROM post
  GROUP BY cluster_id, account_ix, sitting
),

place AS (
  SELECT
    cluster_id,
    account_ix,
    COUNT(CASE WHEN n_ahead > 0 THEN 1 END) AS n_led,
    COUNT(CASE WHEN n_ahead < 0 THEN 1 END) AS n_followed
  FROM sitting
  GROUP BY cluster_id, account_ix
),

encounter AS (
  SELECT
    cluster_id,
    account_ix,
    other_ix,
    COUNT(CASE WHEN lag_s < 0 THEN 1 END) - COUNT(CASE WHEN lag_s > 0 THEN 1 END) AS n_ahead
  FROM other
  GROUP BY cluster_id, account_ix, other_ix, sitting
),

rival AS (
  SELECT
    cluster_id,
    account_ix,
    other_ix,
    COUNT(CASE WHEN n_ahead > 0 THEN 1 END) AS n_led,
    COUNT(CASE WHEN n_ahead < 0 THEN 1 END) AS n_followed
  FROM encounter
  GROUP BY cluster_id, account_ix, other_ix
),

score AS (
  SELECT
    cluster_id,
    account_ix,
    COUNT(*) AS n_others,
    COUNT(CASE WHEN n_led > 0 AND 100 * n_led >= $led_percent * (n_led + n_followed) THEN 1 END) AS n_ahead_of,
    COUNT(CASE WHEN n_followed > 0 AND 100 * n_followed >= $led_percent * (n_led + n_followed) THEN 1 END) AS n_behind
  FROM rival
  GROUP BY cluster_id, account_ix
)

SELECT
  place.cluster_id,
  place.account_ix,
  place.n_led,
  place.n_followed,
  score.n_others,
  score.n_ahead_of,
  score.n_behind
FROM place
JOIN score
  ON score.cluster_id = place.cluster_id
  AND score.account_ix = place.account_ix
ORDER BY place.cluster_id, place.account_ix
