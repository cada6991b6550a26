"""text.key of many texts: at once where every sign folds by itself, by `cib.text` where it does not. One answer either way."""

import re
import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa

from cib import text
from cib.kernels import fold

# Where signs that fold by themselves are looked for: scripts of Europe and India to Thai, punctuation, kana, pictures.
RANGES = ((0, 0x1100), (0x1E00, 0x3100), (0xFF00, 0xFF66), (0x1F000, 0x1FB00))
HAN = (0x4E00, 0x9FFF)  # fold to themselves
MARKS = ("Mn", "Mc", "Me")


def keys(texts: pa.Array) -> pa.Array:
    """Return text.key of every text, NULL where there is none. Cost: about 10 ns per letter; a text left over, 50 µs."""
    table, many, kind = _tables()
    texts = texts.cast(pa.string())
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    longest = int(np.diff(offsets).max(initial=0))
    out = np.empty(4 * int(offsets[-1] - offsets[0]) + 4, np.uint8)
    ends, told = np.empty(len(texts), np.int32), np.empty(len(texts), np.int8)
    signs = np.empty(4 * longest + 4, np.int32)
    fold.keys(data, offsets, table, many, kind, text.MIN_LENGTH, text.MIN_LENGTH_UNSPACED, signs, out, ends, told)
    starts = np.concatenate([[0], ends]).astype(np.int32)
    valid = pa.py_buffer(np.packbits(told == 1, bitorder="little"))
    made = pa.Array.from_buffers(pa.string(), len(texts), [valid, pa.py_buffer(starts), pa.py_buffer(out[: starts[-1]])])
    left = np.flatnonzero(told == fold.HARD)
    if not left.size:
        return made
    others = pa.array([text.key(found) for found in texts.take(pa.array(left)).to_pylist()], pa.string())
    places = np.arange(len(texts))
    places[left] = len(texts) + np.arange(left.size)
    return pa.concat_arrays([made, others]).take(pa.array(places))


@cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `fold`, `many` and `kind` as the kernel takes them."""
    table, kind = np.full(RANGES[-1][1], fold.HARD, np.int32), np.zeros(0x110000, np.uint8)
    many: list[int] = []
    codes = [code for begin, end in RANGES for code in range(begin, end)]
    for code in codes:
        kind[code] = _kind(chr(code))
        made = _alone(chr(code))
        if made is not None and len(made) == 1:
            table[code] = ord(made)
        elif made is not None:
            table[code] = fold.MANY - len(many) if made else fold.GONE
            many += [len(made), *map(ord, made)] if made else []
    table[HAN[0] : HAN[1] + 1] = np.arange(HAN[0], HAN[1] + 1)
    kind[HAN[0] : HAN[1] + 1] = _kind(chr(HAN[0]))
    return table, np.array([*many, 0], np.int32), kind


def _alone(sign: str) -> str | None:
    """What a sign folds to whatever stands around it; None where that is not sure."""
    once = unicodedata.normalize("NFKC", sign)
    made = unicodedata.normalize("NFKC", once.casefold())
    if any(unicodedata.category(c) in MARKS or unicodedata.combining(c) or c == "&" for c in sign + once + made):
        return None
    if unicodedata.normalize("NFKC", made.casefold()) != made or any(not _is_known(c) for c in made):
        return None
    return text.INVISIBLE.sub("", made)


def _is_known(sign: str) -> bool:
    """Whether the kind of a sign is looked up; ASCII apart, so that no table grows."""
    return any(begin <= ord(sign) < end for begin, end in (*RANGES, HAN))


def _kind(sign: str) -> int:
    found = [bool(re.match(r"\w", sign)), bool(re.match(r"\s", sign)), sign in '<>"“”«»']
    found += [bool(scripts.match(sign)) for scripts in (text.LATIN, text.LOOKALIKE, text.UNSPACED)]
    return sum(1 << place for place, bit in enumerate(found) if bit)
