-- spread_hop: who had it from whom, as far as the data show it: a retweet, quote or reply of a post that held it.
-- grain:  one row per (platform, from_account, to_account, verb), both drawn
-- reads:  spread_post(created_at, platform, account_id, how, of_account, lag_s, of_carrier)
--         spread_carrier(platform, account_id)
--         shown(platform, account_id)   the carriers that are drawn
-- params: max_rows  the heaviest of them

WITH hop AS (
  SELECT
    post.platform,
    post.of_account AS from_account,
    post.account_id AS to_account,
    post.how AS verb,
    COUNT(*) AS n_posts,
    MIN(post.created_at) AS first_at,
    MIN(post.lag_s) AS least_lag_s
  FROM spread_post AS post
  JOIN spread_carrier AS carrier
    ON carrier.platform = post.platform
    AND carrier.account_id = post.of_account
  WHERE post.of_account <> post.account_id
    AND (post.how = 'retweet' OR post.of_carrier)
  GROUP BY post.platform, post.of_account, post.account_id, post.how
),

counted AS (
  SELECT
    platform,
    from_account,
    to_account,
    verb,
    n_posts,
    first_at,
    least_lag_s,
    COUNT(*) OVER () AS n_all,
    CAST(SUM(n_posts) OVER () AS BIGINT) AS n_all_posts
  FROM hop
),

ranked AS (
  SELECT
    counted.platform,
    counted.from_account,
    counted.to_account,
    counted.verb,
    counted.n_posts,
    counted.first_at,
    counted.least_lag_s,
    counted.n_all,
    counted.n_all_posts,
    ROW_NUMBER() OVER (
      ORDER BY counted.n_posts DESC, counted.platform, counted.from_account, counted.to_account, counted.verb
    ) AS number
  FROM counted
  JOIN shown AS start
    ON start.platform = counted.platform
    AND start.account_id = counted.from_account
  JOIN shown AS finish
    ON finish.platform = counted.platform
    AND finish.account_id = counted.to_account
)

SELECT
  platform,
  from_account,
  to_account,
  verb,
  n_posts,
  first_at,
  least_lag_s,
  n_all,
  n_all_posts
FROM ranked
WHERE number <= $max_rows
ORDER BY platform, from_account, to_account, verb
