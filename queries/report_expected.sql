-- report_expected: how often a typical pair that met at all was due to meet by chance. DuckDB only: quantile_disc.
-- grain:  one row per (graph, window_s)
-- reads:  edge(graph, window_s, expected)

SELECT
  graph,
  window_s,
  COUNT(*) AS n_pairs,
  QUANTILE_DISC(expected, 0.5) AS expected
FROM edge
WHERE window_s > 0
  AND expected IS NOT NULL
GROUP BY graph, window_s
ORDER BY graph, window_s
