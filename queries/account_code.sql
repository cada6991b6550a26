-- account_code: the accounts with at least one post in the period, numbered in the order of their names.
-- grain:  one row per (platform, account_id)
-- reads:  post(platform, account_id, created_at)
-- params: since, until  the period, timestamps; until is excluded

WITH active AS (
  SELECT DISTINCT
    platform,
    account_id
  FROM post
  WHERE created_at >= CAST($since AS TIMESTAMP)
    AND created_at < CAST($until AS TIMESTAMP)
)

SELECT
  CAST(ROW_NUMBER() OVER (ORDER BY platform, account_id) - 1 AS INTEGER) AS account_ix,
  platform,
  account_id
FROM active
ORDER BY account_ix
