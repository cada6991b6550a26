-- spread_variant: addresses that differ from one only by parameters behind it: perhaps the same page, perhaps another.
-- grain:  one row per url_key
-- reads:  post(created_at, url_keys)
-- params: start  the address and a question mark;  n_rows  the most frequent
--         since, until  the period, timestamps; until is excluded

WITH used AS (
  SELECT UNNEST(url_keys) AS url_key
  FROM post
  WHERE created_at >= CAST($since AS TIMESTAMP)
    AND created_at < CAST($until AS TIMESTAMP)
),

variant AS (
  SELECT
    url_key,
    COUNT(*) AS n_posts
  FROM used
  WHERE SUBSTR(url_key, 1, LENGTH($start)) = $start
  GROUP BY url_key
),

ranked AS (
  SELECT
    url_key,
    n_posts,
    CAST(SUM(n_posts) OVER () AS BIGINT) AS n_all,
    ROW_NUMBER() OVER (ORDER BY n_posts DESC, url_key) AS number
  FROM variant
)

SELECT
  number,
  url_key,
  n_posts,
  n_all
FROM ranked
WHERE number <= $n_rows
ORDER BY number
