-- acting_posts: how many posts act by each verb, and on the one object on which most of them act.
-- grain:  one row per verb
-- reads:  action(verb, object_ix, post_ix)

WITH object_post AS (
  SELECT
    verb,
    object_ix,
    COUNT(DISTINCT post_ix) AS n_posts
  FROM action
  GROUP BY verb, object_ix
),

commonest AS (
  SELECT
    verb,
    MAX(n_posts) AS n_on_one
  FROM object_post
  GROUP BY verb
),

acting AS (
  SELECT
    verb,
    COUNT(DISTINCT post_ix) AS n_posts
  FROM action
  GROUP BY verb
)

SELECT
  acting.verb,
  acting.n_posts,
  commonest.n_on_one
FROM acting
JOIN commonest
  ON commonest.verb = acting.verb
ORDER BY acting.verb
