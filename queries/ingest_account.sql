-- ingest_account: one row per account; each column from the latest record that has it.
-- grain:  one row per (platform, account_id)
-- reads:  staged_account(every column of account, seen_at, file_ix, record)
--         account(every column of account)
-- params: none

WITH record AS (
  SELECT
    platform,
    account_id,
    handle,
    display_name,
    created_at,
    description,
    location,
    lang,
    followers,
    following,
    posts,
    verified,
    profile_image,
    extra,
    seen_at,
    file_ix,
    record
  FROM staged_account
  UNION ALL
  SELECT
    platform,
    account_id,
    handle,
    display_name,
    created_at,
    description,
    location,
    lang,
    followers,
    following,
    posts,
    verified,
    profile_image,
    extra,
    TRY_CAST(extra['seen_at'] AS TIMESTAMP) AS seen_at,
    -1 AS file_ix,
    0 AS record
  FROM account
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY platform, account_id ORDER BY seen_at DESC NULLS FIRST, file_ix DESC, record DESC) AS turn
  FROM record
),

latest AS (
  SELECT
    platform,
    account_id,
    ARG_MIN(handle, turn) AS handle,
    ARG_MIN(display_name, turn) AS display_name,
    ARG_MIN(created_at, turn) AS created_at,
    ARG_MIN(description, turn) AS description,
    ARG_MIN(location, turn) AS location,
    ARG_MIN(lang, turn) AS lang,
    ARG_MIN(followers, turn) AS followers,
    ARG_MIN(following, turn) AS following,
    ARG_MIN(posts, turn) AS posts,
    ARG_MIN(verified, turn) AS verified,
    ARG_MIN(profile_image, turn) AS profile_image,
    CASE WHEN COUNT(*) = COUNT(seen_at) THEN MAX(seen_at) END AS seen_at
  FROM ranked
  GROUP BY platform, account_id
),

entry AS (
  SELECT platform, account_id, turn, UNNEST(MAP_KEYS(extra)) AS name, UNNEST(MAP_VALUES(extra)) AS cell
  FROM ranked
),

named AS (
  SELECT
    platform,
    account_id,
    name,
    ARG_MIN(cell, turn) AS cell
  FROM entry
  WHERE name <> 'seen_at'
  GROUP BY platform, account_id, name
  UNION ALL
  SELECT
    platform,
    account_id,
    'seen_at' AS name,
    CAST(seen_at AS VARCHAR) AS cell
  FROM latest
  WHERE seen_at IS NOT NULL
),

extra AS (
  SELECT
    platform,
    account_id,
    MAP(LIST(name ORDER BY name), LIST(cell ORDER BY name)) AS extra
  FROM named
  GROUP BY platform, account_id
)

SELECT
  latest.platform,
  latest.account_id,
  latest.handle,
  latest.display_name,
  latest.created_at,
  latest.description,
  latest.location,
  latest.lang,
  latest.followers,
  latest.following,
  latest.posts,
  latest.verified,
  latest.profile_image,
  COALESCE(extra.extra, MAP([], [])) AS extra
FROM latest
LEFT JOIN extra
  ON extra.platform = latest.platform
  AND extra.account_id = latest.account_id
ORDER BY latest.platform, latest.account_id
