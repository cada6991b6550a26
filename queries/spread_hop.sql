-- spread_hop: who had it from whom, as far as the data show it: a retweet, quote or reply of a post that held it.
-- grain:  one row per (platform, from_account, to_account, verb)
-- reads:  spread_post(created_at, platform, account_id, how, of_account, lag_s, of_carrier)
--         spread_carrier(platform, account_id)

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
ORDER BY post.platform, from_account, to_account, verb
