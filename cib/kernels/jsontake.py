"""Values that `jsonscan` found to texts: copied, their escapes resolved, lists and objects without white space."""

import numpy as np

from cib.kernels import kernel

NOTHING, ESCAPED, NESTED = 0, 2, 4  # as in jsonscan
BITS = 30
_QUOTE, _BACKSLASH, _SLASH, _U = 34, 92, 47, 117


@kernel
def _code(buf, at):
    """Return the number that the four hexadecimal digits at `at` write."""
    n = np.int64(0)
    for k in range(at, at + 4):
        c = np.int64(buf[k])
        n = n * 16 + (c - 48 if c <= 57 else (c | 32) - 87)
    return n


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
def _unescaped(buf, at, out, to, resolve):
    """Write what the escape at `at` stands for; return where it ends, here and there.

    Without `resolve` an escape that JSON asks for stays: the value remains JSON.
    """
    c = buf[at + 1]
    if c == _U:
        code, size = _code(buf, at + 2), 6
        if 0xD800 <= code <= 0xDBFF:
            code, size = 0x10000 + ((code - 0xD800) << 10) + _code(buf, at + 8) - 0xDC00, 12
        return at + size, _spell(code, out, to)
    if not resolve and c != _SLASH:
        out[to], out[to + 1] = _BACKSLASH, c
        return at + 2, to + 2
    out[to] = 10 if c == 110 else 13 if c == 114 else 9 if c == 116 else 8 if c == 98 else 12 if c == 102 else c
    return at + 2, to + 1


@kernel
def _text(buf, at, end, out, to):
    while at < end:
        if buf[at] == _BACKSLASH:
            at, to = _unescaped(buf, at, out, to, True)
        else:
            out[to] = buf[at]
            at, to = at + 1, to + 1
    return to


@kernel
def _nested(buf, at, end, out, to):
    inside = False
    while at < end:
        c = buf[at]
        if c == _BACKSLASH:
            at, to = _unescaped(buf, at, out, to, False)
            continue
        if c == _QUOTE:
            inside = not inside
        if inside or c > 32:
            out[to] = c
            to += 1
        at += 1
    return to


@kernel
def take(buf, value, out, offsets, valid):
    """Write the texts of one leaf one after the other.

    buf      uint8[n_bytes]     what was scanned
    value    int64[n_rows]      where they lie, as `jsonscan.scan` wrote it
    out      uint8[>= sum of their lengths]  overwritten
    offsets  int32[n_rows + 1]  overwritten: where each text begins; empty where there is none
    valid    uint8[(n_rows + 7) // 8]  zeros; overwritten: a bit per row, the lowest first: whether there is one
    """
    to = 0
    for row in range(value.size):
        offsets[row] = to
        packed = value[row]
        how = packed & 7
        if how == NOTHING:
            continue
        valid[row >> 3] |= 1 << (row & 7)
        begin = packed >> (BITS + 3)
        end = begin + (packed >> 3 & ((1 << BITS) - 1))
        if how == NESTED:
            to = _nested(buf, begin, end, out, to)
        elif how == ESCAPED:
            to = _text(buf, begin, end, out, to)
        else:
            for at in range(begin, end):
                out[to] = buf[at]
                to += 1
    offsets[value.size] = to
