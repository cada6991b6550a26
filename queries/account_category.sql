-- account_category: how often each account used which client, hour, language, domain and text, answered and passed on whom.
-- DuckDB only: unnest.
-- grain:  one row per (account_ix, what, category)
-- reads:  scope(account_ix, post_ix, account_id, acted_at, retweet_of, retweet_of_account, reply_to_account, client, lang, domains, text_key,
--           hashtags, url_keys)
--         met(post_ix)
-- params: free  only posts that no tie rests on

WITH chosen AS (
  SELECT
    scope.*
  FROM scope
  LEFT JOIN met
    ON met.post_ix = scope.post_ix
  WHERE met.post_ix IS NULL
    OR NOT $free
),

mentioned AS (
  SELECT account_ix, 'client' AS what, client AS category FROM chosen WHERE client IS NOT NULL
  UNION ALL
  SELECT account_ix, 'hour', CAST((acted_at // 3600) % 24 AS VARCHAR) FROM chosen
  UNION ALL
  SELECT account_ix, 'weekhour', CAST((acted_at // 3600) % 168 AS VARCHAR) FROM chosen
  UNION ALL
  SELECT account_ix, 'lang', lang FROM chosen WHERE lang IS NOT NULL AND retweet_of IS NULL
  UNION ALL
  SELECT account_ix, 'retweeted', retweet_of_account FROM chosen WHERE retweet_of_account <> account_id
  UNION ALL
  SELECT account_ix, 'answered', reply_to_account FROM chosen
  WHERE reply_to_account IS NOT NULL AND reply_to_account <> account_id AND retweet_of IS NULL
  UNION ALL
  SELECT account_ix, 'domain', UNNEST(domains) FROM chosen WHERE LEN(domains) > 0 AND retweet_of IS NULL
  UNION ALL
  SELECT account_ix, 'address', UNNEST(url_keys) FROM chosen WHERE LEN(url_keys) > 0 AND retweet_of IS NULL
  UNION ALL
  SELECT account_ix, 'tag', LOWER(UNNEST(hashtags)) FROM chosen WHERE LEN(hashtags) > 0 AND retweet_of IS NULL
  UNION ALL
  SELECT account_ix, 'text', text_key FROM chosen WHERE text_key IS NOT NULL AND retweet_of IS NULL
)

SELECT
  account_ix,
  what,
  category,
  COUNT(*) AS n_posts
FROM mentioned
WHERE category <> ''
GROUP BY account_ix, what, category
ORDER BY what, account_ix, category
