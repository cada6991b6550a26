"""Reddit as Pushshift and its heirs dump it: submissions and comments, one per line.

An account is named by its name: names are unique and never change there, and old dumps have no author_fullname.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cib.sources import lists
from cib.sources.layouts import Format
from cib.sources.making import Cells, addresses, given, joined

GONE = pa.array(("[deleted]", "[removed]", "[deleted by user]", "[ Removed by Reddit ]"))


def _made(table: pa.Table) -> pa.Table:
    cells = Cells(table)
    title, body = cells.text("title"), cells.text("selftext", "body")
    removed = pc.is_in(body, GONE)
    body = given(pc.invert(removed), body)
    is_comment = pc.or_(cells.text("body").is_valid(), cells.text("link_id").is_valid())
    prefixed = joined(pc.if_else(is_comment, "t1_", "t3_"), cells.text("id"))
    author, address = cells.text("author"), cells.text("permalink")
    linked = given(pc.not_equal(cells.text("is_self").fill_null("false"), "true"), cells.text("url"))
    return cells.put(
        key=pc.coalesce(cells.text("name"), prefixed),
        writer=given(pc.invert(pc.is_in(author, GONE)), author),
        words=pc.coalesce(joined(title, "\n\n", body), title, body),
        links=pc.coalesce(addresses(body, linked), lists.single(linked)),
        source=lists.first(cells.lists("crosspost_parent_list[].author")),
        address=given(pc.starts_with(address, "/"), joined("https://www.reddit.com", address)),
        edited_on=given(pc.match_substring_regex(cells.text("edited"), r"^\d"), cells.text("edited")),
        gone=given(removed, "true"),
        refused=given(pc.is_in(author, GONE), "author: the account was deleted"),
    )


FORMAT = Format(
    name="reddit_pushshift",
    says="Reddit submissions and comments in Pushshift's JSON lines",
    platform="reddit",
    marks=(frozenset(("author", "created_utc", "subreddit", "id")),),
    columns={
        "post_id": ("key",),
        "account_id": ("writer",),
        "created_at": ("created_utc",),
        "text": ("words",),
        "container": ("subreddit",),
        "retweet_of": ("crosspost_parent",),
        "retweet_of_account": ("source",),
        "reply_to": ("parent_id",),
        "urls": ("links",),
        "like_count": ("score",),
        "retweet_count": ("num_crossposts",),
        "reply_count": ("num_comments",),
        "permalink": ("address",),
        "collected_at": ("retrieved_on", "retrieved_utc"),
        "edited_at": ("edited_on",),
        "deleted": ("gone",),
        "refused": ("refused",),
        "handle": ("writer",),
        "account_created_at": ("author_created_utc",),
    },
    made=("key", "writer", "words", "links", "source", "address", "edited_on", "gone", "refused"),
    prepare=_made,
    json=True,
    reads=(
        *("id", "name", "author", "title", "selftext", "body", "link_id", "url", "is_self", "permalink", "edited"),
        "crosspost_parent_list[].author",
    ),
    lacks="whom a comment answers by account; posts of deleted accounts are refused",
)
