"""From traits to a kind: what speaks for inauthenticity, family by family, and which actor it looks like. Rules, not a verdict.

The thresholds are stated before the evaluation worlds were drawn and hold for every case and contestant alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cib.clusters.reference import Trait

FAMILY_CAP = 2.0
SELECTED = "targeting"  # what ties select for: it adds to the sum, and is neither a sign nor a trace
CAPS = {SELECTED: 1.0}
PURPOSE = ("client", "timing", "content", "authorship")  # what they do; who they are never accuses alone
NEW = ("provenance", "audience")  # a new account is young, has the default name and few followers: one fact
DESK = ("content", "client", "circadian")
STRONG, WEAK = 1.5, 0.75  # family log-odds that count as a sign; that count as a trace
LEVEL_3 = 3.0  # sum over families
MARGIN, PLAIN = 0.25, 0.5  # lead over the next actor; share of an actor's signs that is plain by itself
DECLARED = 0.6
MIN_ACCOUNTS = 5
RARE = 0.9  # percentile from which a describing trait counts as present

# What each actor looks like: traits expected to be present, and traits whose presence speaks against it (at half weight).
# What all
# invented accounts have in common (opened in a burst, empty profiles, no audience) tells no actor from another.
LOOKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bot_cluster": (("gap_variation", "night_share", "fast_share", "client_divergence", "handle_digits"), ()),
    "troll_farm": (("office_share", "reply_share", "reply_focus"), ("night_share", "handle_digits")),
    "foreign_interference": (("own_domain", "clock_shift", "second_language"), ()),
}
HOME_FAMILY = {"clock_shift", "second_language"}  # diaspora and exile media share them: together one family


@dataclass
class Verdict:
    """kind, claim level, and the families' log-odds behind them; reasons and counter are trait names, strongest first."""

    kind: str
    claim_level: int
    families: dict[str, float] = field(default_factory=dict)
    reasons: list[Trait] = field(default_factory=list)
    counter: list[Trait] = field(default_factory=list)
    note: str = ""


def decide(traits: list[Trait], *, n_accounts: int, declared: float | None, leads: bool, judged: bool) -> Verdict:
    """Return the verdict on one cluster.

    n_accounts  members; under five, profiles and habits are those of single people and nothing is said of inauthenticity
    declared  share of members that say openly what they are, None where no profile tells
    leads     a member leads its ties beyond chance, or the ties are closer in time than interest explains
    judged    the case holds enough to judge; otherwise no claim goes beyond coordination
    """
    measured = {t.measure.name: t for t in traits if t.percentile is not None}
    families = _families(measured.values())
    base = 2 if leads else 1
    reasons = sorted((t for t in measured.values() if t.log_odds >= WEAK / 2), key=lambda t: -t.log_odds)
    counter = sorted((t for t in measured.values() if t.log_odds <= -WEAK / 2), key=lambda t: t.log_odds)
    if _is_open(measured, declared):
        return Verdict("syndication", base, families, reasons, counter, "open")
    if judged and n_accounts >= MIN_ACCOUNTS and _signs(families):
        kind, clear = _look(measured)
        return Verdict(kind, 4 if clear else 3, families, reasons, counter)
    if _is_crowd(families):
        return Verdict("crowd", base, families, reasons, counter)
    return Verdict("undetermined", base, families, reasons, counter, "" if judged else "too little to judge")


def independent(families: dict[str, float]) -> dict[str, float]:
    """Return the families that speak for themselves. Provenance and audience are one fact. Where people live and which languages
    they speak is no sign of anything; it only tells one kind from another. An own site, an own program and office hours are one
    fact, too, where no profile is known: a newsroom has all three, and could not say so.
    """
    known = any(name in families for name in NEW)
    together = {"new": NEW} if known else {"new": NEW, "desk": DESK}
    joined = {name for names in together.values() for name in names}
    apart = {name: odds for name, odds in families.items() if name not in joined and name != "home"}
    return apart | {fact: max((families[n] for n in names if n in families), default=0.0) for fact, names in together.items()}


