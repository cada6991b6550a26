"""CrowdTangle: CSV of the dashboard and of historical data (their columns varied over the years), and the API's posts.

The same post has one id in all of them: PAGE_POST, as the API's platformId. In a group, the account that published is not given:
the group stands for it. Titles and descriptions belong to the page a post links to, not to the post: equal ones say nothing.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, given, joined, part

_PLACE = r"^https?://(?:www\.|m\.)?facebook\.com/(?:groups/)?(?P<x>\d+)/"
_POST = r"/(?:posts|permalink|videos|reel|photos/[^/]+)/(?:[^/?]*?)(?P<x>\d{5,})(?:[/?]|$)"
_OTHER = r"(?:story_fbid=|fbid=|instagram\.com/(?:p|tv|reel)/)(?P<x>[\w-]+)"
_GROUP = r"facebook\.com/groups/(?P<x>[^/?]+)"


def _ids(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    url, owner = cells.text("URL", "Post URL"), cells.text("Facebook Id", "Group Id", "Page Id", "Account Id")
    place = pc.coalesce(owner, part(url, _PLACE))
    post = pc.coalesce(part(url, _POST), part(url, _OTHER))
    on_instagram = pc.match_substring(url, "instagram.com/").fill_null(False)
    return cells.put(
        key=pc.coalesce(given(on_instagram, post), joined(place, "_", post), url),
        owner=pc.coalesce(place, cells.text("Page Name", "Group Name", "Account", "User Name")),
        group=given(pc.match_substring(url, "/groups/"), pc.coalesce(place, part(url, _GROUP))),
        addresses=addresses(cells.text("Message"), cells.text("Final Link", "Link", "Expanded Links")),
        surface=given(on_instagram, "instagram"),
    )


CSV = Format(
    name="crowdtangle_csv",
    says="CrowdTangle CSV: dashboard and historical downloads, Facebook and Instagram",
    platform="facebook",
    marks=(
        frozenset(("Page Name", "Post Created", "URL")),
        frozenset(("Group Name", "Post Created", "URL")),
        frozenset(("Account", "Post Created", "URL")),
        frozenset(("Page Name", "Created", "URL")),
        frozenset(("Group Name", "Created", "URL")),
        frozenset(("Account", "Created", "URL")),
    ),
    columns={
        "platform": ("surface",),
        "post_id": ("key",),
        "account_id": ("owner",),
        "created_at": ("Post Created", "Created"),
        "text": ("Message",),
        "container": ("group",),
        "urls": ("addresses",),
        "like_count": ("Likes",),
        "retweet_count": ("Shares",),
        "reply_count": ("Comments",),
        "view_count": ("Post Views", "Views"),
        "permalink": ("URL", "Post URL"),
        "handle": ("User Name",),
        "display_name": ("Page Name", "Group Name", "Account"),
        "account_created_at": ("Page Created",),
        "description": ("Page Description",),
        "location": ("Page Admin Top Country",),
        "followers": ("Followers at Posting", "Likes at Posting"),
    },
    made=("surface", "key", "owner", "group", "addresses"),
    prepare=_ids,
    lacks="who shared or answered whom; who posted in a group",
)


def _api(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    expanded = lists.union([cells.lists("expandedLinks[].expanded|original"), lists.single(cells.text("expanded", "link"))])
    kind = cells.text("account.accountType", "account_accountType")
    in_group = pc.equal(kind, "facebook_group")
    return cells.put(
        addresses=lists.union([expanded, addresses(cells.text("message"))]),
        group=given(in_group, cells.text("account.platformId", "account_platformId")),
        surface=pc.utf8_lower(cells.text("platform")),
    )


def _both(path: str) -> tuple[str, str]:
    """A value of the nested form, and of tables made of it."""
    return path, path.replace(".", "_")


API = Format(
    name="crowdtangle_api",
    says="CrowdTangle API: /posts and /links, as JSON or flattened to CSV",
    platform="facebook",
    marks=(
        frozenset(("platformId", "account.platformId", "date")),
        frozenset(("platformId", "account_platformId", "date")),
        frozenset(("platformId", "account.id", "date")),
    ),
    columns={
        "platform": ("surface",),
        "post_id": ("platformId",),
        "account_id": (*_both("account.platformId"), *_both("account.id")),
        "created_at": ("date",),
        "text": ("message",),
        "lang": ("languageCode",),
        "container": ("group",),
        "urls": ("addresses",),
        "like_count": _both("statistics.actual.likeCount"),
        "retweet_count": _both("statistics.actual.shareCount"),
        "reply_count": _both("statistics.actual.commentCount"),
        "view_count": _both("statistics.actual.viewCount"),
        "permalink": ("postUrl",),
        "collected_at": ("updated",),
        "handle": _both("account.handle"),
        "display_name": _both("account.name"),
        "location": _both("account.pageAdminTopCountry"),
        "followers": ("subscriberCount", *_both("account.subscriberCount")),
        "verified": _both("account.verified"),
        "profile_image": _both("account.profileImage"),
    },
    made=("addresses", "group", "surface"),
    prepare=_api,
    zone="UTC",
    json=True,
    lists=("result.posts", "result.links"),
    reads=("expandedLinks[].expanded|original", "expanded", "link", "platform", *_both("account.accountType")),
    profile=("account",),
    lacks="who shared or answered whom; who posted in a group",
)
