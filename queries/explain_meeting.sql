-- explain_meeting: the posts of two accounts that evidence keeps, rarest first.
-- grain:  one row per (graph, object, posts)
-- reads:  evidence(graph, platform_a, account_a, platform_b, account_b, object, post_a, post_b, acted_at_a, acted_at_b, gap_s, item_bits)
-- params: platform_one, one, platform_other, other  the two accounts;  n_rows

SELECT
  graph,
  object,
  post_a,
  post_b,
  acted_at_a,
  acted_at_b,
  gap_s,
  item_bits
FROM evidence
WHERE (platform_a = $platform_one AND account_a = $one AND platform_b = $platform_other AND account_b = $other)
  OR (platform_a = $platform_other AND account_a = $other AND platform_b = $platform_one AND account_b = $one)
ORDER BY item_bits DESC, graph, object, post_a, post_b
LIMIT $n_rows
