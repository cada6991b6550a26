-- match_near: the matches that lie within the widest window of a graph.
-- grain:  one row per (post_a_ix, post_b_ix)
-- reads:  match(post_a_ix, post_b_ix)
--         action(verb, acted_at, post_ix)   one act per post
-- params: verb;  widest_s  seconds

SELECT
  match.post_a_ix,
  match.post_b_ix
FROM match
JOIN action AS a
  ON a.post_ix = match.post_a_ix
  AND a.verb = $verb
JOIN action AS b
  ON b.post_ix = match.post_b_ix
  AND b.verb = $verb
WHERE ABS(a.acted_at - b.acted_at) <= $widest_s
ORDER BY match.post_a_ix, match.post_b_ix
