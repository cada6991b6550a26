"""Texts folded for comparison, as `cib.text.key` folds them, where every sign of a text folds by itself.

Signs that do not (marks that join the letter before, ampersands, rare scripts) leave their text to `cib.text`.
"""

import numpy as np

from cib.kernels import kernel

HARD, GONE, MANY = -1, -2, -3  # in `fold`: a text with this sign is left; the sign goes; MANY - k: several, from place k on
WORD, SPACE, STOP, LATIN, ALIKE, UNSPACED = 1, 2, 4, 8, 16, 32  # bits of `kind`

_AT, _DOT, _COLON, _SLASH, _DASH, _W = 64, 46, 58, 47, 45, 119


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
def _folded(data, at, end, fold, many, signs):
    """Write the folded signs of one text; return how many, or HARD."""
    n = 0
    while at < end:
        code, at = _code_point(data, at)
        to = fold[code] if code < fold.size else HARD
        if to >= 0:
            signs[n] = to
            n += 1
        elif to == HARD:
            return HARD
        elif to <= MANY:
            place = MANY - to
            for k in range(place + 1, place + 1 + many[place]):
                signs[n] = many[k]
                n += 1
    return n


@kernel
def _mixes(signs, n, kind):
    """Whether a word has letters of Latin and of a script that looks alike."""
    seen = 0
    for k in range(n):
        bits = kind[signs[k]]
        seen = seen | bits if bits & WORD else 0
        if seen & LATIN and seen & ALIKE:
            return True
    return False


@kernel
def _address(signs, at, n, kind):
    """Return where the address that begins at `at` ends; `at` where none begins."""
    to = at
    if n - at > 7 and signs[at] == 104 and signs[at + 1] == 116 and signs[at + 2] == 116 and signs[at + 3] == 112:
        to = at + 5 if signs[at + 4] == 115 else at + 4
        is_one = to + 3 < n and signs[to] == _COLON and signs[to + 1] == _SLASH and signs[to + 2] == _SLASH
        to = to + 3 if is_one else at
    if to == at and n - at > 4 and signs[at] == _W and signs[at + 1] == _W and signs[at + 2] == _W and signs[at + 3] == _DOT:
        to = at if at and kind[signs[at - 1]] & WORD else at + 4
    first = to
    while to > at and to < n and not kind[signs[to]] & (SPACE | STOP):
        to += 1
    return to if to > first else at


@kernel
def _handle(signs, at, n, kind, dash):
    """Return where the name that begins at `at` ends: letters, dots (and dashes) between them; `at` where none begins."""
    last, to = at, at
    while to < n and (kind[signs[to]] & WORD or (to > at and (signs[to] == _DOT or (dash and signs[to] == _DASH)))):
        to += 1
        if kind[signs[to - 1]] & WORD:
            last = to
    return last


@kernel
def _without(signs, n, kind):
    """Put a blank in the place of every address, then of every mention; return how many signs are left, or HARD."""
    left, at = 0, 0
    while at < n:
        to = _address(signs, at, n, kind)
        signs[left] = 32 if to > at else signs[at]
        left, at = left + 1, to if to > at else at + 1
    n, left, at, before = left, 0, 0, 32
    while at < n:
        sign, to = signs[at], at
        if sign == _AT and not (kind[before] & WORD or before in (_AT, _SLASH, _DOT)):
            to = _handle(signs, at + 1, n, kind, False)
            to = at if to == at + 1 else to
            if to > at and to + 1 < n and signs[to] == _AT:
                server = _handle(signs, to + 1, n, kind, True)
                if server <= to + 2:
                    return HARD  # what is left is a mention now, or not: a reader decides
                to = server
        before = signs[to - 1] if to > at else sign
        signs[left] = 32 if to > at else sign
        left, at = left + 1, to if to > at else at + 1
    return left


@kernel
def _stripped(signs, first, n):
    """Return where the text begins and ends without blanks and colons around it."""
    while first < n and (signs[first] == 32 or signs[first] == _COLON):
        first += 1
    while n > first and (signs[n - 1] == 32 or signs[n - 1] == _COLON):
        n -= 1
    return first, n


@kernel
def _trimmed(signs, n, kind):
    """Make white space single blanks, take a leading RT away; return where the text begins and ends."""
    left = 0
    for at in range(n):
        if not kind[signs[at]] & SPACE:
            signs[left] = signs[at]
            left += 1
        elif left and signs[left - 1] != 32:
            signs[left] = 32
            left += 1
    first, n = _stripped(signs, 0, left)
    while n - first > 2 and signs[first] == 114 and signs[first + 1] == 116:
        to = first + 2
        while to < n and (signs[to] == 32 or signs[to] == _COLON):
            to += 1
        if to == first + 2:
            break
        first = to
    return _stripped(signs, first, n)


@kernel
def _spell(code, out, at):
    """Write a code point as UTF-8; return where it ends."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at], out[at + 1] = 0xC0 | code >> 6, 0x80 | (code & 0x3F)
        return at + 2
    if code < 0x10000:
        out[at], out[at + 1], out[at + 2] = 0xE0 | code >> 12, 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)
        return at + 3
    out[at], out[at + 1] = 0xF0 | code >> 18, 0x80 | (code >> 12 & 0x3F)
    out[at + 2], out[at + 3] = 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)
    return at + 4


@kernel
def keys(data, offsets, fold, many, kind, long, long_unspaced, signs, out, ends, told):
    """Write the key of every text, one after the other.

    data     uint8[n_bytes]       UTF-8, valid
    offsets  int32[n_texts + 1]   where each text begins in it
    fold     int32[n_signs]       what a code point folds to, or HARD, GONE, MANY - place in `many`; higher code points are HARD
    many     int32[]              at a place: how many code points, then these
    kind     uint8[0x110000]      WORD, SPACE, STOP (ends an address), LATIN, ALIKE, UNSPACED, of code points that texts fold to
    long     code points that a key has at least; long_unspaced where more than half are of scripts without spaces
    signs    int32[>= 4 * longest text + 4]  scratch
    out      uint8[>= 4 * n_bytes + 4]       overwritten
    ends     int32[n_texts]       overwritten: where its key ends in `out`
    told     int8[n_texts]        overwritten: 1 a key, 0 too short for one, HARD: left to another reader
    """
    to = 0
    for text in range(told.size):
        n = _folded(data, np.int64(offsets[text]), np.int64(offsets[text + 1]), fold, many, signs)
        told[text] = HARD if n == HARD or _mixes(signs, n, kind) else 0
        n = _without(signs, n, kind) if told[text] == 0 else HARD
        if n == HARD:
            told[text] = HARD
        else:
            first, n = _trimmed(signs, n, kind)
            unspaced = 0
            for k in range(first, n):
                unspaced += (kind[signs[k]] & UNSPACED) > 0
            if n - first >= long or (n - first >= long_unspaced and 2 * unspaced > n - first):
                told[text] = 1
                for k in range(first, n):
                    to = _spell(np.int64(signs[k]), out, to)
        ends[text] = to
