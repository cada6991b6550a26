-- report_evidence: the meetings to show per cluster: the rarest, of different objects and of different pairs where there are any.
-- grain:  one row per (cluster_id, place), place from 1
-- reads:  evidence(cluster_id, platform_a, account_a, platform_b, account_b, graph, object, post_platform_a, post_a, post_platform_b, post_b,
--           acted_at_a, acted_at_b, gap_s, item_bits, source_file_a, source_record_a, source_file_b, source_record_b)
--         wanted(cluster_id)   the clusters that have a card
-- params: n_shown  meetings per cluster

WITH ranked AS (
  SELECT
    evidence.*,
    ROW_NUMBER() OVER (
      PARTITION BY evidence.cluster_id, platform_a, account_a, platform_b, account_b
      ORDER BY item_bits DESC, graph, object, acted_at_a, post_a, post_b
    ) AS of_pair,
    ROW_NUMBER() OVER (
      PARTITION BY evidence.cluster_id, object
      ORDER BY item_bits DESC, graph, platform_a, account_a, platform_b, account_b, acted_at_a, post_a, post_b
    ) AS of_object,
    ROW_NUMBER() OVER (
      PARTITION BY evidence.cluster_id, post_platform_a, post_a, post_platform_b, post_b
      ORDER BY item_bits DESC, graph, object, acted_at_a
    ) AS of_posts
  FROM evidence
  JOIN wanted
    ON wanted.cluster_id = evidence.cluster_id
),

placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY cluster_id
      ORDER BY 2 * of_object + of_pair, item_bits DESC, graph, platform_a, account_a, platform_b, account_b, object, post_a, post_b
    ) AS place
  FROM ranked
  WHERE of_posts = 1
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
WHERE place <= $n_shown
ORDER BY cluster_id, place
