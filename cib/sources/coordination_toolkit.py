"""The coordination-network-toolkit's input: one post per row, addresses as a JSON list or as a Python list's text."""

from cib.sources.layouts import Format

FORMAT = Format(
    name="coordination_toolkit",
    says="coordination-network-toolkit CSV: message_id, user_id, username, repost_id, reply_id, message, timestamp, urls",
    marks=(frozenset(("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")),),
    columns={
        "post_id": ("message_id",),
        "account_id": ("user_id",),
        "created_at": ("timestamp",),
        "text": ("message",),
        "retweet_of": ("repost_id",),
        "reply_to": ("reply_id",),
        "urls": ("urls",),
        "handle": ("username",),
    },
    lacks="the platform, quotes, whose posts were reposted or answered",
)
