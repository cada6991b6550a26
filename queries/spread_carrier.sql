-- spread_carrier: every account that carried it, in the order of its first post with it. A time that is known to the day may be
--   any moment of it: `rank` is the earliest place that an account may have, rank_last the latest.
-- grain:  one row per (platform, account_id)
-- reads:  spread_post(created_at, platform, post_id, account_id, container, permalink, how, of_account, carried_at, resolution_s)
--         account(platform, account_id, handle)
--         inside(platform, account_id, cluster, cluster_kind, role, flagged)   accounts of the run's clusters; sources too

WITH turn AS (
  SELECT
    platform,
    account_id,
    created_at,
    carried_at,
    post_id,
    container,
    permalink,
    how,
    of_account,
    resolution_s,
    ROW_NUMBER() OVER (PARTITION BY platform, account_id ORDER BY created_at, post_id) AS number
  FROM spread_post
),

total AS (
  SELECT
    platform,
    account_id,
    COUNT(*) AS n_posts,
    COUNT(CASE WHEN how = 'retweet' THEN 1 END) AS n_retweets,
    COUNT(CASE WHEN how = 'quote' THEN 1 END) AS n_quotes,
    COUNT(CASE WHEN how = 'reply' THEN 1 END) AS n_replies,
    MAX(created_at) AS last_at
  FROM spread_post
  GROUP BY platform, account_id
),

bound AS (
  SELECT platform, account_id, carried_at AS moment, 1 AS n_starts
  FROM turn
  WHERE number = 1
  UNION ALL
  SELECT platform, account_id, carried_at + COALESCE(resolution_s, 1) AS moment, 0 AS n_starts
  FROM turn
  WHERE number = 1
),

counted AS (
  SELECT
    platform,
    account_id,
    n_starts,
    CAST(SUM(n_starts) OVER (ORDER BY moment, n_starts) AS BIGINT) AS n_started,
    CAST(SUM(1 - n_starts) OVER (ORDER BY moment, n_starts) AS BIGINT) AS n_ended
  FROM bound
),

place AS (
  SELECT
    platform,
    account_id,
    MAX(CASE WHEN n_starts = 1 THEN n_ended END) + 1 AS rank,
    MAX(CASE WHEN n_starts = 0 THEN n_started END) AS rank_last
  FROM counted
  GROUP BY platform, account_id
)

SELECT
  place.rank,
  place.rank_last,
  turn.created_at AS first_at,
  turn.platform,
  turn.account_id,
  account.handle,
  turn.container,
  turn.post_id,
  turn.permalink,
  turn.how,
  turn.of_account,
  origin.handle AS of_handle,
  turn.carried_at - LAG(turn.carried_at) OVER (
    PARTITION BY turn.platform
    ORDER BY turn.created_at, turn.account_id
  ) AS after_previous_s,
  total.n_posts,
  total.n_posts - total.n_retweets - total.n_quotes - total.n_replies AS n_originals,
  total.n_retweets,
  total.n_quotes,
  total.n_replies,
  total.last_at,
  inside.cluster,
  inside.cluster_kind,
  inside.role,
  COALESCE(inside.flagged, FALSE) AS flagged,
  turn.carried_at,
  turn.resolution_s
FROM turn
JOIN total
  ON total.platform = turn.platform
  AND total.account_id = turn.account_id
JOIN place
  ON place.platform = turn.platform
  AND place.account_id = turn.account_id
LEFT JOIN account
  ON account.platform = turn.platform
  AND account.account_id = turn.account_id
LEFT JOIN account AS origin
  ON origin.platform = turn.platform
  AND origin.account_id = turn.of_account
LEFT JOIN inside
  ON inside.platform = turn.platform
  AND inside.account_id = turn.account_id
WHERE turn.number = 1
ORDER BY turn.created_at, turn.platform, turn.account_id
