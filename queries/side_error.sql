-- side_error: by side of the persons that an account retweets most, how many ordinary accounts there are, and how many were wronged.
-- grain:  one row per (list, side)
-- reads:  post(platform, post_id, account_id, created_at, retweet_of, retweet_of_account)
--         account(platform, account_id, handle)
--         listed(list, platform, handle, account_id, side)
--         member(platform, account_id, kind, role, flagged)
--         core(platform, account_id)   accounts that should be found
-- params: since, until  the period, timestamps; until is excluded

WITH named AS (
  SELECT DISTINCT
    list,
    side,
    platform,
    LOWER(CASE WHEN account_id = '' THEN handle ELSE account_id END) AS key
  FROM listed
  WHERE side <> ''
    AND (handle <> '' OR account_id <> '')
),

called AS (
  SELECT platform, account_id, LOWER(account_id) AS key FROM account
  UNION
  SELECT platform, account_id, LOWER(handle) AS key FROM account WHERE handle <> ''
),

person AS (
  SELECT list, side, platform, key FROM named
  UNION
  SELECT
    named.list,
    named.side,
    called.platform,
    LOWER(called.account_id) AS key
  FROM named
  JOIN called
    ON called.key = named.key
  WHERE named.platform = ''
    OR named.platform = called.platform
),

retweet AS (
  SELECT
    act.platform,
    act.account_id,
    LOWER(COALESCE(act.retweet_of_account, original.account_id)) AS key
  FROM post AS act
  LEFT JOIN post AS original
    ON original.platform = act.platform
    AND original.post_id = act.retweet_of
  WHERE act.retweet_of IS NOT NULL
    AND act.created_at >= CAST($since AS TIMESTAMP)
    AND act.created_at < CAST($until AS TIMESTAMP)
),

leaning AS (
  SELECT
    person.list,
    person.side,
    retweet.platform,
    retweet.account_id,
    COUNT(*) AS n
  FROM retweet
  JOIN person
    ON person.key = retweet.key
  WHERE person.platform = ''
    OR person.platform = retweet.platform
  GROUP BY person.list, person.side, retweet.platform, retweet.account_id
),

shared AS (
  SELECT
    *,
    SUM(n) OVER (PARTITION BY list, platform, account_id) AS n_all
  FROM leaning
)

SELECT
  shared.list,
  shared.side,
  COUNT(*) AS n_supporters,
  COUNT(core.account_id) AS n_core,
  COUNT(CASE WHEN core.account_id IS NULL THEN 1 END) AS n_ordinary,
  COUNT(CASE WHEN core.account_id IS NULL AND member.flagged THEN 1 END) AS n_wrong_flagged,
  COUNT(CASE WHEN core.account_id IS NULL AND member.role <> 'source' AND member.kind NOT IN ('crowd', 'syndication') THEN 1 END) AS n_wrong_clustered,
  COUNT(CASE WHEN member.flagged THEN core.account_id END) AS n_found_flagged
FROM shared
LEFT JOIN core
  ON core.platform = shared.platform
  AND core.account_id = shared.account_id
LEFT JOIN member
  ON member.platform = shared.platform
  AND member.account_id = shared.account_id
WHERE 2 * shared.n > shared.n_all
GROUP BY shared.list, shared.side
ORDER BY shared.list, shared.side
