-- spread_unseen: accounts whose posts were retweeted with it and are not in these data: they had it before their retweeters.
-- grain:  one row per (platform, of_account); of_account may be NULL
-- reads:  spread_post(created_at, platform, how, of_post, of_account, of_carrier)
--         post(platform, post_id)
-- params: n_rows  the most often retweeted

WITH unseen AS (
  SELECT
    passed.platform,
    passed.of_account,
    COUNT(*) AS n_retweets,
    COUNT(DISTINCT passed.of_post) AS n_originals,
    MIN(passed.created_at) AS first_at
  FROM spread_post AS passed
  LEFT JOIN post
    ON post.platform = passed.platform
    AND post.post_id = passed.of_post
  WHERE passed.how = 'retweet'
    AND NOT passed.of_carrier
    AND post.post_id IS NULL
  GROUP BY passed.platform, passed.of_account
),

ranked AS (
  SELECT
    platform,
    of_account,
    n_retweets,
    n_originals,
    first_at,
    COUNT(*) OVER () AS n_accounts,
    CAST(SUM(n_retweets) OVER () AS BIGINT) AS n_all,
    MIN(first_at) OVER () AS earliest_at,
    ROW_NUMBER() OVER (ORDER BY n_retweets DESC, platform, of_account NULLS LAST) AS number
  FROM unseen
)

SELECT
  number,
  platform,
  of_account,
  n_retweets,
  n_originals,
  first_at,
  n_accounts,
  n_all,
  earliest_at
FROM ranked
WHERE number <= $n_rows
ORDER BY number
