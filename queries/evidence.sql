-- evidence: the posts a human should read: for each pair and graph of a cluster its rarest meetings. DuckDB only: make_timestamp.
-- grain:  one row per (cluster_id, graph, pair of accounts, object)
-- reads:  ranked(cluster_id, graph, account_a_ix, account_b_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b, gap_s, item_bits)
--         account_code(account_ix, platform, account_id)
--         object_code(object_ix, object)
--         origin(post_ix, platform, post_id, source_file, source_record)

SELECT
  ranked.cluster_id,
  a.platform AS platform_a,
  a.account_id AS account_a,
  b.platform AS platform_b,
  b.account_id AS account_b,
  ranked.graph,
  object_code.object,
  post_a.platform AS post_platform_a,
  post_a.post_id AS post_a,
  post_b.platform AS post_platform_b,
  post_b.post_id AS post_b,
  MAKE_TIMESTAMP(ranked.acted_at_a * 1000000) AS acted_at_a,
  MAKE_TIMESTAMP(ranked.acted_at_b * 1000000) AS acted_at_b,
  ranked.gap_s,
  ranked.item_bits,
  post_a.source_file AS source_file_a,
  post_a.source_record AS source_record_a,
  post_b.source_file AS source_file_b,
  post_b.source_record AS source_record_b
FROM ranked
JOIN account_code AS a
  ON a.account_ix = ranked.account_a_ix
JOIN account_code AS b
  ON b.account_ix = ranked.account_b_ix
JOIN object_code
  ON object_code.object_ix = ranked.object_ix
JOIN origin AS post_a
  ON post_a.post_ix = ranked.post_a_ix
JOIN origin AS post_b
  ON post_b.post_ix = ranked.post_b_ix
ORDER BY ranked.cluster_id, ranked.graph, ranked.account_a_ix, ranked.account_b_ix, ranked.item_bits DESC, ranked.object_ix, ranked.acted_at_a
