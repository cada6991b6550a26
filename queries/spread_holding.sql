-- spread_holding: which of the earliest carriers carried which object how often. DuckDB only: lists.
-- grain:  one row per (platform, account_id, object)
-- reads:  spread_post(created_at, platform, account_id, objects)
--         shown(platform, account_id)   the carriers that are drawn
-- params: max_objects  the objects with most carriers that are returned

WITH used AS (
  SELECT
    platform,
    account_id,
    UNNEST(objects) AS object,
    created_at
  FROM spread_post
),

holding AS (
  SELECT
    used.platform,
    used.account_id,
    used.object,
    COUNT(*) AS n_posts,
    MIN(used.created_at) AS first_at
  FROM used
  JOIN shown
    ON shown.platform = used.platform
    AND shown.account_id = used.account_id
  GROUP BY used.platform, used.account_id, used.object
),

ranked AS (
  SELECT
    object,
    ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, object) AS number,
    COUNT(*) OVER () AS n_objects
  FROM holding
  GROUP BY object
)

SELECT
  holding.platform,
  holding.account_id,
  holding.object,
  holding.n_posts,
  holding.first_at,
  ranked.n_objects
FROM holding
JOIN ranked
  ON ranked.object = holding.object
WHERE ranked.number <= $max_objects
ORDER BY holding.platform, holding.account_id, holding.object
