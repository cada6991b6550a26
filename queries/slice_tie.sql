-- slice_tie: the ties that are active in each slice: their accounts met there in two or more distinct posts on either side.
-- grain:  one row per (slice_ix, account_a_ix, account_b_ix)
-- reads:  meeting(account_a_ix, account_b_ix, post_a_ix, post_b_ix, acted_at_a, acted_at_b)   a meeting is where its later act is
--         tie_score(account_a_ix, account_b_ix)
--         slice_cell(cell, slice_ix)   the steps that each slice holds, counted from the origin
-- params: origin_s  beginning of the first slice, UTC seconds;  step_s  length of a step, seconds

SELECT
  slice_cell.slice_ix,
  meeting.account_a_ix,
  meeting.account_b_ix
FROM meeting
JOIN tie_score
  ON tie_score.account_a_ix = meeting.account_a_ix
  AND tie_score.account_b_ix = meeting.account_b_ix
JOIN slice_cell
  ON slice_cell.cell = (GREATEST(meeting.acted_at_a, meeting.acted_at_b) - $origin_s) // $step_s
WHERE GREATEST(meeting.acted_at_a, meeting.acted_at_b) >= $origin_s
GROUP BY slice_cell.slice_ix, meeting.account_a_ix, meeting.account_b_ix
HAVING MIN(meeting.post_a_ix) < MAX(meeting.post_a_ix)
  AND MIN(meeting.post_b_ix) < MAX(meeting.post_b_ix)
ORDER BY slice_cell.slice_ix, meeting.account_a_ix, meeting.account_b_ix
