"""YouTube's Data API (comment threads, comments, search results, videos, channels) and the tables of YouTube Data Tools."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells, given, joined, plain


def _threads(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The comments of a thread: the one on top and the answers that came with it. A comment alone stays as it is."""
    snippet, replies = item.get("snippet"), item.get("replies")
    top = snippet.get("topLevelComment") if isinstance(snippet, dict) else None
    yield (
        "",
        (top | {"replyCount": snippet.get("totalReplyCount")} if isinstance(top, dict) and isinstance(snippet, dict) else item),
    )
    answers = replies.get("comments") if isinstance(replies, dict) else None
    for answer in answers if isinstance(answers, list) else []:
        yield ("", answer) if isinstance(answer, dict) else ("not a JSON object", {"comment": answer})


def _comment(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    video, key = cells.text("snippet.videoId"), cells.text("id")
    shown = plain(cells.text("snippet.textDisplay"))
    return cells.put(
        words=pc.coalesce(cells.text("snippet.textOriginal"), shown),
        address=joined("https://www.youtube.com/watch?v=", video, "&lc=", key),
        edited=given(
            pc.not_equal(cells.text("snippet.updatedAt"), cells.text("snippet.publishedAt")), cells.text("snippet.updatedAt")
        ),
    )


COMMENTS = Format(
    name="youtube_comments",
    says="YouTube Data API: comment threads and comments",
    platform="youtube",
    marks=(frozenset(("snippet.topLevelComment.id",)), frozenset(("snippet.authorChannelId.value", "snippet.publishedAt"))),
    columns={
        "post_id": ("id",),
        "account_id": ("snippet.authorChannelId.value",),
        "created_at": ("snippet.publishedAt",),
        "text": ("words",),
        "container": ("snippet.videoId",),
        "reply_to": ("snippet.parentId",),
        "like_count": ("snippet.likeCount",),
        "reply_count": ("replyCount",),
        "permalink": ("address",),
        "edited_at": ("edited",),
        "handle": ("snippet.authorDisplayName",),
        "profile_image": ("snippet.authorProfileImageUrl",),
    },
    made=("words", "address", "edited"),
    prepare=_comment,
    json=True,
    lists=("items",),
    unfold=_threads,
    reads=("snippet.textOriginal", "snippet.textDisplay", "snippet.updatedAt"),
    lacks="followers, links beside the text, reposts",
)


def _video(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    key = cells.text("id.videoId") if "id.videoId" in cells else cells.text("id")
    title, description = cells.text("snippet.title"), cells.text("snippet.description").fill_null("")
    kind = cells.text("id.kind")
    channel = pc.equal(kind, "youtube#channel").fill_null(False)
    other = pc.and_(kind.is_valid(), pc.invert(pc.or_(channel, pc.equal(kind, "youtube#video"))))
    return cells.put(
        words=pc.utf8_trim_whitespace(joined(title, "\n", description)),
        address=joined("https://www.youtube.com/watch?v=", key),
        apart=channel,
        other=given(other, joined("id.kind: ", kind)),
    )


def _videos(name: str, says: str, key: str, *marks: frozenset[str]) -> Format:
    search = key == "id.videoId"
    return Format(
        name=name,
        says=says,
        platform="youtube",
        marks=marks,
        columns={
            "post_id": (key,),
            "account_id": ("snippet.channelId",),
            "created_at": ("snippet.publishedAt",),
            "text": ("words",),
            "lang": ("snippet.defaultAudioLanguage", "snippet.defaultLanguage"),
            "hashtags": ("snippet.tags[]",),
            "like_count": ("statistics.likeCount",),
            "reply_count": ("statistics.commentCount",),
            "view_count": ("statistics.viewCount",),
            "permalink": ("address",),
            "display_name": ("snippet.channelTitle",),
            **({"is_account": ("apart",), "other": ("other",)} if search else {}),
        },
        made=("words", "address", "apart", "other"),
        prepare=_video,
        json=True,
        lists=("items",),
        reads=("snippet.title", "snippet.description", *(("id.kind",) if search else ())),
        fallback=frozenset(("hashtags",)),
        lacks="reposts and answers",
    )


SEARCH = _videos(
    "youtube_search", "YouTube Data API: search results", "id.videoId", frozenset(("id.videoId", "snippet.channelId"))
)
VIDEOS = _videos(
    "youtube_videos",
    "YouTube Data API: videos",
    "id",
    frozenset(("id", "snippet.channelId", "snippet.title", "snippet.publishedAt")),
)
CHANNELS = Format(
    name="youtube_channels",
    says="YouTube Data API: channels",
    platform="youtube",
    marks=(frozenset(("id", "snippet.title", "statistics.subscriberCount")),),
    columns={
        "account_id": ("id",),
        "handle": ("snippet.customUrl",),
        "display_name": ("snippet.title",),
        "account_created_at": ("snippet.publishedAt",),
        "description": ("snippet.description",),
        "location": ("snippet.country",),
        "account_lang": ("snippet.defaultLanguage",),
        "followers": ("statistics.subscriberCount",),
        "posts": ("statistics.videoCount",),
        "profile_image": ("snippet.thumbnails.default.url",),
    },
    json=True,
    lists=("items",),
    lacks="posts",
)
TOOLS_COMMENTS = Format(
    name="youtube_data_tools_comments",
    says="YouTube Data Tools: comments",
    platform="youtube",
    marks=(frozenset(("authorChannelId", "publishedAt", "isReply", "isReplyTo")),),
    columns={
        "post_id": ("id",),
        "account_id": ("authorChannelId",),
        "created_at": ("publishedAt",),
        "text": ("text",),
        "reply_to": ("isReplyTo",),
        "like_count": ("likeCount",),
        "reply_count": ("replyCount",),
        "handle": ("authorName",),
    },
    zone="UTC",
    lacks="the video: it stands in the name of the file only",
)
TOOLS_VIDEOS = Format(
    name="youtube_data_tools_videos",
    says="YouTube Data Tools: video lists",
    platform="youtube",
    marks=(frozenset(("videoId", "channelId", "publishedAt", "videoTitle")),),
    columns={
        "post_id": ("videoId",),
        "account_id": ("channelId",),
        "created_at": ("publishedAt",),
        "text": ("videoDescription", "videoTitle"),
        "lang": ("defaultLAudioLanguage", "defaultAudioLanguage", "defaultLanguage"),
        "like_count": ("likeCount",),
        "reply_count": ("commentCount",),
        "view_count": ("viewCount",),
        "display_name": ("channelTitle",),
    },
    zone="UTC",
    joined=frozenset(("text",)),
    lacks="reposts and answers",
)
