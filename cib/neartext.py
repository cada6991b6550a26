"""Writes `match`: two posts of different accounts whose texts share rare word pairs, however much of the rest was changed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from cib.kernels import grams, tokens
from cib.runs import Run

MIN_SHARED = 3  # rare grams, new to both accounts, that make two texts similar
PART = 1 << 24  # uses of grams that are sorted at once
ROOM = 1 << 20  # matches that are found at once
SINGLE_BLOCKS = (  # scripts written without spaces; Hangul is written with them
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)),  # Thai and Lao, Burmese, Khmer
    *((0x3005, 0x3007), (0x3041, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF)),  # Kana
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),  # Han
)
LAST_SIGN = 0x20000  # no mark or picture has a higher code point, but for selectors that text_key has lost
PASSED_OVER = "'’ʼ\u0640"  # apostrophes and the Arabic letter stretcher: inside words, and easily strewn there
LIKENESS = pa.schema([("post_a_ix", pa.int64()), ("post_b_ix", pa.int64()), ("similarity", pa.float64())])


@dataclass(frozen=True)
class Acts:
    """Posts with a text, by rising time. All int64[n]: post, account, text (row in Texts), UTC seconds."""

    post: np.ndarray
    account: np.ndarray
    text: np.ndarray
    acted_at: np.ndarray


@dataclass(frozen=True)
class Texts:
    """Distinct texts as tokens. token: uint64; start: int64[n + 1]; single: bool[n], a text of single code points."""

    token: np.ndarray
    start: np.ndarray
    single: np.ndarray

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.token, self.start, self.single


@dataclass(frozen=True)
class Rare:
    """The grams of 2 to 100 accounts, rising, and by how many accounts each is used; mask: the bits of an account's number."""

    gram: np.ndarray
    n_accounts: np.ndarray
    mask: np.uint64


def match(run: Run) -> None:
    """Write `match` for the run's graphs that join similar texts; without such a graph nothing.

    A text is its set of grams: two words at most three places apart, or three and four neighbours where words are not spaced. Two
    posts match that lie within the widest window of these graphs and share three grams that are rare, used by 2 to 100 accounts,
    and that neither account has used before. A third of the words may differ: one such match is common, their repetition is not,
    and the null prices it. A phrase that 101 accounts use is not rare: what hides a campaign here may show in `co_text`.

    Cost: linear in the words, and at most 100 comparisons per gram of a post. Memory: about 8 bytes per word of each distinct
    text, 36 per post, 40 per rare gram and 4 per account that uses it; sorting takes 128 MB at a time. A text counts with its
    first 256 words.
    """
    near = [graph for graph in run.parameters.graphs if graph.join == "similar" and graph.embedding is None]
    if not near:
        return
    verb = near[0].deed
    window_s = max((w for graph in near for w in run.windows[graph.name] if w), default=-1)
    texts = tokenised(batch.column("object") for batch in run.stream("near_text", {"verb": verb}))
    acts = _acts(run, verb)
    run.put("likeness", pa.RecordBatchReader.from_batches(LIKENESS, similar(acts, texts, window_s=window_s)))
    run.write("match")
    run.note("similar_texts", posts=len(acts.post), texts=len(texts.single), matches=run.n_rows["match"])


def similar(acts: Acts, texts: Texts, *, window_s: int) -> Iterator[pa.RecordBatch]:
    """Yield the matches of posts at most `window_s` apart, as `match` defines them, by the later post; similarity is exact."""
    rare = _rare(acts, texts)
    scratch = np.empty(grams.MAX_GRAMS, np.uint64)
    size = 1 << (2 * grams.MAX_GRAMS).bit_length()
    for earlier, later in _matches(acts, texts, rare, window_s=window_s):
        key, mark = np.empty(size, np.uint64), np.full(size, -1, np.int64)
        similarity = np.empty(len(earlier))
        grams.jaccard(acts.text[earlier], acts.text[later], *texts.arrays, scratch, key, mark, similarity)
        a, b = acts.post[earlier], acts.post[later]
        columns = [np.minimum(a, b), np.maximum(a, b), similarity]
        yield pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=LIKENESS)


