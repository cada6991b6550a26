"""Write a simulated world in six collectors' formats, read each back, and compare the ties with those of the world itself.

    python scripts/roundtrip.py --accounts 300 --graphs co_retweet,co_link,co_text

A format is judged on the graphs it can carry: the world is cut to the columns that the format has, so that what is missing there
by nature is missing on both sides. Ids, times and texts must survive; every tie must be there, with the same accounts and graphs.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import cib
from cib import runs
from cib.schema import POST, arrow

Post = dict[str, Any]
KEPT = ("platform", "post_id", "account_id", "created_at", "text")
TWITTER = (*KEPT, "retweet_of", "retweet_of_account", "reply_to", "reply_to_account", "quote_of", "urls", "hashtags", "mentions")


def v1(post: Post) -> Any:
    """One status of Twitter's first interface."""
    entities = {
        "urls": [{"expanded_url": url} for url in post["urls"]],
        "hashtags": [{"text": tag} for tag in post["hashtags"]],
        "user_mentions": [{"screen_name": name} for name in post["mentions"]],
    }
    own = {"id_str": post["post_id"], "user": {"id_str": post["account_id"]}, "full_text": post["text"], "entities": entities}
    own |= {"created_at": f"{post['created_at']:%a %b %d %H:%M:%S +0000 %Y}"}
    own |= {"in_reply_to_status_id_str": post["reply_to"], "in_reply_to_user_id_str": post["reply_to_account"]}
    own |= {"quoted_status_id_str": post["quote_of"]} if post["quote_of"] else {}
    if post["retweet_of"]:
        whole = {"full_text": post["text"], "entities": entities}
        own["retweeted_status"] = whole | {"id_str": post["retweet_of"], "user": {"id_str": post["retweet_of_account"]}}
    return own


def v2(post: Post) -> Any:
    """One post of Twitter's second interface, as twarc2 flattens it."""
    entities = {
        "urls": [{"expanded_url": url} for url in post["urls"]],
        "hashtags": [{"tag": tag} for tag in post["hashtags"]],
        "mentions": [{"username": name} for name in post["mentions"]],
    }
    kinds = (("retweeted", "retweet_of"), ("replied_to", "reply_to"), ("quoted", "quote_of"))
    referred = [{"type": kind, "id": post[name]} for kind, name in kinds if post[name]]
    for reference in referred:
        if reference["type"] == "retweeted":
            reference |= {"author_id": post["retweet_of_account"], "text": post["text"], "entities": entities}
    own = {"id": post["post_id"], "author_id": post["account_id"], "text": post["text"], "entities": entities}
    own |= {"created_at": f"{post['created_at']:%Y-%m-%dT%H:%M:%S.000Z}", "in_reply_to_user_id": post["reply_to_account"]}
    return own | ({"referenced_tweets": referred} if referred else {})


def page(post: Post) -> Any:
    """A raw page of Twitter's second interface with one post and what it passes on."""
    own = v2(post)
    passed = [r for r in own.get("referenced_tweets", []) if r["type"] == "retweeted"]
    named = [{"type": r["type"], "id": r["id"]} for r in own.get("referenced_tweets", [])]
    data = own | ({"referenced_tweets": named} if named else {})
    return {"data": [data], "includes": {"users": [], "tweets": passed}, "meta": {"result_count": 1}}


def snscrape(post: Post) -> Any:
    """One line of snscrape."""
    lists = {
        "links": [{"url": url} for url in post["urls"]],
        "hashtags": post["hashtags"],
        "mentionedUsers": [{"username": name} for name in post["mentions"]],
    }
    own = {
        "id": int(post["post_id"]),
        "date": f"{post['created_at']:%Y-%m-%dT%H:%M:%S+00:00}",
        "rawContent": post["text"],
    } | lists
    own |= {"user": {"id": int(post["account_id"]), "username": f"name{post['account_id']}"}}
    own |= {"inReplyToTweetId": post["reply_to"] and int(post["reply_to"])}
    own |= {"inReplyToUser": {"id": int(post["reply_to_account"])}} if post["reply_to_account"] else {}
    own |= {"quotedTweet": {"id": int(post["quote_of"])}} if post["quote_of"] else {}
    if post["retweet_of"]:
        passed = {"id": int(post["retweet_of"]), "rawContent": post["text"], "user": {"id": int(post["retweet_of_account"])}}
        own["retweetedTweet"] = passed | lists
    return own


