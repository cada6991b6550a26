"""A block of posts as columns. Ids, handles and the text of retweets are put in when the tables are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from cib.simulator.stream import Stream

ORIGINAL, RETWEET, REPLY, QUOTE = range(4)
NONE = -1


@dataclass(frozen=True)
class Posts:
    """Columns of equal length.

    key, author      int64    keys of the post and of its account
    t                int64    UTC seconds
    verb             int8     ORIGINAL, RETWEET, REPLY or QUOTE
    ref, ref_author  int64    key and account of the post acted on; NONE for originals
    lang             int8     number of the language
    text             object   own words, without tags, addresses and mentions; None for retweets
    tags, urls       object   tuples of str, written behind the text
    mentions         object   tuples of account keys, written before it
    media, client    object   media key or None; the program
    """

    key: np.ndarray
    author: np.ndarray
    t: np.ndarray
    verb: np.ndarray
    ref: np.ndarray
    ref_author: np.ndarray
    lang: np.ndarray
    text: np.ndarray
    tags: np.ndarray
    urls: np.ndarray
    mentions: np.ndarray
    media: np.ndarray
    client: np.ndarray

    def __len__(self) -> int:
        return self.key.size

    def take(self, rows: np.ndarray) -> "Posts":
        """Return the posts at `rows` (numbers or a mask)."""
        return Posts(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def objects(values: Iterable[Any]) -> np.ndarray:
    """Return object[n] holding `values` as they are: tuples stay tuples."""
    held = list(values)
    return np.fromiter(held, dtype=object, count=len(held))


def _column(values: Any, n: int, empty: Any) -> np.ndarray:
    if values is None:
        values = [empty] * n
    return values if isinstance(values, np.ndarray) and values.dtype == object else objects(values)


def make(
    stream: Stream, author: np.ndarray, t: np.ndarray, *, verb: int = ORIGINAL, of: Posts | None = None, **columns: Any
) -> Posts:
    """Return new posts of `stream`, one per row of `author` and `t`.

    of  the posts acted on, row by row, for every verb but ORIGINAL; without `lang` their language is taken over
    """
    n = author.size
    none = np.full(n, NONE, dtype=np.int64)
    lang = columns.get("lang", of.lang if of is not None else np.zeros(n))
    empty = {"text": None, "tags": (), "urls": (), "mentions": (), "media": None, "client": None}
    return Posts(
        key=stream.keys(n),
        author=author.astype(np.int64),
        t=t.astype(np.int64),
        verb=np.full(n, verb, dtype=np.int8),
        ref=none if of is None else of.key,
        ref_author=none if of is None else of.author,
        lang=np.broadcast_to(lang, n).astype(np.int8),
        **{name: _column(columns.get(name), n, value) for name, value in empty.items()},
    )


def concat(blocks: Sequence[Posts]) -> Posts:
    """Return the rows of all `blocks`, one behind the other; at least one block."""
    return Posts(**{f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Posts)})
