-- author_stratum: who published each post, and the hours and community within which authors are exchangeable.
-- grain:  one row per post_ix
-- reads:  scope(post_ix, account_ix, acted_at)
--         block(account_ix, block)
-- params: slot_s, n_slots  as in activity

SELECT
  scope.post_ix,
  scope.account_ix,
  CAST((scope.acted_at // $slot_s) % $n_slots AS INTEGER) AS slot,
  block.block
FROM scope
JOIN block
  ON block.account_ix = scope.account_ix
ORDER BY block.block, slot, scope.post_ix
