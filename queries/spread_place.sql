-- spread_place: how far it went on each platform (container NULL) and in each container of it. DuckDB only: arg_min.
-- grain:  one row per (platform, container), and one per platform
-- reads:  spread_post(created_at, platform, post_id, account_id, container, how, carried_at, resolution_s)
--         account(platform, account_id, handle)
-- params: max_containers  the earliest containers that are returned

WITH spot AS (
  SELECT platform, CAST(NULL AS VARCHAR) AS container, created_at, post_id, account_id, how, carried_at, resolution_s
  FROM spread_post
  UNION ALL
  SELECT platform, container, created_at, post_id, account_id, how, carried_at, resolution_s
  FROM spread_post
  WHERE container IS NOT NULL
),

place AS (
  SELECT
    platform,
    container,
    COUNT(*) AS n_posts,
    COUNT(DISTINCT account_id) AS n_accounts,
    COUNT(CASE WHEN how = 'retweet' THEN 1 END) AS n_retweets,
    MIN(created_at) AS first_at,
    MAX(created_at) AS last_at,
    MIN(carried_at) AS first_s,
    MAX(resolution_s) AS resolution_s,
    ARG_MIN(account_id, (created_at, post_id)) AS account_id
  FROM spot
  GROUP BY platform, container
),

opening AS (
  SELECT
    place.platform,
    place.container,
    COUNT(DISTINCT spot.account_id) AS n_first
  FROM place
  JOIN spot
    ON spot.platform = place.platform
    AND spot.container IS NOT DISTINCT FROM place.container
  WHERE FLOOR(spot.carried_at / place.resolution_s) = FLOOR(place.first_s / place.resolution_s)
  GROUP BY place.platform, place.container
),

ranked AS (
  SELECT
    place.platform,
    place.container,
    place.n_posts,
    place.n_accounts,
    place.n_retweets,
    place.first_at,
    place.last_at,
    place.first_s,
    place.resolution_s,
    place.account_id,
    opening.n_first,
    ROW_NUMBER() OVER (PARTITION BY place.container IS NULL ORDER BY place.first_at, place.platform, place.container) AS number,
    COUNT(*) OVER (PARTITION BY place.container IS NULL) AS n_all
  FROM place
  JOIN opening
    ON opening.platform = place.platform
    AND opening.container IS NOT DISTINCT FROM place.container
)

SELECT
  ranked.number,
  ranked.n_all,
  ranked.platform,
  ranked.container,
  ranked.n_posts,
  ranked.n_accounts,
  ranked.n_retweets,
  ranked.first_at,
  ranked.last_at,
  ranked.first_s,
  ranked.resolution_s,
  ranked.account_id,
  account.handle,
  ranked.n_first
FROM ranked
LEFT JOIN account
  ON account.platform = ranked.platform
  AND account.account_id = ranked.account_id
WHERE ranked.container IS NULL OR ranked.number <= $max_containers
ORDER BY ranked.container IS NOT NULL, ranked.number
