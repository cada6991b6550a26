"""The tables for observers, and those that a run has only where they are asked for, by slices of time, lists or a calendar: their
columns, types and meanings, as `schema` reads them. Nothing in them flags anybody."""

_COUNTS = """\
n_posts|int64|posts
n_accounts|int64|accounts that published them
n_posts_clusters|int64|of these posts, by members of clusters, sources apart
n_accounts_clusters|int64|of these accounts, members of clusters, sources apart
n_posts_flagged|int64|of these posts, by flagged accounts
n_accounts_flagged|int64|of these accounts, flagged ones
"""
_WHOM = """\
list|string|name of the list
person|string|label of the person: the name in the list, else handle or id
"""

TABLES = {
    "slice": """
slice_ix|int32|number of the slice of time, from 0
since|timestamp|its beginning, UTC
until|timestamp|its end, UTC, not included
lineage|string|name of the cluster as it is followed over time
event|string|what became of it: birth, continuation, split, merge, dormancy, return or end
other|string|the lineage it split from or merged into; else NULL
cluster_id|string|the cluster of the whole period that more than half of its members, when last seen, belong to; else NULL
n_accounts|int64|its members in this slice; 0 where it merged, fell dormant or ended
n_ties|int64|active ties inside it
jaccard|double|share of accounts in common with its members when last seen, 0 to 1; NULL where nothing is compared
""",
    "slice_member": """
slice_ix|int32|as in slice
lineage|string|as in slice
platform|string|
account_id|string|
""",
    "topic": """
what|string|hashtag (small letters), page (canonical address) or site (registered domain)
topic|string|the hashtag, the page, the site
n_accounts|int64|accounts that published it in posts of their own: what is prevalent
n_accounts_clusters|int64|of these, members of clusters, sources apart
n_accounts_flagged|int64|of these, flagged
n_posts|int64|their posts with it
n_posts_clusters|int64|of these, by members of clusters
n_spreaders|int64|accounts that retweeted, quoted or answered posts of others with it: what is viral
n_spreaders_clusters|int64|of these, members of clusters
n_spreaders_flagged|int64|of these, flagged
n_spread|int64|their retweets, quotes and answers in these data
n_spread_clusters|int64|of these, by members of clusters
n_engagement|int64|likes, retweets and answers of its posts as the platform told when collected; NULL where no post tells
n_engagement_clusters|int64|of these, of posts by members of clusters; who gave them is not in the data
n_views|int64|views of its posts when collected; NULL where no post tells
n_views_clusters|int64|of these, of posts by members of clusters
rank_prevalent|int64|by n_accounts within what, 1 the most; equal numbers share a rank
rank_prevalent_others|int64|the same without members of clusters
rank_spread|int64|by n_spreaders
rank_spread_others|int64|the same without members of clusters
rank_engagement|int64|by n_engagement; NULL where no post tells
rank_engagement_others|int64|the same without posts by members of clusters
""",
    "link_hop": """
what|string|page (canonical address) or site (registered domain)
object|string|the page or the site; it turned up on two platforms or more
hop_ix|int32|place of the platform in the order of first posts, from 0
platform|string|where it turned up
from_platform|string|the platform before it; NULL for the first. That something came after is order, not cause
first_at|timestamp|earliest time of its first post there, UTC
resolution_s|int64|seconds in which that first post lies: 1 where times are exact, 86400 where only days are known
lag_s|int64|first_at behind that of the platform before, seconds; NULL for the first
is_sure|bool|it surely came later than on the platform before, whatever the resolution; NULL for the first
account_id|string|first account that carried it there
cluster_id|string|cluster of that account; NULL for none
n_posts|int64|posts on the platform that carried it, retweets included
n_accounts|int64|accounts that published them
n_accounts_clusters|int64|of these, members of clusters, sources apart
n_accounts_flagged|int64|of these, flagged
""",
    "platform_flow": """
what|string|page or site
from_platform|string|platform whose being first is counted
to_platform|string|another platform; each pair of platforms has a row in either direction
n_objects|int64|pages or sites that turned up on both
n_first|int64|of these, surely first on from_platform
n_second|int64|of these, surely first on to_platform; what is in neither cannot be told, because of equal or coarse times
expected_first|double|n_first to be expected if the times of the accounts that carried each were exchanged between the platforms
low_lag_s|int64|lag to to_platform where from_platform was first, seconds: a quarter of them is at most that
median_lag_s|int64|half of them
high_lag_s|int64|three quarters of them
n_first_clusters|int64|of n_first, those whose first account on to_platform is a member of a cluster
n_first_same_cluster|int64|of these, first carried on from_platform by a member of the same cluster
""",
    "advertiser": """
platform|string|
account_id|string|account that shows advertisements
display_name|string|the name it shows; NULL when no account table gives it
n_ads|int64|its advertisements in the period
n_ads_without_payer|int64|of these, those that do not say who paid
n_creatives|int64|different texts among them
n_sites|int64|different hosts of their landing pages
first_at|timestamp|day of the first, UTC
last_at|timestamp|day of the last to begin, UTC
payers|list<string>|who says to have paid, at most five, each in its commonest spelling
spent_low|int64|sum of the lower bounds of what they cost; NULL where none is told, or in several currencies
spent_high|int64|sum of the upper bounds; NULL where one is not told
currency|string|of these sums
network_id|string|the network of advertisers that it belongs to; NULL for none
cluster_id|string|its cluster, found as for all posts; NULL for none
""",
    "ad_pair": """
platform_a|string|
account_a|string|(platform_a, account_a) < (platform_b, account_b)
platform_b|string|
account_b|string|
n_creatives|int64|texts that both show
n_pages|int64|landing pages that both lead to
n_pages_rest|int64|of these, those that are not on the one site that they share most; only these are tested
n_same_day|int64|of texts and pages in common, those that both showed first on one day or on neighbouring days
expected|double|texts or pages, whichever are less likely, due by chance, the larger of the two directions
p_value|double|chance of sharing so many or more, Bonferroni over texts and pages
q_value|double|Benjamini-Hochberg over all pairs of advertisers
is_tied|bool|q passes the error rate of the run
same_payer|string|yes, no, or unknown where one of them does not say who paid for what they share
""",
    "ad_network": """
network_id|string|advertisers that tied pairs join, directly or through others
n_advertisers|int64|its advertisers
n_ads|int64|their advertisements
n_pairs|int64|tied pairs inside it
density|double|tied pairs of all its pairs, 0 to 1; a low one is a chain
n_creatives|int64|texts that two of its advertisers or more show
n_pages|int64|landing pages that two or more lead to
declared|string|one payer (all say the same), several payers, partly told or not told: who says to have paid for what they share
payers|list<string>|these payers, at most ten
first_at|timestamp|day of its first shared text or page, UTC
last_at|timestamp|day on which the last advertiser took one up, UTC
share_same_day|double|of what its tied pairs share, the share first shown on one day or on neighbouring days, 0 to 1
share_same_day_others|double|the same among pairs that are not tied; NULL where none shares two texts or pages
spent_low|int64|as in advertiser, all its advertisements
spent_high|int64|as in advertiser
currency|string|of these sums
is_judged|bool|false where the case has too few equally active advertisers to know what is ordinary
""",
    "ad_shared": """
network_id|string|as in ad_network
kind|string|creative (a text, normalised) or page (canonical address)
object|string|the text or the address
n_advertisers|int64|advertisers of the network that show it
n_ads|int64|their advertisements with it
first_at|timestamp|day on which the first of them did, UTC
spread_days|int64|days until the last of them began
post_platform_a|string|of one of these advertisements
post_a|string|its post_id
post_platform_b|string|of another one
post_b|string|its post_id
""",
    "ad_payer": """
payer|string|who says to have paid, in its commonest spelling
n_spellings|int64|spellings that look the same
n_advertisers|int64|accounts whose advertisements name it
n_ads|int64|these advertisements
first_at|timestamp|day of the first, UTC
last_at|timestamp|day of the last to begin, UTC
spent_low|int64|as in advertiser
spent_high|int64|as in advertiser
currency|string|of these sums
near|list<string>|other payers whose names are a letter or two away, at most five
""",
    "listed": """
list|string|name of the list, as given
entry_ix|int64|number of the entry in it, from 0
person|string|label that joins the entries of one person, site or term
platform|string|where handle and id hold; '' for any platform
handle|string|small letters, without @; '' for none, in all columns that follow
account_id|string|as in post
name|string|looked for in texts
domain|string|registered domain
term|string|word or phrase looked for in texts
topic|string|what the term is about
side|string|as the list says
party|string|as the list says
gender|string|as the list says
role|string|as the list says
""",
    "target": _WHOM
    + """\
act|string|own (its posts), retweet, quote, reply, mention, link (to its site), name (in a text), or any of them but own
side|string|as the list says; so are party, gender and role
party|string|as the list says
gender|string|as the list says
role|string|as the list says
"""
    + _COUNTS
    + """\
n_views|int64|views of these posts when collected; NULL where no post tells
n_views_clusters|int64|of these, of posts by members of clusters
n_likes|int64|likes of these posts when collected; NULL where no post tells
n_likes_clusters|int64|of these, of posts by members of clusters
""",
    "cluster_target": """
cluster_id|string|the cluster that acts; its sources do not count
list|string|name of the list
person|string|as in target
direction|string|amplifies (retweet, link), addresses (reply, mention, quote) or names; who gains by it is not in the data
act|string|as in target
n_posts|int64|posts of the cluster that do this to the person
n_accounts|int64|its accounts that do
n_act|int64|posts of the cluster that do this to anybody
share|double|n_posts of n_act, 0 to 1
n_posts_others|int64|posts of all accounts outside clusters that do this to the person
n_act_others|int64|posts of all accounts outside clusters that do this to anybody
share_others|double|the share to be expected: n_posts_others of n_act_others, 0 to 1; NULL where nobody outside does it
expected|double|posts due at that share: share_others times n_act
""",
    "target_hour": _WHOM
    + """\
hour_at|timestamp|beginning of the hour, UTC
cluster_id|string|who acts; '' for accounts in no cluster, and for the person
what|string|own (posts of the person) or addressed (answers, mentions and quotes of the person)
n_posts|int64|posts
n_accounts|int64|accounts that published them
""",
    "target_burst": _WHOM
    + """\
cluster_id|string|who addresses the person; '' for all accounts in no cluster
side|string|as the list says; so is gender
gender|string|as the list says
n_posts|int64|answers, mentions and quotes of the person
n_accounts|int64|accounts that published them
n_hours|int64|hours with such posts
peak_at|timestamp|hour with most of them, the first of several, UTC
peak_posts|int64|such posts in that hour
n_replies|int64|answers to the person
n_replies_near|int64|of these, within an hour after a post of the person
n_mentions|int64|mentions and quotes that are no answers
n_mentions_after|int64|of these, within an hour after a post of the person
n_mentions_before|int64|of these, within an hour before one: what chance in time would give to n_mentions_after
n_own|int64|posts of the person in the period, retweets apart
""",
    "target_group": """
list|string|name of the list
attribute|string|side, gender, party or role
value|string|as the list says
n_persons|int64|persons of the list with this value
n_amplified|int64|posts that retweet, or link to a site of, one of them
n_amplified_clusters|int64|of these, by members of clusters
n_amplified_flagged|int64|of these, by flagged accounts
n_addressed|int64|posts that answer, mention or quote one of them
n_addressed_clusters|int64|of these, by members of clusters
n_addressed_flagged|int64|of these, by flagged accounts
n_supporters|int64|accounts of whose retweets of the list's persons more than half go to these; counted, never listed
n_supporters_clusters|int64|of these, members of clusters, sources apart
n_supporters_flagged|int64|of these, flagged
""",
    "list_use": """
list|string|name of the list
topic|string|topic of its terms; '' for sites and for terms without one
entry|string|the term or the site; '' for any of the topic
cluster_id|string|who uses it; '' for all accounts in no cluster
n_posts|int64|posts that contain it
n_retweets|int64|of these, retweets
n_accounts|int64|accounts that published them
n_all|int64|posts of the cluster, or of all accounts in none, in the period
share|double|n_posts of n_all, 0 to 1
""",
    "impersonation": """
platform|string|
account_id|string|the account that resembles a person of a list; a namesake, a fan or a parody does too
handle|string|its handle
display_name|string|the name it shows
list|string|name of the list
person|string|as in target
like_platform|string|platform of the person's account that it resembles; '' where the list gives a name only
like_account|string|account_id of that account, or its handle as listed; '' where the list gives a name only
reasons|list<string>|what is alike, in sentences
distance|int64|least number of letters to change, skeletons compared; NULL where neither handle nor name is close
n_posts|int64|its posts in the period
n_aimed|int64|of these, such as retweet, answer, mention, quote or name the person
cluster_id|string|its cluster; NULL for none
""",
    "phase": """
phase_ix|int32|number of the calendar entry, by time, from 0
what|string|what the calendar calls it
since|timestamp|its beginning, UTC
until|timestamp|its end, UTC, not included
cluster_id|string|who is active; '' for all accounts in no cluster
n_posts|int64|posts in it
n_accounts|int64|accounts that published them
n_posts_before|int64|posts in the time of the same length just before
n_accounts_before|int64|accounts that published them
covered|double|share of the time just before that lies in the period of the run's posts, 0 to 1
""",
}
