-- action_extra: who acted on which object of a column of the user's own. DuckDB only: maps, lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, acted_at, retweet_of, extra)
-- params: originals, retweets  whether acts of such posts count;  verb  its name;  name  the column

WITH mentioned AS (
  SELECT
    account_ix,
    UNNEST(STRING_SPLIT(extra[$name], CHR(31))) AS object,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE extra[$name] IS NOT NULL
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
)

SELECT DISTINCT
  account_ix,
  CAST($verb AS VARCHAR) AS verb,
  object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM mentioned
WHERE object <> ''
ORDER BY post_ix, object
