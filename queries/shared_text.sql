-- shared_text: who published which text, and when first: texts without an address that more accounts than one published, and not everybody.
--   An address brings its own words (share buttons, headlines); a saying belongs to nobody.
-- grain:  one row per (text_ix, account_ix)
-- reads:  scope(account_ix, acted_at, retweet_of, text_key, url_keys)
-- params: most_accounts  accounts from which a text is a saying

WITH said AS (
  SELECT
    text_key,
    account_ix,
    MIN(acted_at) AS first_at
  FROM scope
  WHERE text_key IS NOT NULL
    AND retweet_of IS NULL
    AND COALESCE(LEN(url_keys), 0) = 0
  GROUP BY text_key, account_ix
),

shared AS (
  SELECT
    text_key,
    ROW_NUMBER() OVER (ORDER BY text_key) - 1 AS text_ix
  FROM said
  GROUP BY text_key
  HAVING COUNT(*) BETWEEN 2 AND $most_accounts
)

SELECT
  shared.text_ix,
  said.account_ix,
  said.first_at
FROM said
JOIN shared
  ON shared.text_key = said.text_key
ORDER BY shared.text_ix, said.account_ix
