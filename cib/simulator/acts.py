"""What the members of a campaign do together: one function per regime, each returns the coordinated posts."""

from typing import Any

import numpy as np

from cib.simulator import organic, posts
from cib.simulator.clock import DAY, HOUR, START
from cib.simulator.members import Operation
from cib.simulator.news import article_url
from cib.simulator.people import COMMUNITIES
from cib.simulator.posts import Posts
from cib.simulator.rotation import ROTATIONS

AMPLIFIERS = 2
OWN_TAGS = {"farm": ("EnoughNow", "WakeUpLakeside", "TheyKnew", "AskWhy", "CountAgain"),
            "flood": ("RiseUp", "NowOrNever", "BigDay", "AllTogether", "LakesideDecides", "TheWave")}  # fmt: skip
OWN_SITES = ("truelanternreport", "valleywatchdaily", "openharbourfacts")
TAUNTS = (
    "what a wobbling plonk of a gribbler you are, pack up your snorfle and go home",
    "nobody asked for your blathering wuffle, you absolute crumpet of a flonk",
    "another grubbled lie from the great mumpet, shame on the whole snivelbox",
    "go count your turnips, you dribbling noggin, the lake has had enough of you",
    "resign, you pompous flibber, your kettle has been empty for years and we all know it",
    "such a puddle of snark from the biggest wafflehorn in the whole valley",
)


def start_times(op: Operation, n: int) -> np.ndarray:
    """Return int64[n] sorted times at which orders go out: by the campaign's hours, in its zone."""
    rng, clock = op.rng, op.world.clock
    if op.plan.hours == "awake":
        return np.sort(clock.sample(rng, np.full(n, op.plan.utc_h)))
    if op.plan.hours == "clock":
        return np.sort(rng.integers(START, clock.end - 60, n))
    days = [day for day in range(clock.n_days) if day % 7 < 5] or list(range(clock.n_days))
    local = rng.choice(days, n) * DAY + ((9 + 8.5 * rng.random(n)) * HOUR).astype(np.int64)
    return START + np.sort((local - int(op.plan.utc_h * HOUR)) % clock.length)


def turnout(op: Operation, n_objects: int) -> tuple[np.ndarray, np.ndarray]:
    """Return object and member numbers of all acts, by the campaign's rotation."""
    which, member = np.nonzero(ROTATIONS[op.plan.rotation](op.rng, n_objects, op.plan))
    return which, member


def lag(op: Operation, member: np.ndarray) -> np.ndarray:
    """Return int64[n] seconds after the trigger.

    Members without the quick sign take eight times as long; those of an office who do not keep its hours act 2 to 9 h later.
    """
    plan = op.plan
    lags = np.minimum(op.rng.lognormal(np.log(max(plan.jitter_s, 1e-9)), plan.spread, member.size), plan.longest_s)
    lags = np.where(op.quick[member], lags, 8 * lags)
    overtime = np.where(op.on_time[member], 0.0, op.rng.uniform(2 * HOUR, 9 * HOUR, member.size))
    return 2 + (lags + overtime if plan.hours == "office" else lags).astype(np.int64)


def wording(op: Operation, base: list[str], which: np.ndarray) -> np.ndarray:
    """Return object[n]: the texts `base[which]`, some exactly, the others with words replaced."""
    plan, rng = op.plan, op.rng
    exact = rng.random(which.size) < plan.exact
    writer, lang = op.world.ground.writer, COMMUNITIES[plan.community].lang
    return posts.objects(
        base[w] if same or not plan.paraphrase else writer.paraphrase(rng, base[w], lang=lang, share=plan.paraphrase)
        for w, same in zip(which, exact, strict=True)
    )


def n_objects(op: Operation) -> int:
    """Return how many objects the campaign has over the whole period, at least one."""
    return max(1, round(op.plan.objects * op.world.clock.n_days))


def texts(op: Operation, n: int, *, mean_words: float = 12) -> list[str]:
    """Return `n` texts about the topics of the campaign's community, in its language."""
    lang = COMMUNITIES[op.plan.community].lang
    return op.world.ground.writer.texts(op.rng, np.full(n, lang), np.full(n, op.plan.community), mean_words=mean_words)


def publish(op: Operation, member: np.ndarray, t: np.ndarray, **columns: Any) -> Posts:
    """Return posts by these members at these times, from the programs they use."""
    lang = columns.pop("lang", COMMUNITIES[op.plan.community].lang)
    client = op.people.clients(op.rng, member)
    return posts.make(op.stream, op.people.key[member], t, lang=lang, client=client, **columns)


def _sequences(op: Operation, n: int, length: int) -> list[tuple[str, ...]]:
    """Return `n` ordered rows of hashtags, mixed from the campaign's own and its audience's."""
    pool = OWN_TAGS[op.plan.regime] + COMMUNITIES[op.plan.community].tags[:4]
    return [tuple(pool[i] for i in op.rng.permutation(len(pool))[:length]) for _ in range(n)]


