"""Parler posts as scrapers and Open Measures wrote them: no ids of accounts, names only."""

from cib.sources.layouts import Format

FORMAT = Format(
    name="parler",
    says="Parler posts, JSON lines or CSV",
    platform="parler",
    marks=(frozenset(("createdAt", "createdAtformatted", "username")), frozenset(("createdAt", "bodywithurls"))),
    columns={
        "post_id": ("id", "_id"),
        "account_id": ("username", "creator"),
        "created_at": ("createdAt",),
        "text": ("bodywithurls", "body"),
        "retweet_of": ("parent",),
        "hashtags": ("hashtags[]",),
        "like_count": ("upvotes",),
        "retweet_count": ("reposts",),
        "reply_count": ("comments",),
        "view_count": ("impressions",),
        "handle": ("username",),
        "followers": ("followers",),
        "following": ("following",),
    },
    zone="UTC",
    json=True,
    fallback=frozenset(("hashtags",)),
    lacks="ids in some dumps (posts are then named by account, time and text), answers",
)
