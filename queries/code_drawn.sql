-- code_drawn: the posts that were drawn for coding, by their place among the different texts of their cluster.
-- grain:  one row per (cluster_id, place), place from 0 in the order of texts; of equal texts the first post
-- reads:  post(platform, post_id, account_id, created_at, text, lang)
--         member(platform, account_id, cluster_id, role)
--         drawn(cluster_id, place)
-- params: since, until  the period, timestamps; until is excluded

WITH own AS (
  SELECT
    COALESCE(member.cluster_id, '') AS cluster_id,
    post.platform,
    post.post_id,
    post.text,
    post.lang,
    ROW_NUMBER() OVER (
      PARTITION BY COALESCE(member.cluster_id, ''), post.text ORDER BY post.created_at, post.platform, post.post_id
    ) AS copy
  FROM post
  LEFT JOIN member
    ON member.platform = post.platform
    AND member.account_id = post.account_id
  WHERE post.created_at >= CAST($since AS TIMESTAMP)
    AND post.created_at < CAST($until AS TIMESTAMP)
    AND post.text <> ''
    AND (member.role IS NULL OR member.role <> 'source')
),

placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY cluster_id ORDER BY text) - 1 AS place
  FROM own
  WHERE copy = 1
)

SELECT
  placed.cluster_id,
  placed.place,
  placed.platform,
  placed.post_id,
  placed.text,
  placed.lang
FROM placed
JOIN drawn
  ON drawn.cluster_id = placed.cluster_id
  AND drawn.place = placed.place
ORDER BY placed.cluster_id, placed.place
