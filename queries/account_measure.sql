-- account_measure: what each account did in the period, in whole numbers: sums of floats would change with the thread count.
--   Likes are counted on posts that are no answers: these are liked less, whoever writes them.
-- grain:  one row per account_ix
-- reads:  scope(account_ix, post_ix, acted_at, retweet_of, reply_to, url_keys, like_count)
--         met(post_ix)
-- params: free  only posts that no tie rests on

WITH step AS (
  SELECT
    scope.account_ix,
    scope.acted_at,
    scope.retweet_of,
    scope.reply_to,
    LEN(scope.url_keys) AS n_links,
    scope.like_count,
    scope.acted_at - LAG(scope.acted_at) OVER (PARTITION BY scope.account_ix ORDER BY scope.acted_at, scope.post_ix) AS gap_s
  FROM scope
  LEFT JOIN met
    ON met.post_ix = scope.post_ix
  WHERE met.post_ix IS NULL
    OR NOT $free
)

SELECT
  account_ix,
  COUNT(*) AS n_posts,
  COUNT(retweet_of) AS n_retweets,
  COUNT(CASE WHEN retweet_of IS NULL THEN reply_to END) AS n_replies,
  COUNT(CASE WHEN retweet_of IS NULL AND n_links > 0 THEN 1 END) AS n_linked,
  COUNT(CASE WHEN retweet_of IS NULL AND reply_to IS NULL THEN like_count END) AS n_liked,
  CAST(SUM(CASE WHEN retweet_of IS NULL AND reply_to IS NULL THEN like_count END) AS BIGINT) AS likes,
  COUNT(gap_s) AS n_gaps,
  CAST(SUM(gap_s) AS BIGINT) AS gap_sum,
  CAST(SUM(CAST(gap_s AS HUGEINT) * gap_s) AS VARCHAR) AS gap_square_sum,
  MIN(acted_at) AS first_at,
  MAX(acted_at) AS last_at
FROM step
GROUP BY account_ix
ORDER BY account_ix