def _shuffled(op: Operation, rows: list[tuple[str, ...]], which: np.ndarray) -> np.ndarray:
    """Return object[n]: the tag rows `rows[which]`, some of them in another order."""
    change = op.rng.random(which.size) < op.plan.shuffle
    orders = [op.rng.permutation(len(rows[0])) for _ in which]
    return posts.objects(
        tuple(rows[w][i] for i in order) if c else rows[w] for w, c, order in zip(which, change, orders, strict=True)
    )


def amplify(op: Operation) -> list[Posts]:
    """Retweet a candidate's posts and those of two accounts of the campaign's own within seconds."""
    rng, n = op.rng, n_objects(op)
    n_own = n // 2
    seeds = publish(op, rng.integers(0, AMPLIFIERS, n_own), start_times(op, n_own), text=texts(op, n_own))
    theirs = op.world.posts_of("candidate_harbour")
    theirs = theirs.take(np.sort(rng.permutation(len(theirs))[: n - n_own]))
    target = posts.concat([seeds, theirs])
    which, member = turnout(op, len(target))
    t = target.t[which] + lag(op, member)
    keep = op.people.key[member] != target.author[which]
    return [seeds, organic.retweets(op.stream, op.people, target, post=which[keep], who=member[keep], t=t[keep])]


def farm(op: Operation) -> list[Posts]:
    """Push talking points in varied words under standing rows of hashtags, and reply to candidates and journalists."""
    n = n_objects(op)
    base, rows, start = texts(op, n, mean_words=16), _sequences(op, n, 3), start_times(op, n)
    which, member = turnout(op, n)
    points = publish(op, member, start[which] + lag(op, member), text=wording(op, base, which), tags=_shuffled(op, rows, which))
    return [points, _replies(op, ("candidate_valley", "reporter"), n=n // 2, base=texts(op, n))]


def launder(op: Operation) -> list[Posts]:
    """Push articles of the campaign's own sites, by title or in own words, now and then in the wrong language."""
    rng, n = op.rng, n_objects(op)
    titles, start = texts(op, n, mean_words=9), start_times(op, n)
    site = rng.integers(0, len(OWN_SITES), n)
    urls = [article_url(OWN_SITES[s], title, 700 + i) for i, (s, title) in enumerate(zip(site, titles, strict=True))]
    which, member = turnout(op, n)
    lang = np.where(rng.random(which.size) < 0.08, 1, COMMUNITIES[op.plan.community].lang)
    topic = np.full(which.size, op.plan.community)
    own = posts.objects(op.world.ground.writer.texts(rng, lang, topic, mean_words=10))
    text = np.where((rng.random(which.size) < 0.5) & (lang == 0), wording(op, titles, which), own)
    links = posts.objects((urls[w],) for w in which)
    return [publish(op, member, start[which] + lag(op, member), lang=lang, text=text, urls=links)]


def flood(op: Operation) -> list[Posts]:
    """Post identical texts under the same ordered hashtags in bursts of seconds."""
    n = n_objects(op)
    base, rows, start = texts(op, n, mean_words=8), _sequences(op, n, 4), start_times(op, n)
    which, member = turnout(op, n)
    return [publish(op, member, start[which] + lag(op, member), text=wording(op, base, which), tags=_shuffled(op, rows, which))]


def copy(op: Operation) -> list[Posts]:
    """Copy a journalist's posts word for word, without naming the source, and retweet one another."""
    rng = op.rng
    theirs = op.world.posts_of("journalist")
    theirs = theirs.take(np.sort(rng.permutation(len(theirs))[: n_objects(op)]))
    which, member = turnout(op, len(theirs))
    copies = publish(
        op, member, theirs.t[which] + lag(op, member), lang=theirs.lang[which],
        text=wording(op, list(theirs.text), which), tags=theirs.tags[which], urls=theirs.urls[which],
    )  # fmt: skip
    post = np.repeat(np.arange(len(copies)), rng.binomial(3, 0.15, len(copies)))
    who = rng.integers(0, op.plan.size, post.size)
    keep = op.people.key[who] != copies.author[post]
    t = copies.t[post] + lag(op, who)
    return [copies, organic.retweets(op.stream, op.people, copies, post=post[keep], who=who[keep], t=t[keep])]


def brigade(op: Operation) -> list[Posts]:
    """Reply with taunts to the posts of a candidate and of a reporter."""
    return [_replies(op, ("candidate_valley", "reporter"), n=n_objects(op), base=list(TAUNTS))]


def _replies(op: Operation, figures: tuple[str, ...], *, n: int, base: list[str]) -> Posts:
    """Return replies to `n` posts of these public figures, in the words of `base`, varied."""
    rng = op.rng
    theirs = posts.concat([op.world.posts_of(name) for name in figures])
    theirs = theirs.take(np.sort(rng.permutation(len(theirs))[:n]))
    which, member = turnout(op, len(theirs))
    text = wording(op, base, rng.integers(0, len(base), which.size))
    t = theirs.t[which] + lag(op, member)
    return publish(op, member, t, verb=posts.REPLY, of=theirs.take(which), text=text)
