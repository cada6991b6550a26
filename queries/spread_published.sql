-- spread_published: in which container the earliest carriers published it how often.
-- grain:  one row per (platform, account_id, container)
-- reads:  spread_post(created_at, platform, account_id, container)
--         shown(platform, account_id)   the carriers that are drawn
-- params: max_rows  the busiest of them

WITH published AS (
  SELECT
    post.platform,
    post.account_id,
    post.container,
    COUNT(*) AS n_posts,
    MIN(post.created_at) AS first_at
  FROM spread_post AS post
  JOIN shown
    ON shown.platform = post.platform
    AND shown.account_id = post.account_id
  WHERE post.container IS NOT NULL
  GROUP BY post.platform, post.account_id, post.container
),

ranked AS (
  SELECT
    platform,
    account_id,
    container,
    n_posts,
    first_at,
    COUNT(*) OVER () AS n_all,
    ROW_NUMBER() OVER (ORDER BY n_posts DESC, platform, account_id, container) AS number
  FROM published
)

SELECT
  platform,
  account_id,
  container,
  n_posts,
  first_at,
  n_all
FROM ranked
WHERE number <= $max_rows
ORDER BY platform, account_id, container
