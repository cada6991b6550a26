-- network_retweet: who retweets whom, where at least one of the two belongs to a cluster and is not its source.
-- grain:  one row per (platform, account_id, target_id), account_id <> target_id; the heaviest max_edges of them
-- reads:  post(platform, post_id, account_id, created_at, retweet_of, retweet_of_account)
--         member(platform, account_id, role)
-- params: max_edges  rows returned; n_all and n_posts_all say how many rows and posts there are without this limit
--         since, until  UTC times, until not included

WITH insider AS (
  SELECT DISTINCT
    platform,
    account_id
  FROM member
  WHERE role <> 'source'
),

act AS (
  SELECT
    platform,
    account_id,
    retweet_of_account AS target_id
  FROM post
  WHERE retweet_of IS NOT NULL
    AND retweet_of_account IS NOT NULL
    AND created_at >= $since
    AND created_at < $until
  UNION ALL
  SELECT
    post.platform,
    post.account_id,
    original.account_id AS target_id
  FROM post
  JOIN post AS original
    ON original.platform = post.platform
    AND original.post_id = post.retweet_of
  WHERE post.retweet_of_account IS NULL
    AND post.created_at >= $since
    AND post.created_at < $until
),

directed AS (
  SELECT
    act.platform,
    act.account_id,
    act.target_id,
    COUNT(*) AS n_posts
  FROM act
  LEFT JOIN insider AS a
    ON a.platform = act.platform
    AND a.account_id = act.account_id
  LEFT JOIN insider AS b
    ON b.platform = act.platform
    AND b.account_id = act.target_id
  WHERE act.target_id <> act.account_id
    AND (a.account_id IS NOT NULL OR b.account_id IS NOT NULL)
  GROUP BY act.platform, act.account_id, act.target_id
)

SELECT
  platform,
  account_id,
  target_id,
  n_posts,
  COUNT(*) OVER () AS n_all,
  CAST(SUM(n_posts) OVER () AS BIGINT) AS n_posts_all
FROM directed
ORDER BY n_posts DESC, platform, account_id, target_id
LIMIT $max_edges
