-- tie: two accounts that acted alike more often than an error rate allows, over all graphs: that of pairs, or that of groups. DuckDB only:
--   list.
-- grain:  one row per (platform_a, account_a, platform_b, account_b)
-- reads:  tie_score(account_a_ix, account_b_ix, is_strong, p_value, q_value, surprise_bits, n_post_pairs, first_at, last_at,
--           median_gap_s, leader, leader_p)
--         finalist(graph, account_a_ix, account_b_ix)
--         account_code(account_ix, platform, account_id)

WITH carrier AS (
  SELECT
    account_a_ix,
    account_b_ix,
    LIST(graph ORDER BY graph) AS graphs
  FROM finalist
  GROUP BY account_a_ix, account_b_ix
)

SELECT
  a.platform AS platform_a,
  a.account_id AS account_a,
  b.platform AS platform_b,
  b.account_id AS account_b,
  CASE WHEN tie_score.is_strong THEN 'pair' ELSE 'extent' END AS found_by,
  tie_score.p_value,
  tie_score.q_value,
  tie_score.surprise_bits,
  carrier.graphs,
  tie_score.n_post_pairs,
  MAKE_TIMESTAMP(tie_score.first_at * 1000000) AS first_at,
  MAKE_TIMESTAMP(tie_score.last_at * 1000000) AS last_at,
  tie_score.median_gap_s,
  tie_score.leader,
  tie_score.leader_p
FROM tie_score
JOIN carrier
  ON carrier.account_a_ix = tie_score.account_a_ix
  AND carrier.account_b_ix = tie_score.account_b_ix
JOIN account_code AS a
  ON a.account_ix = tie_score.account_a_ix
JOIN account_code AS b
  ON b.account_ix = tie_score.account_b_ix
ORDER BY tie_score.account_a_ix, tie_score.account_b_ix
