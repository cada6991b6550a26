-- topic_act: what every account published on each hashtag, page and site, and how often it passed on, quoted or answered what others had
--   published on it. A retweet without tags of its own has those of the post it passes on. Nobody reacts to himself. Counts of one post
--   beyond 10^11 are believed to be 10^11. DuckDB only: unnest, lists.
-- grain:  one row per (what, topic, account_ix), what = hashtag, page or site
-- reads:  scope(post_ix, account_ix, platform, post_id, account_id, retweet_of, retweet_of_account, reply_to, quote_of, hashtags, url_keys, domains,
--           like_count, retweet_count)
--         post(platform, post_id, reply_count, view_count)

WITH tagged AS (
  SELECT 'hashtag' AS what, LOWER(entry) AS topic, post_ix
  FROM (SELECT post_ix, UNNEST(hashtags) AS entry FROM scope WHERE LEN(hashtags) > 0) AS one
  UNION
  SELECT 'page' AS what, entry AS topic, post_ix
  FROM (SELECT post_ix, UNNEST(url_keys) AS entry FROM scope WHERE LEN(url_keys) > 0) AS one
  UNION
  SELECT 'site' AS what, entry AS topic, post_ix
  FROM (SELECT post_ix, UNNEST(domains) AS entry FROM scope WHERE LEN(domains) > 0) AS one
),

carrying AS (
  SELECT
    tagged.what,
    tagged.topic,
    tagged.post_ix,
    scope.account_ix,
    scope.retweet_of IS NOT NULL AS is_retweet,
    scope.retweet_of_account IS NOT DISTINCT FROM scope.account_id AS is_own
  FROM tagged
  JOIN scope
    ON scope.post_ix = tagged.post_ix
  WHERE tagged.topic <> ''
),

told AS (
  SELECT
    scope.post_ix,
    CASE
      WHEN COALESCE(scope.like_count, scope.retweet_count, post.reply_count) IS NOT NULL
      THEN
        LEAST(GREATEST(COALESCE(scope.like_count, 0), 0), 100000000000)
        + LEAST(GREATEST(COALESCE(scope.retweet_count, 0), 0), 100000000000)
        + LEAST(GREATEST(COALESCE(post.reply_count, 0), 0), 100000000000)
    END AS n_engagement,
    CASE WHEN post.view_count IS NOT NULL THEN LEAST(GREATEST(post.view_count, 0), 100000000000) END AS n_views
  FROM scope
  JOIN post
    ON post.platform = scope.platform
    AND post.post_id = scope.post_id
  WHERE scope.retweet_of IS NULL
),

reaction AS (
  SELECT platform, retweet_of AS post_id, post_ix, account_ix FROM scope WHERE retweet_of IS NOT NULL
  UNION
  SELECT platform, quote_of AS post_id, post_ix, account_ix FROM scope WHERE quote_of IS NOT NULL AND retweet_of IS NULL
  UNION
  SELECT platform, reply_to AS post_id, post_ix, account_ix FROM scope WHERE reply_to IS NOT NULL AND retweet_of IS NULL
),

spreading AS (
  SELECT what, topic, post_ix, account_ix FROM carrying WHERE is_retweet AND NOT is_own
  UNION
  SELECT
    carrying.what,
    carrying.topic,
    reaction.post_ix,
    reaction.account_ix
  FROM reaction
  JOIN scope AS original
    ON original.platform = reaction.platform
    AND original.post_id = reaction.post_id
  JOIN carrying
    ON carrying.post_ix = original.post_ix
  WHERE reaction.account_ix <> original.account_ix
),

every AS (
  SELECT
    carrying.what,
    carrying.topic,
    carrying.account_ix,
    1 AS is_own,
    told.n_engagement,
    told.n_views
  FROM carrying
  JOIN told
    ON told.post_ix = carrying.post_ix
  WHERE NOT carrying.is_retweet
  UNION ALL
  SELECT what, topic, account_ix, 0 AS is_own, CAST(NULL AS BIGINT) AS n_engagement, CAST(NULL AS BIGINT) AS n_views FROM spreading
)

SELECT
  what,
  topic,
  account_ix,
  COUNT(CASE WHEN is_own = 1 THEN 1 END) AS n_posts,
  COUNT(CASE WHEN is_own = 0 THEN 1 END) AS n_spread,
  CAST(SUM(n_engagement) AS BIGINT) AS n_engagement,
  CAST(SUM(n_views) AS BIGINT) AS n_views
FROM every
GROUP BY what, topic, account_ix
ORDER BY what, topic, account_ix
