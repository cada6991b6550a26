-- code_count: how many different texts each cluster, and all accounts in none, published in the period.
-- grain:  one row per cluster_id; '' for accounts in no cluster. Sources count nowhere
-- reads:  post(platform, account_id, created_at, text)
--         member(platform, account_id, cluster_id, role)
-- params: since, until  the period, timestamps; until is excluded

SELECT
  COALESCE(member.cluster_id, '') AS cluster_id,
  COUNT(DISTINCT post.text) AS n_texts
FROM post
LEFT JOIN member
  ON member.platform = post.platform
  AND member.account_id = post.account_id
WHERE post.created_at >= CAST($since AS TIMESTAMP)
  AND post.created_at < CAST($until AS TIMESTAMP)
  AND post.text <> ''
  AND (member.role IS NULL OR member.role <> 'source')
GROUP BY COALESCE(member.cluster_id, '')
ORDER BY cluster_id
