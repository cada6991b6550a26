"""Who reads whom: an approximate follower graph, from which retweets and replies are drawn."""

import numpy as np

from cib.simulator.people import People
from cib.simulator.stream import Stream

MEAN_FOLLOWS = 24
SAME_COMMUNITY = 0.8


class Follows:
    """Followers of every account in one array, behind one another (CSR), each with a weight for being drawn."""

    def __init__(self, stream: Stream, people: People):
        rng, n = stream.rng, len(people)
        degree = np.clip(rng.lognormal(np.log(MEAN_FOLLOWS) - 0.32, 0.8, n), 2, 300).astype(np.int64)
        follower = np.repeat(np.arange(n), degree)
        followee = _choose(rng, people, people.community[follower])
        edges = np.unique(followee * n + follower)
        followee, self.follower = edges // n, edges % n
        keep = followee != self.follower
        followee, self.follower = followee[keep], self.follower[keep]
        self.start = np.searchsorted(followee, np.arange(n + 1))
        self.weight = people.rate[self.follower] * people.retweets[self.follower]
        self._cumulated = np.concatenate([[0.0], np.cumsum(self.weight)])
        self._cumulated_flat = np.concatenate([[0.0], np.cumsum(self.weight**0.5)])

    @property
    def n_followers(self) -> np.ndarray:
        """Number of followers of every account, int64[n]."""
        return np.diff(self.start)

    @property
    def audience(self) -> np.ndarray:
        """Summed weight of the followers of every account, float64[n]."""
        return np.diff(self._cumulated[self.start])

    def draw(self, rng: np.random.Generator, followee: np.ndarray, *, flat: bool = False) -> np.ndarray:
        """Return one follower for every row of `followee`; an account that nobody follows gets itself.

        flat  draw by the root of the weight: answering is spread more evenly than retweeting
        """
        cumulated = self._cumulated_flat if flat else self._cumulated
        first, last = self.start[followee], self.start[followee + 1]
        place = cumulated[first] + rng.random(followee.size) * (cumulated[last] - cumulated[first])
        edge = np.clip(np.searchsorted(cumulated, place, side="right") - 1, first, np.maximum(last - 1, first))
        return np.where(last > first, self.follower[np.minimum(edge, self.follower.size - 1)], followee)


def _choose(rng: np.random.Generator, people: People, community: np.ndarray) -> np.ndarray:
    """Return one account to follow per row: by popularity, mostly in the follower's own community."""
    everyone = np.cumsum(people.popularity)
    out = np.searchsorted(everyone, rng.random(community.size) * everyone[-1])
    at_home = rng.random(community.size) < SAME_COMMUNITY
    for number in np.unique(community):
        members = np.flatnonzero(people.community == number)
        mine = np.flatnonzero(at_home & (community == number))
        home = np.cumsum(people.popularity[members])
        out[mine] = members[np.searchsorted(home, rng.random(mine.size) * home[-1])]
    return np.minimum(out, len(people) - 1)
