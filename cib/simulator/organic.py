"""What ordinary people post and pass on: own posts, links, and the cascades of retweets that follow."""

from dataclasses import dataclass

import numpy as np

from cib.simulator import posts
from cib.simulator.clock import Clock
from cib.simulator.draws import delay, weighted
from cib.simulator.follows import Follows
from cib.simulator.news import News
from cib.simulator.people import COMMUNITIES, SHARED_TAGS, People
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream
from cib.simulator.words import LANGS, STOCK, Writer

# How the acts that are not retweets divide; replies and quotes are made in talk.py.
OWN, REPLIES, QUOTES = 0.57, 0.35, 0.08
# What an own post is.
PLAIN, SHARE_BUTTON, OWN_LINK, PHRASE, PICTURE = range(5)
MIX = (0.62, 0.1, 0.11, 0.03, 0.14)
RETWEET_MEDIAN_S, RETWEET_SIGMA = 1_500, 1.8
SESSION = 0.35


@dataclass(frozen=True)
class Ground:
    """What every part of the world stands on."""

    clock: Clock
    writer: Writer
    news: News
    people: People
    follows: Follows


def times(rng: np.random.Generator, clock: Clock, rows: np.ndarray, *, offset_h: np.ndarray) -> np.ndarray:
    """Return int64[n] times for posts of `rows` (grouped by account): waking hours, and sessions of posts close together."""
    t = clock.sample(rng, offset_h[rows])
    follow_up = rng.random(rows.size) < SESSION
    follow_up[:1] = False
    follow_up[1:] &= rows[1:] == rows[:-1]
    anchor = np.maximum.accumulate(np.where(follow_up, 0, np.arange(rows.size)))
    gap = rng.exponential(260.0, rows.size).astype(np.int64) + 5
    late = np.cumsum(np.where(follow_up, gap, 0))
    t = np.where(follow_up, t[anchor] + late - late[anchor], t)
    return np.where(t < clock.end, t, t - clock.length)


def originals(stream: Stream, ground: Ground, people: People, *, n_posts: np.ndarray) -> Posts:
    """Return own posts of `people`, `n_posts` of each: text, links of the day's news, hashtags, pictures, mentions."""
    rng = stream.rng
    rows = np.repeat(np.arange(len(people)), n_posts)
    t = times(rng, ground.clock, rows, offset_h=people.offset_h)
    lang = people.lang[rows]
    lang = np.where(rng.random(rows.size) < 0.03, 1 - lang, lang)
    community = people.community[rows]
    text = posts.objects(ground.writer.texts(rng, lang, community))
    kind = rng.choice(len(MIX), rows.size, p=MIX)
    urls = posts.objects([()] * rows.size)
    linking = np.flatnonzero((kind == SHARE_BUTTON) | (kind == OWN_LINK))
    _link(rng, ground.news, linking, t=t, lang=lang, kind=kind, text=text, urls=urls)
    for row in np.flatnonzero(kind == PHRASE):
        phrases = STOCK[LANGS[lang[row]]]
        text[row] = phrases[int(rng.integers(len(phrases)))]
    picture = rng.integers(0, 2**60, rows.size)
    meme = rng.random(rows.size) < 0.06
    media = [f"{p % 200 if m else p:015x}" if k == PICTURE else None for p, m, k in zip(picture, meme, kind, strict=True)]
    return posts.make(
        stream, people.key[rows], t, lang=lang, text=text, urls=urls, media=posts.objects(media),
        tags=tags(rng, community), mentions=_mentions(rng, ground, community), client=people.clients(rng, rows),
    )  # fmt: skip


def _link(rng: np.random.Generator, news: News, rows: np.ndarray, **column: np.ndarray) -> None:
    """Put links into `rows`: through the share button, whose text is the page's title, or under own words."""
    article = news.pick(rng, column["t"][rows], column["lang"][rows])
    tracking = rng.integers(0, 7, rows.size)
    for row, number, mark in zip(rows, article, tracking, strict=True):
        title, url = news.shared(number, mark)
        column["urls"][row] = (url,)
        if column["kind"][row] == SHARE_BUTTON:
            column["text"][row] = title


