"""Tables with our own column names or their common synonyms, guessed only where a name can hardly mean anything else."""

from cib.sources.formats import CANONICAL, Format

SYNONYMS: dict[str, tuple[str, ...]] = {
    "post_id": ("post_id", "tweet_id", "status_id", "tweetid", "message_id", "content_id", "id_str", "id"),
    "account_id": (
        "account_id", "user_id", "author_id", "userid", "user_id_str", "from_user_id", "author", "username", "user_name", "screen_name",
    ),
    "created_at": (
        "created_at", "created_at_utc", "timestamp", "timestamp_utc", "datetime", "published_at", "publish_date", "tweet_created",
        "tweet_time", "created_time", "creation_time", "created_utc", "timestamp_share", "time", "date",
    ),
    "text": ("text", "full_text", "content", "message", "tweet_text", "body", "tweet", "rawContent"),
    "lang": ("lang", "language", "tweet_language"),
    "retweet_of": ("retweet_of", "retweet_status_id", "retweeted_status_id", "retweet_tweetid", "retweet_id", "repost_id"),
    "retweet_of_account": ("retweet_of_account", "retweet_user_id", "retweeted_user_id", "retweet_userid"),
    "is_retweet": ("is_retweet",),
    "reply_to": ("reply_to", "in_reply_to_status_id", "in_reply_to_tweetid", "reply_to_status_id", "in_reply_to_id", "reply_id"),
    "reply_to_account": ("reply_to_account", "in_reply_to_user_id", "in_reply_to_userid", "reply_to_user_id"),
    "quote_of": ("quote_of", "quoted_status_id", "quoted_tweet_id", "quoted_tweet_tweetid"),
    "quote_of_account": ("quote_of_account", "quoted_user_id"),
    "urls": ("urls", "expanded_urls", "urls_expanded_url"),
    "mentions": ("mentions", "user_mentions", "mentions_screen_name"),
    "client": ("client", "tweet_client_name", "source"),
    "like_count": ("like_count", "favorite_count", "likes"),
    "retweet_count": ("retweet_count", "repost_count", "share_count"),
    "reply_count": ("reply_count",),
    "view_count": ("view_count", "impression_count", "views"),
    "permalink": ("permalink", "status_url", "link"),
    "container": ("container", "chat_id", "group_id", "channel_id"),
    "handle": ("handle", "screen_name", "user_screen_name", "username", "user_name"),
    "display_name": ("display_name", "user_display_name", "name"),
    "followers": ("followers", "followers_count", "follower_count"),
    "following": ("following", "friends_count", "following_count"),
    "posts": ("posts", "statuses_count", "tweet_count"),
    "description": ("description", "user_profile_description"),
    "location": ("location", "user_reported_location"),
    "account_created_at": ("account_created_at", "account_creation_date", "user_created_at"),
    "account_lang": ("account_lang", "account_language"),
    "verified": ("verified",),
    "profile_image": ("profile_image", "profile_image_url"),
}

FORMAT = Format(
    name="generic",
    says="CSV, TSV, JSONL or Parquet with our column names, common synonyms, or --map canonical=column",
    columns={name: (name,) for name in sorted(CANONICAL)} | SYNONYMS,
)
