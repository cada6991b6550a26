"""Traits: one number about a group of accounts each, measured alike on clusters and on reference groups."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cib.clusters.facts import Facts, weight

DAY_S = 86_400
BURST_DAYS = 30
N_DRAWS = 200
Group = np.ndarray  # int64[n]: account numbers


@dataclass(frozen=True)
class Measure:
    """One trait.

    direction  +1: high values speak for inauthenticity; -1: low ones; 0: it only describes
    material   the value from which (in the direction; for 0: from which upwards) a difference matters at all: large groups differ
               significantly in things of no importance
    free       measured on posts that no tie rests on, where there are enough of them
    one_sided  its absence is ordinary and speaks for nobody
    range      its lowest and highest likely value; where a difference would not matter at one of them, it is no sign
    """

    name: str
    unit: str
    family: str
    direction: int
    material: float
    function: Callable[[Facts, Group], float]
    free: bool = False
    one_sided: bool = False
    range: Callable[[Facts, Group], tuple[float, float]] | None = None

    def matters(self, value: float) -> bool:
        return value <= self.material if self.direction < 0 else value >= self.material


def _median(values: np.ndarray, *, at_least: int = 3) -> float:
    values = values[~np.isnan(values)]
    return float(np.median(values)) if len(values) >= at_least else np.nan


def _ratio(facts: Facts, group: Group, *, top: str, bottom: str, at_least: int = 10) -> float:
    """Return the group's sum of `top` over that of `bottom`, no account with the weight of more than 40."""
    part, whole = (np.nan_to_num(facts.number[name][group]) for name in (top, bottom))
    if whole.sum() < at_least:
        return np.nan
    each = weight(whole)
    return float((each * part).sum() / (each * whole).sum())


def _top_share(facts: Facts, what: str, group: Group, *, at_least: int = 10) -> float:
    """Return the share of the group's posts that falls into its commonest category."""
    counts = facts.category[what].balanced(group)
    return float(counts.max() / counts.sum()) if counts.sum() >= at_least else np.nan


def client_divergence(facts: Facts, group: Group) -> float:
    """Return how unlike everybody else's the group's choice of programs is: Kullback-Leibler divergence, bits."""
    category = facts.category["client"]
    counts = category.balanced(group)
    if counts.sum() < 10:
        return np.nan
    others = category.totals - category.of(group)
    used = counts > 0
    own = counts[used] / counts.sum()
    base = (others[used] + 1.0) / (others.sum() + len(others))
    return float(np.sum(own * np.log2(own / base)))


def office_share(facts: Facts, group: Group) -> float:
    """Return the largest share of the group's posts that any nine hours of the five working days hold, over all time zones.

    The evenings of working days hold about half of what people of one town post: only much more is office hours.
    """
    category = facts.category["weekhour"]
    week = np.zeros(168)
    for name, n in zip(category.names, category.balanced(group), strict=True):
        week[(int(name) + 72) % 168] += n  # 1970-01-01 was a Thursday; Monday 00:00 UTC comes first
    if week.sum() < 100:
        return np.nan
    nine = np.stack([(day * 24 + np.arange(24)[:, None] + np.arange(9)) % 168 for day in range(5)])
    return float(week[nine].sum(axis=(0, 2)).max() / week.sum())


def _clock_fits(facts: Facts, group: Group, weights: np.ndarray) -> np.ndarray | None:
    """Return int64[n_draws] in -11 .. 12: by how many hours the group's day must be moved to look most like everybody else's of
    its language; east of them is positive. weights: float64[n_draws, n_members], how often each member counts. None where too
    little is known."""
    own = facts.day[group]
    main = facts.category["lang"].most_used[group]
    langs, counts = np.unique(main, return_counts=True)
    lang = int(langs[np.argmax(counts)])
    rest = facts.language_day[lang] - own[main == lang].sum(axis=0)
    if own.sum() < 200 or rest.sum() < 10 * own.sum():
        return None
    days = (weights * weight(own.sum(axis=1))) @ own
    moved = np.stack([np.roll(rest, -shift) for shift in range(24)])
    best = np.argmax(days @ moved.T, axis=1)
    return np.where(best > 12, best - 24, best)


