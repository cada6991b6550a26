-- act_count: how many posts of each cluster, and of all accounts in none, do each kind of act to anybody. DuckDB only: lists.
-- grain:  one row per (cluster_id, act) with such posts; cluster_id '' for accounts in no cluster
-- reads:  scope(account_ix, retweet_of, reply_to, reply_to_account, quote_of, quote_of_account, mentions, domains)
--         placed(account_ix, cluster_id)   members of clusters, sources apart

WITH own AS (
  SELECT
    COALESCE(placed.cluster_id, '') AS cluster_id,
    scope.retweet_of IS NOT NULL AS is_retweet,
    COALESCE(scope.reply_to, scope.reply_to_account) IS NOT NULL AS is_reply,
    COALESCE(scope.quote_of, scope.quote_of_account) IS NOT NULL AS is_quote,
    COALESCE(LEN(scope.mentions), 0) > 0 AS has_mention,
    COALESCE(LEN(scope.domains), 0) > 0 AS has_link
  FROM scope
  LEFT JOIN placed
    ON placed.account_ix = scope.account_ix
),

act AS (
  SELECT cluster_id, 'all' AS act FROM own
  UNION ALL
  SELECT cluster_id, 'retweet' AS act FROM own WHERE is_retweet
  UNION ALL
  SELECT cluster_id, 'reply' AS act FROM own WHERE is_reply AND NOT is_retweet
  UNION ALL
  SELECT cluster_id, 'quote' AS act FROM own WHERE is_quote AND NOT is_retweet
  UNION ALL
  SELECT cluster_id, 'mention' AS act FROM own WHERE has_mention AND NOT is_reply AND NOT is_retweet
  UNION ALL
  SELECT cluster_id, 'link' AS act FROM own WHERE has_link AND NOT is_retweet
  UNION ALL
  SELECT cluster_id, 'name' AS act FROM own WHERE NOT is_retweet
)

SELECT
  cluster_id,
  act,
  COUNT(*) AS n_posts
FROM act
GROUP BY cluster_id, act
ORDER BY cluster_id, act
