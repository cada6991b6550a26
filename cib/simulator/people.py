"""Who lives in the world: communities, activity, popularity, daily rhythm."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from cib.simulator import profiles
from cib.simulator.stream import Stream

MEAN_RATE = 1.4
CLIENTS = (
    "Simnet for Android", "Simnet for iPhone", "Simnet Web App", "Simnet for iPad", "Deckboard", "Simnet Lite", "Birdsong",
    "Chirper Pro", "Postwise", "AutoFlock", "PostPilot", "Cadence", "Quillbox", "Relay One", "Nestling", "Treetop", "Perch",
)  # fmt: skip
CLIENT_SHARES = np.array([420, 295, 148, 30, 28, 20, 12, 9, 8, 6, 6, 5, 5, 3, 2, 2, 1]) / 1000


@dataclass(frozen=True)
class Community:
    """A side or an interest: its share of the people, its languages, its zones (offset, share), its hashtags."""

    name: str
    share: float
    lang: int
    second_lang: float
    zones: tuple[tuple[float, float], ...]
    tags: tuple[str, ...]


ENGLISH = ((0.0, 0.58), (-5.0, 0.24), (1.0, 0.1), (10.0, 0.05), (-8.0, 0.03))
GERMAN = ((1.0, 0.92), (0.0, 0.04), (-5.0, 0.04))
COMMUNITIES = (
    Community("harbour party", 0.22, 0, 0.02, ENGLISH,
              ("HarbourFirst", "TeamHarbour", "AnchorUp", "SafeStreets", "HarbourNow", "VoteHarbour", "Port4All")),
    Community("valley party", 0.18, 0, 0.02, ENGLISH,
              ("ValleyVotes", "GreenValley", "FairWages", "ValleyForward", "OpenDoors", "VoteValley", "RiverPlan")),
    Community("brueckenbund", 0.14, 1, 0.05, GERMAN,
              ("Brueckenbund", "WahlWoche", "Zusammenhalt", "BrueckenBauen", "Rente", "MehrWohnungen")),
    Community("football", 0.14, 0, 0.06, ENGLISH,
              ("MatchDay", "LakersideFC", "DerbyDay", "GoalOfTheDay", "UpTheLake", "TransferTalk")),
    Community("music", 0.11, 0, 0.1, ENGLISH,
              ("NewMusic", "MinaVale", "NowPlaying", "TourDiary", "VinylNight", "ChartWatch")),
    Community("garten und kueche", 0.09, 1, 0.03, GERMAN,
              ("Gartenliebe", "Kochabend", "Brotbacken", "Hochbeet", "Rezept")),
    Community("technology", 0.07, 0, 0.08, ENGLISH,
              ("OpenSource", "DevLife", "Gadgets", "HomeLab", "Privacy")),
    Community("cats and weather", 0.05, 1, 0.4, GERMAN,
              ("Katzen", "Caturday", "Wetterbild", "Sunset", "Nebel")),
)  # fmt: skip
SHARED_TAGS = ("Election24", "ElectionWeek", "Wahl24", "BreakingNews")


@dataclass(frozen=True)
class People:
    """Accounts as columns of equal length.

    key int64; community, lang int64 numbers; offset_h float64: what the private clock adds to UTC, chronotype included;
    zone_h float64: the zone alone; rate float64: acts per day; retweets float64: share of them that are retweets;
    popularity float64 > 0; client, other_client object; profile: the columns of the account table
    """

    key: np.ndarray
    community: np.ndarray
    lang: np.ndarray
    zone_h: np.ndarray
    offset_h: np.ndarray
    rate: np.ndarray
    retweets: np.ndarray
    popularity: np.ndarray
    client: np.ndarray
    other_client: np.ndarray
    profile: profiles.Profiles

    def __len__(self) -> int:
        return self.key.size

    def rows(self, keys: np.ndarray) -> np.ndarray:
        """Return the rows of `keys`, all of them from this block."""
        return np.searchsorted(self.key, keys)

    def clients(self, rng: np.random.Generator, rows: np.ndarray) -> np.ndarray:
        """Return object[n]: the program each account uses this time, mostly its usual one."""
        return np.where(rng.random(rows.size) < 0.86, self.client[rows], self.other_client[rows])


def make(stream: Stream, community: np.ndarray, *, taken: set[str]) -> People:
    """Return ordinary people, one per row of `community`. Handles in `taken` are avoided, new ones are added to it.

    Activity and popularity are log-normal with sigma 1.7: the busiest of 3,000 write about 100 posts a day,
    the median a third of one.
    """
    rng, n = stream.rng, community.size
    lang, zone = np.zeros(n, dtype=np.int64), np.zeros(n)
    for number, home in enumerate(COMMUNITIES):
        rows = np.flatnonzero(community == number)
        lang[rows] = np.where(rng.random(rows.size) < home.second_lang, 1 - home.lang, home.lang)
        offsets, shares = zip(*home.zones, strict=True)
        zone[rows] = rng.choice(offsets, rows.size, p=np.array(shares) / sum(shares))
    rate = rng.lognormal(0.0, 1.7, n) * MEAN_RATE / np.exp(1.7**2 / 2)
    popularity = rng.lognormal(0.0, 1.7, n) * (1 + rate) ** 0.5
    return People(
        key=stream.keys(n),
        community=community,
        lang=lang,
        zone_h=zone,
        offset_h=zone + rng.normal(0.0, 1.4, n),
        rate=np.minimum(rate, 250.0),
        retweets=rng.beta(2.0, 2.4, n),
        popularity=popularity,
        client=rng.choice(np.array(CLIENTS, dtype=object), n, p=CLIENT_SHARES),
        other_client=rng.choice(np.array(CLIENTS, dtype=object), n, p=CLIENT_SHARES),
        profile=profiles.ordinary(rng, lang, zone, popularity=popularity, taken=taken),
    )


def organic(stream: Stream, n: int, *, taken: set[str]) -> People:
    """Return the `n` ordinary people of the world, spread over the communities."""
    shares = np.array([home.share for home in COMMUNITIES])
    return make(stream, stream.rng.choice(shares.size, n, p=shares / shares.sum()), taken=taken)


def concat(blocks: Sequence[People]) -> People:
    """Return the rows of all `blocks`, one behind the other."""
    columns = {f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(People) if f.name != "profile"}
    return People(**columns, profile=profiles.concat([b.profile for b in blocks]))
