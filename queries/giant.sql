-- giant: the objects of one graph on which more accounts act than its max_share or max_audience allows: they belong to everybody.
-- grain:  one row per (graph, object_ix)
-- reads:  action(verb, object_ix, is_first)
-- params: graph;  verb;  max_accounts

SELECT
  CAST($graph AS VARCHAR) AS graph,
  object_ix,
  COUNT(*) AS n_accounts
FROM action
WHERE (verb = $verb OR ($verb = 'any' AND verb IN ('hashtag', 'link', 'mention', 'quote', 'reply', 'retweet')))
  AND is_first
GROUP BY object_ix
HAVING COUNT(*) > $max_accounts
ORDER BY object_ix
