-- text_seen: every text of the period once.
-- grain:  one row per text
-- reads:  post(text, created_at)
-- params: since, until  the period, timestamps; until is excluded

SELECT DISTINCT text
FROM post
WHERE created_at >= CAST($since AS TIMESTAMP)
  AND created_at < CAST($until AS TIMESTAMP)
  AND text <> ''
ORDER BY text
