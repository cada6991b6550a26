-- person_named: the posts whose text holds a name of a person of a list.
-- grain:  one row per (person_ix, post_ix)
-- reads:  scope(post_ix, platform, post_id)
--         post(platform, post_id, text)
--         text_hit(text, what, person_ix)   what = name or term

SELECT DISTINCT
  text_hit.person_ix,
  scope.post_ix
FROM text_hit
JOIN post
  ON post.text = text_hit.text
JOIN scope
  ON scope.platform = post.platform
  AND scope.post_id = post.post_id
WHERE text_hit.what = 'name'
ORDER BY text_hit.person_ix, scope.post_ix
