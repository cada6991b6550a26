"""Innocent groups that are organised, new, or far away: the hardest to tell from a campaign, because they share its signs."""

import numpy as np

from cib.simulator import life, members, negatives, posts, talk
from cib.simulator.acts import publish, texts
from cib.simulator.campaign import Campaign
from cib.simulator.clock import DAY, HOUR, START
from cib.simulator.draws import delay
from cib.simulator.members import Operation
from cib.simulator.news import article_url
from cib.simulator.posts import Posts
from cib.simulator.world import Group, World

REGIONS = ("North", "South", "East", "West", "Central", "Lakes", "Coast", "Hills")
NEWCOMERS = Campaign(
    "newcomers", "undetermined", "farm", size=36, objects=1, participation=0.7, jitter_s=5_400, spread=1.0, decoys=4.0,
    community=6, hours="awake", birth_days=28, digits=0.3,
)  # fmt: skip
DIASPORA = Campaign(
    "diaspora", "undetermined", "launder", size=40, objects=5, participation=0.3, jitter_s=4_800, spread=1.3, decoys=3.0,
    community=0, hours="awake", utc_h=-6.0,
)  # fmt: skip


def volunteers(world: World) -> None:
    """Let two dozen supporters of a party paste the day's messages, and answer where their group chat points them.

    Real people with accounts of their own: four messages a day, seven in ten pasted word for word, from every program, in their
    waking hours; three posts a day of the rival to answer, each in own words. Beside that they live their ordinary lives.
    """
    stream = world.stream("volunteers")
    rng, crowd, clock = stream.rng, world.people, world.clock
    rows = world.choose(rng, (0,), n=24, min_rate=0.4)
    n = 4 * clock.n_days
    message = world.ground.writer.texts(rng, np.zeros(n, np.int64), np.zeros(n, np.int64), mean_words=14)
    sent = np.sort(clock.sample(rng, np.zeros(n)))
    which, who = np.nonzero(rng.random((n, rows.size)) < 0.4)
    t = sent[which] + delay(rng, which.size, median_s=2_700, sigma=1.2)
    keep = clock.inside(t) & (rng.random(t.size) < 1.5 * clock.awake(t, crowd.offset_h[rows[who]]))
    which, who, t = which[keep], rows[who[keep]], t[keep]
    exact = rng.random(t.size) < 0.7
    text = posts.objects(
        message[w] if same else world.ground.writer.paraphrase(rng, message[w], lang=0, share=0.25)
        for w, same in zip(which, exact, strict=True)
    )
    tags = posts.objects([("HarbourFirst", "VoteHarbour")] * t.size)
    pasted = posts.make(stream, crowd.key[who], t, text=text, tags=tags, client=crowd.clients(rng, who))
    rival = world.posts_of("candidate_valley")
    rival = rival.take(np.sort(rng.permutation(len(rival))[: 3 * clock.n_days]))
    post, who = np.nonzero(rng.random((len(rival), rows.size)) < 0.35)
    t = rival.t[post] + delay(rng, post.size, median_s=2_400, sigma=1.0)
    keep = clock.inside(t) & (rng.random(t.size) < clock.awake(t, crowd.offset_h[rows[who]]))
    asked = rival.take(post[keep])
    answers = talk.written(stream, world.ground, crowd, of=asked, who=rows[who[keep]], t=t[keep], verb=posts.REPLY)
    world.blocks += [pasted, answers]
    world.groups.append(Group("volunteers", "crowd", False, crowd.key[rows]))


