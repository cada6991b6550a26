-- match: two posts of different accounts with similar text.
-- grain:  one row per (post_a_ix, post_b_ix), post_a_ix < post_b_ix
-- reads:  likeness(post_a_ix, post_b_ix, similarity)   as found, by time

SELECT
  post_a_ix,
  post_b_ix,
  similarity,
  'text_key' AS compared
FROM likeness
ORDER BY post_a_ix, post_b_ix
