-- delayed_scope: the posts, each account's moved by its own delay, around the end of the period to its beginning.
-- grain:  one row per post_ix
-- reads:  scope(post_ix, account_ix, acted_at, retweet_of)
--         delay(account_ix, moved_s)
-- params: start  first second of the period;  span_s  its length

SELECT
  scope.post_ix,
  scope.account_ix,
  $start + (scope.acted_at - $start + delay.moved_s) % $span_s AS acted_at,
  scope.retweet_of
FROM scope
JOIN delay
  ON delay.account_ix = scope.account_ix
ORDER BY scope.post_ix
