"""A live event: ninety minutes of TV debate. The organic burst of strangers that naive rules mistake for a campaign."""

import numpy as np

from cib.simulator import organic, posts
from cib.simulator.clock import HOUR
from cib.simulator.draws import weighted
from cib.simulator.organic import Ground
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream

DAY, STARTS_H, LASTS_S = 3, 19.0, 5_400
TAG = "Debate24"
N_HOT, N_MOMENTS = 30, 9
TAKING_PART, FAST = 0.3, 0.12
WATCHED = 3
PHRASES = (
    "did that really just happen on live television",
    "that answer was not an answer to the question",
    "somebody please get the moderator a coffee",
    "best line of the whole evening right there",
    "und das war jetzt keine antwort auf die frage",
)


def _start(ground: Ground) -> int:
    return ground.clock.at(DAY, STARTS_H)


def hot_posts(stream: Stream, ground: Ground, *, figures: dict[str, int]) -> Posts:
    """Return what the candidates and the anchor post during the debate."""
    rng = stream.rng
    rows = np.array([figures[name] for name in ("candidate_harbour", "candidate_valley", "anchor")])[np.arange(N_HOT) % 3]
    t = _start(ground) + np.sort(rng.integers(0, LASTS_S, N_HOT))
    people = ground.people
    text = ground.writer.texts(rng, people.lang[rows], people.community[rows])
    tags = posts.objects([(TAG,)] * N_HOT)
    return posts.make(stream, people.key[rows], t, lang=people.lang[rows], text=text, tags=tags, client=people.clients(rng, rows))


def crowd(stream: Stream, ground: Ground, hot: Posts) -> list[Posts]:
    """Return the public's own posts around the moments of the debate, and its retweets of the `hot` posts within minutes."""
    return [_voices(stream, ground), _passing_on(stream, ground, hot)]


def regulars(debate: list[Posts]) -> np.ndarray:
    """Return the keys of the accounts with WATCHED or more posts in these blocks, sorted."""
    key, n = np.unique(np.concatenate([block.author for block in debate]), return_counts=True)
    return key[n >= WATCHED]


def _viewers(rng: np.random.Generator, ground: Ground, n: int) -> np.ndarray:
    """Return rows of people who post during the debate: the busy ones more, all awake then or watching anyway."""
    return weighted(rng, ground.people.rate**0.6, n)


def _voices(stream: Stream, ground: Ground) -> Posts:
    rng, people = stream.rng, ground.people
    rows = _viewers(rng, ground, int(TAKING_PART * len(people)))
    n = rows.size
    moment = rng.integers(0, LASTS_S, N_MOMENTS)[rng.integers(0, N_MOMENTS, n)]
    reaction = np.minimum(rng.lognormal(np.log(75), 1.0, n), HOUR).astype(np.int64)
    t = _start(ground) + np.where(rng.random(n) < 0.7, moment + reaction, rng.integers(0, LASTS_S, n))
    text = ground.writer.texts(rng, people.lang[rows], people.community[rows], mean_words=9)
    cliche = rng.random(n) < 0.06
    which = rng.integers(0, len(PHRASES), n)
    text = [PHRASES[w] if c else own for own, w, c in zip(text, which, cliche, strict=True)]
    more = organic.tags(rng, people.community[rows])
    tags = posts.objects([(TAG, *other[:2]) for other in more])
    keep = ground.clock.inside(t)
    made = posts.make(stream, people.key[rows], t, lang=people.lang[rows], text=text, tags=tags, client=people.clients(rng, rows))
    return made.take(keep)


def _passing_on(stream: Stream, ground: Ground, hot: Posts) -> Posts:
    rng, people = stream.rng, ground.people
    n = int(FAST * len(people)) + 1
    post = weighted(rng, rng.pareto(1.2, len(hot)) + 0.1, n)
    who = _viewers(rng, ground, n)
    t = hot.t[post] + 3 + rng.exponential(70.0, n).astype(np.int64)
    keep = ground.clock.inside(t) & (people.key[who] != hot.author[post])
    return organic.retweets(stream, people, hot, post=post[keep], who=who[keep], t=t[keep])
