"""Every table of the house: its columns, their types and what they mean. Plain data; Arrow is imported only when asked for.

A type is written as Arrow writes it: `string`, `int64`, `timestamp` (UTC, microseconds, no zone stored),
`list<string>`, `map<string>` (string to string). The data dictionary and the checks at the border are made from this file.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from cib import optionaltables

POST, ACCOUNT, REJECT = "post", "account", "reject"
DATA_TABLES = (POST, ACCOUNT, REJECT)
_RUN_TABLES = ("action", "match", "pair", "edge", "tie", "member", "cluster", "trait", "evidence")
RUN_TABLES = (*_RUN_TABLES, *optionaltables.TABLES)
MAX_WINDOWS = 6
VERSION = "1"  # of the tables; rises when a column changes its name, type or meaning
KINDS = ("bot_cluster", "troll_farm", "foreign_interference", "undetermined", "syndication", "crowd")
FLAGGED_KINDS = KINDS[:3]
ROLES = ("seeder", "amplifier", "source", "member")
RESOLUTIONS_S = (1, 60, 86400)


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    meaning: str


def _columns(text: str) -> tuple[Column, ...]:
    rows = (line.split("|", 2) for line in text.strip().splitlines())
    return tuple(Column(name.strip(), kind.strip(), meaning.strip()) for name, kind, meaning in rows)


def _windows(name: str, kind: str, meaning: str) -> str:
    return "\n".join(f"{name}_w{i}|{kind}|{meaning} window {i} of the graph; NULL where it is not tested" for i in range(1, 7))


TABLES: dict[str, tuple[Column, ...]] = {
    "post": _columns("""
platform|string|twitter, telegram, …; '' when unknown
post_id|string|unique within the platform
account_id|string|who published it
created_at|timestamp|when, UTC
text|string|as published
lang|string|language code
lang_guessed|bool|the language was guessed here, not given by the platform; true without lang: no guess was sure enough
retweet_of|string|post_id of the post that this one passes on unchanged; not NULL means this post is a retweet
retweet_of_account|string|its account
reply_to|string|post_id of the post answered
reply_to_account|string|its account
quote_of|string|post_id of the post quoted
quote_of_account|string|its account
urls|list<string>|addresses as found
hashtags|list<string>|as found, without #
mentions|list<string>|accounts mentioned, as found, without @
media|list<string>|media keys or perceptual hashes
container|string|chat, group, channel, page or video it was published in
client|string|the program it was posted with
like_count|int64|likes when collected
retweet_count|int64|retweets when collected
reply_count|int64|replies when collected
view_count|int64|views when collected
permalink|string|its address on the platform
collected_at|timestamp|when the collector saw it, UTC
edited_at|timestamp|last edit, UTC
deleted|bool|known to be deleted
text_key|string|normalised text; NULL when too short to be evidence
url_keys|list<string>|canonical addresses
domains|list<string>|registered domains of url_keys
rule_version|string|version of the normalisation rules
resolution_s|int32|resolution of created_at in its file: 1, 60 or 86400 seconds
source_file|string|name of the input file
source_record|int64|record number in it, from 1
extra|map<string>|every input column that has no place above; several values of one key are joined by U+001F
"""),
    "account": _columns("""
platform|string|as in post
account_id|string|as in post
handle|string|name in the address
display_name|string|name shown
created_at|timestamp|when the account was opened, UTC
description|string|profile text
location|string|as declared
lang|string|as declared
followers|int64|accounts that follow it
following|int64|accounts that it follows
posts|int64|posts ever, as the platform counts
verified|bool|carries a badge
profile_image|string|address or hash of the picture
extra|map<string>|every input column that has no place above
"""),
    "reject": _columns("""
file|string|name of the input file
record|int64|record number in it, from 1
field|string|the field that could not be read; '' when the whole record could not
reason|string|why, in one sentence
raw|string|the record as found, at most 64 kB
sha256|string|of the whole record
"""),
    "action": _columns("""
