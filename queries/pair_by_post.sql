-- pair_by_post: candidate pairs counted anew: the smallest of the numbers of items, of posts of the one and of posts of the other that met.
--   Two posts that share eight hashtags met once, not eight times. rest_w: the same without the favourite of the window.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, interest_ix, post_a_ix, post_b_ix, gap_s, level)
--         favourite(graph, account_a_ix, account_b_ix, favourite_w1 … favourite_w6)
-- params: window_1_s … window_6_s  seconds, NULL where unused

WITH met AS (
  SELECT
    coincidence.graph,
    coincidence.account_a_ix,
    coincidence.account_b_ix,
    coincidence.post_a_ix,
    coincidence.post_b_ix,
    coincidence.gap_s,
    coincidence.level,
    favourite.favourite_w1,
    favourite.favourite_w2,
    favourite.favourite_w3,
    favourite.favourite_w4,
    favourite.favourite_w5,
    favourite.favourite_w6,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w1, TRUE) AS is_rest_w1,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w2, TRUE) AS is_rest_w2,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w3, TRUE) AS is_rest_w3,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w4, TRUE) AS is_rest_w4,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w5, TRUE) AS is_rest_w5,
    COALESCE(coincidence.interest_ix <> favourite.favourite_w6, TRUE) AS is_rest_w6
  FROM coincidence
  LEFT JOIN favourite
    ON favourite.graph = coincidence.graph
    AND favourite.account_a_ix = coincidence.account_a_ix
    AND favourite.account_b_ix = coincidence.account_b_ix
)

SELECT
  met.graph,
  met.account_a_ix,
  met.account_b_ix,
  CASE WHEN $window_1_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 THEN met.post_b_ix END)
  ) END AS n_w1,
  CASE WHEN $window_2_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 THEN met.post_b_ix END)
  ) END AS n_w2,
  CASE WHEN $window_3_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 THEN met.post_b_ix END)
  ) END AS n_w3,
  CASE WHEN $window_4_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 THEN met.post_b_ix END)
  ) END AS n_w4,
  CASE WHEN $window_5_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 THEN met.post_b_ix END)
  ) END AS n_w5,
  CASE WHEN $window_6_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 THEN met.post_b_ix END)
  ) END AS n_w6,
  CASE WHEN $window_1_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 AND met.is_rest_w1 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 AND met.is_rest_w1 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_1_s AND met.level >= 1 AND met.is_rest_w1 THEN met.post_b_ix END)
  ) END AS rest_w1,
  CASE WHEN $window_2_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 AND met.is_rest_w2 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 AND met.is_rest_w2 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_2_s AND met.level >= 2 AND met.is_rest_w2 THEN met.post_b_ix END)
  ) END AS rest_w2,
  CASE WHEN $window_3_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 AND met.is_rest_w3 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 AND met.is_rest_w3 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_3_s AND met.level >= 3 AND met.is_rest_w3 THEN met.post_b_ix END)
  ) END AS rest_w3,
  CASE WHEN $window_4_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 AND met.is_rest_w4 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 AND met.is_rest_w4 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_4_s AND met.level >= 4 AND met.is_rest_w4 THEN met.post_b_ix END)
  ) END AS rest_w4,
  CASE WHEN $window_5_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 AND met.is_rest_w5 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 AND met.is_rest_w5 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_5_s AND met.level >= 5 AND met.is_rest_w5 THEN met.post_b_ix END)
  ) END AS rest_w5,
  CASE WHEN $window_6_s IS NOT NULL THEN LEAST(
    COUNT(CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 AND met.is_rest_w6 THEN 1 END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 AND met.is_rest_w6 THEN met.post_a_ix END),
    COUNT(DISTINCT CASE WHEN met.gap_s <= $window_6_s AND met.level >= 6 AND met.is_rest_w6 THEN met.post_b_ix END)
  ) END AS rest_w6,
  MAX(met.favourite_w1) AS favourite_w1,
  MAX(met.favourite_w2) AS favourite_w2,
  MAX(met.favourite_w3) AS favourite_w3,
  MAX(met.favourite_w4) AS favourite_w4,
  MAX(met.favourite_w5) AS favourite_w5,
  MAX(met.favourite_w6) AS favourite_w6
FROM met
GROUP BY met.graph, met.account_a_ix, met.account_b_ix
ORDER BY met.graph, met.account_a_ix, met.account_b_ix
