-- match_vector: two posts of different accounts whose embeddings point the same way.
-- grain:  one row per (post_a_ix, post_b_ix), post_a_ix < post_b_ix
-- reads:  near_vector(post_a_ix, post_b_ix, similarity)   as found, by time
-- params: compared  the column

SELECT
  post_a_ix,
  post_b_ix,
  similarity,
  CAST($compared AS VARCHAR) AS compared
FROM near_vector
ORDER BY post_a_ix, post_b_ix