def score(families: dict[str, float]) -> float:
    """Return the sum of the independent families' log-odds: what level 3 and the confidence are read from."""
    return sum(independent(families).values())


def _signs(families: dict[str, float]) -> bool:
    """Say whether independent families together speak for inauthenticity: two signs, or one with two traces, and nothing
    outweighs them.

    One of them must be of what they do: being new, when people post and who follows them varies among the innocent. Whom they
    answer is what found them, and accuses nobody.
    """
    apart = [odds for name, odds in independent(families).items() if name != SELECTED]
    signs, traces = sum(odds >= STRONG for odds in apart), sum(odds >= WEAK for odds in apart)
    made = any(families.get(name, 0.0) >= STRONG for name in PURPOSE)
    return made and score(families) >= LEVEL_3 and (signs >= 2 or (signs >= 1 and traces >= 3))


def _families(traits: Iterable[Trait]) -> dict[str, float]:
    """Return the capped log-odds per family: its strongest trait for, plus its strongest against. Traits of a family are
    not added up."""
    grouped: dict[str, list[float]] = {}
    for trait in traits:
        if trait.measure.direction:
            grouped.setdefault(trait.measure.family, []).append(trait.log_odds)
    return capped(grouped)


def capped(grouped: dict[str, list[float]]) -> dict[str, float]:
    """Return per family the largest of its log-odds and 0 plus the least of them and 0, within its cap."""
    caps = {family: CAPS.get(family, FAMILY_CAP) for family in sorted(grouped)}
    return {f: max(-cap, min(cap, max(*grouped[f], 0.0) + min(*grouped[f], 0.0))) for f, cap in caps.items()}


def _is_open(measured: dict[str, Trait], declared: float | None) -> bool:
    """Say whether the members publish in the open: they say what they are, their accounts are over a year old, and were not
    opened in a burst."""
    age, burst = measured.get("account_age"), measured.get("creation_burst")
    aged = age is not None and age.value is not None and not age.measure.matters(age.value)
    calm = burst is None or burst.log_odds < STRONG
    return declared is not None and declared >= DECLARED and aged and calm


def _is_crowd(families: dict[str, float]) -> bool:
    """Say whether profiles and programs are known and those of ordinary people (old, opened at different times), and
    nothing is a sign."""
    known = {"provenance", "client"} <= set(families)
    signs = any(odds >= min(STRONG, CAPS.get(name, STRONG)) for name, odds in families.items())
    return known and not signs and families["provenance"] + families["client"] <= -WEAK


def _look(measured: dict[str, Trait]) -> tuple[str, bool]:
    """Return the actor that the cluster looks most like, and whether it leads clearly; undetermined where it looks like none."""
    scores = {kind: _score(measured, *looks) for kind, looks in LOOKS.items()}
    others = {t.measure.family for n, t in measured.items() if t.log_odds >= WEAK and n not in HOME_FAMILY}
    home = any(measured[n].log_odds >= WEAK for n in HOME_FAMILY if n in measured)
    if len(others) + home < 3 or not others:
        scores["foreign_interference"] = 0.0
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = scores[ranked[0]], scores[ranked[1]]
    if best <= 0 or best == second:
        return "undetermined", False
    return ranked[0], best - second >= MARGIN or best >= PLAIN > second


def _score(measured: dict[str, Trait], expected: tuple[str, ...], unexpected: tuple[str, ...]) -> float:
    """Return the share of the expected traits that are present, less half that of the unexpected; 0 where fewer than two
    are known."""
    known = [name for name in expected if name in measured]
    if len(known) < 2:
        return 0.0
    against = [name for name in unexpected if name in measured]
    present = [name for name in known if _present(measured[name])]
    if not any(measured[name].measure.family not in NEW for name in present):
        return 0.0
    hits = len(present) / len(known)
    return hits - (sum(_present(measured[name]) for name in against) / len(against) / 2 if against else 0.0)


def _present(trait: Trait) -> bool:
    if trait.measure.direction:
        return trait.log_odds >= WEAK
    return (trait.percentile or 0.0) >= RARE and trait.measure.matters(trait.value or 0.0)