account_ix|int32|rank of (platform, account_id) in UTF-8 byte order, from 0
verb|string|retweet, link, hashtag, …
object_ix|int64|rank of (verb, object) in UTF-8 byte order, from 0
acted_at|int64|UTC seconds since 1970
post_ix|int64|rank of (post_platform, post_id) in UTF-8 byte order, from 0
post_platform|string|of the post that did it
post_id|string|of the post that did it
is_first|bool|the account's first act on this object
"""),
    "account_code": _columns("""
account_ix|int32|as in action
platform|string|as in post
account_id|string|as in post
"""),
    "object_code": _columns("""
object_ix|int64|as in action
verb|string|as in action
object|string|the address, the tag, the post, …
interest_ix|int64|object_ix of the first object of the same interest
interest|string|what an interest in it is an interest in: the author of a post, the site of an address; else the object itself
"""),
    "block": _columns("""
account_ix|int32|as in action
block|int32|coarse community of the account, for the null; 0 where it is in no large one
"""),
    "match": _columns("""
post_a_ix|int64|a post, post_a_ix < post_b_ix
post_b_ix|int64|a similar post of another account
similarity|double|exact similarity of the two texts, 0 to 1; of their embeddings, the cosine
compared|string|text_key, or extra.NAME and the graph that compares embeddings
"""),
    "pair": _columns(
        "graph|string|coordination graph\naccount_a_ix|int32|account_a_ix < account_b_ix\naccount_b_ix|int32|the other account\n"
        + "\n".join(
            (
                _windows("n", "int32", "coincidences within"),
                _windows("rest", "int32", "of these, on anything but the favourite, within"),
                _windows("favourite", "int64", "the interest they met on most (interest_ix of object_code), left out, within"),
            )
        )
    ),
    "edge": _columns(
        "graph|string|coordination graph\nplatform_a|string|\naccount_a|string|(platform_a, account_a) < (platform_b, account_b)\n"
        "platform_b|string|\naccount_b|string|\n"
        + _windows("n", "int32", "coincidences within")
        + """
window_s|int32|the window, in seconds, that is least likely by chance
n_shared|int32|coincidences within it, those on the favourite left out
expected|double|such coincidences due by chance within it, the larger of the two directions
n_favourite|int32|coincidences within it on the one interest they met on most, which the test leaves out
favourite|string|that interest: an author, a site, a tag; NULL where the graph leaves none out
p_value|double|chance of so many or more, or of meetings so close in time; Bonferroni over the graph's windows and the two questions
q_value|double|Benjamini-Hochberg over all pairs of active accounts times graphs
timing_p|double|timing-only test, Bonferroni over the graph's windows; NULL where it was not made
surprise_bits|double|-log2 of p_value
weight|double|edge weight of a compatibility mode; NULL otherwise
"""
    ),
    "tie": _columns("""
platform_a|string|
account_a|string|(platform_a, account_a) < (platform_b, account_b)
platform_b|string|
account_b|string|
found_by|string|pair: its own q passes; extent: a weak pair inside a group that passes (its own q does not)
p_value|double|smallest edge p_value, Bonferroni over the configured graphs
q_value|double|Benjamini-Hochberg over all pairs of active accounts
surprise_bits|double|-log2 of p_value
graphs|list<string>|graphs whose edge alone passes the error rate, or the strongest one
n_post_pairs|int64|the smaller number of distinct posts, of either account, that met a post of the other
first_at|timestamp|first meeting, UTC
last_at|timestamp|last meeting, UTC
median_gap_s|double|median time between the two acts of a meeting, seconds
leader|string|a or b where one acts first beyond a coin's chance; else NULL
leader_p|double|two-sided sign test over hours, equal times left out
"""),
    "member": _columns("""
