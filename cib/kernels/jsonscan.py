"""JSON lines to places: where in the text the value of every wanted path lies. One pass, nothing is copied, no object is built.

A line is read only where it says what it should in the way in which nearly all lines do. Any other, though it be valid, is left
to a reader that knows all of JSON: wrong kinds where an object or a list is wanted, a key twice in one object or with escapes,
numbers with a point, too many levels, and whatever is no JSON.
"""

import numpy as np

from cib.kernels import kernel

LEAF, OBJECT, OBJECTS, SCALARS, PASSED, WRITTEN = 0, 1, 2, 3, 4, 5  # what an edge leads to
NOTHING, PLAIN, ESCAPED, BARE, NESTED = 0, 1, 2, 3, 4  # how a value is written
BAD, FULL, NEW, NO_EDGE = -1, -2, -3, -4  # why a line ends early; a key that nobody wants
START, SIZE, ORIGIN, KIND, TARGET, FOLLOWER, SEEN = range(7)  # columns of `edges`
IS_OPEN, LEADER = range(2)  # of `objects`
ELEMENT, SCALAR, ABOVE, NEXT_ROW = range(4)  # columns of `spaces`
NODE, ROW, NUMBER, GUESS, LAST, IS_LIST, LEAF_HERE, BEGIN = range(8)  # columns of `frames`
OBJECT_MET, KEY_BEGIN, KEY_END, N_MET = range(4)  # of `note`
ANY, BITS = -1, 30  # a node of which nothing is wanted by itself; of a place in the text, and of a length

_START, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_QUOTE, _BACKSLASH, _COMMA, _COLON, _OPEN, _CLOSE, _OPEN_LIST, _CLOSE_LIST = b'"\\,:{}[]'
_TRUE, _FALS, _NULL = 0x74727565, 0x66616C73, 0x6E756C6C
_DIGIT = np.array([int(chr(c), 16) if chr(c) in "0123456789abcdefABCDEF" else -(1 << 20) for c in range(256)])


@kernel
def _space(buf, at, end):
    while at < end and (buf[at] == 32 or buf[at] == 10 or buf[at] == 13 or buf[at] == 9):
        at += 1
    return at


@kernel
def _hex(buf, at, end):
    """Return the number that four hexadecimal digits write, or less than 0."""
    if at + 4 > end:
        return np.int64(BAD)
    return _DIGIT[buf[at]] << 12 | _DIGIT[buf[at + 1]] << 8 | _DIGIT[buf[at + 2]] << 4 | _DIGIT[buf[at + 3]]


@kernel
def _escape(buf, at, end):
    """Return where the escape at `at` ends, or BAD: none, half a surrogate pair, or a sign that would be escaped again."""
    if at + 1 >= end:
        return BAD
    c = buf[at + 1]
    if c != 117:
        return at + 2 if c == 34 or c == 92 or c == 47 or c == 98 or c == 102 or c == 110 or c == 114 or c == 116 else BAD
    code = _hex(buf, at + 2, end)
    if code < 32 or code == 34 or code == 92 or code == 127 or 0xDC00 <= code <= 0xDFFF:
        return BAD
    if code < 0xD800 or code > 0xDFFF:
        return at + 6
    low = _hex(buf, at + 8, end) if at + 8 < end and buf[at + 6] == 92 and buf[at + 7] == 117 else np.int64(BAD)
    return at + 12 if 0xDC00 <= low <= 0xDFFF else BAD


@kernel
def _string(buf, at, end):
    """Return where the string that begins after the quote at `at` has its closing quote, or BAD, and whether it has escapes."""
    at += 1
    escaped = False
    while at < end:
        c = buf[at]
        if c == _QUOTE:
            return at, escaped
        if c == _BACKSLASH:
            escaped = True
            at = _escape(buf, at, end)
            if at == BAD:
                break
        elif c < 32:
            break
        else:
            at += 1
    return BAD, escaped


@kernel
def _bare(buf, at, end):
    """Return where true, false, null or a whole number of at most 18 digits ends, or BAD."""
    if buf[at] > 57:
        if at + 4 >= end:
            return BAD
        four = np.int64(buf[at]) << 24 | np.int64(buf[at + 1]) << 16 | np.int64(buf[at + 2]) << 8 | np.int64(buf[at + 3])
        return at + 4 if four in (_TRUE, _NULL) else at + 5 if four == _FALS and buf[at + 4] == 101 else BAD
    first = at + 1 if buf[at] == 45 else at
    to = first
    while to < end and 48 <= buf[to] <= 57:
        to += 1
    is_odd = to == first or to > first + 18 or (buf[first] == 48 and (to > first + 1 or first > at))
    return BAD if is_odd or (to < end and (buf[to] == 46 or (buf[to] | 32) == 101)) else to


