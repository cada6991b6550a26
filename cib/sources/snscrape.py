"""snscrape's Twitter JSON lines, of all its versions: content or rawContent, outlinks or links."""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells, plain


def _client(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    return cells.put(client=pc.coalesce(cells.text("sourceLabel"), plain(cells.text("source"))))


FORMAT = Format(
    name="snscrape",
    says="snscrape Twitter JSON lines",
    platform="twitter",
    marks=(
        frozenset(("id", "date", "user.username", "rawContent")),
        frozenset(("id", "date", "user.username", "content")),
        frozenset(("id", "date", "user.username", "renderedContent")),
    ),
    columns={
        "post_id": ("id",),
        "account_id": ("user.id", "user.username"),
        "created_at": ("date",),
        "text": ("retweetedTweet.rawContent", "retweetedTweet.content", "rawContent", "content"),
        "lang": ("lang",),
        "client": ("client",),
        "retweet_of": ("retweetedTweet.id",),
        "retweet_of_account": ("retweetedTweet.user.id", "retweetedTweet.user.username"),
        "reply_to": ("inReplyToTweetId",),
        "reply_to_account": ("inReplyToUser.id", "inReplyToUser.username"),
        "quote_of": ("quotedTweet.id",),
        "quote_of_account": ("quotedTweet.user.id", "quotedTweet.user.username"),
        "urls": ("retweetedTweet.links[].url", "links[].url", "outlinks[]"),
        "hashtags": ("retweetedTweet.hashtags[]", "hashtags[]"),
        "mentions": ("retweetedTweet.mentionedUsers[].id|username", "mentionedUsers[].id|username"),
        "media": ("media[].fullUrl|thumbnailUrl",),
        "like_count": ("likeCount",),
        "retweet_count": ("retweetCount",),
        "reply_count": ("replyCount",),
        "view_count": ("viewCount",),
        "permalink": ("url",),
        "handle": ("user.username",),
        "display_name": ("user.displayname",),
        "account_created_at": ("user.created",),
        "description": ("user.rawDescription", "user.description"),
        "location": ("user.location",),
        "followers": ("user.followersCount",),
        "following": ("user.friendsCount",),
        "posts": ("user.statusesCount",),
        "verified": ("user.verified",),
        "profile_image": ("user.profileImageUrl",),
    },
    made=("client",),
    prepare=_client,
    json=True,
    reads=("source", "sourceLabel"),
    fallback=frozenset(("hashtags", "mentions")),
    profile=("user",),
    copies=("retweetedTweet", "quotedTweet", "inReplyToUser", "renderedContent"),
    lacks="retweets by search (snscrape found few); statuses that others quote are not counted as posts",
)
