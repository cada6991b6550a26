-- shuffled_action: the same acts by other authors.
-- grain:  one row per (account_ix, verb, object_ix, post_ix)
-- reads:  deed(verb, object, acted_at, post_ix, post_platform, post_id)
--         object_code(object_ix, verb, object)
--         author(post_ix, account_ix)

SELECT
  author.account_ix,
  deed.verb,
  object_code.object_ix,
  deed.acted_at,
  deed.post_ix,
  deed.post_platform,
  deed.post_id,
  FALSE AS is_first
FROM deed
JOIN object_code
  ON object_code.verb = deed.verb
  AND object_code.object = deed.object
JOIN author
  ON author.post_ix = deed.post_ix
ORDER BY object_code.object_ix, deed.acted_at, author.account_ix, deed.post_ix
