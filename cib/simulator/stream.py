"""Where chance and keys come from: one independent stream per part of the world, so that no part changes another."""

import zlib

import numpy as np

PARTS = (
    "words",
    "people",
    "follows",
    "news",
    "posts",
    "cascades",
    "talk",
    "event",
    "hostile",
    "wire_service",
    "fandom",
    "petition",
    "posting_app",
    "rss_bots",
    "retweet_bots",
    "troll_farm",
    "link_launderers",
    "hashtag_flood",
    "copy_ring",
    "harassers",
    "breaking_news",
    "volunteers",
    "press_office",
    "newcomers",
    "diaspora",
)
ACCOUNT_SALT, POST_SALT, LIKE_SALT = 1, 2, 3


class Stream:
    """A part's own random generator and its own range of keys; depends on the seed and the part's name only."""

    def __init__(self, seed: int, part: str):
        self.part = part
        # A study may plant campaigns under names of its own; 30 bits leave room for 2**32 keys below 2**63.
        self.number = PARTS.index(part) if part in PARTS else 1_000 + (zlib.crc32(part.encode()) >> 2)
        self.rng = np.random.Generator(np.random.PCG64([seed, self.number]))
        self._n_keys = 0

    def keys(self, n: int) -> np.ndarray:
        """Return the next `n` keys, int64: unique over all parts, the same whichever other parts exist."""
        first = (self.number << 32) + self._n_keys
        self._n_keys += n
        return np.arange(first, first + n, dtype=np.int64)


def scramble(keys: np.ndarray, seed: int, salt: int) -> np.ndarray:
    """Return uint64[n]: a permutation of the 64-bit numbers applied to `keys`, another one per seed and salt.

    Public ids are made this way: unique because a permutation cannot collide, and without a trace of the part or
    the order in which keys were given out.

    Source: Steele, Lea & Flood 2014, the finaliser of SplitMix64.

    >>> len(set(scramble(np.arange(1000), 1, ACCOUNT_SALT).tolist()))
    1000
    """
    start = np.random.SeedSequence([seed, salt]).generate_state(1, np.uint64)[0]
    z = keys.astype(np.uint64) ^ start
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
