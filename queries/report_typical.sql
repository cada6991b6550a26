-- report_typical: the typical pair of each shown cluster: the median of its ties by surprise, the edge that speaks most for it, and the median
-- meeting of that pair on that edge's graph, as far as evidence holds one.
-- grain:  one row per cluster_id with a tie; the columns of evidence are NULL where no meeting of the pair is kept
-- reads:  tie(platform_a, account_a, platform_b, account_b, surprise_bits)
--         edge(graph, platform_a, account_a, platform_b, account_b, window_s, n_shared, expected, n_favourite, p_value,
--           surprise_bits)
--         evidence(cluster_id, platform_a, account_a, platform_b, account_b, graph, object, post_platform_a, post_a, post_platform_b, post_b,
--           acted_at_a, acted_at_b, gap_s, item_bits, source_file_a, source_record_a, source_file_b, source_record_b)
--         shown(cluster_id, platform, account_id)   the accounts of the clusters to be shown, without sources

WITH inside AS (
  SELECT
    a.cluster_id,
    tie.platform_a,
    tie.account_a,
    tie.platform_b,
    tie.account_b,
    ROW_NUMBER() OVER (
      PARTITION BY a.cluster_id
      ORDER BY tie.surprise_bits, tie.platform_a, tie.account_a, tie.platform_b, tie.account_b
    ) AS place,
    COUNT(*) OVER (PARTITION BY a.cluster_id) AS n_ties
  FROM tie
  JOIN shown AS a
    ON a.platform = tie.platform_a
    AND a.account_id = tie.account_a
  JOIN shown AS b
    ON b.platform = tie.platform_b
    AND b.account_id = tie.account_b
    AND b.cluster_id = a.cluster_id
),

strongest AS (
  SELECT
    inside.*,
    edge.graph,
    edge.window_s,
    edge.n_shared,
    edge.expected,
    edge.n_favourite,
    edge.surprise_bits,
    ROW_NUMBER() OVER (
      PARTITION BY inside.cluster_id
      ORDER BY edge.surprise_bits DESC NULLS LAST, edge.p_value, edge.graph
    ) AS of_edge
  FROM inside
  JOIN edge
    ON edge.platform_a = inside.platform_a
    AND edge.account_a = inside.account_a
    AND edge.platform_b = inside.platform_b
    AND edge.account_b = inside.account_b
  WHERE inside.place = (inside.n_ties + 1) // 2
),

meeting AS (
  SELECT
    evidence.*,
    ROW_NUMBER() OVER (
      PARTITION BY evidence.cluster_id
      ORDER BY evidence.item_bits, evidence.acted_at_a, evidence.object, evidence.post_a, evidence.post_b
    ) AS of_bits,
    COUNT(*) OVER (PARTITION BY evidence.cluster_id) AS n_kept
  FROM evidence
  JOIN strongest
    ON strongest.cluster_id = evidence.cluster_id
    AND strongest.graph = evidence.graph
    AND strongest.platform_a = evidence.platform_a
    AND strongest.account_a = evidence.account_a
    AND strongest.platform_b = evidence.platform_b
    AND strongest.account_b = evidence.account_b
  WHERE strongest.of_edge = 1
)

SELECT
  strongest.cluster_id,
  strongest.platform_a,
  strongest.account_a,
  strongest.platform_b,
  strongest.account_b,
  strongest.graph,
  strongest.window_s,
  strongest.n_shared,
  strongest.expected,
  strongest.n_favourite,
  strongest.surprise_bits,
  meeting.object,
  meeting.post_platform_a,
  meeting.post_a,
  meeting.post_platform_b,
  meeting.post_b,
  meeting.acted_at_a,
  meeting.acted_at_b,
  meeting.gap_s,
  meeting.item_bits,
  meeting.source_file_a,
  meeting.source_record_a,
  meeting.source_file_b,
  meeting.source_record_b
FROM strongest
LEFT JOIN meeting
  ON meeting.cluster_id = strongest.cluster_id
  AND meeting.of_bits = (meeting.n_kept + 1) // 2
WHERE strongest.of_edge = 1
ORDER BY strongest.cluster_id
