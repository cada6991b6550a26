"""Turn the blocks of a world into the files: post, account and truth tables, and world.json, which says how they were made."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from cib import parquet, schema
from cib.simulator import people, posts
from cib.simulator.people import People
from cib.simulator.posts import Posts
from cib.simulator.stream import ACCOUNT_SALT, LIKE_SALT, POST_SALT, scramble
from cib.simulator.words import LANGS
from cib.simulator.world import World

PLATFORM = "simnet"
# Made by ingest, so not part of an input file.
DERIVED = {"text_key", "url_keys", "domains", "rule_version", "resolution_s", "source_file", "source_record"}


def input_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of `post` or `account` as it comes from a collector: without the columns that ingest makes."""
    return pa.schema([field for field in schema.arrow(table) if field.name not in DERIVED])


def ids(keys: np.ndarray, seed: int, salt: int) -> np.ndarray:
    """Return the public ids of `keys`, object[n] of decimal str; None for NONE."""
    numbers = scramble(keys, seed, salt).tolist()
    return posts.objects(None if key < 0 else str(number) for key, number in zip(keys.tolist(), numbers, strict=True))


def _table(table: str, columns: Mapping[str, Any], order: np.ndarray) -> pa.Table:
    """Return `columns` as a table of the input schema, rows in `order`; columns not given are NULL."""
    wanted = input_schema(table) if table in schema.DATA_TABLES else schema.arrow(table)
    arrays = []
    for field in wanted:
        values = columns.get(field.name)
        if values is None:
            arrays.append(pa.nulls(order.size, field.type))
        elif pa.types.is_timestamp(field.type):
            arrays.append(pa.array(np.asarray(values)[order] * 1_000_000, pa.int64()).cast(field.type))
        else:
            arrays.append(pa.array(np.asarray(values, dtype=object)[order].tolist(), field.type))
    return pa.Table.from_arrays(arrays, schema=wanted)


def account_table(seed: int, crowd: People) -> pa.Table:
    """Return the account table, by account_id."""
    account_id = ids(crowd.key, seed, ACCOUNT_SALT)
    columns = dict(vars(crowd.profile))
    lang = np.array(LANGS, dtype=object)[crowd.lang]
    n = len(crowd)
    columns |= {"platform": posts.objects([PLATFORM] * n), "account_id": account_id, "lang": lang}
    return _table("account", columns, np.argsort(account_id.astype(str), kind="stable"))


