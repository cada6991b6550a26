-- placed: the members of clusters, sources apart, by number.
-- grain:  one row per account_ix
-- reads:  member(platform, account_id, cluster_id, role, flagged)
--         account_code(account_ix, platform, account_id)

SELECT
  account_code.account_ix,
  member.cluster_id,
  member.flagged
FROM member
JOIN account_code
  ON account_code.platform = member.platform
  AND account_code.account_id = member.account_id
WHERE member.role <> 'source'
ORDER BY account_code.account_ix
