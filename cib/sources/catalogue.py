"""What each known format can and cannot give, from its columns: which coordination graphs become possible."""

from typing import Any

from cib.sources.known import FORMATS
from cib.sources.layouts import PROFILE, Format

NEEDS = {  # verb: canonical columns, any of which makes it possible; lists that a file does not have come out of the text
    "retweet": ("retweet_of", "is_retweet"),
    "reply": ("reply_to",),
    "quote": ("quote_of",),
    "text": ("text",),
    "link": ("urls", "text"),
    "hashtag": ("hashtags", "text"),
    "mention": ("mentions", "text"),
    "media": ("media",),
    "container": ("container",),
    "object": ("extra.object",),
}
ALL = ("generic",)  # whatever columns the file has


def formats() -> list[dict[str, Any]]:
    """Return one row per known format, in the order in which a file is compared with them.

    gives, lacks  verbs; none where it holds accounts only
    profiles      whether it tells of accounts more than their id
    limits        what else the export cannot say, in one sentence
    """
    return [_row(known) for known in FORMATS]


def _row(known: Format) -> dict[str, Any]:
    has = set(known.columns) if "created_at" in known.columns else set()
    gives = [verb for verb, columns in NEEDS.items() if known.name in ALL or has & set(columns)]
    return {
        "name": known.name,
        "says": known.says,
        "gives": gives,
        "lacks": [verb for verb in NEEDS if verb not in gives],
        "platform": known.platform,
        "profiles": any(name in PROFILE for name in known.columns),
        "limits": known.lacks,
    }
