-- footing: what each edge behind a tie rests on: the items of its meetings, one per post of the account with fewer posts, as edges are
--   counted. Of an edge with many, as many as decide whether it would pass with other items.
-- grain:  one row per (edge_ix, post_ix)
-- reads:  hurdle(edge_ix, graph, account_a_ix, account_b_ix, window_s, most)
--         coincidence(graph, account_a_ix, account_b_ix, item_ix, post_a_ix, post_b_ix, gap_s, level)
--         grid(graph, level, window_s)
--         likeness_root(graph, item_ix, root_ix)

WITH near AS (
  SELECT
    hurdle.edge_ix,
    hurdle.most,
    COALESCE(likeness_root.root_ix, coincidence.item_ix) AS item_ix,
    coincidence.post_a_ix,
    coincidence.post_b_ix
  FROM hurdle
  JOIN grid
    ON grid.graph = hurdle.graph
    AND grid.window_s = hurdle.window_s
  JOIN coincidence
    ON coincidence.graph = hurdle.graph
    AND coincidence.account_a_ix = hurdle.account_a_ix
    AND coincidence.account_b_ix = hurdle.account_b_ix
  LEFT JOIN likeness_root
    ON likeness_root.graph = coincidence.graph
    AND likeness_root.item_ix = coincidence.item_ix
  WHERE coincidence.gap_s <= hurdle.window_s
    AND coincidence.level >= grid.level
),

side AS (
  SELECT
    edge_ix,
    COUNT(DISTINCT post_a_ix) <= COUNT(DISTINCT post_b_ix) AS is_a
  FROM near
  GROUP BY edge_ix
),

footing AS (
  SELECT
    near.edge_ix,
    near.most,
    CASE WHEN side.is_a THEN near.post_a_ix ELSE near.post_b_ix END AS post_ix,
    MIN(near.item_ix) AS item_ix
  FROM near
  JOIN side
    ON side.edge_ix = near.edge_ix
  GROUP BY near.edge_ix, near.most, CASE WHEN side.is_a THEN near.post_a_ix ELSE near.post_b_ix END
),

turn AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY edge_ix ORDER BY post_ix) AS n_th
  FROM footing
)

SELECT
  edge_ix,
  post_ix,
  item_ix
FROM turn
WHERE n_th <= most
ORDER BY edge_ix, post_ix
