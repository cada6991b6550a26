-- quiet_hour: posts per UTC hour of the day, to cut days where the case sleeps.
-- grain:  one row per hour with a post
-- reads:  scope(acted_at)

SELECT
  CAST((acted_at // 3600) % 24 AS INTEGER) AS hour,
  COUNT(*) AS n_posts
FROM scope
GROUP BY CAST((acted_at // 3600) % 24 AS INTEGER)
ORDER BY n_posts, hour
