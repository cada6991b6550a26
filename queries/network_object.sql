-- network_object: which accounts of clusters acted on which objects; the objects on which most of them acted, two at least.
-- grain:  one row per (verb, object, platform, account_id)
-- reads:  action(account_ix, verb, object_ix, acted_at)
--         account_code(account_ix, platform, account_id)
--         object_code(object_ix, object)
--         member(platform, account_id, role)
-- params: max_objects  objects returned; n_all says how many there are without this limit
--         since_s, until_s  UTC seconds, until_s not included

WITH insider AS (
  SELECT DISTINCT
    account_code.account_ix,
    account_code.platform,
    account_code.account_id
  FROM account_code
  JOIN member
    ON member.platform = account_code.platform
    AND member.account_id = account_code.account_id
  WHERE member.role <> 'source'
),

done AS (
  SELECT
    action.object_ix,
    action.verb,
    action.account_ix,
    COUNT(*) AS n_acts
  FROM action
  JOIN insider
    ON insider.account_ix = action.account_ix
  WHERE action.verb IN ('retweet', 'reply', 'quote', 'link', 'hashtag', 'mention', 'media', 'text')
    AND action.acted_at >= $since_s
    AND action.acted_at < $until_s
  GROUP BY action.object_ix, action.verb, action.account_ix
),

shared AS (
  SELECT
    object_ix,
    COUNT(*) AS n_accounts,
    COUNT(*) OVER () AS n_all
  FROM done
  GROUP BY object_ix
  HAVING COUNT(*) >= 2
  ORDER BY n_accounts DESC, object_ix
  LIMIT $max_objects
)

SELECT
  done.verb,
  object_code.object,
  insider.platform,
  insider.account_id,
  done.n_acts,
  shared.n_accounts,
  shared.n_all
FROM done
JOIN shared
  ON shared.object_ix = done.object_ix
JOIN insider
  ON insider.account_ix = done.account_ix
JOIN object_code
  ON object_code.object_ix = done.object_ix
ORDER BY done.verb, object_code.object, insider.platform, insider.account_id