@kernel
def _single(buf, at, end):
    """Return where the value at `at` ends, no list and no object, or BAD; and how it is written."""
    c = buf[at]
    if c == _QUOTE:
        close, escaped = _string(buf, at, end)
        return (BAD, NOTHING) if close == BAD else (close + 1, ESCAPED if escaped else PLAIN)
    return _bare(buf, at, end), NOTHING if c == 110 else BARE


@kernel
def _after(buf, at, end, sign):
    """Return where what stands after a colon or a comma begins, or BAD."""
    at = _space(buf, at, end)
    at = _space(buf, at + 1, end) if at < end and buf[at] == sign else end
    return at if at < end else BAD


@kernel
def _is_key(edges, keys, edge, buf, at, end):
    """Whether the key of `edge` stands behind the quote at `at`, and its closing quote behind it."""
    size, first = edges[edge, SIZE], edges[edge, START]
    if at + 1 + size >= end or buf[at + 1 + size] != _QUOTE:
        return False
    k = 0
    while k < size and keys[first + k] == buf[at + 1 + k]:
        k += 1
    return k == size


@kernel
def hashed(keys, start, size, origin):
    """Return the place in the hash table, before it is cut to size, of a key under the object `origin`."""
    h = _START ^ np.uint64(origin)
    for k in range(start, start + size):
        h = (h ^ np.uint64(keys[k])) * _PRIME
    return h ^ (h >> np.uint64(29))


@kernel
def _edge(edges, keys, slots, origin, buf, at, end):
    """Return the edge of the key at `at`, NO_EDGE, or BAD; and where its closing quote is."""
    close, escaped = _string(buf, at, end)
    if close == BAD or escaped:
        return BAD, close
    mask = np.uint64(slots.size - 1)
    h = hashed(buf, at + 1, close - at - 1, origin) & mask
    while slots[h]:
        edge = slots[h] - 1
        if edges[edge, ORIGIN] == origin and _is_key(edges, keys, edge, buf, at, end):
            return edge, close
        h = (h + np.uint64(1)) & mask
    return NO_EDGE, close


@kernel
def _key(keys, slots, edges, objects, frames, depth, note, buf, at, end):
    """Return where the value of the key at `at` begins, BAD or NEW; and its edge. The guess is the key of last time."""
    node, guess, last = frames[depth, NODE], frames[depth, GUESS], frames[depth, LAST]
    if buf[at] != _QUOTE:
        return BAD, NO_EDGE
    if node == ANY:
        close, _ = _string(buf, at, end)
        return (BAD if close == BAD else _after(buf, close + 1, end, _COLON)), NO_EDGE
    if guess >= 0 and _is_key(edges, keys, guess, buf, at, end):
        edge, close = guess, at + 1 + edges[guess, SIZE]
    else:
        edge, close = _edge(edges, keys, slots, node, buf, at, end)
        if edge == BAD:
            return BAD, edge
        if edge == NO_EDGE and objects[node, IS_OPEN]:
            note[OBJECT_MET], note[KEY_BEGIN], note[KEY_END] = node, at + 1, close
            return NEW, edge
        if edge >= 0 and last >= 0:
            edges[last, FOLLOWER] = edge
        elif edge >= 0:
            objects[node, LEADER] = edge
    if edge >= 0:
        if edges[edge, SEEN] == frames[depth, NUMBER]:  # twice in one object
            return BAD, edge
        edges[edge, SEEN] = frames[depth, NUMBER]
        frames[depth, GUESS], frames[depth, LAST] = edges[edge, FOLLOWER], edge
    return _after(buf, close + 1, end, _COLON), edge


@kernel
def _element(spaces, frames, depth, n_elements, n_rows):
    """Return the row of the next element of a list, or FULL; and what it should be."""
    space, row = frames[depth, NODE], frames[depth, ROW]
    if space == ANY:
        return row, PASSED, 0
    if spaces[space, NEXT_ROW] >= n_rows:
        return FULL, PASSED, 0
    n_elements[space, row] += 1
    row = spaces[space, NEXT_ROW]
    spaces[space, NEXT_ROW] = row + 1
    if spaces[space, ELEMENT] >= 0:
        return row, OBJECT, spaces[space, ELEMENT]
    return row, LEAF, spaces[space, SCALAR]


@kernel
def _enter(objects, frames, depth, note, n_elements, kind, target, row, at, is_list):
    """Begin a list or an object; return whether it is one where one is wanted."""
    frames[depth, IS_LIST], frames[depth, ROW], frames[depth, LEAF_HERE], frames[depth, BEGIN] = is_list, row, -1, at
    if kind in (LEAF, WRITTEN, PASSED):
        frames[depth, NODE], frames[depth, LEAF_HERE] = ANY, -1 if kind == PASSED else target
        return True
    if is_list != (kind != OBJECT):
        return False
    frames[depth, NODE] = target
    if is_list:
        n_elements[target, row] = 0
    else:
        note[N_MET] += 1
        frames[depth, NUMBER], frames[depth, GUESS], frames[depth, LAST] = note[N_MET], objects[target, LEADER], -1
    return True


