-- blind_spot: what the posts of a platform do not tell an observer: whom a retweet passes on, and where a short link leads.
--   DuckDB only: unnest, lists.
-- grain:  one row per platform
-- reads:  scope(post_ix, platform, post_id, account_id, retweet_of, retweet_of_account, domains)

WITH linked AS (
  SELECT
    post_ix,
    MAX(
      CASE
        WHEN domain IN (
          'adf.ly', 'bit.ly', 'buff.ly', 'cutt.ly', 'dlvr.it', 'fb.me', 'goo.gl', 'ift.tt', 'is.gd', 'j.mp', 'lnkd.in', 'ow.ly', 'paper.li',
          'rebrand.ly', 't.co', 'tiny.cc', 'tinyurl.com', 'trib.al', 'wp.me'
        )
        THEN 0
        ELSE 1
      END
    ) AS leads
  FROM (SELECT post_ix, UNNEST(domains) AS domain FROM scope WHERE LEN(domains) > 0) AS one
  GROUP BY post_ix
)

SELECT
  act.platform,
  COUNT(act.retweet_of) AS n_retweets,
  COUNT(CASE WHEN act.retweet_of IS NOT NULL AND act.retweet_of_account IS NULL AND original.account_id IS NULL THEN 1 END)
    AS n_retweets_of_unknown,
  COUNT(linked.post_ix) AS n_links,
  COUNT(CASE WHEN linked.leads = 0 THEN 1 END) AS n_links_short
FROM scope AS act
LEFT JOIN scope AS original
  ON original.platform = act.platform
  AND original.post_id = act.retweet_of
LEFT JOIN linked
  ON linked.post_ix = act.post_ix
GROUP BY act.platform
ORDER BY act.platform
