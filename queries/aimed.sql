-- aimed: which posts act on which person of a list. A retweet is nothing else; an answer mentions nobody; nobody acts on himself.
-- DuckDB only: unnest, lists.
-- grain:  one row per (person_ix, act, post_ix), act = own, retweet, reply, quote, mention, link or name
-- reads:  scope(post_ix, account_ix, platform, post_id, account_id, acted_at, retweet_of, retweet_of_account, reply_to, reply_to_account, quote_of,
--           quote_of_account, mentions, domains)
--         person_key(person_ix, platform, key)
--         person_site(person_ix, domain)
--         person_named(person_ix, post_ix)   posts whose text holds a name of the person

WITH whom AS (
  SELECT post_ix, 'own' AS act, platform, account_id AS target FROM scope
  UNION ALL
  SELECT
    act.post_ix,
    'retweet' AS act,
    act.platform,
    COALESCE(act.retweet_of_account, original.account_id) AS target
  FROM scope AS act
  LEFT JOIN scope AS original
    ON original.platform = act.platform
    AND original.post_id = act.retweet_of
  WHERE act.retweet_of IS NOT NULL
  UNION ALL
  SELECT
    act.post_ix,
    'reply' AS act,
    act.platform,
    COALESCE(act.reply_to_account, original.account_id) AS target
  FROM scope AS act
  LEFT JOIN scope AS original
    ON original.platform = act.platform
    AND original.post_id = act.reply_to
  WHERE act.retweet_of IS NULL
    AND COALESCE(act.reply_to, act.reply_to_account) IS NOT NULL
  UNION ALL
  SELECT
    act.post_ix,
    'quote' AS act,
    act.platform,
    COALESCE(act.quote_of_account, original.account_id) AS target
  FROM scope AS act
  LEFT JOIN scope AS original
    ON original.platform = act.platform
    AND original.post_id = act.quote_of
  WHERE act.retweet_of IS NULL
    AND COALESCE(act.quote_of, act.quote_of_account) IS NOT NULL
  UNION ALL
  SELECT
    post_ix,
    'mention' AS act,
    platform,
    UNNEST(LIST_DISTINCT(mentions)) AS target
  FROM scope
  WHERE retweet_of IS NULL
    AND COALESCE(reply_to, reply_to_account) IS NULL
    AND LEN(mentions) > 0
),

linked AS (
  SELECT
    post_ix,
    UNNEST(LIST_DISTINCT(domains)) AS domain
  FROM scope
  WHERE retweet_of IS NULL
    AND LEN(domains) > 0
),

met AS (
  SELECT
    person_key.person_ix,
    whom.act,
    whom.post_ix
  FROM whom
  JOIN person_key
    ON person_key.platform = whom.platform
    AND person_key.key = LOWER(whom.target)
  UNION
  SELECT
    person_site.person_ix,
    'link' AS act,
    linked.post_ix
  FROM linked
  JOIN person_site
    ON person_site.domain = linked.domain
  UNION
  SELECT
    person_named.person_ix,
    'name' AS act,
    person_named.post_ix
  FROM person_named
),

own AS (
  SELECT person_ix, post_ix FROM met WHERE act = 'own'
)

SELECT
  met.person_ix,
  met.act,
  met.post_ix,
  scope.account_ix,
  scope.acted_at,
  scope.retweet_of IS NOT NULL AS is_retweet
FROM met
JOIN scope
  ON scope.post_ix = met.post_ix
LEFT JOIN own
  ON own.person_ix = met.person_ix
  AND own.post_ix = met.post_ix
WHERE (met.act = 'own' OR own.post_ix IS NULL)
  AND (met.act <> 'name' OR scope.retweet_of IS NULL)
ORDER BY met.person_ix, met.act, met.post_ix
