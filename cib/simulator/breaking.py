"""Breaking news: a sudden story that hundreds of strangers pass on within minutes, and innocently so."""

import numpy as np

from cib.simulator import organic, posts
from cib.simulator.draws import delay
from cib.simulator.news import article_url
from cib.simulator.people import COMMUNITIES
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream
from cib.simulator.world import Group, World

DAY, HOUR_UTC = 1, 11.6
ALERTS = (("anchor", 0), ("reporter", 170), ("anchor", 640), ("reporter", 2_300))  # who, seconds after the first
TAGS = ("BreakingNews", "OldBridge")
TITLE = "Old bridge closed after a ship strikes a pillar"
FEWEST, SHARE = 150, 0.06
PASSES_ON, LINKS, WRITES = 0.45, 0.5, 0.5
PHRASES = ("stay safe everyone near the old bridge", "hoffentlich ist niemand verletzt")


def breaking_news(world: World) -> None:
    """Let 150 or more ordinary people of every side and language pass a sudden story on within minutes.

    In a small world a sixth of all people. They retweet the same four alerts, share the same page, some by its button,
    and post under the same two hashtags.
    """
    stream = world.stream("breaking_news")
    rng, crowd = stream.rng, world.people
    n = max(FEWEST, int(SHARE * len(crowd)))
    rows = world.choose(rng, tuple(range(len(COMMUNITIES))), n=min(n, len(crowd) // 6))
    alerts = _alerts(stream, world)
    post, who = np.nonzero(rng.random((len(alerts), rows.size)) < PASSES_ON)
    t = alerts.t[post] + delay(rng, post.size, median_s=300, sigma=1.0)
    keep = _awake(stream, world, rows[who], t=t)
    shared = organic.retweets(stream, crowd, alerts, post=post[keep], who=rows[who[keep]], t=t[keep])
    linked = _voices(stream, world, rows[rng.random(rows.size) < LINKS], link=True)
    written = _voices(stream, world, rows[rng.random(rows.size) < WRITES], link=False)
    world.blocks += [alerts, shared, linked, written]
    took_part = np.unique(np.concatenate([shared.author, linked.author, written.author]))
    world.groups.append(Group("breaking_news", "crowd", False, took_part))


def _alerts(stream: Stream, world: World) -> Posts:
    """Return the first word of the story and three updates, by two public figures."""
    people = world.people
    rows = np.array([world.figures[name] for name, _ in ALERTS])
    t = world.clock.at(DAY, HOUR_UTC) + np.array([after for _, after in ALERTS])
    text = world.ground.writer.texts(stream.rng, people.lang[rows], people.community[rows], mean_words=10)
    text = [f"Breaking: {TITLE}", *text[1:]]
    tags = posts.objects([TAGS] * rows.size)
    client = people.clients(stream.rng, rows)
    return posts.make(stream, people.key[rows], t, lang=people.lang[rows], text=text, tags=tags, client=client)


def _voices(stream: Stream, world: World, rows: np.ndarray, *, link: bool) -> Posts:
    """Return one post of each of `rows` about the story: with the page's address, or under the hashtags alone."""
    rng, people = stream.rng, world.people
    n = rows.size
    t = world.clock.at(DAY, HOUR_UTC) + 60 + delay(rng, n, median_s=480, sigma=1.0)
    own = world.ground.writer.texts(rng, people.lang[rows], people.community[rows], mean_words=8)
    lang, alike = people.lang[rows], rng.random(n) < (0.5 if link else 0.08)
    same = [f"{TITLE} | dailylantern"] * n if link else [PHRASES[number] for number in lang]
    text = [given if a else mine for given, mine, a in zip(same, own, alike, strict=True)]
    url = article_url("dailylantern", TITLE, 4_711)
    urls = posts.objects([(url,) if link else ()] * n)
    tags = posts.objects([() if link and a else TAGS for a in alike])
    made = posts.make(stream, people.key[rows], t, lang=lang, text=text, urls=urls, tags=tags, client=people.clients(rng, rows))
    return made.take(_awake(stream, world, rows, t=t))


def _awake(stream: Stream, world: World, rows: np.ndarray, *, t: np.ndarray) -> np.ndarray:
    """Return bool[n]: who is up at that time of the period; news reaches also those who would not have looked."""
    up = 1.5 * world.clock.awake(t, world.people.offset_h[rows])
    return (stream.rng.random(t.size) < up) & world.clock.inside(t)
