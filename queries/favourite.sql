-- favourite: the interest on which two accounts met most within each window; of equals the one with the lowest number.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  coincidence(graph, account_a_ix, account_b_ix, interest_ix, post_a_ix, post_b_ix, gap_s, level)
-- params: favourite  whether this graph sets it apart;  window_1_s … window_6_s  seconds, NULL where unused

WITH shared AS (
  SELECT
    graph,
    account_a_ix,
    account_b_ix,
    interest_ix,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_1_s AND level >= 1 THEN post_b_ix END)
    ) AS n_w1,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_2_s AND level >= 2 THEN post_b_ix END)
    ) AS n_w2,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_3_s AND level >= 3 THEN post_b_ix END)
    ) AS n_w3,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_4_s AND level >= 4 THEN post_b_ix END)
    ) AS n_w4,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_5_s AND level >= 5 THEN post_b_ix END)
    ) AS n_w5,
    LEAST(
      COUNT(CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN 1 END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN post_a_ix END),
      COUNT(DISTINCT CASE WHEN gap_s <= $window_6_s AND level >= 6 THEN post_b_ix END)
    ) AS n_w6
  FROM coincidence
  WHERE $favourite
  GROUP BY graph, account_a_ix, account_b_ix, interest_ix
),

ranked AS (
  SELECT
    graph,
    account_a_ix,
    account_b_ix,
    MAX(CASE WHEN n_w1 > 0 THEN n_w1 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w1,
    MAX(CASE WHEN n_w2 > 0 THEN n_w2 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w2,
    MAX(CASE WHEN n_w3 > 0 THEN n_w3 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w3,
    MAX(CASE WHEN n_w4 > 0 THEN n_w4 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w4,
    MAX(CASE WHEN n_w5 > 0 THEN n_w5 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w5,
    MAX(CASE WHEN n_w6 > 0 THEN n_w6 * 1099511627776 + 1099511627775 - interest_ix END) AS most_w6
  FROM shared
  GROUP BY graph, account_a_ix, account_b_ix
)

SELECT
  graph,
  account_a_ix,
  account_b_ix,
  1099511627775 - most_w1 % 1099511627776 AS favourite_w1,
  1099511627775 - most_w2 % 1099511627776 AS favourite_w2,
  1099511627775 - most_w3 % 1099511627776 AS favourite_w3,
  1099511627775 - most_w4 % 1099511627776 AS favourite_w4,
  1099511627775 - most_w5 % 1099511627776 AS favourite_w5,
  1099511627775 - most_w6 % 1099511627776 AS favourite_w6
FROM ranked
ORDER BY graph, account_a_ix, account_b_ix