def tags(rng: np.random.Generator, community: np.ndarray) -> np.ndarray:
    """Return object[n] tuples of hashtags: none for two thirds, a community's standing row of three for some fans."""
    out = posts.objects([()] * community.size)
    many = np.where(rng.random(community.size) < 0.34, 1 + rng.geometric(0.62, community.size), 1) - 1
    place = rng.random(community.size)
    for row in np.flatnonzero(many):
        known = COMMUNITIES[community[row]].tags
        if place[row] < 0.1:
            out[row] = known[:3]
            continue
        pool = known + SHARED_TAGS if place[row] < 0.5 else known
        weights = 1.0 / (np.arange(len(pool)) + 1.5)
        chosen = rng.choice(len(pool), min(int(many[row]), 5), replace=False, p=weights / weights.sum())
        out[row] = tuple(pool[i] for i in chosen)
    return out


def _mentions(rng: np.random.Generator, ground: Ground, community: np.ndarray) -> np.ndarray:
    """Return object[n] tuples of account keys: one post in sixteen names somebody of the community, mostly somebody popular."""
    out = posts.objects([()] * community.size)
    people = ground.people
    for number in range(len(COMMUNITIES)):
        members = np.flatnonzero(people.community == number)
        rows = np.flatnonzero((community == number) & (rng.random(community.size) < 0.06))
        if members.size and rows.size:
            named = members[weighted(rng, people.popularity[members], rows.size)]
            out[rows] = posts.objects([(int(key),) for key in people.key[named]])
    return out


def cascades(stream: Stream, ground: Ground, own: Posts) -> Posts:
    """Return the retweets of `own`: by followers of the author, then by followers of those, when they are awake.

    Sizes are Poisson around audience times a log-normal appeal (sigma 1.3). Delays are log-normal around 25 minutes
    with sigma 1.8, so a popular post is passed on by strangers within seconds, as in life.
    """
    rng, people, follows = stream.rng, ground.people, ground.follows
    author = people.rows(own.author)
    wanted = float(np.sum(people.rate * people.retweets)) * ground.clock.n_days
    appeal = follows.audience[author] * rng.lognormal(0.0, 1.3, len(own))
    # Sleepers, repeats and the second generation together leave about as many as are drawn times 0.62.
    expected = np.minimum(appeal * wanted / max(appeal.sum(), 1e-9) / 0.62, 0.5 * follows.n_followers[author])
    post = np.repeat(np.arange(len(own)), rng.poisson(expected))
    who = follows.draw(rng, author[post])
    t = own.t[post] + delay(rng, post.size, median_s=RETWEET_MEDIAN_S, sigma=RETWEET_SIGMA)
    keep = _acts(rng, ground, who, t=t) & (who != author[post])
    post, who, t = post[keep], who[keep], t[keep]
    onward = rng.random(post.size) < 0.3
    post2, who2 = post[onward], follows.draw(rng, who[onward])
    t2 = t[onward] + delay(rng, post2.size, median_s=RETWEET_MEDIAN_S, sigma=RETWEET_SIGMA)
    keep = _acts(rng, ground, who2, t=t2) & (who2 != author[post2])
    post, who, t = (np.concatenate(both) for both in ((post, post2[keep]), (who, who2[keep]), (t, t2[keep])))
    return retweets(stream, people, own, post=post, who=who, t=t)


def _acts(rng: np.random.Generator, ground: Ground, who: np.ndarray, *, t: np.ndarray) -> np.ndarray:
    """Return bool[n]: which of these accounts are awake then, within the period."""
    awake = ground.clock.awake(t, ground.people.offset_h[who])
    return (rng.random(who.size) < awake) & ground.clock.inside(t)


def retweets(stream: Stream, people: People, own: Posts, *, post: np.ndarray, who: np.ndarray, t: np.ndarray) -> Posts:
    """Return retweets of the posts `own[post]` by the rows `who` of `people` at `t`; of repeats the first."""
    order = np.lexsort((t, who, post))
    post, who, t = post[order], who[order], t[order]
    first = np.ones(post.size, dtype=bool)
    first[1:] = (post[1:] != post[:-1]) | (who[1:] != who[:-1])
    post, who, t = post[first], who[first], t[first]
    return posts.make(stream, people.key[who], t, verb=posts.RETWEET, of=own.take(post), client=people.clients(stream.rng, who))