def clock_offset(facts: Facts, group: Group) -> float:
    """Return by how many hours the group's day is ahead of everybody else's of its language: positive is east, -11 to 12."""
    fits = _clock_fits(facts, group, np.ones((1, len(group))))
    return np.nan if fits is None else float(fits[0])


def clock_shift(facts: Facts, group: Group) -> float:
    """Return by how many hours the group's day is off everybody else's of its language, 0 to 12."""
    return abs(clock_offset(facts, group))


def clock_range(facts: Facts, group: Group) -> tuple[float, float]:
    """Return the 5th and 95th hundredth of `clock_shift` when the members are drawn anew, 200 times, seeded by their number."""
    rng = np.random.default_rng(len(group))
    draws = rng.multinomial(len(group), np.full(len(group), 1 / len(group)), size=N_DRAWS).astype(float)
    fits = _clock_fits(facts, group, draws)
    if fits is None:
        return np.nan, np.nan
    low, high = np.quantile(np.abs(fits), [0.05, 0.95], method="nearest")
    return float(low), float(high)


def creation_burst(facts: Facts, group: Group) -> float:
    """Return the largest share of the group's accounts that were opened within 30 days of another one's opening."""
    created = np.sort(facts.number["created_at"][group])
    created = created[~np.isnan(created)]
    if len(created) < 5:
        return np.nan
    until = np.searchsorted(created, created + BURST_DAYS * DAY_S, side="right")
    return float((until - np.arange(len(created)) - 1).max() / len(created))


def account_age(facts: Facts, group: Group) -> float:
    """Return the accounts' median age at their first post of the period, days."""
    return _median((facts.number["first_at"][group] - facts.number["created_at"][group]) / DAY_S)


def handle_digits(facts: Facts, group: Group) -> float:
    """Return the share of handles that end in five or more digits."""
    known = [handle for i in group if (handle := facts.text["handle"][i])]
    ends = sum(len(handle) - len(handle.rstrip("0123456789")) >= 5 for handle in known)
    return ends / len(known) if len(known) >= 5 else np.nan


def empty_bio(facts: Facts, group: Group) -> float:
    """Return the share of known accounts without a description, or with one that another member of the group has word for
    word."""
    known = group[facts.number["known"][group] > 0]
    if len(known) < 5:
        return np.nan
    bios = [(facts.text["description"][i] or "").strip() for i in known]
    return sum(not bio or bios.count(bio) > 1 for bio in bios) / len(bios)


def followers_ratio(facts: Facts, group: Group) -> float:
    """Return the median of followers per account followed, as a logarithm to base 2."""
    return _median(np.log2((facts.number["followers"][group] + 1) / (facts.number["following"][group] + 1)), at_least=5)


def own_domain(facts: Facts, group: Group) -> float:
    """Return the share of the group's links that lead to domains which hardly anybody else links to (group: 4 of 5 posts
    with them)."""
    domain = facts.category["domain"]
    counts = domain.of(group)
    if counts.sum() < 10:
        return np.nan
    owned = (counts >= 0.8 * domain.totals) & (counts >= 5)
    return float(counts[owned].sum() / counts.sum())


def second_language(facts: Facts, group: Group) -> float:
    """Return the share of the group's posts that are not in the language most used by their account."""
    lang = facts.category["lang"].counts[group]
    n_posts = np.asarray(lang.sum(axis=1)).ravel()
    if n_posts.sum() < 50 or lang.shape[1] < 2:
        return np.nan
    each = weight(n_posts)
    return float(1.0 - each @ lang.max(axis=1).toarray().ravel() / (each @ n_posts))


def talk_inside(facts: Facts, group: Group) -> float:
    """Return the share of the group's answers that go to its own members."""
    answered = facts.category["answered"]
    counts = answered.of(group)
    if counts.sum() < 10:
        return np.nan
    members = {facts.text["account_id"][i] for i in group} | {facts.text["handle"][i] for i in group}
    inside = sum(int(counts[answered.column[name]]) for name in members if name in answered.column)
    return float(inside / counts.sum())


