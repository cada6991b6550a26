"""Turn the blocks of a world into the files: post, account and truth tables, and world.json, which says how they were made."""

from collections.abc import Mapping
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


def _full_text(block: Posts, crowd: People, source: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return text, hashtags, urls, mentions (as handles) and media of all posts; a retweet carries those of its source."""
    handle = dict(zip(crowd.key.tolist(), crowd.profile.handle.tolist(), strict=True))
    texts, mentions = [], []
    verbs, refs = block.verb.tolist(), block.ref_author.tolist()
    for verb, own, tags, urls, named, ref in zip(verbs, block.text, block.tags, block.urls, block.mentions, refs, strict=True):
        names = [handle[key] for key in named]
        if verb == posts.REPLY:
            names.insert(0, handle[ref])
        mentions.append(names)
        words = [*("@" + name for name in names), own, *("#" + tag for tag in tags), *urls]
        texts.append(None if verb == posts.RETWEET else " ".join(words))
    text, mentioned = posts.objects(texts), posts.objects(mentions)
    passed_on = np.flatnonzero(block.verb == posts.RETWEET)
    origin = source[passed_on]
    text[passed_on] = posts.objects(f"RT @{handle[refs[row]]}: {text[at]}" for row, at in zip(passed_on, origin, strict=True))
    mentioned[passed_on] = posts.objects([handle[refs[row]], *mentioned[at]] for row, at in zip(passed_on, origin, strict=True))
    copied = []
    for column in (block.tags, block.urls, block.media):
        column = column.copy()
        column[passed_on] = column[origin]
        copied.append(column)
    return text, copied[0], copied[1], mentioned, copied[2]


def _count(source: np.ndarray, mask: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(source[mask], minlength=n)


def post_table(seed: int, crowd: People, block: Posts) -> pa.Table:
    """Return the post table, by time and post_id. Counts are what happened in the world; only likes come from chance.

    Every post that another one refers to must be in `block`.
    """
    by_key = np.argsort(block.key, kind="stable")
    source = by_key[np.minimum(np.searchsorted(block.key[by_key], block.ref), len(block) - 1)]
    text, tags, urls, mentions, media = _full_text(block, crowd, source)
    n = len(block)
    n_retweets = _count(source, block.verb == posts.RETWEET, n)
    luck = (scramble(block.key, seed, LIKE_SALT).astype(np.float64) + 1.0) / 2.0**64
    columns = {
        "platform": posts.objects([PLATFORM] * n),
        "post_id": ids(block.key, seed, POST_SALT),
        "account_id": ids(block.author, seed, ACCOUNT_SALT),
        "created_at": block.t,
        "text": text,
        "lang": np.array(LANGS, dtype=object)[block.lang],
        "lang_guessed": posts.objects([False] * n),
        "urls": urls,
        "hashtags": tags,
        "mentions": mentions,
        "media": posts.objects(() if key is None else (key,) for key in media),
        "client": block.client,
        "retweet_count": n_retweets,
        "reply_count": _count(source, block.verb == posts.REPLY, n),
        "like_count": np.where(block.verb == posts.RETWEET, 0, (luck**-0.5 - 1) * (0.5 + 2.0 * n_retweets)).astype(np.int64),
    }
    verbs = ((posts.RETWEET, "retweet_of"), (posts.REPLY, "reply_to"), (posts.QUOTE, "quote_of"))
    for verb, name in verbs:
        mine = block.verb == verb
        columns[name] = ids(np.where(mine, block.ref, posts.NONE), seed, POST_SALT)
        columns[f"{name}_account"] = ids(np.where(mine, block.ref_author, posts.NONE), seed, ACCOUNT_SALT)
    return _table("post", columns, np.lexsort((columns["post_id"].astype(str), block.t)))


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
    """Write posts.parquet, accounts.parquet and truth.parquet below `out`; return the numbers of posts and of accounts."""
    crowd, block = people.concat(world.crowd), _once(posts.concat(world.blocks))
    n_posts = parquet.write(out / "posts.parquet", input_schema("post"), [post_table(world.seed, crowd, block)])
    n_accounts = parquet.write(out / "accounts.parquet", input_schema("account"), [account_table(world.seed, crowd)])
    parquet.write(out / "truth.parquet", schema.arrow("truth"), [truth_table(world)])
    return n_posts, n_accounts
