-- ad_spent: how often each advertiser and payer names each amount of money. What libraries tell of spending is a range in words.
-- grain:  one row per (account_ix, payer, currency, spend)
-- reads:  ad(post_ix, account_ix, payer, currency, spend)

SELECT
  account_ix,
  payer,
  currency,
  spend,
  COUNT(post_ix) AS n_ads
FROM ad
WHERE spend <> ''
GROUP BY account_ix, payer, currency, spend
ORDER BY account_ix, payer, currency, spend
