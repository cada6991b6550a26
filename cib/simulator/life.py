"""The ordinary life that campaign accounts lead beside the campaign, and what the public makes of the campaign."""

import numpy as np

from cib.simulator import organic, posts, talk
from cib.simulator.clock import delay
from cib.simulator.members import Operation
from cib.simulator.posts import Posts

RETWEETS, OWN = 0.55, 0.3  # the rest are replies
SPILL = 0.3


def decoys(op: Operation, coordinated: Posts) -> list[Posts]:
    """Return innocent posts of the members, `plan.decoys` per coordinated act: retweets of what their community retweets,
    own posts, replies; by the same processes as everybody's, in the members' waking hours.
    """
    rng, size = op.rng, op.plan.size
    n_acts = np.bincount(op.people.rows(coordinated.author), minlength=size)
    n = rng.poisson(op.plan.decoys * (0.5 * n_acts + 0.5 * n_acts.mean()))
    own = organic.originals(op.stream, op.world.ground, op.people, n_posts=rng.binomial(n, OWN))
    passed_on, post, who = _reactions(op, rng.binomial(n, RETWEETS))
    shared = organic.retweets(op.stream, op.people, op.world.own, post=post, who=who, t=passed_on)
    t, post, who = _reactions(op, rng.binomial(n, 1 - RETWEETS - OWN))
    ground = op.world.ground
    replies = talk.written(op.stream, ground, op.people, of=op.world.own.take(post), who=who, t=t, verb=posts.REPLY)
    return [own, shared, replies]


def _reactions(op: Operation, n_each: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return times, posts and members of reactions to posts that the community likes; asleep is asleep."""
    rng, world = op.rng, op.world
    who = np.repeat(np.arange(op.plan.size), 2 * n_each)
    at_home = world.people.community[world.people.rows(world.own.author)] == op.plan.community
    cumulated = np.cumsum((world.heat + 0.05) * np.where(at_home, 1.0, 0.12))
    post = np.searchsorted(cumulated, rng.random(who.size) * cumulated[-1] * 0.999999)
    t = world.own.t[post] + delay(rng, who.size, median_s=organic.RETWEET_MEDIAN_S, sigma=organic.RETWEET_SIGMA)
    keep = world.clock.inside(t) & (rng.random(who.size) < world.clock.awake(t, op.people.offset_h[who]))
    return t[keep], post[keep], who[keep]


def spillover(op: Operation, made: Posts) -> Posts:
    """Return retweets of the campaign's own posts by innocent people, few and slow: who is taken in is not part of it."""
    rng, world = op.rng, op.world
    own = made.take((made.verb == posts.ORIGINAL) & world.clock.inside(made.t))
    post = np.repeat(np.arange(len(own)), rng.poisson(SPILL, len(own)))
    crowd = world.people
    audience = np.flatnonzero(crowd.community == op.plan.community)
    weight = np.cumsum((crowd.rate * crowd.retweets)[audience])
    who = audience[np.searchsorted(weight, rng.random(post.size) * weight[-1] * 0.999999)]
    t = own.t[post] + delay(rng, post.size, median_s=organic.RETWEET_MEDIAN_S, sigma=organic.RETWEET_SIGMA)
    keep = world.clock.inside(t) & (rng.random(post.size) < world.clock.awake(t, crowd.offset_h[who]))
    return organic.retweets(op.stream, crowd, own, post=post[keep], who=who[keep], t=t[keep])
