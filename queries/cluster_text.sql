-- cluster_text: normalised texts of each cluster and of everybody else, not retweets, at most so many of each; which ones follows from their
--   numbers, scrambled.
-- grain:  one row per post
-- reads:  scope(post_ix, account_ix, retweet_of, text_key)
--         home(account_ix, cluster_ix)
-- params: most  texts per cluster;  most_rest  texts of everybody else, cluster_ix -1

WITH own AS (
  SELECT
    COALESCE(home.cluster_ix, -1) AS cluster_ix,
    scope.account_ix,
    scope.text_key,
    ROW_NUMBER() OVER (
      PARTITION BY COALESCE(home.cluster_ix, -1)
      ORDER BY scope.post_ix % 16777216 * 2654435761 % 4294967296, scope.post_ix
    ) AS place
  FROM scope
  LEFT JOIN home
    ON home.account_ix = scope.account_ix
  WHERE scope.text_key IS NOT NULL
    AND scope.retweet_of IS NULL
)

SELECT
  cluster_ix,
  account_ix,
  text_key
FROM own
WHERE place <= CASE WHEN cluster_ix < 0 THEN $most_rest ELSE $most END
ORDER BY cluster_ix, place
