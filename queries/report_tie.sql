-- report_tie: the strongest ties between the accounts that are drawn, and how many there are.
-- grain:  one row per tie between drawn accounts, at most max_edges
-- reads:  tie(platform_a, account_a, platform_b, account_b, found_by, surprise_bits, graphs, n_post_pairs, first_at, last_at)
--         drawn(node, platform, account_id)   each account once
-- params: max_edges  rows at most

SELECT
  a.node AS node_a,
  b.node AS node_b,
  tie.found_by,
  tie.surprise_bits,
  tie.graphs,
  tie.n_post_pairs,
  tie.first_at,
  tie.last_at,
  COUNT(*) OVER () AS n_ties
FROM tie
JOIN drawn AS a
  ON a.platform = tie.platform_a
  AND a.account_id = tie.account_a
JOIN drawn AS b
  ON b.platform = tie.platform_b
  AND b.account_id = tie.account_b
ORDER BY tie.surprise_bits DESC, a.node, b.node
LIMIT $max_edges