platform|string|
account_id|string|
handle|string|NULL when no account table gives it
cluster_id|string|
role|string|seeder, amplifier, source or member; a source is shown, never flagged
coordination|double|0 to 1, absolute: the surprise at which the account still hangs together with two others, over 64 bits
kind|string|of its cluster
flagged|bool|of its cluster, and not a source
confidence|double|share of campaigns among simulated clusters with such signs, 0 to 1; no probability about the world; NULL where nothing can be judged
n_ties|int64|ties inside the cluster
graphs|list<string>|graphs of these ties
n_led|int64|hours in which its posts came mostly before others of the cluster that they met; NULL for sources
n_followed|int64|hours in which they came mostly after
leader_p|double|two-sided sign test of the two, not corrected; NULL without either. A seeder passes 1 % over all members
"""),
    "cluster": _columns("""
cluster_id|string|
found_by|string|ties: half of its members have a tie found by pair; extent: as a group whose single pairs are too weak
p_value|double|family-wise, of its weakest member, for clusters found by extent; else NULL
kind|string|bot_cluster, troll_farm, foreign_interference, undetermined, syndication or crowd
flagged|bool|one of the first three kinds at claim level 3 or more
confidence|double|share of campaigns among simulated clusters with such signs, 0 to 1; no probability about the world; NULL where nothing can be judged
claim_level|int32|1 beyond chance, 2 closer in time than interest explains, 3 indicators of inauthenticity, 4 consistent with an actor class
n_accounts|int64|members that are not sources
n_posts|int64|their posts in the case
first_at|timestamp|first meeting of two members, UTC
last_at|timestamp|last meeting, UTC
stability|double|share of its ties whose ends stay in one cluster when objects are drawn with replacement, 0 to 1; NULL where it was not measured
graphs|list<string>|graphs of its ties
reasons|list<string>|what speaks for the kind, in sentences
counter_evidence|list<string>|what speaks against it
benign|list<string>|innocent readings, and what would tell them apart
disarm|list<string>|DISARM v1.6 technique ids that the evidence allows
terms|list<string>|hashtags it uses most
words|list<string>|words that mark its posts against everybody else's, the most telling first
url_keys|list<string>|addresses it pushes
domains|list<string>|domains it pushes
targets|list<string>|accounts it replies to or mentions
"""),
    "trait": _columns("""
cluster_id|string|
trait|string|name of the measure
value|double|measured value; NULL when missing
unit|string|its unit
low|double|lower end of the value's range when members are drawn anew; NULL where no range is told
high|double|upper end of it
percentile|double|share of matched reference groups below it, 0 to 1; NULL when missing
n_reference|int64|reference groups it was compared with
family|string|timing, circadian, home, provenance, client, amplification, targeting, content, authorship or audience
direction|string|inauthentic, authentic or describes
log_odds|double|contribution after its family's cap
missing_reason|string|NULL when measured
"""),
    "evidence": _columns("""
cluster_id|string|
platform_a|string|
account_a|string|
platform_b|string|
account_b|string|
graph|string|coordination graph they met on
object|string|what both acted on
post_platform_a|string|
post_a|string|post_id
post_platform_b|string|
post_b|string|post_id
acted_at_a|timestamp|UTC
acted_at_b|timestamp|UTC
gap_s|int64|time between the acts, seconds
item_bits|double|rarity of this meeting, bits; ranks the evidence and is never summed
source_file_a|string|
source_record_a|int64|
source_file_b|string|
source_record_b|int64|
"""),
    "truth": _columns("""
platform|string|
account_id|string|
group|string|name of the group that the account belongs to
kind|string|kind of the group; '' for an ordinary account
role|string|core (should be found) or ''
"""),
}

TABLES |= {table: _columns(text) for table, text in optionaltables.TABLES.items()}


def names(table: str) -> list[str]:
    """Return the column names of `table`, in order."""
    return [column.name for column in TABLES[table]]


@cache
def arrow(table: str) -> Any:
    """Return the pyarrow.Schema of `table`."""
    import pyarrow as pa

    types = {
        "timestamp": pa.timestamp("us"),
        "list<string>": pa.list_(pa.string()),
        "map<string>": pa.map_(pa.string(), pa.string()),
        "bool": pa.bool_(),
        "double": pa.float64(),
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
    }
    return pa.schema([(column.name, types[column.type]) for column in TABLES[table]])
