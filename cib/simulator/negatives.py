"""Innocent groups that look coordinated: each is a named row in the truth, none should be flagged."""

import numpy as np

from cib.simulator import organic, people, posts, profiles, talk
from cib.simulator.breaking import breaking_news
from cib.simulator.clock import DAY, HOUR, START
from cib.simulator.draws import delay
from cib.simulator.people import People
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream
from cib.simulator.world import Group, World

N_OUTLETS, N_HEADLINES = 12, 22
OUTLETS = ("Northbank", "Southfield", "Eastmoor", "Westhaven", "Millbrook", "Oakridge",
           "Fairview", "Stonebridge", "Redcliff", "Ashford", "Kingsport", "Larkhill")  # fmt: skip


def machines(world: World, stream: Stream, names: list[str], *, bio: str, client: str) -> People:
    """Return accounts that say openly what they are: aged, described, one client."""
    made = people.make(stream, np.full(len(names), 6), taken=world.taken)
    made.lang[:] = 0
    made.zone_h[:], made.offset_h[:] = 0.0, 0.0
    made.client[:] = made.other_client[:] = client
    made.profile.handle[:] = [profiles.unique(name.replace(" ", ""), world.taken) for name in names]
    made.profile.display_name[:] = names
    made.profile.description[:] = [bio.format(name=name) for name in names]
    made.profile.created_at[:] = START - stream.rng.integers(4 * 365, 12 * 365, len(names)) * DAY
    return made


def wire_service(world: World) -> None:
    """Add twelve outlets of one newsroom: the same headlines within seconds to minutes, links to their own domains."""
    stream = world.stream("wire_service")
    rng = stream.rng
    bio = "Local news from {name}. An edition of the Lantern Wire newsroom. Headlines are published automatically."
    outlets = machines(world, stream, [f"{name} Wire" for name in OUTLETS], bio=bio, client="Lantern CMS")
    n = N_HEADLINES * world.clock.n_days
    t = np.sort(world.clock.sample(rng, np.zeros(n)))
    titles = world.ground.writer.texts(rng, np.zeros(n, dtype=np.int64), rng.integers(0, 8, n), mean_words=9)
    story, row = np.nonzero(rng.random((n, N_OUTLETS)) < 0.8)
    when = t[story] + delay(rng, story.size, median_s=25, sigma=1.1)
    urls = [(f"https://{OUTLETS[r].lower()}wire.example/2024/03/story-{s:04d}",) for s, r in zip(story, row, strict=True)]
    text = posts.objects(titles[s] for s in story)
    made = posts.make(stream, outlets.key[row], when, text=text, urls=urls, client=outlets.client[row])
    world.crowd.append(outlets)
    world.blocks.append(made.take(world.clock.inside(when)))
    world.groups.append(Group("wire_service", "syndication", False, outlets.key))


def rss_bots(world: World) -> None:
    """Add hobby bots, five on each of three feeds: they post new articles when they next look, every one to fifteen minutes."""
    stream = world.stream("rss_bots")
    rng, news = stream.rng, world.ground.news
    names = [f"{site} feed bot {k + 1}" for site in ("lantern", "harbour", "orchard") for k in range(5)]
    bio = "Unofficial bot: {name}. Posts new items of the feed. Not run by the paper."
    bots = machines(world, stream, names, bio=bio, client="FeedPoster")
    site = np.repeat([0, 1, 5], 5)
    every = rng.integers(1, 16, len(names)) * 60
    phase = rng.integers(0, 900, len(names))
    article, row = np.nonzero(news.site[:, None] == site[None, :])
    # A bot looks every few minutes on its own beat and posts what is new since its last look.
    when = news.t[article] + (every[row] - (news.t[article] - phase[row]) % every[row]) + rng.integers(0, 4, row.size)
    keep = world.clock.inside(when) & (rng.random(row.size) < 0.95)
    article, row, when = article[keep], row[keep], when[keep]
    text, urls = posts.objects(news.title[article]), posts.objects((url,) for url in news.url[article])
    world.crowd.append(bots)
    world.blocks.append(posts.make(stream, bots.key[row], when, text=text, urls=urls, client=bots.client[row]))
    world.groups.append(Group("rss_bots", "crowd", False, bots.key))


def petition(world: World) -> None:
    """Let eighty or more ordinary people sign one petition on one day: one address, one share-button text."""
    stream = world.stream("petition")
    rng, crowd = stream.rng, world.people
    rows = world.choose(rng, (0, 1, 3, 4, 6), n=max(90, int(0.012 * len(crowd))))
    day_start = world.clock.at(2, 0.0)
    t = day_start + (world.clock.sample(rng, crowd.offset_h[rows]) - START) % DAY
    text = posts.objects(["I just signed: Keep the old lighthouse open! Will you sign, too? via @signhere"] * rows.size)
    urls = posts.objects([("https://www.signhere.example/p/keep-the-old-lighthouse-open",)] * rows.size)
    world.blocks.append(posts.make(stream, crowd.key[rows], t, text=text, urls=urls, client=crowd.clients(rng, rows)))
    world.groups.append(Group("petition", "crowd", False, crowd.key[rows]))


