-- delayed_action: the acts, each account's moved by its own delay, around the end of the period to its beginning.
-- grain:  one row per (account_ix, verb, object_ix, post_ix)
-- reads:  action(account_ix, verb, object_ix, acted_at, post_ix, post_platform, post_id, is_first)
--         delay(account_ix, moved_s)
-- params: start  first second of the period;  span_s  its length

SELECT
  action.account_ix,
  action.verb,
  action.object_ix,
  $start + (action.acted_at - $start + delay.moved_s) % $span_s AS acted_at,
  action.post_ix,
  action.post_platform,
  action.post_id,
  action.is_first
FROM action
JOIN delay
  ON delay.account_ix = action.account_ix
ORDER BY action.object_ix, acted_at, action.account_ix, action.post_ix
