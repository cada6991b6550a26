-- action: who did what to which object, when: every act, the account's first on that object marked.
-- grain:  one row per (account_ix, verb, object_ix, post_ix)
-- reads:  deed(account_ix, verb, object, acted_at, post_ix, post_platform, post_id)
--         object_code(object_ix, verb, object)

SELECT
  deed.account_ix,
  deed.verb,
  object_code.object_ix,
  deed.acted_at,
  deed.post_ix,
  deed.post_platform,
  deed.post_id,
  ROW_NUMBER() OVER (
    PARTITION BY deed.account_ix, object_code.object_ix
    ORDER BY deed.acted_at, deed.post_ix
  ) = 1 AS is_first
FROM deed
JOIN object_code
  ON object_code.verb = deed.verb
  AND object_code.object = deed.object
ORDER BY object_code.object_ix, deed.acted_at, deed.account_ix, deed.post_ix
