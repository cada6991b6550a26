-- post_kinds: how many posts the period holds, and how many of these are no retweets.
-- grain:  one row
-- reads:  scope(retweet_of)

SELECT
  COUNT(*) AS n_posts,
  COUNT(CASE WHEN retweet_of IS NULL THEN 1 END) AS n_originals
FROM scope
