"""Handles and names that can be taken for each other: skeletons within a letter or two, many against one at a time."""

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from cib.matching.confusables import capitals, plain, skeleton

MIN_LETTERS, MIN_HELD = 5, 8  # of a name that is compared; of one that is looked for inside others
N_BAGS = 32  # kinds of letters
LONG = 10  # letters from which two may differ
_BREAKS = re.compile(r"[\W_]+")


def letters(name: str) -> str:
    """Return the skeleton of a handle or name without blanks, points, dashes and underscores.

    >>> letters("Anna_Еxample.1"), letters("anna example l")
    ('annaexamplel', 'annaexamplel')
    """
    return skeleton(_BREAKS.sub("", plain(capitals(name))))


class Names:
    """Many names, each to be compared with one at a time. Memory: 120 bytes and the name, for each."""

    def __init__(self, names: Sequence[str]):
        self._seen = [letters(name) for name in names]
        self._length = np.array([len(one) for one in self._seen], np.int32)
        self._mask = np.array([_mask(one) for one in self._seen], np.uint64)
        self._bag = np.array([_bag(one) for one in self._seen], np.int8).reshape(len(self._seen), N_BAGS)

    def near(self, name: str) -> Iterator[tuple[int, int]]:
        """Give the places of the names at most one letter away from `name` (two where it has LONG or more), and the distance.

        A letter exchanged, added, left out, or two neighbours swapped count one. Names under MIN_LETTERS letters: nothing.
        """
        one = letters(name)
        if len(one) < MIN_LETTERS:
            return
        most = 2 if len(one) >= LONG else 1
        differ = np.bitwise_count(self._mask ^ np.uint64(_mask(one)))  # an edit changes at most two of the letters that occur
        fits = (np.abs(self._length - len(one)) <= most) & (differ <= 2 * most)
        places = np.flatnonzero(fits)
        differ = np.abs(self._bag[places] - np.array(_bag(one), np.int8)).sum(axis=1)  # nor more than two of how often they do
        for place in places[differ <= 2 * most].tolist():
            distance = edits(self._seen[place], one, most)
            if distance <= most:
                yield place, distance

    def holding(self, name: str) -> Iterator[int]:
        """Give the places of the longer names that hold `name`, of MIN_HELD letters or more, whole."""
        one = letters(name)
        if len(one) >= MIN_HELD:
            mask = np.uint64(_mask(one))
            fits = (self._length > len(one)) & (self._mask & mask == mask)
            yield from (place for place in np.flatnonzero(fits).tolist() if one in self._seen[place])


def _mask(word: str) -> int:
    """Return which letters occur in `word`, one bit each of 64."""
    mask = 0
    for letter in set(word):
        mask |= 1 << (zlib.crc32(letter.encode("utf-8", "replace")) & 63)
    return mask


def _bag(word: str) -> list[int]:
    """Return how often the letters of each of N_BAGS kinds occur in `word`, at most 60 times."""
    bag = [0] * N_BAGS
    for letter in word[:60]:
        bag[zlib.crc32(letter.encode("utf-8", "replace")) % N_BAGS] += 1
    return bag


def edits(one: str, other: str, most: int) -> int:
    """Return how many letters must be exchanged, added, left out or swapped with a neighbour; most + 1 where it is more.

    >>> edits("anna", "anan", 2), edits("anna", "ann", 2), edits("anna", "berta", 2)
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, last[j - 2] + 1)
            row.append(least)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)