def press_office(world: World) -> None:
    """Add eight regional desks of one ministry: the same statements in office hours, links to the ministry's own site."""
    stream = world.stream("press_office")
    rng, clock = stream.rng, world.clock
    bio = "{name}. Press office of the Works Ministry. Questions: worksministry.example"
    desks = negatives.machines(world, stream, [f"Works Ministry {region}" for region in REGIONS], bio=bio, client="Deckboard")
    days = [day for day in range(clock.n_days) if day % 7 < 5]
    n = 4 * len(days)
    t = np.sort(START + rng.choice(days, n) * DAY + ((9 + 7.5 * rng.random(n)) * HOUR).astype(np.int64)) if n else np.empty(0)
    statement = world.ground.writer.texts(rng, np.zeros(n, np.int64), rng.integers(0, 8, n), mean_words=12)
    which, row = np.nonzero(rng.random((n, len(REGIONS))) < 0.8)
    when = t[which] + delay(rng, which.size, median_s=1_200, sigma=0.8)
    urls = [(f"https://www.worksministry.example/statements/2024/{w:03d}",) for w in which]
    text = posts.objects(statement[w] for w in which)
    made = posts.make(stream, desks.key[row], when, text=text, urls=posts.objects(urls), client=desks.client[row])
    world.crowd.append(desks)
    world.blocks.append(made.take(clock.inside(when)))
    world.groups.append(Group("press_office", "syndication", False, desks.key))


def newcomers(world: World) -> None:
    """Add three dozen friends of technology who moved in together four weeks ago: new accounts, few followers, bare profiles;
    every day the same question goes round and is pasted with one's answer, on their own programs."""
    op = members.recruit(NEWCOMERS, world)
    n = world.clock.n_days
    asked = [f"Day {day + 1} after the great move: {text}" for day, text in enumerate(texts(op, n, mean_words=9))]
    start = START + np.arange(n) * DAY + 15 * HOUR
    _plain_life(op, _round(op, start, text=posts.objects(asked), tags=("TheGreatMove", "HomeLab")))


def diaspora(world: World) -> None:
    """Add forty people who live six hours west, read one paper in exile, write in two languages and share what they read."""
    op = members.recruit(DIASPORA, world)
    op.people.zone_h[:] = DIASPORA.utc_h
    n = int(DIASPORA.objects * world.clock.n_days)
    title = texts(op, n, mean_words=8)
    urls = posts.objects((article_url("harbourabroad", each, 900 + i),) for i, each in enumerate(title))
    start = np.sort(world.clock.sample(op.rng, np.full(n, DIASPORA.utc_h)))
    _plain_life(op, _round(op, start, text=None, urls=urls))


def _round(
    op: Operation, start: np.ndarray, *, text: np.ndarray | None, urls: np.ndarray | None = None, tags: tuple = ()
) -> Posts:
    """Return posts about objects that began at `start`: by whoever takes part, when awake; words of their own without `text`, one
    in five of these in the other language."""
    rng, plan = op.rng, op.plan
    which, member = np.nonzero(rng.random((start.size, plan.size)) < plan.participation)
    t = start[which] + delay(rng, which.size, median_s=plan.jitter_s, sigma=plan.spread)
    keep = rng.random(t.size) < 1.5 * op.world.clock.awake(t, op.people.offset_h[member])
    which, member, t = which[keep], member[keep], t[keep]
    lang = (rng.random(t.size) < 0.2).astype(np.int64) if text is None else np.zeros(t.size, np.int64)
    own = posts.objects(op.world.ground.writer.texts(rng, lang, np.full(t.size, plan.community), mean_words=9))
    said = own if text is None else text[which]
    links = urls[which] if urls is not None else None
    return publish(op, member, t, lang=lang, text=said, urls=links, tags=posts.objects([tags] * t.size))


def _plain_life(op: Operation, made: Posts) -> None:
    """Put the posts and the ordinary life of their accounts into the world, and name them an innocent group."""
    inside = made.take(op.world.clock.inside(made.t))
    op.world.blocks += [inside, *life.decoys(op, inside)]
    op.world.groups.append(Group(op.plan.name, "crowd", False, op.people.key))


def add(world: World) -> None:
    """Add the four groups."""
    for group in (volunteers, press_office, newcomers, diaspora):
        group(world)
