-- spread_step: the heaviest hops between carriers that are drawn.
-- grain:  one row per (platform, from_account, to_account, verb)
-- reads:  spread_hop(platform, from_account, to_account, verb, n_posts, first_at, least_lag_s)
--         shown(platform, account_id)   the carriers that are drawn
-- params: max_rows  the heaviest of them

WITH ranked AS (
  SELECT
    hop.platform,
    hop.from_account,
    hop.to_account,
    hop.verb,
    hop.n_posts,
    hop.first_at,
    hop.least_lag_s,
    ROW_NUMBER() OVER (ORDER BY hop.n_posts DESC, hop.platform, hop.from_account, hop.to_account, hop.verb) AS number
  FROM spread_hop AS hop
  JOIN shown AS start
    ON start.platform = hop.platform
    AND start.account_id = hop.from_account
  JOIN shown AS finish
    ON finish.platform = hop.platform
    AND finish.account_id = hop.to_account
)

SELECT
  platform,
  from_account,
  to_account,
  verb,
  n_posts,
  first_at,
  least_lag_s
FROM ranked
WHERE number <= $max_rows
ORDER BY platform, from_account, to_account, verb
