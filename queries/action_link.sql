-- action_link: who published which address. An interest in an address is one in its site, but on sites where everybody publishes.
--   DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, url_keys, domains)
-- params: originals, retweets  whether acts of such posts count

WITH mentioned AS (
  SELECT DISTINCT
    account_ix,
    account_id,
    UNNEST(url_keys) AS entry,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE LEN(url_keys) > 0
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
),

site AS (
  SELECT DISTINCT
    post_ix,
    UNNEST(domains) AS domain
  FROM scope
  WHERE LEN(domains) > 0
)

SELECT
  mentioned.account_ix,
  'link' AS verb,
  mentioned.entry AS object,
  mentioned.acted_at,
  mentioned.post_ix,
  mentioned.platform AS post_platform,
  mentioned.post_id,
  MAX(site.domain) AS interest
FROM mentioned
LEFT JOIN site
  ON site.post_ix = mentioned.post_ix
  AND (
    SPLIT_PART(SPLIT_PART(mentioned.entry, '://', 2), '/', 1) = site.domain
    OR ENDS_WITH(SPLIT_PART(SPLIT_PART(mentioned.entry, '://', 2), '/', 1), '.' || site.domain)
  )
  AND site.domain NOT IN (
    'facebook.com', 'instagram.com', 'linkedin.com', 'medium.com', 'ok.ru', 'pinterest.com', 'reddit.com', 'rumble.com', 'substack.com',
    't.me', 'telegra.ph', 'threads.net', 'tiktok.com', 'tumblr.com', 'twitch.tv', 'twitter.com', 'vimeo.com', 'vk.com', 'youtube.com'
  )
WHERE mentioned.entry <> ''
GROUP BY
  mentioned.account_ix,
  mentioned.entry,
  mentioned.acted_at,
  mentioned.post_ix,
  mentioned.platform,
  mentioned.post_id
ORDER BY mentioned.post_ix, object
