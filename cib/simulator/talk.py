"""How ordinary people talk to each other: replies, answers to replies, quotes."""

import numpy as np

from cib.simulator import posts
from cib.simulator.draws import delay
from cib.simulator.organic import OWN, QUOTES, REPLIES, Ground
from cib.simulator.people import People
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream

ANSWERED = 0.4


def talk(stream: Stream, ground: Ground, own: Posts) -> list[Posts]:
    """Return replies to and quotes of `own`, and the conversations that grow from the replies (three rounds)."""
    acts = float(np.sum(ground.people.rate * (1 - ground.people.retweets))) * ground.clock.n_days
    replies = _reactions(stream, ground, own, verb=posts.REPLY, n=acts * REPLIES * 0.7)
    quotes = _reactions(stream, ground, own, verb=posts.QUOTE, n=acts * QUOTES)
    rounds = [replies]
    for _ in range(3):
        rounds.append(answers(stream, ground, rounds[-1], share=ANSWERED))
    return [*rounds, quotes]


def _reactions(stream: Stream, ground: Ground, own: Posts, *, verb: int, n: float) -> Posts:
    """Return about `n` replies to or quotes of `own` by followers who are awake; popular authors get most of them."""
    rng, follows, people = stream.rng, ground.follows, ground.people
    author = people.rows(own.author)
    weight = np.sqrt(follows.audience[author]) * rng.lognormal(0.0, 1.2, len(own))
    expected = np.minimum(1.8 * n * weight / max(weight.sum(), 1e-9), 0.3 * follows.n_followers[author])
    post = np.repeat(np.arange(len(own)), rng.poisson(expected))
    who = follows.draw(rng, author[post], flat=True)
    t = own.t[post] + delay(rng, post.size, median_s=900, sigma=1.7)
    keep = (who != author[post]) & ground.clock.inside(t)
    keep &= rng.random(post.size) < ground.clock.awake(t, people.offset_h[who])
    return written(stream, ground, people, of=own.take(post[keep]), who=who[keep], t=t[keep], verb=verb)


def answers(stream: Stream, ground: Ground, replies: Posts, *, share: float) -> Posts:
    """Return answers of the accounts replied to: who is spoken to answers a `share` of the replies, within minutes mostly."""
    rng, people = stream.rng, ground.people
    who = people.rows(replies.ref_author)
    t = replies.t + delay(rng, len(replies), median_s=420, sigma=1.4)
    popular = people.popularity[who] > 60  # the famous answer nobody
    keep = (rng.random(len(replies)) < share) & ground.clock.inside(t) & ~popular
    return written(stream, ground, people, of=replies.take(keep), who=who[keep], t=t[keep], verb=posts.REPLY)


def written(stream: Stream, ground: Ground, people: People, *, of: Posts, who: np.ndarray, t: np.ndarray, verb: int) -> Posts:
    """Return replies to or quotes of the posts `of`, row by row, by the rows `who` of `people`, in words of their own."""
    rng = stream.rng
    lang = of.lang.astype(np.int64)
    texts = ground.writer.texts(rng, lang, people.community[who], mean_words=8)
    return posts.make(stream, people.key[who], t, verb=verb, of=of, text=texts, client=people.clients(rng, who))


def own_share(people: People) -> np.ndarray:
    """Return float64[n]: own posts of each account per day."""
    return people.rate * (1 - people.retweets) * OWN
