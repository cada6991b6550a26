-- explain_activity: what the case holds of an account, found by id or handle.
-- grain:  one row per (platform, account_id)
-- reads:  post(platform, account_id, created_at, retweet_of, reply_to)
--         account(platform, account_id, handle)
-- params: name  account_id;  handle  in lower case, without @

WITH named AS (
  SELECT DISTINCT platform, account_id FROM account WHERE account_id = $name OR LOWER(handle) = $handle
  UNION
  SELECT DISTINCT platform, account_id FROM post WHERE account_id = $name
)

SELECT
  named.platform,
  named.account_id,
  MIN(account.handle) AS handle,
  COUNT(post.created_at) AS n_posts,
  COUNT(post.retweet_of) AS n_retweets,
  COUNT(post.reply_to) AS n_replies,
  MIN(post.created_at) AS first_at,
  MAX(post.created_at) AS last_at
FROM named
LEFT JOIN account
  ON account.platform = named.platform
  AND account.account_id = named.account_id
LEFT JOIN post
  ON post.platform = named.platform
  AND post.account_id = named.account_id
GROUP BY named.platform, named.account_id
ORDER BY named.platform, named.account_id
