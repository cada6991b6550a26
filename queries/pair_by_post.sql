-- pair_by_post: candidate pairs of a verb with several objects per post, counted anew: the smallest of the numbers of items, of posts of
--   the one and of posts of the other that met. Two posts that share eight hashtags met once, not eight times.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, post_a_ix, post_b_ix, gap_s, level)
-- params: window_1_s … window_6_s  seconds, NULL where unused

SELECT
  graph,
  account_a_ix,
  account_b_ix,
  CASE WHEN $window_1_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN post_b_ix END)
  ) END AS n_w1,
  CASE WHEN $window_2_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN post_b_ix END)
  ) END AS n_w2,
  CASE WHEN $window_3_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN post_b_ix END)
  ) END AS n_w3,
  CASE WHEN $window_4_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN post_b_ix END)
  ) END AS n_w4,
  CASE WHEN $window_5_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN post_b_ix END)
  ) END AS n_w5,
  CASE WHEN $window_6_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN 1 END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN post_a_ix END),
    COUNT(DISTINCT CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN post_b_ix END)
  ) END AS n_w6
FROM coincidence
GROUP BY graph, account_a_ix, account_b_ix
ORDER BY account_a_ix, account_b_ix
