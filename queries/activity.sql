-- activity: how many posts each account published in each 6-hour slot of the week.
-- grain:  one row per (account_ix, slot); slots without a post are absent
-- reads:  scope(account_ix, acted_at)
-- params: slot_s  length of a slot in seconds;  n_slots  slots in a cycle

SELECT
  account_ix,
  CAST((acted_at // $slot_s) % $n_slots AS INTEGER) AS slot,
  COUNT(*) AS n_posts
FROM scope
GROUP BY account_ix, CAST((acted_at // $slot_s) % $n_slots AS INTEGER)
ORDER BY account_ix, slot
