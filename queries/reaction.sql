-- reaction: how fast each account passes on posts of others, where the case holds the original.
-- grain:  one row per account_ix
-- reads:  scope(account_ix, platform, post_id, acted_at, retweet_of)

SELECT
  act.account_ix,
  COUNT(*) AS n_reactions,
  CAST(QUANTILE_DISC(act.acted_at - original.acted_at, 0.5) AS BIGINT) AS median_s,
  COUNT(CASE WHEN act.acted_at - original.acted_at <= 60 THEN 1 END) AS n_within_60_s
FROM scope AS act
JOIN scope AS original
  ON original.platform = act.platform
  AND original.post_id = act.retweet_of
WHERE act.acted_at >= original.acted_at
  AND act.account_ix <> original.account_ix
GROUP BY act.account_ix
ORDER BY act.account_ix
