-- spread_bin: new carriers and posts over time, per platform; bins before first_bin or after last_bin are one each.
-- grain:  one row per (platform, bin) with posts
-- reads:  spread_post(created_at, platform, post_id, account_id, carried_at)
-- params: bin_s  length of a bin, seconds; bins are counted from 1970, before it downwards
--         first_bin, last_bin  the bins to be drawn, both included

WITH turn AS (
  SELECT
    platform,
    LEAST(GREATEST(CAST(FLOOR(carried_at / $bin_s) AS BIGINT), $first_bin - 1), $last_bin + 1) AS bin,
    ROW_NUMBER() OVER (PARTITION BY platform, account_id ORDER BY created_at, post_id) AS number
  FROM spread_post
)

SELECT
  platform,
  bin,
  COUNT(*) AS n_posts,
  COUNT(CASE WHEN number = 1 THEN 1 END) AS n_new
FROM turn
GROUP BY platform, bin
ORDER BY platform, bin
