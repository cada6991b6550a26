-- action_domain: who published a link into which registered domain. Sites on which anybody publishes, and shorteners, are no objects: what
--   they lead to has no owner in common. The list is our own, from what each site is for, and not from any data. DuckDB only: lists.
-- grain:  one row per (post, object)
-- reads:  scope(account_ix, post_ix, platform, post_id, account_id, acted_at, retweet_of, domains)
-- params: originals, retweets  whether acts of such posts count

WITH mentioned AS (
  SELECT DISTINCT
    account_ix,
    account_id,
    UNNEST(domains) AS entry,
    acted_at,
    post_ix,
    platform,
    post_id
  FROM scope
  WHERE LEN(domains) > 0
    AND ((retweet_of IS NULL AND $originals) OR (retweet_of IS NOT NULL AND $retweets))
)

SELECT DISTINCT
  account_ix,
  'domain' AS verb,
  entry AS object,
  acted_at,
  post_ix,
  platform AS post_platform,
  post_id,
  CAST(NULL AS VARCHAR) AS interest
FROM mentioned
WHERE entry <> ''
  AND entry NOT IN (
    'bsky.app', 'discord.com', 'discord.gg', 'facebook.com', 'fb.com', 'gab.com', 'gettr.com', 'instagram.com', 'line.me',
    'linkedin.com', 'mastodon.social', 'medium.com', 'ok.ru', 'parler.com', 'pinterest.com', 'reddit.com', 'snapchat.com',
    'substack.com', 't.me', 'telegram.me', 'threads.net', 'tiktok.com', 'truthsocial.com', 'tumblr.com', 'twitter.com', 'vk.com',
    'wa.me', 'weibo.com', 'whatsapp.com', 'x.com',
    'bitchute.com', 'dailymotion.com', 'flickr.com', 'giphy.com', 'imgur.com', 'periscope.tv', 'pscp.tv', 'rumble.com',
    'soundcloud.com', 'spotify.com', 'twitch.tv', 'vimeo.com', 'youtube.com', 'youtu.be',
    'amazon.com', 'apple.com', 'archive.org', 'change.org', 'eventbrite.com', 'gofundme.com', 'google.com', 'patreon.com',
    'paypal.com', 'wikipedia.org', 'zoom.us',
    'adf.ly', 'amzn.to', 'bit.ly', 'buff.ly', 'cutt.ly', 'dlvr.it', 'fb.me', 'goo.gl', 'ht.ly', 'ift.tt', 'is.gd', 'linktr.ee',
    'lnkd.in', 'ow.ly', 'paper.li', 'rebrand.ly', 't.co', 'tiny.cc', 'tinyurl.com', 'trib.al', 'wp.me'
  )
ORDER BY post_ix, object
