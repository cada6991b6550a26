"""The organic world: people, what they post, a live event in between; the same whatever campaigns are added to it."""

from dataclasses import dataclass, field

import numpy as np

from cib.simulator import hostile, live, organic, people, posts, talk
from cib.simulator.clock import DAY, START, Clock
from cib.simulator.follows import Follows
from cib.simulator.news import News
from cib.simulator.organic import Ground
from cib.simulator.people import COMMUNITIES, People
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream
from cib.simulator.words import Writer

# Public figures: community, own posts per day.
FIGURES = {
    "candidate_harbour": (0, 12.0),
    "candidate_valley": (1, 11.0),
    "candidate_bruecke": (2, 8.0),
    "anchor": (0, 6.0),
    "journalist": (1, 13.0),
    "reporter": (0, 9.0),
    "idol": (4, 5.0),
}


@dataclass(frozen=True)
class Group:
    """A named group for the truth table: account keys, what it is, and whether it should be found (core)."""

    name: str
    kind: str
    core: bool
    keys: np.ndarray

    @property
    def role(self) -> str:
        """The role of its accounts in the truth table."""
        return "core" if self.core else ""


@dataclass
class World:
    """Everything made so far. Parts append to `blocks`, `crowd` and `groups`; they change nothing that is there.

    ground   what the organic part stands on; own: its original posts; heat: how often each was retweeted
    crowd    blocks of accounts, blocks: blocks of posts; taken: handles in use, lower case
    viewers  keys of the accounts that acted live.WATCHED times or more on the live event
    busy     rows of organic people that belong to a named group or are public figures
    """

    seed: int
    ground: Ground
    figures: dict[str, int]
    own: Posts
    heat: np.ndarray
    taken: set[str]
    crowd: list[People]
    blocks: list[Posts]
    viewers: np.ndarray
    groups: list[Group] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)

    @property
    def clock(self) -> Clock:
        return self.ground.clock

    @property
    def people(self) -> People:
        return self.ground.people

    def stream(self, part: str) -> Stream:
        """Return the stream of a part of this world, from its beginning."""
        return Stream(self.seed, part)

    def posts_of(self, figure: str) -> Posts:
        """Return the original posts of a public figure, oldest first."""
        mine = self.own.take(self.own.author == self.people.key[self.figures[figure]])
        return mine.take(np.argsort(mine.t, kind="stable"))

    def choose(self, rng: np.random.Generator, community: tuple[int, ...], *, n: int, min_rate: float = 0.2) -> np.ndarray:
        """Return rows of at most `n` ordinary people of these communities, not yet in a group, who post now and then."""
        free = np.isin(self.people.community, community) & (self.people.rate > min_rate)
        free[list(self.busy)] = False
        rows = np.sort(rng.permutation(np.flatnonzero(free))[:n])
        self.busy.update(rows.tolist())
        return rows


def _appoint(crowd: People, rng: np.random.Generator) -> dict[str, int]:
    """Return the rows of the public figures, and give these accounts the audience and the habits of such people."""
    rows: dict[str, int] = {}
    for name, (community, per_day) in FIGURES.items():
        members = np.flatnonzero(crowd.community == community).tolist()
        # Small worlds may lack a community; then anybody is appointed.
        row = next(r for r in (*members, *range(len(crowd))) if r not in rows.values())
        rows[name] = row
        crowd.popularity[row] = 0.02 * crowd.popularity.sum() * rng.uniform(0.7, 1.3)
        crowd.retweets[row] = 0.1
        crowd.rate[row] = per_day / (0.9 * organic.OWN)
        crowd.lang[row] = COMMUNITIES[community].lang
        crowd.zone_h[row] = float(COMMUNITIES[community].lang)
        crowd.offset_h[row] = crowd.zone_h[row]
        crowd.profile.verified[row] = name != "journalist"
        crowd.profile.followers[row] = rng.integers(40_000, 900_000)
        crowd.profile.created_at[row] = min(crowd.profile.created_at[row], START - 6 * 365 * DAY)
    return rows


def build(seed: int, *, accounts: int, days: int) -> World:
    """Return the organic world without named groups: about 1.4 acts per account and day, in memory about 2 kB each."""
    clock = Clock(days)
    words = Stream(seed, "words")
    writer = Writer(words.rng, len(COMMUNITIES))
    news = News(Stream(seed, "news"), clock, writer)
    taken: set[str] = set()
    stream = Stream(seed, "people")
    crowd = people.organic(stream, accounts, taken=taken)
    figures = _appoint(crowd, stream.rng)
    oddities, event = Stream(seed, "hostile"), Stream(seed, "event")
    hostile.rename(oddities, crowd, spared=set(figures.values()), taken=taken)
    ground = Ground(clock, writer, news, crowd, Follows(Stream(seed, "follows"), crowd))
    own, hot = _own_posts(seed, ground), live.hot_posts(event, ground, figures=figures)
    own = posts.concat([own, hot])
    passed_on = organic.cascades(Stream(seed, "cascades"), ground, own)
    heat = np.bincount(np.searchsorted(own.key, passed_on.ref), minlength=len(own)).astype(np.float64)
    conversation = talk.talk(Stream(seed, "talk"), ground, own)
    debate = live.crowd(event, ground, hot)
    blocks = [own, passed_on, *conversation, *debate, hostile.posts_of(oddities, ground)]
    return World(seed, ground, figures, own, heat, taken, [crowd], blocks, live.regulars(debate), busy=set(figures.values()))


def _own_posts(seed: int, ground: Ground) -> Posts:
    stream = Stream(seed, "posts")
    n_posts = stream.rng.poisson(talk.own_share(ground.people) * ground.clock.n_days)
    return organic.originals(stream, ground, ground.people, n_posts=n_posts)
