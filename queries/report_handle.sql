-- report_handle: handles of accounts by id alone; of several platforms that use one id, the first.
-- grain:  one row per account_id
-- reads:  account(account_id, handle)
--         sought(account_id)   each once

SELECT
  account.account_id,
  MIN(account.handle) AS handle
FROM account
JOIN sought
  ON sought.account_id = account.account_id
WHERE account.handle IS NOT NULL
GROUP BY account.account_id
ORDER BY account.account_id
