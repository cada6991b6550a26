-- report_meeting: meetings of as many pairs and clusters as there is room for: of every cluster in turn the next one, of every pair its rarest first.
-- grain:  one row per (cluster_id, place), place from 1
-- reads:  evidence(cluster_id, platform_a, account_a, platform_b, account_b, graph, object, post_platform_a, post_a, post_platform_b, post_b,
--           acted_at_a, acted_at_b, gap_s, item_bits, source_file_a, source_record_a, source_file_b, source_record_b)
--         wanted(cluster_id)   the clusters that have a card
-- params: n_meetings  rows at most
--         n_per_pair  meetings per pair of accounts and cluster at most

WITH ranked AS (
  SELECT
    evidence.*,
    ROW_NUMBER() OVER (
      PARTITION BY evidence.cluster_id, post_platform_a, post_a, post_platform_b, post_b
      ORDER BY item_bits DESC, graph, object, acted_at_a
    ) AS of_posts
  FROM evidence
  JOIN wanted
    ON wanted.cluster_id = evidence.cluster_id
),

paired AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY cluster_id, platform_a, account_a, platform_b, account_b
      ORDER BY item_bits DESC, graph, object, acted_at_a, post_a, post_b
    ) AS of_pair
  FROM ranked
  WHERE of_posts = 1
),

placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY cluster_id
      ORDER BY of_pair, item_bits DESC, graph, platform_a, account_a, platform_b, account_b, object, post_a, post_b
    ) AS place
  FROM paired
  WHERE of_pair <= $n_per_pair
)

SELECT
  cluster_id,
  place,
  platform_a,
  account_a,
  platform_b,
  account_b,
  graph,
  object,
  post_platform_a,
  post_a,
  post_platform_b,
  post_b,
  acted_at_a,
  acted_at_b,
  gap_s,
  item_bits,
  source_file_a,
  source_record_a,
  source_file_b,
  source_record_b
FROM placed
ORDER BY place, cluster_id
LIMIT $n_meetings