def posting_app(world: World) -> None:
    """Let thirty people have an app post a horoscope for them every morning at the same minute: identical texts, strangers."""
    stream = world.stream("posting_app")
    rng, crowd = stream.rng, world.people
    rows = world.choose(rng, (0, 1, 3, 4, 6, 7), n=30, min_rate=0.05)
    sign = rng.integers(0, 6, rows.size)
    day = np.repeat(np.arange(world.clock.n_days), rows.size)
    who = np.tile(np.arange(rows.size), world.clock.n_days)
    n_readings = 6 * world.clock.n_days
    readings = world.ground.writer.texts(rng, np.zeros(n_readings, dtype=np.int64), np.full(n_readings, 7))
    t = START + day * DAY + 8 * HOUR + rng.integers(0, 20, day.size)
    keep = rng.random(day.size) < 0.93
    day, who, t = day[keep], who[keep], t[keep]
    text = posts.objects(f"My horoscope today: {readings[6 * d + sign[w]]}" for d, w in zip(day, who, strict=True))
    client = posts.objects(["Daily Stars"] * who.size)
    tags = posts.objects([("horoscope", "DailyStars")] * who.size)
    world.blocks.append(posts.make(stream, crowd.key[rows[who]], t, text=text, tags=tags, client=client))
    world.groups.append(Group("posting_app", "crowd", False, crowd.key[rows]))


def fandom(world: World) -> None:
    """Let forty to sixty fans hold a streaming party: the same tags in the same order, retweets of the idol, much chat."""
    stream = world.stream("fandom")
    rng, crowd = stream.rng, world.people
    rows = world.choose(rng, (4,), n=int(rng.integers(40, 61)))
    idol = world.posts_of("idol")
    post, who = np.nonzero(rng.random((len(idol), rows.size)) < 0.6)
    t = idol.t[post] + delay(rng, post.size, median_s=240, sigma=1.2)
    keep = world.clock.inside(t)
    shared = organic.retweets(stream, crowd, idol, post=post[keep], who=rows[who[keep]], t=t[keep])
    party = _party(stream, world, rows)
    chat = [_chat(stream, world, rows, of=party)]
    for _ in range(2):
        chat.append(talk.answers(stream, world.ground, chat[-1], share=0.6))
    world.blocks += [shared, party, *chat]
    world.groups.append(Group("fandom", "crowd", False, crowd.key[rows]))


def _party(stream: Stream, world: World, rows: np.ndarray) -> Posts:
    """Return the fans' posts of two hours on Saturday evening and of the three evenings before, shorter."""
    rng, crowd = stream.rng, world.people
    n_each = rng.poisson(9, rows.size) + 2
    who = np.repeat(rows, n_each)
    evening = np.where(rng.random(who.size) < 0.7, 5, rng.integers(2, 5, who.size))
    start = np.array([world.clock.at(int(d), 19.0) for d in range(6)])[evening]
    t = start + rng.integers(0, 2 * HOUR, who.size)
    text = world.ground.writer.texts(rng, np.zeros(who.size, dtype=np.int64), np.full(who.size, 4), mean_words=7)
    same = rng.random(who.size) < 0.25
    slogan = [f"streaming the new record all night with all of you, round {h}" for h in range(1, 13)]
    text = [slogan[int(k) // 600 % 12] if s else own for own, s, k in zip(text, same, t - start, strict=True)]
    tags = posts.objects([("MinaVale", "MinaValeParty", "StreamItNow")] * who.size)
    return posts.make(stream, crowd.key[who], t, text=text, tags=tags, client=crowd.clients(rng, who))


def _chat(stream: Stream, world: World, rows: np.ndarray, *, of: Posts) -> Posts:
    rng = stream.rng
    n = 8 * rows.size
    chosen = of.take(rng.integers(0, len(of), n))
    who = rows[rng.integers(0, rows.size, n)]
    t = chosen.t + delay(rng, n, median_s=200, sigma=1.0)
    keep = (world.people.key[who] != chosen.author) & world.clock.inside(t)
    return talk.written(stream, world.ground, world.people, of=chosen.take(keep), who=who[keep], t=t[keep], verb=posts.REPLY)


def live_event(world: World) -> None:
    """Name the crowd of the debate: whoever acted on it three times or more and belongs to no other group."""
    busy = world.people.key[np.fromiter(world.busy, dtype=np.int64)]
    world.groups.append(Group("live_event", "crowd", False, np.setdiff1d(world.viewers, busy)))


def name_the_rest(world: World) -> None:
    """Name those who do only what they would do anyway: viewers of the debate, and the journalist whom a campaign copies."""
    live_event(world)
    journalist = world.people.key[[world.figures["journalist"]]]
    world.groups.append(Group("journalist", "crowd", False, journalist))


def add(world: World) -> None:
    """Add every innocent group that crowds, feeds, newsrooms and programs make."""
    for group in (wire_service, rss_bots, petition, posting_app, fandom, breaking_news):
        group(world)
