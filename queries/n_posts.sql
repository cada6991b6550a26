-- n_posts: how many posts the case holds.
-- grain:  one row
-- reads:  post(post_id)

SELECT
  COUNT(post_id) AS n_posts
FROM post
