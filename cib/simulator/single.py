"""Regimes for measuring power: one verb each, on objects that no other campaign shares, nothing else beside it."""

import numpy as np

from cib.simulator import organic, posts
from cib.simulator.acts import lag, n_objects, publish, start_times, texts, turnout, wording
from cib.simulator.members import Operation
from cib.simulator.news import article_url
from cib.simulator.people import COMMUNITIES
from cib.simulator.posts import Posts

SEQUENCE = 3


def _theirs(op: Operation) -> Posts:
    """Return posts of ordinary people of the campaign's community, oldest first, each as likely as any other.

    As many as the campaign has objects, unless a small world has fewer. Two campaigns rarely choose the same ones.
    """
    world = op.world
    famous = world.people.key[list(world.figures.values())]
    author = world.people.rows(world.own.author)
    free = (world.people.community[author] == op.plan.community) & ~np.isin(world.own.author, famous)
    chosen = op.rng.permutation(np.flatnonzero(free))[: n_objects(op)]
    return world.own.take(chosen[np.argsort(world.own.t[chosen], kind="stable")])


def retweet(op: Operation) -> list[Posts]:
    """Retweet posts of ordinary people."""
    target = _theirs(op)
    which, member = turnout(op, len(target))
    return [organic.retweets(op.stream, op.people, target, post=which, who=member, t=target.t[which] + lag(op, member))]


def reply(op: Operation) -> list[Posts]:
    """Reply to posts of ordinary people, in words of one's own."""
    target = _theirs(op)
    which, member = turnout(op, len(target))
    text = texts(op, which.size, mean_words=8)
    t = target.t[which] + lag(op, member)
    return [publish(op, member, t, verb=posts.REPLY, of=target.take(which), text=text)]


def link(op: Operation) -> list[Posts]:
    """Link to pages of a site of the campaign's own, under words of one's own."""
    n = n_objects(op)
    host, titles, start = "".join(_words(op, 2)), texts(op, n, mean_words=8), start_times(op, n)
    urls = [article_url(host, title, 100 + i) for i, title in enumerate(titles)]
    which, member = turnout(op, n)
    links = posts.objects((urls[w],) for w in which)
    return [publish(op, member, start[which] + lag(op, member), text=texts(op, which.size), urls=links)]


def text(op: Operation) -> list[Posts]:
    """Post the same texts, some of them in other words, without hashtags or addresses."""
    n = n_objects(op)
    base, start = texts(op, n, mean_words=14), start_times(op, n)
    which, member = turnout(op, n)
    return [publish(op, member, start[which] + lag(op, member), text=wording(op, base, which))]


def sequence(op: Operation) -> list[Posts]:
    """Post texts of one's own under the same rows of three hashtags, invented ones, each row in one order."""
    n = n_objects(op)
    pool, start = [word.capitalize() for word in _words(op, 8 + n // 2)], start_times(op, n)
    rows = [tuple(pool[i] for i in op.rng.permutation(len(pool))[:SEQUENCE]) for _ in range(n)]
    which, member = turnout(op, n)
    tags = posts.objects(rows[w] for w in which)
    return [publish(op, member, start[which] + lag(op, member), text=texts(op, which.size), tags=tags)]


def _words(op: Operation, n: int) -> list[str]:
    """Return `n` different rare words of the community's language."""
    words = op.world.ground.writer.words[COMMUNITIES[op.plan.community].lang]
    rare = words[len(words) // 2 :]
    return [str(word) for word in rare[op.rng.permutation(rare.size)[:n]]]


SINGLE = {"retweet": retweet, "link": link, "text": text, "sequence": sequence, "reply": reply}
