-- person_key: under which names posts speak of the persons of the lists: ids and handles as listed, and each looked up in the accounts.
-- grain:  one row per (person_ix, platform, key), key in small letters
-- reads:  person_account(person_ix, platform, handle, account_id)   platform '' where the list names none; '' for no handle or id
--         account(platform, account_id, handle)
--         account_code(platform)

WITH platforms AS (
  SELECT DISTINCT platform FROM account_code
),

listed AS (
  SELECT DISTINCT
    person_account.person_ix,
    platforms.platform,
    LOWER(CASE WHEN person_account.account_id = '' THEN person_account.handle ELSE person_account.account_id END) AS key
  FROM person_account
  JOIN platforms
    ON person_account.platform = ''
    OR platforms.platform = person_account.platform
    OR platforms.platform = ''
),

known AS (
  SELECT platform, LOWER(account_id) AS one, LOWER(handle) AS other FROM account WHERE handle <> ''
  UNION ALL
  SELECT platform, LOWER(handle) AS one, LOWER(account_id) AS other FROM account WHERE handle <> ''
)

SELECT person_ix, platform, key FROM listed
UNION
SELECT
  listed.person_ix,
  listed.platform,
  known.other AS key
FROM listed
JOIN known
  ON known.platform = listed.platform
  AND known.one = listed.key
ORDER BY person_ix, platform, key