@kernel
def _keep(value, leaf, row, at, stop, how):
    quote = 1 if how in (PLAIN, ESCAPED) else 0  # a string's quotes stay outside
    value[leaf, row] = ((at + quote) << BITS | (stop - at - 2 * quote)) << 3 | how


@kernel
def _line(keys, slots, edges, objects, spaces, frames, note, value, n_elements, row, buf, at, end):
    """Scan one line into a row, and its lists into the rows that come next; return 0, or BAD, FULL, NEW."""
    at = _space(buf, at, end)
    if at == end or buf[at] != _OPEN:
        return BAD
    _enter(objects, frames, 0, note, n_elements, OBJECT, 0, row, at, False)
    depth, at, fresh = 0, at + 1, True
    while depth >= 0:
        at = _space(buf, at, end)
        if at >= end:
            return BAD
        row, is_list = frames[depth, ROW], frames[depth, IS_LIST] != 0
        if buf[at] == (_CLOSE_LIST if is_list else _CLOSE):
            at, fresh = at + 1, False
            if frames[depth, LEAF_HERE] >= 0:
                _keep(value, frames[depth, LEAF_HERE], row, frames[depth, BEGIN], at, NESTED)
            depth -= 1
            continue
        if not fresh:
            at = _after(buf, at, end, _COMMA)
            if at == BAD:
                return BAD
        if is_list:
            row, kind, target = _element(spaces, frames, depth, n_elements, value.shape[1])
            if row == FULL:
                return FULL
        else:
            at, edge = _key(keys, slots, edges, objects, frames, depth, note, buf, at, end)
            if at < 0:
                return at
            kind, target = (PASSED, 0) if edge == NO_EDGE else (edges[edge, KIND], edges[edge, TARGET])
        fresh = buf[at] == _OPEN or buf[at] == _OPEN_LIST
        if fresh:
            depth += 1
            is_inner = depth < frames.shape[0]
            if not is_inner or not _enter(objects, frames, depth, note, n_elements, kind, target, row, at, buf[at] == _OPEN_LIST):
                return BAD
            at += 1
            continue
        begin = at
        at, how = _single(buf, at, end)
        if at == BAD or (how != NOTHING and kind in (OBJECT, OBJECTS, SCALARS)):
            return BAD
        if how != NOTHING and kind != PASSED:
            _keep(value, target, row, begin, at, NESTED if kind == WRITTEN and how <= ESCAPED else how)
    return 0 if _space(buf, at, end) == end else BAD


@kernel
def scan(keys, slots, edges, objects, spaces, frames, note, value, n_elements, kept, buf, offsets, line, taken):
    """Scan lines from number `line` on; return the first that was not scanned, and 0, or FULL or NEW: why it was not.

    An edge leads from an object (0: the record) to what has one of its keys. Space 0: rows of records; others: of lists.

    keys        uint8[n_bytes]       the keys of all edges;  slots int64[2**k]  hash table: edge + 1, or 0
    edges       int64[n_edges, 7]    START and SIZE of the key; ORIGIN, the object it leaves; KIND and TARGET, number of the leaf,
                                     the object or the space; FOLLOWER, guess which edge comes next, or -1; SEEN, 0: scratch
    objects     int64[n_objects, 2]  IS_OPEN: whether keys without an edge are to be told; LEADER, guess of the first edge, or -1
    spaces      int64[n_spaces, 4]   ELEMENT, the object that elements are, or -1; SCALAR, the leaf that they are, or -1;
                                     ABOVE, the space in which the list stands; NEXT_ROW, rows used up
    frames      int64[n_levels, 8]   scratch
    note        int64[4]             of the key that a NEW line is about: object, begin, end; number of objects so far
    value       int64[n_leaves, n_rows]   where a value lies: (begin << BITS | length) << 3 | how it is written; 0 where none is
    n_elements  int32[n_spaces, n_rows]   by row of the space above: length of the list; -1 where there is none
    kept        bool[n_rows]         overwritten: whether the row of a record is one; the others are to be left out
    buf         uint8[n_bytes]       UTF-8, valid, under a gigabyte;  offsets int32[n_lines + 1]  where each line begins
    taken       bool[n_lines]        overwritten: whether a line was read; the others are no JSON or need another reader
    """
    while line < taken.size and spaces[0, NEXT_ROW] < value.shape[1]:
        row = spaces[0, NEXT_ROW]
        spaces[0, NEXT_ROW] = row + 1
        begin, end = np.int64(offsets[line]), np.int64(offsets[line + 1])
        told = _line(keys, slots, edges, objects, spaces, frames, note, value, n_elements, row, buf, begin, end)
        kept[row] = taken[line] = told == 0
        if told == NEW or (told == FULL and row > 0):
            return line, told
        line += 1
    return line, FULL if line < taken.size else 0
