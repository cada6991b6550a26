-- left_out_similar: matched posts whose crowd is larger than max_crowd and that therefore take no part, per window.
-- grain:  one row
-- reads:  act(graph, post_ix, level)
-- params: graph

WITH matched AS (
  SELECT DISTINCT
    post_ix,
    level
  FROM act
  WHERE graph = $graph
)

SELECT
  COUNT(*) AS n_acts,
  COUNT(CASE WHEN level < 1 THEN 1 END) AS n_w1,
  COUNT(CASE WHEN level < 2 THEN 1 END) AS n_w2,
  COUNT(CASE WHEN level < 3 THEN 1 END) AS n_w3,
  COUNT(CASE WHEN level < 4 THEN 1 END) AS n_w4,
  COUNT(CASE WHEN level < 5 THEN 1 END) AS n_w5,
  COUNT(CASE WHEN level < 6 THEN 1 END) AS n_w6
FROM matched