def archive(post: Post) -> dict[str, Any]:
    """One row of Twitter's archive of information operations: lists as it writes them, minutes without seconds are not used."""
    lists = {
        name: str(post[column]) for name, column in (("urls", "urls"), ("hashtags", "hashtags"), ("user_mentions", "mentions"))
    }
    return lists | {
        "tweetid": post["post_id"], "userid": post["account_id"], "tweet_text": post["text"],
        "tweet_time": f"{post['created_at']:%Y-%m-%d %H:%M:%S}", "is_retweet": str(bool(post["retweet_of"])),
        "retweet_tweetid": post["retweet_of"], "retweet_userid": post["retweet_of_account"],
        "in_reply_to_tweetid": post["reply_to"], "in_reply_to_userid": post["reply_to_account"],
        "quoted_tweet_tweetid": post["quote_of"],
    }  # fmt: skip


def toolkit(post: Post) -> dict[str, Any]:
    """One row of the coordination-network-toolkit."""
    return {
        "message_id": post["post_id"], "user_id": post["account_id"], "username": f"name{post['account_id']}",
        "repost_id": post["retweet_of"], "reply_id": post["reply_to"], "message": post["text"],
        "timestamp": int(post["created_at"].timestamp()), "urls": json.dumps(post["urls"]),
    }  # fmt: skip


def as_lines(path: Path, rows: Iterable[Any]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def as_table(path: Path, rows: Iterable[Any]) -> None:
    every = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(every[0]))
        out.writeheader()
        out.writerows(every)


FORMATS: dict[str, tuple[Callable[[Post], Any], Callable[[Path, Iterable[Any]], None], tuple[str, ...]]] = {
    "twitter_v1": (v1, as_lines, TWITTER),
    "twitter_v2": (v2, as_lines, TWITTER),
    "twitter_v2_page": (page, as_lines, TWITTER),
    "snscrape": (snscrape, as_lines, TWITTER),
    "twitter_io_archive": (archive, as_table, TWITTER),
    "coordination_toolkit": (toolkit, as_table, (*KEPT, "retweet_of", "reply_to", "urls")),
}


def world(folder: Path, *, accounts: int, seed: int) -> list[Post]:
    """Return the posts of a simulated world, in the order of their ids, as if of one platform; times as UTC."""
    cib.simulate(folder, accounts=accounts, seed=seed)
    rows = pq.read_table(folder / "posts.parquet").sort_by([("post_id", "ascending")])
    zoned = rows["created_at"].cast(pa.timestamp("us", "UTC"))
    return rows.set_column(rows.column_names.index("created_at"), "created_at", zoned).to_pylist()


def ties(folder: Path, path: Path, graphs: str) -> tuple[set[tuple[Any, ...]], dict[str, Any]]:
    """Return the ties of a case made of one file: both accounts and the graphs; and what became of the file."""
    (record,) = cib.ingest(folder, [path], sample="full", threads=1)["ingest"]
    home = Path(cib.detect(folder, graphs=graphs, threads=1)["folder"])
    rows = runs.load(home, "tie", ["account_a", "account_b", "graphs"]).to_pylist()
    return {(row["account_a"], row["account_b"], *row["graphs"]) for row in rows}, record


def compare(folder: Path, posts: list[Post], name: str, graphs: str) -> tuple[int, int, int, dict[str, Any]]:
    """Return the ties of the world cut to what the format has, those of its round trip, how many are in both, and the record."""
    write, save, columns = FORMATS[name]
    folder.mkdir()
    cut = [{column: post[column] for column in columns} | {"platform": "twitter"} for post in posts]
    shape = pa.schema([field for field in arrow(POST) if field.name in columns])
    plain = [post | {"created_at": post["created_at"].replace(tzinfo=None)} for post in cut]
    pq.write_table(pa.Table.from_pylist(plain, schema=shape), folder / "world.parquet")
    save(folder / "file", (write(post) for post in posts))
    ours, _ = ties(folder / "before", folder / "world.parquet", graphs)
    back, record = ties(folder / "after", folder / "file", graphs)
    return len(ours), len(back), len(ours & back), record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=300)
    parser.add_argument("--graphs", default="co_retweet,co_link,co_text")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        posts = world(Path(folder) / "world", accounts=asked.accounts, seed=asked.seed)
        for name in FORMATS:
            ours, back, both, record = compare(Path(folder) / name, posts, name, asked.graphs)
            told = f"{record['posts']:,} of {len(posts):,} posts as {record['format']}"
            print(f"{name}: {told}; ties {ours:,} before, {back:,} after, {both:,} the same", flush=True)
            wrong += not ours == back == both > 0 or record["format"] != name
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
