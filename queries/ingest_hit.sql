-- ingest_hit: posts of one committed part that a staged row also names.
-- grain:  one row per (platform, post_id)
-- reads:  part(platform, post_id, account_id)
--         named(platform, post_id)
-- params: part  name of the committed part

SELECT
  part.platform,
  part.post_id,
  part.account_id,
  $part AS part
FROM part
WHERE EXISTS (SELECT 1 FROM named WHERE named.platform = part.platform AND named.post_id = part.post_id)
ORDER BY part.platform, part.post_id
