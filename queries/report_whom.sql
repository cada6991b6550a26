-- report_whom: the accounts that the members of each shown cluster retweet, answer and mention most. A retweet answers and mentions nobody; an
-- answer mentions nobody; a mention may be a handle or an id. DuckDB only: unnest, list_distinct.
-- grain:  one row per (cluster_id, what, place), what = retweet, reply or mention, place from 1
-- reads:  post(platform, post_id, account_id, created_at, retweet_of, retweet_of_account, reply_to, reply_to_account, mentions)
--         account(platform, account_id, handle)
--         shown(cluster_id, platform, account_id)   the accounts of the clusters to be shown, without sources
-- params: since, until  the period, timestamps; until is excluded
--         n_shown  accounts per cluster and kind of act

WITH own AS (
  SELECT
    shown.cluster_id,
    post.*
  FROM post
  JOIN shown
    ON shown.platform = post.platform
    AND shown.account_id = post.account_id
  WHERE post.created_at >= CAST($since AS TIMESTAMP)
    AND post.created_at < CAST($until AS TIMESTAMP)
),

mentioned AS (
  SELECT
    cluster_id,
    platform,
    account_id,
    UNNEST(LIST_DISTINCT(mentions)) AS name
  FROM own
  WHERE retweet_of IS NULL
    AND reply_to IS NULL
    AND reply_to_account IS NULL
    AND LEN(mentions) > 0
),

called AS (
  SELECT
    platform,
    LOWER(handle) AS name,
    MIN(account_id) AS account_id
  FROM account
  WHERE handle <> ''
  GROUP BY platform, LOWER(handle)
),

act AS (
  SELECT
    own.cluster_id,
    CASE WHEN own.retweet_of IS NULL THEN 'reply' ELSE 'retweet' END AS what,
    own.platform,
    own.account_id,
    COALESCE(CASE WHEN own.retweet_of IS NULL THEN own.reply_to_account ELSE own.retweet_of_account END, original.account_id) AS target_id
  FROM own
  LEFT JOIN post AS original
    ON original.platform = own.platform
    AND original.post_id = COALESCE(own.retweet_of, own.reply_to)
  WHERE COALESCE(own.retweet_of, own.reply_to, own.reply_to_account) IS NOT NULL
  UNION ALL
  SELECT
    mentioned.cluster_id,
    'mention' AS what,
    mentioned.platform,
    mentioned.account_id,
    COALESCE(called.account_id, mentioned.name) AS target_id
  FROM mentioned
  LEFT JOIN called
    ON called.platform = mentioned.platform
    AND called.name = LOWER(mentioned.name)
),

counted AS (
  SELECT
    cluster_id,
    what,
    platform,
    target_id,
    COUNT(*) AS n_posts,
    COUNT(DISTINCT account_id) AS n_accounts
  FROM act
  WHERE target_id <> account_id
    AND target_id <> ''
  GROUP BY cluster_id, what, platform, target_id
),

ranked AS (
  SELECT
    *,
    CAST(SUM(n_posts) OVER (PARTITION BY cluster_id, what) AS BIGINT) AS n_all,
    ROW_NUMBER() OVER (PARTITION BY cluster_id, what ORDER BY n_posts DESC, n_accounts DESC, platform, target_id) AS place
  FROM counted
)

SELECT
  ranked.cluster_id,
  ranked.what,
  ranked.place,
  ranked.platform,
  ranked.target_id,
  MIN(account.handle) AS handle,
  ranked.n_posts,
  ranked.n_accounts,
  ranked.n_all
FROM ranked
LEFT JOIN account
  ON account.platform = ranked.platform
  AND account.account_id = ranked.target_id
WHERE ranked.place <= $n_shown
GROUP BY
  ranked.cluster_id,
  ranked.what,
  ranked.place,
  ranked.platform,
  ranked.target_id,
  ranked.n_posts,
  ranked.n_accounts,
  ranked.n_all
ORDER BY ranked.cluster_id, ranked.what, ranked.place
