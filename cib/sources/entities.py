"""Addresses, hashtags, mentions and media of posts, and what of them and of the text is compared."""

from collections.abc import Callable
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import text, urls
from cib.sources import cells, folding
from cib.sources.batch import Batch

STRINGS = pa.list_(pa.string())
SIGNS = {"urls": ("/", "."), "hashtags": ("#", "＃"), "mentions": ("@", "＠")}
# An address in which nothing needs to be respelled, with a path, in ASCII; and the host of an address.
PLAIN = r"^https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?:/[A-Za-z0-9_~-]+)+/*$"
HOST = r"^(\w+://)([^/?#]*)(?s:.*)$"
MANY = 1_000  # texts for which the compiled fold is worth its start


def entities(batch: Batch, texts: pa.Array) -> dict[str, pa.Array]:
    """Lists as the file gives them, else out of the text; and what is compared: text_key, url_keys, domains."""
    made = {}
    for name, function in (("urls", text.urls), ("hashtags", text.hashtags), ("mentions", text.mentions)):
        made[name] = cells.filled(_found(batch, name, texts, from_text=function))
    for name, mark in (("hashtags", "#"), ("mentions", "@")):
        made[name] = pa.ListArray.from_arrays(made[name].offsets, pc.utf8_ltrim(made[name].values, characters=mark))
    made["media"] = cells.filled(batch.lists("media")) if batch.has("media") else _no_lists(len(texts))
    made["text_key"] = keys(texts)
    made["url_keys"] = _each(made["urls"], _canonical)
    made["domains"] = _each(made["url_keys"], _domains)
    made["rule_version"] = pa.array([urls.RULE_VERSION], pa.string()).take(pa.array(np.zeros(len(texts), np.int8)))
    return made


def keys(texts: pa.Array) -> pa.Array:
    """Return text.key of every text; every distinct text is folded once."""
    coded = texts.dictionary_encode()
    if len(coded.dictionary) < MANY:
        return cells.derived(texts, text.key, pa.string())
    return folding.keys(coded.dictionary).take(coded.indices)


def _found(batch: Batch, name: str, texts: pa.Array, *, from_text: Callable[[str], list[str]]) -> pa.Array:
    """A list as the file gives it; as the text has it where the file never does, or may leave it out (`fallback`)."""
    if not batch.has(name):
        return _from_text(texts, name, from_text)
    given = batch.lists(name)
    if name not in batch.layout.format.fallback or not given.null_count:
        return given
    silent = pc.if_else(given.is_null(), texts, None).cast(pa.string())
    return pc.coalesce(given, _from_text(silent, name, from_text))


def _from_text(texts: pa.Array, name: str, from_text: Callable[[str], list[str]]) -> pa.Array:
    """The lists in texts; only texts with a sign that all such values have are looked into."""
    marked = reduce(pc.or_, [pc.match_substring(texts, sign) for sign in SIGNS[name]])
    found = cells.derived(pc.if_else(marked, texts, None).cast(pa.string()), from_text, STRINGS)
    empty = pa.ListArray.from_arrays(
        pa.array(np.zeros(len(texts) + 1, np.int32)), pa.array([], pa.string()), mask=texts.is_null()
    )
    return pc.coalesce(found, empty)


def _no_lists(n_rows: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(n_rows + 1, np.int32)), pa.array([], pa.string()))


def _canonical(addresses: pa.Array) -> pa.Array:
    """Return urls.canonical of every address: at once where it is spelled as its key is but for a slash at its end."""
    plain = pc.and_(pc.match_substring_regex(addresses, PLAIN), pc.less_equal(pc.binary_length(addresses), urls.MAX_LENGTH))
    hosts = pc.replace_substring_regex(addresses, HOST, r"\2").dictionary_encode()
    usual = pa.array([not urls.is_special(host) for host in hosts.dictionary.to_pylist()], pa.bool_()).take(hosts.indices)
    bare = pc.ascii_rtrim(addresses, characters="/")
    for ending in urls.AMP_ENDINGS:
        usual = pc.and_not(usual, pc.ends_with(bare, ending))
    is_plain = pc.and_(plain, usual).fill_null(False)
    keys = pc.replace_substring_regex(pc.if_else(is_plain, bare, None).cast(pa.string()), r"^http:", "https:")
    return pc.coalesce(keys, cells.derived(pc.if_else(is_plain, None, addresses).cast(pa.string()), urls.canonical, pa.string()))


def _domains(keys: pa.Array) -> pa.Array:
    """Return urls.domain of every key; it hangs on the host alone, and of hosts there are few."""
    hosts = pc.replace_substring_regex(keys, HOST, r"\1\2")
    return cells.derived(hosts, urls.domain, pa.string())


def _each(column: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply `function` to the distinct values of the lists; NULL results and repetitions inside a list go."""
    coded = column.flatten().dictionary_encode()
    values = function(coded.dictionary).take(coded.indices)
    rows = pc.list_parent_indices(column).to_numpy(zero_copy_only=False).astype(np.int64)
    kept = values.is_valid().to_numpy(zero_copy_only=False)
    if len(rows) and (rows[1:] == rows[:-1]).any():
        kept &= _is_first(rows, values)
    lengths = np.bincount(rows[kept], minlength=len(column))
    return pa.ListArray.from_arrays(cells.offsets(lengths), values.filter(pa.array(kept)))


def _is_first(rows: np.ndarray, values: pa.Array) -> np.ndarray:
    """Which values stand in their row for the first time."""
    codes = values.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    _, places = np.unique(rows * (len(values) + 2) + codes, return_index=True)
    first = np.zeros(len(values), bool)
    first[places] = True
    return first
