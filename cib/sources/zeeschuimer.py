"""Zeeschuimer's NDJSON: what a browser received, in an envelope per item. X in full; TikTok and Instagram as far as known."""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, joined

RETWEETED = "data.legacy.retweeted_status_result.result."
QUOTED = "data.quoted_status_result.result."
OWNER = "core.user_results.result."
# What the platform serves beside the post, for its own page.
COPIES = ("data.legacy.retweeted_status_result", "data.quoted_status_result", "data.card", "user_agent", "nav_index")


def _entities(path: str) -> tuple[str, ...]:
    note = "note_tweet.note_tweet_results.result.entity_set."
    return (RETWEETED + f"legacy.entities.{path}", f"data.{note}{path}", f"data.legacy.entities.{path}")


def _x(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    handle = cells.text(f"data.{OWNER}core.screen_name", f"data.{OWNER}legacy.screen_name")
    key = cells.text("data.rest_id", "data.legacy.id_str", "item_id")
    return cells.put(address=joined("https://twitter.com/", handle, "/status/", key))


def _owner(*paths: str) -> tuple[str, ...]:
    return tuple(f"data.{OWNER}{path}" for path in paths)


X = Format(
    name="zeeschuimer_x",
    says="Zeeschuimer NDJSON: X/Twitter",
    platform="twitter",
    marks=(frozenset(("item_id", "timestamp_collected", "data.legacy.full_text")),),
    columns={
        "post_id": ("data.rest_id", "data.legacy.id_str", "item_id"),
        "account_id": (*_owner("rest_id"), "data.legacy.user_id_str"),
        "created_at": ("data.legacy.created_at",),
        "text": (
            RETWEETED + "note_tweet.note_tweet_results.result.text",
            RETWEETED + "legacy.full_text",
            "data.note_tweet.note_tweet_results.result.text",
            "data.legacy.full_text",
        ),
        "lang": ("data.legacy.lang",),
        "retweet_of": (RETWEETED + "rest_id", RETWEETED + "legacy.id_str", RETWEETED + "tweet.rest_id"),
        "retweet_of_account": (RETWEETED + OWNER + "rest_id", RETWEETED + "legacy.user_id_str"),
        "reply_to": ("data.legacy.in_reply_to_status_id_str",),
        "reply_to_account": ("data.legacy.in_reply_to_user_id_str",),
        "quote_of": ("data.legacy.quoted_status_id_str", QUOTED + "rest_id"),
        "quote_of_account": (QUOTED + OWNER + "rest_id", QUOTED + "legacy.user_id_str"),
        "urls": _entities("urls[].expanded_url|url"),
        "hashtags": _entities("hashtags[].text"),
        "mentions": _entities("user_mentions[].id_str|screen_name"),
        "media": ("data.legacy.extended_entities.media[].id_str", "data.legacy.entities.media[].id_str"),
        "like_count": ("data.legacy.favorite_count",),
        "retweet_count": ("data.legacy.retweet_count",),
        "reply_count": ("data.legacy.reply_count",),
        "view_count": ("data.views.count",),
        "permalink": ("address",),
        "collected_at": ("timestamp_collected",),
        "handle": _owner("core.screen_name", "legacy.screen_name"),
        "display_name": _owner("core.name", "legacy.name"),
        "account_created_at": _owner("core.created_at", "legacy.created_at"),
        "description": _owner("legacy.description"),
        "location": _owner("location.location", "legacy.location"),
        "followers": _owner("legacy.followers_count"),
        "following": _owner("legacy.friends_count"),
        "posts": _owner("legacy.statuses_count"),
        "verified": _owner("is_blue_verified", "legacy.verified"),
        "profile_image": _owner("avatar.image_url", "legacy.profile_image_url_https"),
    },
    made=("address",),
    prepare=_x,
    json=True,
    fallback=frozenset(("urls", "hashtags", "mentions")),
    profile=("data.core",),
    copies=COPIES,
    lacks="what the browser did not show: the sample is one person's screen",
)


def _tiktok(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    writer = cells.text("data.author.uniqueId")
    return cells.put(address=joined("https://www.tiktok.com/@", writer, "/video/", cells.text("data.id", "item_id")))


TIKTOK = Format(
    name="zeeschuimer_tiktok",
    says="Zeeschuimer NDJSON: TikTok",
    platform="tiktok",
    marks=(frozenset(("item_id", "timestamp_collected", "data.author.uniqueId", "data.createTime")),),
    columns={
        "post_id": ("data.id", "item_id"),
        "account_id": ("data.author.uniqueId", "data.author.id"),
        "created_at": ("data.createTime",),
        "text": ("data.desc",),
        "lang": ("data.textLanguage",),
        "quote_of": ("data.duetInfo.duetFromId",),
        "hashtags": ("data.challenges[].title", "data.textExtra[].hashtagName"),
        "like_count": ("data.stats.diggCount",),
        "retweet_count": ("data.stats.shareCount",),
        "reply_count": ("data.stats.commentCount",),
        "view_count": ("data.stats.playCount",),
        "permalink": ("address",),
        "collected_at": ("timestamp_collected",),
        "handle": ("data.author.uniqueId",),
        "display_name": ("data.author.nickname",),
        "description": ("data.author.signature",),
        "verified": ("data.author.verified",),
        "followers": ("data.authorStats.followerCount",),
        "following": ("data.authorStats.followingCount",),
        "posts": ("data.authorStats.videoCount",),
    },
    made=("address",),
    prepare=_tiktok,
    json=True,
    fallback=frozenset(("hashtags",)),
    profile=("data.author", "data.authorStats"),
    copies=("user_agent", "nav_index", "data.video"),
    lacks="what the browser did not show; sounds are in extra.data.music",
)


def _instagram(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    return cells.put(
        address=joined("https://www.instagram.com/p/", cells.text("data.code"), "/"),
        links=addresses(cells.text("data.caption.text")),
        place=pc.coalesce(cells.text("data.location.pk"), cells.text("data.location.name")),
    )


INSTAGRAM = Format(
    name="zeeschuimer_instagram",
    says="Zeeschuimer NDJSON: Instagram",
    platform="instagram",
    marks=(frozenset(("item_id", "timestamp_collected", "data.taken_at", "data.user.username")),),
    columns={
        "post_id": ("data.pk", "data.id", "item_id"),
        "account_id": ("data.user.pk", "data.user.id", "data.user.username"),
        "created_at": ("data.taken_at",),
        "text": ("data.caption.text",),
        "urls": ("links",),
        "like_count": ("data.like_count",),
        "reply_count": ("data.comment_count",),
        "view_count": ("data.play_count", "data.view_count"),
        "permalink": ("address",),
        "collected_at": ("timestamp_collected",),
        "handle": ("data.user.username",),
        "display_name": ("data.user.full_name",),
        "verified": ("data.user.is_verified",),
        "profile_image": ("data.user.profile_pic_url",),
    },
    made=("address", "links", "place"),
    prepare=_instagram,
    json=True,
    reads=("data.code",),
    profile=("data.user",),
    copies=("user_agent", "nav_index", "data.image_versions2", "data.video_versions", "data.carousel_media"),
    lacks="what the browser did not show; reposts",
)
