"""Who reads whom: an approximate follower graph, from which retweets and replies are drawn."""

import numpy as np

from cib.simulator.draws import weighted
from cib.simulator.people import People
from cib.simulator.stream import Stream

MEDIAN_FOLLOWS, MOST_FOLLOWS = 17, 3_000
SAME_COMMUNITY = 0.8
FAVOUR = 1.0


class Follows:
    """Followers of every account in one array, behind one another (CSR), each with a weight for being drawn.

    The weight of a follower is its retweets per account that it reads, times a log-normal liking
    (sigma FAVOUR): everybody has favourites. Fans of one prolific author are the hardest innocent pairs of this world: at
    20,000 accounts a null that knows activity and communities, but not favourites, calls some of them coordinated.
    """

    def __init__(self, stream: Stream, people: People):
        rng, n = stream.rng, len(people)
        # Who passes on much reads many: with a few dozen sources the busiest would have to repeat every post of theirs.
        busy = people.rate * people.retweets
        degree = rng.lognormal(np.log(MEDIAN_FOLLOWS), 0.8, n) * (1 + 3 * busy) ** 0.8
        degree = np.clip(degree, 2, min(MOST_FOLLOWS, n // 3)).astype(np.int64)
        follower = np.repeat(np.arange(n), degree)
        followee = choose(rng, people, people.community[follower])
        edges = followee * n + follower
        edges.sort()  # numpy.unique hashes first, which takes five times as long
        edges = edges[np.diff(edges, prepend=-1) > 0]
        followee, self.follower = edges // n, edges % n
        keep = followee != self.follower
        followee, self.follower = followee[keep], self.follower[keep]
        self.start = np.searchsorted(followee, np.arange(n + 1))
        favour = rng.lognormal(0.0, FAVOUR, self.follower.size)
        weight = (busy / degree)[self.follower] * favour
        self._cumulated = np.concatenate([[0.0], np.cumsum(weight)])
        self._cumulated_flat = np.concatenate([[0.0], np.cumsum(weight**0.5)])

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


def choose(rng: np.random.Generator, people: People, community: np.ndarray) -> np.ndarray:
    """Return one account to follow per row: by popularity, mostly in the follower's own community."""
    out = weighted(rng, people.popularity, community.size)
    at_home = rng.random(community.size) < SAME_COMMUNITY
    for number in np.unique(community):
        members = np.flatnonzero(people.community == number)
        mine = np.flatnonzero(at_home & (community == number))
        if members.size:
            out[mine] = members[weighted(rng, people.popularity[members], mine.size)]
    return out
