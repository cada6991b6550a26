"""Addresses, hashtags, mentions and media of posts, and what of them and of the text is compared."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import text, urls
from cib.sources import cells
from cib.sources.batch import Batch, array

STRINGS = pa.list_(pa.string())
# Texts that `keys` folds at once, and the folds of cib.text for them: addresses, mentions, white space.
PLAIN = r"^[\t\n\r !-%'-~]*$"
FOLDS = (
    (r"(?:https?://|\bwww\.)[^\s<>\"]+", " "),
    (r"(^|[^\w@/.])@(?:\w[\w.]*\w|\w)(?:@\w[\w.-]*\w)?", r"\1 "),
    (r"\s+", " "),
)


def entities(batch: Batch, texts: pa.Array) -> dict[str, pa.Array]:
    """Lists as the file gives them, else out of the text; and what is compared: text_key, url_keys, domains."""
    made = {}
    for name, function in (("urls", text.urls), ("hashtags", text.hashtags), ("mentions", text.mentions)):
        made[name] = cells.filled(_found(batch, name, texts, from_text=function))
    for name, mark in (("hashtags", "#"), ("mentions", "@")):
        made[name] = pa.ListArray.from_arrays(made[name].offsets, pc.utf8_ltrim(made[name].values, characters=mark))
    made["media"] = cells.filled(batch.lists("media")) if batch.has("media") else _no_lists(len(texts))
    made["text_key"] = keys(texts)
    made["url_keys"] = _each(made["urls"], urls.canonical)
    made["domains"] = _each(made["url_keys"], urls.domain)
    made["rule_version"] = pa.array([urls.RULE_VERSION], pa.string()).take(pa.array(np.zeros(len(texts), np.int8)))
    return made


def keys(texts: pa.Array) -> pa.Array:
    """Return text.key of every text: plain English letters at once in Arrow, by the same rules, the others one by one.

    What is plain has no ampersand and no control characters, so folding it once is enough.
    """
    coded = texts.dictionary_encode()
    distinct = coded.dictionary
    is_plain = pc.match_substring_regex(distinct, PLAIN)
    plain = pc.ascii_lower(distinct.filter(is_plain))
    for pattern, replacement in FOLDS:
        plain = pc.replace_substring_regex(plain, pattern, replacement)
    plain = pc.ascii_trim(plain, characters=" :")
    plain = pc.ascii_trim(pc.replace_substring_regex(plain, r"^(?:rt[\s:]+)+", ""), characters=" :")
    plain = pc.if_else(pc.greater_equal(pc.binary_length(plain), text.MIN_LENGTH), plain, None).cast(pa.string())
    others = pa.array([text.key(other) for other in distinct.filter(pc.invert(is_plain)).to_pylist()], pa.string())
    flags = is_plain.to_numpy(zero_copy_only=False)
    places = np.where(flags, np.cumsum(flags) - 1, len(plain) + np.cumsum(~flags) - 1)
    return pa.concat_arrays([plain, others]).take(pa.array(places, pa.int64())).take(coded.indices)


def _found(batch: Batch, name: str, texts: pa.Array, *, from_text: Callable[[str], list[str]]) -> pa.Array:
    """A list as the file gives it; as the text has it where the file never does, or may leave it out (`fallback`)."""
    if not batch.has(name):
        return cells.derived(texts, from_text, STRINGS)
    given = batch.lists(name)
    if name not in batch.layout.format.fallback or not given.null_count:
        return given
    silent = pc.if_else(given.is_null(), texts, None).cast(pa.string())
    return pc.coalesce(given, cells.derived(silent, from_text, STRINGS))


def _no_lists(n_rows: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(n_rows + 1, np.int32)), pa.array([], pa.string()))


def _each(column: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply `function` to the values of the lists; NULL results and repetitions inside a list go."""
    values = cells.derived(column.flatten(), function, pa.string())
    rows = pc.list_parent_indices(column).cast(pa.int64())
    order = pa.array(np.arange(len(values)))
    table = pa.table({"row": rows, "value": values, "order": order}).filter(values.is_valid())
    kept = table.group_by(["row", "value"], use_threads=False).aggregate([("order", "min")]).sort_by("order_min")
    lengths = np.bincount(kept["row"].to_numpy(), minlength=len(column))
    return pa.ListArray.from_arrays(cells.offsets(lengths), array(kept["value"]))
