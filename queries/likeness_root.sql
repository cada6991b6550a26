-- likeness_root: for matches of similar texts, the text that both copy: the earliest that the earlier post is itself similar to, or its own.
--   One text passed on by thirty accounts is one item then, not one per two of them; a single step back, so that chains do not form.
-- grain:  one row per (graph, item_ix)
-- reads:  coincidence(graph, item_ix, object_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)   object_ix is the earlier post's text
-- params: graph

WITH likeness AS (
  SELECT DISTINCT
    graph,
    item_ix,
    object_ix,
    LEAST(acted_at_a, acted_at_b) AS acted_at,
    CASE WHEN acted_at_a < acted_at_b OR acted_at_a = acted_at_b AND post_a_ix < post_b_ix THEN post_a_ix ELSE post_b_ix END AS earlier_ix,
    CASE WHEN acted_at_a < acted_at_b OR acted_at_a = acted_at_b AND post_a_ix < post_b_ix THEN post_b_ix ELSE post_a_ix END AS later_ix
  FROM coincidence
  WHERE graph = $graph
),

origin AS (
  SELECT
    later_ix,
    object_ix,
    ROW_NUMBER() OVER (PARTITION BY later_ix ORDER BY acted_at, earlier_ix) AS n_th
  FROM likeness
)

SELECT
  likeness.graph,
  likeness.item_ix,
  COALESCE(origin.object_ix, likeness.object_ix) * 100000 AS root_ix
FROM likeness
LEFT JOIN origin
  ON origin.later_ix = likeness.earlier_ix
  AND origin.n_th = 1
ORDER BY likeness.graph, likeness.item_ix
