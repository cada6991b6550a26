-- profile: what each account says of itself; NULL where no account table tells.
-- grain:  one row per account_ix
-- reads:  account_code(account_ix, platform, account_id)
--         account(platform, account_id, handle, display_name, created_at, description, location, followers, following, verified)

SELECT
  account_code.account_ix,
  account_code.platform,
  account_code.account_id,
  account.handle,
  account.display_name,
  CAST(FLOOR(EPOCH(account.created_at)) AS BIGINT) AS created_at,
  account.description,
  account.location,
  account.followers,
  account.following,
  account.verified,
  account.account_id IS NOT NULL AS known
FROM account_code
LEFT JOIN account
  ON account.platform = account_code.platform
  AND account.account_id = account_code.account_id
ORDER BY account_code.account_ix
