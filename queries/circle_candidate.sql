-- circle_candidate: the pairs that met on rarely touched objects or in similar texts, asked about on every such graph.
-- grain:  one row per (graph, account_a_ix, account_b_ix)
-- reads:  pair(graph, account_a_ix, account_b_ix)
--         circle_graph(graph)

WITH met AS (
  SELECT DISTINCT
    pair.account_a_ix,
    pair.account_b_ix
  FROM pair
  JOIN circle_graph
    ON circle_graph.graph = pair.graph
)

SELECT
  circle_graph.graph,
  met.account_a_ix,
  met.account_b_ix
FROM met
CROSS JOIN circle_graph
ORDER BY circle_graph.graph, met.account_a_ix, met.account_b_ix
