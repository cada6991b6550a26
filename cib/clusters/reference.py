"""Traits against matched groups: where does a cluster stand among groups of ordinary accounts like its own?"""

from dataclasses import dataclass

import numpy as np

from cib.clusters.facts import Facts
from cib.clusters.measures import MEASURES, Group, Measure

N_GROUPS = 200
MIN_RATIO = 5  # unclustered accounts per member that a reference needs
MIN_GROUPS = 50  # reference groups that must know the measure
MAX_LOG_ODDS = 2.0
MIN_FREE_EACH = 5  # posts per account that no tie rests on


@dataclass(frozen=True)
class Trait:
    """One measured trait of one cluster. percentile: share of reference groups below, ties half; log_odds: after halving
    and capping; low, high: the range of its value, where the measure tells one."""

    measure: Measure
    value: float | None
    percentile: float | None
    n_reference: int
    log_odds: float
    missing_reason: str | None
    low: float | None = None
    high: float | None = None


def strata(facts: Facts) -> np.ndarray:
    """Return int64[n_accounts]: language and activity tercile, the traits that reference accounts are matched on."""
    posts = facts.number["n_posts"]
    tercile = np.searchsorted(np.quantile(posts, [1 / 3, 2 / 3]), posts)
    return (facts.category["lang"].most_used + 1) * 3 + tercile


def draw(group: Group, pool: Group, *, stratum: np.ndarray, rng: np.random.Generator) -> list[Group] | str:
    """Return N_GROUPS groups of the pool's accounts, matched member by member; or, in a sentence, why there are none."""
    wanted, n_wanted = np.unique(stratum[group], return_counts=True)
    supply = {int(s): pool[stratum[pool] == s] for s in wanted}
    short = sum(int(n) for s, n in zip(wanted, n_wanted, strict=True) if len(supply[int(s)]) < MIN_RATIO * n)
    if short > len(group) // 10:
        return f"{short} of {len(group)} members have under {MIN_RATIO} unclustered accounts of their language and activity each"
    use = [(supply[int(s)], int(n)) for s, n in zip(wanted, n_wanted, strict=True) if len(supply[int(s)]) >= MIN_RATIO * n]
    return [np.concatenate([rng.choice(s, n, replace=False) for s, n in use]) for _ in range(N_GROUPS)]


def traits(facts: Facts, free: Facts, group: Group, *, references: list[Group] | str) -> list[Trait]:
    """Return every measure of the group beside its reference groups.

    Measures of who they are read only posts that no tie rests on, and are missing where there are under five per account: a
    horoscope
    at the same minute every day from the same program would otherwise be office hours, a foreign clock and a rare program
    at once.
    """
    enough = free.number["n_posts"][group].sum() >= MIN_FREE_EACH * len(group)
    return [_trait(measure, free if measure.free else facts, group, references=references, enough=enough) for measure in MEASURES]


def _trait(measure: Measure, facts: Facts, group: Group, *, references: list[Group] | str, enough: bool) -> Trait:
    if measure.free and not enough:
        return Trait(measure, None, None, 0, 0.0, "its accounts post too little besides what ties them together")
    value = measure.function(facts, group)
    if np.isnan(value):
        return Trait(measure, None, None, 0, 0.0, "the data do not hold enough of it for this cluster")
    if isinstance(references, str):
        return Trait(measure, value, None, 0, 0.0, references)
    others = np.array([measure.function(facts, reference) for reference in references])
    others = others[~np.isnan(others)]
    if len(others) < MIN_GROUPS:
        return Trait(measure, value, None, len(others), 0.0, "too few reference groups have it")
    below = float((others < value).mean() + 0.5 * (others == value).mean())
    odds = _log_odds(measure, value, percentile=below, n=len(others))
    if measure.range is None:
        return Trait(measure, value, below, len(others), odds, None)
    low, high = measure.range(facts, group)
    if odds > 0 and not (measure.matters(low) and measure.matters(high)):
        odds = 0.0
    return Trait(measure, value, below, len(others), odds, None, low, high)


def _log_odds(measure: Measure, value: float, *, percentile: float, n: int) -> float:
    """Return half the logit of the percentile towards inauthenticity, capped; nothing where the difference is immaterial."""
    bounded = min(max(percentile, 0.5 / n), 1 - 0.5 / n)
    odds = measure.direction * float(np.log(bounded / (1 - bounded))) / 2.0
    if (odds > 0 and not measure.matters(value)) or (odds < 0 and measure.one_sided):
        return 0.0
    return max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, odds))