def reply_focus(facts: Facts, group: Group) -> float:
    """Return the share of all the group's posts that answer the one account it answers most."""
    n_posts = facts.number["n_posts"][group]
    each = weight(n_posts)
    counts = facts.category["answered"].counts[group].T @ each
    return float(counts.max(initial=0) / (each @ n_posts)) if n_posts.sum() >= 50 else np.nan


def taken_text(facts: Facts, group: Group) -> float:
    """Return the share of the group's accounts that published three texts or more, without an address, which somebody outside the
    group had published before, word for word after normalisation."""
    if facts.category["text"].counts[group].sum() < 10:
        return np.nan
    return float((facts.shared.taken(group) >= 3).mean())


def typical_likes(facts: Facts, group: Group) -> float:
    """Return the median over accounts of the likes per own post that answers nobody, of those with three such posts or more."""
    likes, n = facts.number["likes"][group], np.nan_to_num(facts.number["n_liked"][group])
    return _median(likes[n >= 3] / n[n >= 3], at_least=5)


def copied_text(facts: Facts, group: Group) -> float:
    """Return the share of the group's own texts that another member published too, word for word after normalisation."""
    counts = facts.category["text"].counts[group]
    posts = np.asarray(counts.sum(axis=0)).ravel()
    if posts.sum() < 10:
        return np.nan
    return float(posts[counts.getnnz(axis=0) >= 2].sum() / posts.sum())


MEASURES: tuple[Measure, ...] = (
    Measure("gap_variation", "ratio", "timing", -1, 0.8, lambda f, g: _median(f.number["gap_cv"][g]), free=True),
    Measure("night_share", "share", "circadian", +1, 0.12, lambda f, g: _median(f.night_share[g]), free=True, one_sided=True),
    Measure("office_share", "share", "circadian", +1, 0.6, office_share, one_sided=True),
    Measure("clock_shift", "hours", "home", +1, 3, clock_shift, free=True, one_sided=True, range=clock_range),
    Measure("clock_offset", "hours east", "home", 0, 0, clock_offset, free=True),
    Measure("creation_burst", "share", "provenance", +1, 0.3, creation_burst),
    Measure("account_age", "days", "provenance", -1, 365, account_age),
    Measure("handle_digits", "share", "provenance", +1, 0.4, handle_digits),
    Measure("empty_bio", "share", "provenance", +1, 0.5, empty_bio),
    Measure("client_divergence", "bits", "client", +1, 1.0, client_divergence, free=True, one_sided=True),
    Measure("followers_ratio", "log2", "audience", -1, -1.5, followers_ratio),
    Measure("likes_per_post", "likes", "audience", -1, 0.5, typical_likes, free=True),
    Measure("own_domain", "share", "content", +1, 0.3, own_domain, one_sided=True),
    Measure("second_language", "share", "home", +1, 0.08, second_language, one_sided=True),
    Measure("taken_text", "share", "authorship", +1, 0.5, taken_text, one_sided=True),
    Measure("copied_text", "share", "content", 0, 0.2, copied_text),
    Measure("reaction", "seconds", "amplification", 0, 0, lambda f, g: _median(f.number["reaction_s"][g])),
    Measure("fast_share", "share", "amplification", 0, 0.2, lambda f, g: _ratio(f, g, top="n_fast", bottom="n_reactions")),
    Measure("retweet_share", "share", "amplification", 0, 0.6, lambda f, g: _ratio(f, g, top="n_retweets", bottom="n_posts")),
    Measure("retweet_target", "share", "amplification", 0, 0.2, lambda f, g: _top_share(f, "retweeted", g)),
    Measure(
        "reply_share", "share", "targeting", +1, 0.2, lambda f, g: _ratio(f, g, top="n_replies", bottom="n_posts"), one_sided=True
    ),
    Measure("reply_focus", "share", "targeting", +1, 0.08, reply_focus, one_sided=True),
    Measure("talk_inside", "share", "targeting", 0, 0.2, talk_inside),
)
