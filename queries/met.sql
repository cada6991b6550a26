-- met: the posts that a tie rests on.
-- grain:  one row per post_ix
-- reads:  meeting(post_a_ix, post_b_ix)

SELECT post_a_ix AS post_ix FROM meeting
UNION
SELECT post_b_ix AS post_ix FROM meeting
ORDER BY post_ix
