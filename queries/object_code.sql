-- object_code: the objects of all acts, numbered in the order of (verb, object), and what an interest in each is an interest in: the author
--   of a post, the site of an address, else the object itself.
-- grain:  one row per (verb, object)
-- reads:  deed(verb, object, interest)

WITH known AS (
  SELECT
    verb,
    object,
    MAX(interest) AS interest
  FROM deed
  GROUP BY verb, object
),

numbered AS (
  SELECT
    ROW_NUMBER() OVER (ORDER BY verb, object) - 1 AS object_ix,
    verb,
    object,
    interest,
    LOWER(interest) AS interest_key,
    CASE WHEN verb IN ('fast_retweet', 'mention', 'quote', 'reply', 'retweet') THEN 'account' ELSE verb END AS about
  FROM known
)

SELECT
  object_ix,
  verb,
  object,
  CASE WHEN interest IS NULL THEN object_ix ELSE MIN(object_ix) OVER (PARTITION BY about, interest_key) END AS interest_ix,
  COALESCE(interest, object) AS interest
FROM numbered
ORDER BY object_ix
