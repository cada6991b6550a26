-- spread_relay: the carriers after which most other carriers are seen to have it.
-- grain:  one row per (platform, account_id)
-- reads:  spread_hop(platform, from_account, to_account)
--         spread_carrier(platform, account_id, handle, rank, cluster)
-- params: n_rows  the first of them

WITH relay AS (
  SELECT
    platform,
    from_account,
    COUNT(DISTINCT to_account) AS carriers_after
  FROM spread_hop
  GROUP BY platform, from_account
),

ranked AS (
  SELECT
    carrier.platform,
    carrier.account_id,
    carrier.handle,
    carrier.rank,
    carrier.cluster,
    relay.carriers_after,
    ROW_NUMBER() OVER (ORDER BY relay.carriers_after DESC, carrier.platform, carrier.account_id) AS number
  FROM relay
  JOIN spread_carrier AS carrier
    ON carrier.platform = relay.platform
    AND carrier.account_id = relay.from_account
)

SELECT
  number,
  platform,
  account_id,
  handle,
  rank,
  cluster,
  carriers_after
FROM ranked
WHERE number <= $n_rows
ORDER BY number
