-- origin: where each post that evidence names stands in its input file.
-- grain:  one row per post_ix
-- reads:  ranked(post_a_ix, post_b_ix)
--         scope(post_ix, platform, post_id)
--         post(platform, post_id, source_file, source_record)

WITH named AS (
  SELECT post_a_ix AS post_ix FROM ranked
  UNION
  SELECT post_b_ix AS post_ix FROM ranked
)

SELECT
  scope.post_ix,
  scope.platform,
  scope.post_id,
  post.source_file,
  post.source_record
FROM named
JOIN scope
  ON scope.post_ix = named.post_ix
JOIN post
  ON post.platform = scope.platform
  AND post.post_id = scope.post_id
ORDER BY scope.post_ix
