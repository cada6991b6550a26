-- ingest_verb: how many posts of each platform carry what a coordination graph is made of.
-- grain:  one row per platform
-- reads:  post(platform, retweet_of, reply_to, quote_of, text_key, url_keys, hashtags, mentions, media, container, extra)
-- params: none

SELECT
  platform,
  COUNT(*) AS posts,
  COUNT(retweet_of) AS retweet,
  COUNT(reply_to) AS reply,
  COUNT(quote_of) AS quote,
  COUNT(text_key) AS "text",
  COUNT(*) FILTER (WHERE LEN(url_keys) > 0) AS link,
  COUNT(*) FILTER (WHERE LEN(hashtags) > 0) AS hashtag,
  COUNT(*) FILTER (WHERE LEN(mentions) > 0) AS mention,
  COUNT(*) FILTER (WHERE LEN(media) > 0) AS media,
  COUNT(container) AS container,
  COUNT(*) FILTER (WHERE extra['object'] IS NOT NULL) AS object
FROM post
GROUP BY platform
ORDER BY platform
