-- list_use: how often each cluster, and all accounts in none, use the terms and link to the sites of the lists. Shares are added later.
-- DuckDB only: unnest, lists.
-- grain:  one row per (list, topic, entry, cluster_id) with posts; entry '' counts every post once that uses any of the topic
-- reads:  scope(post_ix, account_ix, platform, post_id, retweet_of, domains)
--         post(platform, post_id, text)
--         text_hit(text, what, list, topic, entry)   what = name or term
--         listed_site(list, topic, entry)   entry: the site
--         placed(account_ix, cluster_id)   members of clusters, sources apart

WITH used AS (
  SELECT DISTINCT
    text_hit.list,
    text_hit.topic,
    text_hit.entry,
    scope.post_ix
  FROM text_hit
  JOIN post
    ON post.text = text_hit.text
  JOIN scope
    ON scope.platform = post.platform
    AND scope.post_id = post.post_id
  WHERE text_hit.what = 'term'
  UNION
  SELECT
    listed_site.list,
    listed_site.topic,
    listed_site.entry,
    linked.post_ix
  FROM (SELECT post_ix, UNNEST(LIST_DISTINCT(domains)) AS domain FROM scope WHERE LEN(domains) > 0) AS linked
  JOIN listed_site
    ON listed_site.entry = linked.domain
),

every AS (
  SELECT list, topic, entry, post_ix FROM used
  UNION
  SELECT list, topic, '' AS entry, post_ix FROM used
)

SELECT
  every.list,
  every.topic,
  every.entry,
  COALESCE(placed.cluster_id, '') AS cluster_id,
  COUNT(*) AS n_posts,
  COUNT(scope.retweet_of) AS n_retweets,
  COUNT(DISTINCT scope.account_ix) AS n_accounts
FROM every
JOIN scope
  ON scope.post_ix = every.post_ix
LEFT JOIN placed
  ON placed.account_ix = scope.account_ix
GROUP BY every.list, every.topic, every.entry, COALESCE(placed.cluster_id, '')
ORDER BY every.list, every.topic, every.entry, cluster_id
