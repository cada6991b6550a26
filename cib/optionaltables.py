"""The tables that a run has only where they are asked for, by slices of time, lists or a calendar: their columns, types and
meanings, as `schema` reads them. Nothing in them flags anybody."""

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
