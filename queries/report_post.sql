-- report_post: the texts of the posts shown as evidence.
-- grain:  one row per (platform, post_id)
-- reads:  cited(platform, post_id)   each once
--         post(platform, post_id, text, permalink, deleted, resolution_s, retweet_of)

SELECT
  post.platform,
  post.post_id,
  post.text,
  post.permalink,
  post.deleted,
  post.resolution_s,
  post.retweet_of IS NOT NULL AS is_retweet
FROM post
JOIN cited
  ON cited.platform = post.platform
  AND cited.post_id = post.post_id
ORDER BY post.platform, post.post_id
