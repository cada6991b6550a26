"""Meta's Ad Library, its interface and its downloads: every advertisement a post of the page that shows it.

The address of an advertisement's snapshot holds the key of whoever asked for it, so it is not kept; the public one is made.
"""

import json
import re

import pyarrow as pa

from cib import text
from cib.sources.cells import derived
from cib.sources.layouts import Format
from cib.sources.making import Cells, joined

STRINGS = pa.list_(pa.string())
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def _each(written: str) -> list[str]:
    """The texts of a list in JSON; any other text as it is."""
    try:
        found = json.loads(written) if written.lstrip().startswith("[") else None
    except (ValueError, RecursionError):
        found = None
    return [part for part in found if isinstance(part, str) and part.strip()] if isinstance(found, list) else [written]


def _first(written: str) -> str | None:
    """The first version of a creative; an advertisement has several where they are tried against each other."""
    return next(iter(_each(written)), None)


def _captions(written: str) -> list[str]:
    """The landing pages that captions name; a caption may say anything."""
    return list(dict.fromkeys(part.strip() for part in _each(written) if _ADDRESS.fullmatch(part.strip())))


def _links(written: str) -> list[str]:
    return list(dict.fromkeys(link for part in _each(written) for link in text.urls(part)))


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    key = cells.text("id", "ad_archive_id")
    body, captions = cells.text("ad_creative_bodies", "ad_creative_body"), cells.text(*CAPTIONS)
    named, linked = derived(captions, _captions, STRINGS), derived(body, _links, STRINGS)
    links = [[*(a or ()), *(b or ())] for a, b in zip(named.to_pylist(), linked.to_pylist(), strict=True)]
    return cells.put(
        key=key,
        body=derived(body, _first, pa.string()),
        links=pa.array(links, STRINGS),
        address=joined("https://www.facebook.com/ads/library/?id=", key),
        language=derived(cells.text("languages"), _first, pa.string()),
    )


CAPTIONS = ("ad_creative_link_captions", "ad_creative_link_caption")
FORMAT = Format(
    name="meta_ad_library",
    says="Meta Ad Library: advertisements of pages, CSV or JSON; landing pages are the links",
    platform="facebook",
    marks=(frozenset(("page_id", "ad_delivery_start_time")), frozenset(("page_id", "ad_creation_time"))),
    columns={
        "post_id": ("key",),
        "account_id": ("page_id",),
        "created_at": ("ad_delivery_start_time", "ad_creation_time"),
        "text": ("body",),
        "lang": ("language",),
        "urls": ("links",),
        "permalink": ("address",),
        "view_count": ("impressions.lower_bound",),
        "display_name": ("page_name",),
    },
    made=("key", "body", "links", "address", "language"),
    prepare=_made,
    zone="UTC",
    json=True,
    lists=("data",),
    reads=("id", "ad_archive_id", "ad_creative_bodies", "ad_creative_body", *CAPTIONS, "languages", "ad_snapshot_url"),
    lacks="the hour: days only; pictures; further versions of a creative are compared by their links only",
)
