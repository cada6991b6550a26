-- acting_posts: how many posts act by each verb.
-- grain:  one row per verb
-- reads:  action(verb, post_ix)

SELECT
  verb,
  COUNT(DISTINCT post_ix) AS n_posts
FROM action
GROUP BY verb
ORDER BY verb
