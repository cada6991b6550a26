"""Twitter API 1.1: statuses one per line, in one list, or in search envelopes; also what streams and hydrators wrote."""

import pyarrow as pa

from cib.sources.layouts import Format
from cib.sources.making import Cells, joined, plain

# A status that passes on another repeats it whole; its own text is cut at 140 letters and so are its addresses.
WHOLE = ("retweeted_status.extended_tweet.", "retweeted_status.", "extended_tweet.", "")


def _entities(path: str) -> tuple[str, ...]:
    return tuple(f"{place}entities.{path}" for place in WHOLE)


def _id(*paths: str) -> tuple[str, ...]:
    """Paths of an id; some published sets write hashed ids, under the same name with _h."""
    return (*paths, f"{paths[0]}_h")


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    address = joined("https://twitter.com/", cells.text("user.screen_name"), "/status/", cells.text("id_str", "id"))
    return cells.put(client=plain(cells.text("source")), address=address)


FORMAT = Format(
    name="twitter_v1",
    says="Twitter API 1.1 JSON: statuses, search responses, streams",
    platform="twitter",
    marks=(
        frozenset(("id_str", "user.id_str", "created_at")),
        frozenset(("id_str", "user.screen_name", "created_at")),
        frozenset(("in_reply_to_status_id", "user.screen_name", "created_at")),
        frozenset(("id_str_h", "user.id_str_h", "created_at")),
    ),
    columns={
        "post_id": _id("id_str", "id"),
        "account_id": _id("user.id_str", "user.id"),
        "created_at": ("created_at",),
        "text": (
            "retweeted_status.extended_tweet.full_text",
            "retweeted_status.full_text",
            "retweeted_status.text",
            "extended_tweet.full_text",
            "full_text",
            "text",
            "retweeted_status.text_m",
            "text_m",
        ),
        "lang": ("lang", "metadata.iso_language_code"),
        "client": ("client",),
        "retweet_of": _id("retweeted_status.id_str", "retweeted_status.id"),
        "retweet_of_account": _id("retweeted_status.user.id_str", "retweeted_status.user.id"),
        "reply_to": _id("in_reply_to_status_id_str", "in_reply_to_status_id"),
        "reply_to_account": _id("in_reply_to_user_id_str", "in_reply_to_user_id"),
        "quote_of": ("quoted_status_id_str", "quoted_status_id", "quoted_status.id_str"),
        "quote_of_account": _id("quoted_status.user.id_str", "quoted_status.user.id"),
        "urls": _entities("urls[].expanded_url|url"),
        "hashtags": _entities("hashtags[].text"),
        "mentions": _entities("user_mentions[].id_str|id|screen_name|id_str_h"),
        "media": (
            "retweeted_status.extended_entities.media[].id_str|id",
            "extended_tweet.extended_entities.media[].id_str|id",
            "extended_entities.media[].id_str|id",
            "entities.media[].id_str|id",
        ),
        "like_count": ("favorite_count",),
        "retweet_count": ("retweet_count",),
        "reply_count": ("reply_count",),
        "permalink": ("address",),
        "handle": _id("user.screen_name"),
        "display_name": ("user.name",),
        "account_created_at": ("user.created_at",),
        "description": ("user.description",),
        "location": ("user.location",),
        "account_lang": ("user.lang",),
        "followers": ("user.followers_count",),
        "following": ("user.friends_count",),
        "posts": ("user.statuses_count",),
        "verified": ("user.verified",),
        "profile_image": ("user.profile_image_url_https", "user.profile_image_url"),
    },
    made=("client", "address"),
    prepare=_made,
    json=True,
    lists=("statuses",),
    reads=("source",),
    fallback=frozenset(("urls", "hashtags", "mentions")),
    profile=("user",),
    copies=("retweeted_status", "quoted_status", "extended_tweet", "user.entities"),
    lacks="quoted accounts where the quoted post was deleted; statuses that a retweet or quote repeats are not counted as posts",
)
