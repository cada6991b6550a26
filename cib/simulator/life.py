"""The ordinary life that campaign accounts lead beside the campaign, and what the public makes of the campaign."""

import numpy as np

from cib.simulator import organic, posts, talk
from cib.simulator.draws import delay, weighted
from cib.simulator.follows import choose
from cib.simulator.members import Operation
from cib.simulator.posts import Posts

RETWEETS, OWN = 0.55, 0.3  # the rest are replies
SPILL = 0.3
N_READ = 40


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
    """Return times, posts and members of reactions: every member reads accounts of its own choice; asleep is asleep."""
    rng, world, size = op.rng, op.world, op.plan.size
    author = world.people.rows(world.own.author)
    # What one reader passes on depends on a post's appeal; heat is appeal times the size of the audience.
    appeal = (world.heat + 0.05) / (world.ground.follows.n_followers[author] + 5)
    post = []
    for n in 2 * n_each:
        read = np.zeros(len(world.people), dtype=bool)
        read[choose(rng, world.people, np.full(N_READ, op.plan.community))] = True
        readable = np.flatnonzero(read[author])
        post.append(readable[weighted(rng, appeal[readable], n)] if readable.size else readable)
    who = np.repeat(np.arange(size), [rows.size for rows in post])
    chosen = np.concatenate(post)
    t = world.own.t[chosen] + delay(rng, who.size, median_s=organic.RETWEET_MEDIAN_S, sigma=organic.RETWEET_SIGMA)
    keep = world.clock.inside(t) & (rng.random(who.size) < world.clock.awake(t, op.people.offset_h[who]))
    return t[keep], chosen[keep], who[keep]


def spillover(op: Operation, made: Posts) -> Posts:
    """Return retweets of the campaign's own posts by innocent people, few and slow: who is taken in is not part of it."""
    rng, world = op.rng, op.world
    own = made.take((made.verb == posts.ORIGINAL) & world.clock.inside(made.t))
    post = np.repeat(np.arange(len(own)), rng.poisson(SPILL, len(own)))
    crowd = world.people
    audience = np.flatnonzero(crowd.community == op.plan.community)
    if not audience.size:
        audience = np.arange(len(crowd))
    who = audience[weighted(rng, (crowd.rate * crowd.retweets)[audience], post.size)]
    t = own.t[post] + delay(rng, post.size, median_s=organic.RETWEET_MEDIAN_S, sigma=organic.RETWEET_SIGMA)
    keep = world.clock.inside(t) & (rng.random(post.size) < world.clock.awake(t, crowd.offset_h[who]))
    return organic.retweets(op.stream, crowd, own, post=post[keep], who=who[keep], t=t[keep])
