"""Troll tweets that Clemson University collected and FiveThirtyEight published: no ids, no retweet targets, full minutes.

`external_author_id` is rounded in the published files (9.06e+17) and never a key: accounts are named by their handle.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.layouts import Format
from cib.sources.making import Cells

LANGUAGES = {
    "Albanian": "sq", "Arabic": "ar", "Bulgarian": "bg", "Catalan": "ca", "Croatian": "hr", "Czech": "cs", "Danish": "da",
    "Dutch": "nl", "English": "en", "Estonian": "et", "Farsi (Persian)": "fa", "Finnish": "fi", "French": "fr", "German": "de",
    "Greek": "el", "Gujarati": "gu", "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu", "Icelandic": "is", "Indonesian": "id",
    "Italian": "it", "Japanese": "ja", "Kannada": "kn", "Korean": "ko", "Kurdish": "ku", "Latvian": "lv", "Lithuanian": "lt",
    "Macedonian": "mk", "Malay": "ms", "Malayalam": "ml", "Norwegian": "no", "Polish": "pl", "Portuguese": "pt", "Pushto": "ps",
    "Romanian": "ro", "Russian": "ru", "Serbian": "sr", "Simplified Chinese": "zh", "Slovak": "sk", "Slovenian": "sl",
    "Somali": "so", "Spanish": "es", "Swedish": "sv", "Tagalog (Filipino)": "tl", "Tamil": "ta", "Telugu": "te", "Thai": "th",
    "Traditional Chinese": "zh", "Turkish": "tr", "Ukrainian": "uk", "Urdu": "ur", "Uzbek": "uz", "Vietnamese": "vi",
}  # fmt: skip


def _codes(table: pa.Table) -> pa.Table:
    """Write language codes for names; a language that is not in the list stays in `extra` only."""
    found = pc.index_in(table["language"], pa.array(list(LANGUAGES)))
    return Cells(table).put(language_code=pa.array(list(LANGUAGES.values())).take(found.combine_chunks()))


FORMAT = Format(
    name="ira_538",
    says="FiveThirtyEight / Clemson troll tweets",
    platform="twitter",
    marks=(
        frozenset(("author", "content", "language", "publish_date", "retweet", "post_type")),
        frozenset(("author_id", "content", "language", "publish_date", "retweet", "post_type")),
    ),
    columns={
        "post_id": ("tweet_id",),
        "account_id": ("author", "author_id"),
        "created_at": ("publish_date",),
        "text": ("content",),
        "lang": ("language_code",),
        "is_retweet": ("retweet",),
        "collected_at": ("harvested_date",),
        "handle": ("author", "author_id"),
        "followers": ("followers",),
        "following": ("following",),
        "posts": ("updates",),
    },
    made=("language_code",),
    day_first=False,
    prepare=_codes,
)
