"""Twitter's archive of information operations: posts in one file, accounts in another; naive times are UTC."""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format


def _present(table: pa.Table) -> pa.Table:
    """Empty the cells that say "absent"; a post's text may say so and mean it."""
    for at, name in enumerate(table.column_names):
        column = table.column(at)
        if name != "tweet_text" and pa.types.is_string(column.type):
            table = table.set_column(at, name, pc.if_else(pc.equal(column, "absent"), None, column).cast(pa.string()))
    return table


FORMAT = Format(
    name="twitter_io_archive",
    says="Twitter's information operations archive, posts or accounts",
    platform="twitter",
    marks=(frozenset(("tweetid", "userid", "tweet_time")), frozenset(("userid", "user_screen_name", "account_creation_date"))),
    columns={
        "post_id": ("tweetid",),
        "account_id": ("userid",),
        "created_at": ("tweet_time",),
        "text": ("tweet_text",),
        "lang": ("tweet_language",),
        "client": ("tweet_client_name",),
        "is_retweet": ("is_retweet",),
        "retweet_of": ("retweet_tweetid",),
        "retweet_of_account": ("retweet_userid",),
        "reply_to": ("in_reply_to_tweetid",),
        "reply_to_account": ("in_reply_to_userid",),
        "quote_of": ("quoted_tweet_tweetid",),
        "urls": ("urls",),
        "hashtags": ("hashtags",),
        "mentions": ("user_mentions",),
        "like_count": ("like_count",),
        "retweet_count": ("retweet_count",),
        "reply_count": ("reply_count",),
        "handle": ("user_screen_name",),
        "display_name": ("user_display_name",),
        "description": ("user_profile_description",),
        "location": ("user_reported_location",),
        "account_created_at": ("account_creation_date",),
        "account_lang": ("account_language",),
        "followers": ("follower_count",),
        "following": ("following_count",),
    },
    zone="UTC",
    prepare=_present,
)
