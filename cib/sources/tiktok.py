"""TikTok's Research API: videos, comments and accounts, as responses or as bare lists of them."""

import pyarrow as pa

from cib.sources.layouts import Format
from cib.sources.making import Cells, joined


def _address(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    return cells.put(address=joined("https://www.tiktok.com/@", cells.text("username"), "/video/", cells.text("id", "video_id")))


VIDEOS = Format(
    name="tiktok_videos",
    says="TikTok Research API: videos",
    platform="tiktok",
    marks=(frozenset(("create_time", "video_description")), frozenset(("create_time", "region_code", "id"))),
    columns={
        "post_id": ("id", "video_id"),
        "account_id": ("username",),
        "created_at": ("create_time",),
        "text": ("video_description",),
        "hashtags": ("hashtag_names[]",),
        "like_count": ("like_count",),
        "retweet_count": ("share_count",),
        "reply_count": ("comment_count",),
        "view_count": ("view_count",),
        "permalink": ("address",),
        "handle": ("username",),
    },
    made=("address",),
    prepare=_address,
    json=True,
    lists=("data.videos", "videos"),
    fallback=frozenset(("hashtags",)),
    lacks="duets and stitches by account; sounds and effects are in extra.music_id and extra.effect_ids",
)
COMMENTS = Format(
    name="tiktok_comments",
    says="TikTok Research API: comments",
    platform="tiktok",
    marks=(frozenset(("create_time", "video_id", "text")), frozenset(("create_time", "parent_comment_id", "text"))),
    columns={
        "post_id": ("id",),
        "account_id": ("username", "display_name"),
        "created_at": ("create_time",),
        "text": ("text",),
        "container": ("video_id",),
        "reply_to": ("parent_comment_id",),
        "like_count": ("like_count",),
        "reply_count": ("reply_count",),
    },
    json=True,
    lists=("data.comments", "comments"),
    lacks="the account, unless it was asked for: comments without one are refused",
)
ACCOUNTS = Format(
    name="tiktok_accounts",
    says="TikTok Research API: accounts",
    platform="tiktok",
    marks=(
        frozenset(("data.bio_description",)),
        frozenset(("data.follower_count", "data.display_name")),
        frozenset(("bio_description", "follower_count")),
    ),
    columns={
        "account_id": ("data.username", "username"),
        "handle": ("data.username", "username"),
        "display_name": ("data.display_name", "display_name"),
        "description": ("data.bio_description", "bio_description"),
        "followers": ("data.follower_count", "follower_count"),
        "following": ("data.following_count", "following_count"),
        "posts": ("data.video_count", "video_count"),
        "verified": ("data.is_verified", "is_verified"),
        "profile_image": ("data.avatar_url", "avatar_url"),
    },
    json=True,
    copies=("error",),
    lacks="the handle, unless the collector wrote it beside the response: responses without one are refused",
)
