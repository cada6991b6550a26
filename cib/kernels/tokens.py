"""Tokens of texts, as numbers: words, or single code points of scripts that are written without spaces.

A token is a 64-bit hash of our own (FNV-1a over code points): the same on every machine, in every process.
"""

import numpy as np

from cib.kernels import kernel

GAP, LETTER, SINGLE, PICTURE, PASSED = 0, 1, 2, 3, 4  # kinds of code points: see `neartext.kinds`
MAX_TOKENS = 256  # a longer text is compared by its beginning

_START, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


@kernel
def _code_point(data, at):
    """Return the code point at byte `at` of valid UTF-8, and where the next one begins."""
    lead = np.int64(data[at])
    if lead < 0x80:
        return lead, at + 1
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (data[at + 1] & 0x3F), at + 2
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | np.int64(data[at + 1] & 0x3F) << 6 | (data[at + 2] & 0x3F), at + 3
    high = (lead & 0x07) << 18 | np.int64(data[at + 1] & 0x3F) << 12
    return high | np.int64(data[at + 2] & 0x3F) << 6 | (data[at + 3] & 0x3F), at + 4


@kernel
def _tokens_of(data, begin, end, kind_of, token, kind, base):
    """Write the tokens of one text and their kinds from place `base` on; return the place after the last."""
    at, n, h, is_open = begin, base, _START, False
    limit = base + MAX_TOKENS
    while at < end and n < limit:
        code, at = _code_point(data, at)
        what = kind_of[code]
        if what == PASSED:
            continue
        if what == LETTER:
            h, is_open = (h ^ np.uint64(code)) * _PRIME, True
            continue
        if is_open:
            token[n], kind[n] = h, LETTER
            n, h, is_open = n + 1, _START, False
        if what != GAP and n < limit:
            token[n], kind[n] = (_START ^ np.uint64(code)) * _PRIME, what
            n += 1
    if is_open and n < limit:
        token[n], kind[n] = h, LETTER
        n += 1
    return n


@kernel
def tokenise(data, offsets, kind_of, token, kind, start, single):
    """Write the tokens of every text, one text after the other, and whether it is a text of single code points.

    It is one where most of its tokens are code points of scripts without spaces, or pictures. Elsewhere pictures are passed
    over: words stay neighbours whatever is strewn between them.

    data     uint8[n_bytes]    UTF-8, valid
    offsets  int[n_texts + 1]  where each text begins in it
    kind_of  uint8[0x110000]   GAP, LETTER, SINGLE, PICTURE or PASSED per code point
    token    uint64[n_tokens]  overwritten; (n_bytes + n_texts) / 2 places always suffice;  kind  uint8, as long, scratch
    start    int64[n_texts + 1]  overwritten: where each text begins in token
    single   bool[n_texts]     overwritten
    """
    n = 0
    start[0] = 0
    for text in range(single.size):
        first = n
        n = _tokens_of(data, offsets[text], offsets[text + 1], kind_of, token, kind, first)
        n_words = 0
        for k in range(first, n):
            n_words += kind[k] == LETTER
        single[text] = 2 * n_words < n - first
        if not single[text]:
            end, n = n, first
            for k in range(first, end):
                if kind[k] != PICTURE:
                    token[n] = token[k]
                    n += 1
        start[text + 1] = n
