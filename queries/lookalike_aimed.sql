-- lookalike_aimed: posts of accounts that resemble a person of a list and act on a person of a list.
-- grain:  one row per (person_ix, account_ix)
-- reads:  lookalike(account_ix)
--         aimed(person_ix, act, post_ix, account_ix)

SELECT
  aimed.person_ix,
  aimed.account_ix,
  COUNT(DISTINCT aimed.post_ix) AS n_posts
FROM aimed
JOIN lookalike
  ON lookalike.account_ix = aimed.account_ix
WHERE aimed.act <> 'own'
GROUP BY aimed.person_ix, aimed.account_ix
ORDER BY aimed.person_ix, aimed.account_ix
