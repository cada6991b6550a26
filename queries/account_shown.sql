-- account_shown: what the accounts of a run say of themselves, those that an account table tells of.
-- grain:  one row per account_ix
-- reads:  account_code(account_ix, platform, account_id)
--         account(platform, account_id, handle, display_name, created_at, description, profile_image)

SELECT
  account_code.account_ix,
  account.handle,
  account.display_name,
  CAST(FLOOR(EPOCH(account.created_at)) AS BIGINT) AS created_at,
  account.description,
  account.profile_image
FROM account_code
JOIN account
  ON account.platform = account_code.platform
  AND account.account_id = account_code.account_id
ORDER BY account_code.account_ix