@cache
def kinds() -> np.ndarray:
    """Return uint8[0x110000]: what each code point is in a text. Marks without width are passed over: none can split a word."""
    every = "".join(map(chr, range(0x110000)))
    kind = np.full(0x110000, tokens.GAP, np.uint8)
    for letters in re.finditer(r"\w+", every):
        kind[letters.start() : letters.end()] = tokens.LETTER
    of_category = {"Mc": tokens.LETTER, "Mn": tokens.PASSED, "Me": tokens.PASSED, "Sk": tokens.PASSED, "So": tokens.PICTURE}
    for code, character in enumerate(every[:LAST_SIGN]):
        kind[code] = of_category.get(unicodedata.category(character), kind[code])
    for first, last in SINGLE_BLOCKS:
        block = kind[first : last + 1]
        block[(block == tokens.LETTER) | (block == tokens.PASSED)] = tokens.SINGLE
    kind[[ord(character) for character in PASSED_OVER]] = tokens.PASSED
    return kind


def tokenised(batches: Iterator[pa.Array]) -> Texts:
    """Return the tokens of arrays of texts, in their order."""
    found, lengths, single = [], [np.zeros(1, np.int64)], []
    for batch in batches:
        text = batch.cast(pa.large_string())
        _, offsets, data = text.buffers()
        where = np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
        room = int(where[-1] - where[0] + len(text)) // 2 + 1
        token, kind = np.empty(room, np.uint64), np.empty(room, np.uint8)
        start, is_single = np.empty(len(text) + 1, np.int64), np.empty(len(text), np.bool_)
        source = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
        tokens.tokenise(source, where, kinds(), token, kind, start, is_single)
        found.append(token[: start[-1]].copy())
        lengths.append(np.diff(start))
        single.append(is_single)
    token = np.concatenate(found) if found else np.empty(0, np.uint64)
    return Texts(token, np.cumsum(np.concatenate(lengths)), np.concatenate(single) if single else np.empty(0, np.bool_))


def _acts(run: Run, verb: str) -> Acts:
    rows = run.read("near_act", {"verb": verb})
    names = ("post_ix", "account_ix", "object_ix", "acted_at")
    post, account, text, acted_at = (rows[name].to_numpy().astype(np.int64) for name in names)
    first = text.min(initial=np.iinfo(np.int64).max)
    return Acts(post, account, text - first, acted_at)  # the objects of a verb are numbered in a row


def _rare(acts: Acts, texts: Texts) -> Rare:
    """Return the rare grams. Uses are sorted in parts, by the highest bits of the gram: what is held at once stays the same."""
    n_bits = max(int(acts.account.max(initial=0)).bit_length(), 1)
    mask = np.uint64((1 << n_bits) - 1)
    scratch = np.empty(grams.MAX_GRAMS, np.uint64)
    n_grams = grams.REACH * np.diff(texts.start)[acts.text].sum()
    part_bits = int(n_grams // PART).bit_length()
    n_uses = np.zeros(1 << part_bits, np.int64)
    grams.count_uses(acts.text, *texts.arrays, part_bits, scratch, n_uses)
    found, n_accounts = [], []
    for part, n in enumerate(n_uses.tolist()):
        use = np.empty(n, np.uint64)
        grams.uses(acts.text, acts.account, *texts.arrays, part, part_bits, mask, scratch, use)
        use.sort()
        gram, n_users = np.empty(n // 2, np.uint64), np.empty(n // 2, np.int64)
        n_rare = grams.rare(use, mask, gram, n_users)
        found.append(gram[:n_rare].copy())
        n_accounts.append(n_users[:n_rare].copy())
    return Rare(np.concatenate(found), np.concatenate(n_accounts), mask)


def _matches(acts: Acts, texts: Texts, rare: Rare, *, window_s: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the numbers of the earlier and the later act of every match, by rising later act."""
    prefix_bits = max(len(rare.gram).bit_length() - 1, 1)
    shift = np.uint64(64 - prefix_bits)
    n_in = np.bincount((rare.gram >> shift).astype(np.int64), minlength=1 << prefix_bits)
    directory = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_in)])
    head = np.concatenate([np.zeros(1, np.int64), np.cumsum(rare.n_accounts)])
    n_users, user = np.zeros(len(rare.gram), np.int64), np.empty(head[-1], np.int32)
    scratch, n_common = np.empty(grams.MAX_GRAMS, np.uint64), np.zeros(len(acts.post), np.int32)
    touched = np.empty(grams.MAX_GRAMS * grams.MAX_ACCOUNTS, np.int32)
    earlier, later = np.empty(ROOM, np.int32), np.empty(ROOM, np.int32)
    index = (rare.gram, directory, shift, rare.mask, head, n_users, user)
    act = 0
    while act < len(acts.post):
        act, n = grams.match(
            act, acts.text, acts.account, acts.acted_at, *texts.arrays, *index, window_s, MIN_SHARED,
            scratch, n_common, touched, earlier, later,
        )  # fmt: skip
        yield earlier[:n].copy(), later[:n].copy()
