"""What each known format can and cannot give, from its columns: which coordination graphs become possible."""

from typing import Any

from cib.sources.formats import Format
from cib.sources.known import FORMATS

NEEDS = {  # verb: canonical columns, any of which makes it possible
    "retweet": ("retweet_of", "is_retweet"),
    "reply": ("reply_to",),
    "text": ("text",),
    "link": ("urls", "text"),
    "hashtag": ("hashtags", "text"),
    "mention": ("mentions", "text"),
    "object": ("object",),
}
ALL = ("generic",)  # whatever columns the file has


def catalogue() -> list[dict[str, Any]]:
    """Return one row per known format: its name, what it is, the verbs it can give and those it cannot."""
    return [_row(known) for known in FORMATS]


def _row(known: Format) -> dict[str, Any]:
    has = {*known.columns, *known.made}
    gives = [verb for verb, columns in NEEDS.items() if known.name in ALL or has & set(columns)]
    return {"name": known.name, "says": known.says, "gives": gives, "lacks": [verb for verb in NEEDS if verb not in gives]}