def _by_text(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return keys for numpy.lexsort, the last one first, that put uint64 numbers in the order of their decimal texts.

    >>> numbers = np.array([9, 120, 12, 1], dtype=np.uint64)
    >>> numbers[np.lexsort(_by_text(numbers))].tolist()
    [1, 12, 120, 9]
    """
    powers = np.array([10**k for k in range(20)], dtype=np.uint64)
    digits = np.maximum(np.searchsorted(powers, numbers, side="right"), 1)
    # Twenty digits, written from the left: the first ten of them, and the other ten.
    cut = powers[np.maximum(digits - 10, 0)]
    high = numbers // cut * powers[np.maximum(10 - digits, 0)]
    low = numbers % cut * powers[np.minimum(20 - digits, 10)]
    return digits, low, high


class _Rows:
    """The posts of a world in the order of the table, and what a row needs of other rows. Makes columns for some of them."""

    def __init__(self, seed: int, crowd: People, block: Posts):
        self.seed, self.block = seed, block
        self.handle = dict(zip(crowd.key.tolist(), crowd.profile.handle.tolist(), strict=True))
        by_key = np.argsort(block.key, kind="stable")
        order = np.argsort(crowd.key)
        account = order[np.searchsorted(crowd.key[order], block.author)]
        self.followers = crowd.profile.followers[account]
        self.source = by_key[np.minimum(np.searchsorted(block.key[by_key], block.ref), len(block) - 1)]
        self.n_retweets = self._count(posts.RETWEET)
        self.n_replies = self._count(posts.REPLY)
        self.order = np.lexsort((*_by_text(scramble(block.key, seed, POST_SALT)), block.t))

    def _count(self, verb: int) -> np.ndarray:
        return np.bincount(self.source[self.block.verb == verb], minlength=len(self.block))

    def _texts(self, verb: np.ndarray, ref_author: np.ndarray, said: Posts) -> tuple[np.ndarray, np.ndarray]:
        """Return text and mentions (as handles). `said` is the post itself, for a retweet the one that it passes on."""
        texts, mentions = [], []
        parts = (said.text, said.tags, said.urls, said.mentions, said.verb.tolist(), said.ref_author.tolist())
        passed_on = (verb == posts.RETWEET).tolist()
        for own, tags, urls, named, said_verb, said_ref, again, ref in zip(*parts, passed_on, ref_author.tolist(), strict=True):
            names = [self.handle[key] for key in named]
            if said_verb == posts.REPLY:
                names.insert(0, self.handle[said_ref])
            words = " ".join([*("@" + name for name in names), own, *("#" + tag for tag in tags), *urls])
            texts.append(f"RT @{self.handle[ref]}: {words}" if again else words)
            mentions.append([self.handle[ref], *names] if again else names)
        return posts.objects(texts), posts.objects(mentions)

    def _liking(self, rows: np.ndarray) -> np.ndarray:
        """Return float64[n]: what likes are drawn around: followers like what they see, answers less, and those who pass on like
        too."""
        answers = self.block.verb[rows] == posts.REPLY
        seen = np.sqrt(self.followers[rows]) * np.where(answers, 0.04, 0.12)
        return seen + 2.0 * self.n_retweets[rows]

    def columns(self, rows: np.ndarray) -> dict[str, Any]:
        """Return the columns of the post table for these rows. Counts are what happened; only likes come from chance."""
        block, n, seed = self.block.take(rows), rows.size, self.seed
        passed_on = block.verb == posts.RETWEET
        said = self.block.take(np.where(passed_on, self.source[rows], rows))
        text, mentions = self._texts(block.verb, block.ref_author, said)
        n_retweets = self.n_retweets[rows]
        luck = (scramble(block.key, seed, LIKE_SALT).astype(np.float64) + 1.0) / 2.0**64
        columns = {
            "platform": posts.objects([PLATFORM] * n),
            "post_id": ids(block.key, seed, POST_SALT),
            "account_id": ids(block.author, seed, ACCOUNT_SALT),
            "created_at": block.t,
            "text": text,
            "lang": np.array(LANGS, dtype=object)[block.lang],
            "lang_guessed": posts.objects([False] * n),
            "urls": said.urls,
            "hashtags": said.tags,
            "mentions": mentions,
            "media": posts.objects(() if key is None else (key,) for key in said.media),
            "client": block.client,
            "retweet_count": n_retweets,
            "reply_count": self.n_replies[rows],
            "like_count": np.where(passed_on, 0, (luck**-0.5 - 1) * self._liking(rows)).astype(np.int64),
        }
        verbs = ((posts.RETWEET, "retweet_of"), (posts.REPLY, "reply_to"), (posts.QUOTE, "quote_of"))
        for verb, name in verbs:
            mine = block.verb == verb
            columns[name] = ids(np.where(mine, block.ref, posts.NONE), seed, POST_SALT)
            columns[f"{name}_account"] = ids(np.where(mine, block.ref_author, posts.NONE), seed, ACCOUNT_SALT)
        return columns


def post_tables(seed: int, crowd: People, block: Posts) -> Iterator[pa.Table]:
    """Yield the post table, by time and post_id, a row group at a time, so that texts and ids are never all in memory.

    Every post that another one refers to must be in `block`.
    """
    made = _Rows(seed, crowd, block)
    for first in range(0, len(block), parquet.ROW_GROUP):
        rows = made.order[first : first + parquet.ROW_GROUP]
        yield _table("post", made.columns(rows), np.arange(rows.size))


def _once(block: Posts) -> Posts:
    """Return `block` without an account's second retweet of one post, which platforms do not allow; the first one stays."""
    order = np.lexsort((block.key, block.t, block.verb, block.author, block.ref))
    ref, author, shares = block.ref[order], block.author[order], block.verb[order] == posts.RETWEET
    again = np.zeros(len(block), dtype=bool)
    again[1:] = shares[1:] & shares[:-1] & (ref[1:] == ref[:-1]) & (author[1:] == author[:-1])
    return block.take(np.sort(order[~again]))


def truth_table(world: World) -> pa.Table:
    """Return the truth table, by account_id: campaigns and named innocent groups; who is not in it is ordinary."""
    key = np.concatenate([group.keys for group in world.groups])
    sizes = [group.keys.size for group in world.groups]
    account_id = ids(key, world.seed, ACCOUNT_SALT)
    columns = {
        "platform": posts.objects([PLATFORM] * key.size),
        "account_id": account_id,
        "group": np.repeat(posts.objects(group.name for group in world.groups), sizes),
        "kind": np.repeat(posts.objects(group.kind for group in world.groups), sizes),
        "role": np.repeat(posts.objects(group.role for group in world.groups), sizes),
    }
    return _table("truth", columns, np.argsort(account_id.astype(str), kind="stable"))


def write(out: Path, world: World) -> tuple[int, int]:
    """Write posts.parquet, accounts.parquet and truth.parquet below `out`; return the numbers of posts and of accounts.

    Takes the world's blocks of posts away, so that none is in memory twice.
    """
    crowd, block = people.concat(world.crowd), posts.concat(world.blocks)
    world.blocks.clear()
    block = _once(block)
    n_posts = parquet.write(out / "posts.parquet", input_schema("post"), post_tables(world.seed, crowd, block))
    n_accounts = parquet.write(out / "accounts.parquet", input_schema("account"), [account_table(world.seed, crowd)])
    parquet.write(out / "truth.parquet", schema.arrow("truth"), [truth_table(world)])
    return n_posts, n_accounts
