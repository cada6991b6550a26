"""The sentences of a cluster: reasons, contrary evidence, innocent readings, technique ids."""

from itertools import zip_longest

from cib.clusters.kinds import Verdict
from cib.clusters.reference import Trait

SAYS: dict[str, tuple[str, str]] = {  # trait: (when high, when low)
    "gap_variation": ("its pauses between posts vary widely", "its pauses between posts are unusually even"),
    "reaction": ("it passes posts on slowly", "it passes posts on unusually fast"),
    "night_share": ("its accounts post through the night, too", "its accounts rest every day"),
    "office_share": (
        "its posts fall into the same nine hours of working days",
        "its posts are spread over evenings and weekends",
    ),
    "clock_offset": ("its day is ahead of others of its language", "its day is behind others of its language"),
    "clock_shift": ("its day is shifted against others of its language", "its day is that of others of its language"),
    "creation_burst": (
        "its accounts were opened within a few weeks of each other",
        "its accounts were opened at very different times",
    ),
    "account_age": ("its accounts are old", "its accounts are young"),
    "handle_digits": ("its handles end in strings of digits", "its handles seldom end in digits"),
    "empty_bio": ("its profiles are empty or copies of each other", "its profiles are filled in, each in its own words"),
    "client_divergence": (
        "it posts with programs that hardly anybody else uses",
        "it posts with the programs that everybody uses",
    ),
    "reply_share": ("much of what it writes are answers", "it seldom answers anybody"),
    "reply_focus": ("many of its posts answer one account", "its answers go to many accounts"),
    "taken_text": (
        "its accounts publish other people's texts word for word as their own",
        "its accounts do not publish other people's texts as their own",
    ),
    "own_domain": ("its links lead to sites that only it links to", "its links lead to sites that others link to as well"),
    "second_language": ("its accounts switch languages", "its accounts keep to one language"),
    "followers_ratio": ("its accounts are followed by many", "its accounts follow many and are followed by few"),
    "likes_per_post": ("its posts are liked by others", "its posts are hardly liked by anybody"),
}
BENIGN: dict[str, tuple[str, ...]] = {
    "retweet": (
        "Supporters of one account who have its notifications on. Do they also act apart, and talk to each other?",
        "A fan community at a live event. Look at whether the posts follow what happened on the screen.",
    ),
    "text": (
        "A share button, a petition or a quotation that hands out the words. Open the page they link to and look for a button.",
        "A newsroom or a party that publishes through several accounts. Look for an imprint and for openly declared ownership.",
    ),
    "link": (
        "Outlets of one publisher, or readers of one feed. Look up who owns the domain and whether the accounts say so.",
        "Breaking news that everybody links to. Compare with others who linked to it in the same minutes.",
    ),
    "domain": ("Readers of one small outlet, members of one party, employees of one firm. Look up whose site it is.",),
    "synchrony": (
        "One scheduling service, feed or alert behind unrelated accounts. Check the program and what was posted at that minute.",
    ),
    "hashtag": (
        "Organisers who hand out a list of hashtags: a campaign day, a school, a conference. Search for the call.",
        "A community that uses its tags by habit. Look at whether the tags are older than the period.",
    ),
    "reply": (
        "Citizens angry at one post. Read twenty answers: do they differ in what they say?",
        "Followers of the same discussion who see it at the same time.",
    ),
}
ALWAYS = (
    "Volunteers, a union or a party who agreed on this openly. Ask them, and look for a public call.",
    "A posting tool that many unrelated people use at its preset times. Check the program and whether the texts are its own.",
    "Activity missing from the sample: people whose other posts were not collected look more alike than they are.",
)
TECHNIQUES = {  # DISARM v1.6, only where interaction data can show it
    "co_retweet": "T0118",
    "fast_retweet": "T0049.003",
    "co_link": "T0118",
    "co_hashtag": "T0049.002",
    "hashtag_sequence": "T0049.002",
    "co_text": "T0084.001",
    "near_text": "T0084",
    "co_reply": "T0049.005",
    "co_mention": "T0049.005",
    "co_media": "T0086.001",
    "co_quote": "T0049.005",
}
CAUTIOUS_BELOW_LEVEL_3 = {"T0049.003"}  # says "bots"


def reason(trait: Trait) -> str:
    """Return one sentence with the measured value and where it stands among reference groups."""
    percentile = trait.percentile if trait.percentile is not None else 0.5
    high, low = SAYS.get(trait.measure.name, (f"{trait.measure.name} is high", f"{trait.measure.name} is low"))
    saying = high if percentile >= 0.5 else low
    place = percentile if percentile >= 0.5 else 1 - percentile
    side = "below" if percentile >= 0.5 else "above"
    text = f"{saying} ({measured(trait)}; {place:.0%} of {trait.n_reference} matched groups of other accounts lie {side} it)."
    return text[0].upper() + text[1:]


def measured(trait: Trait) -> str:
    """Return the value with its unit, as people write it."""
    value = trait.value if trait.value is not None else 0.0
    if trait.measure.unit == "share":
        return f"{value:.0%}"
    if trait.measure.unit == "log2":
        return f"{2**value:.2g} followers per account followed"
    text = f"{value:,.0f} {trait.measure.unit}" if value >= 100 else f"{value:.2g} {trait.measure.unit}"
    return text if trait.low is None else f"{text}, {trait.low:.2g} to {trait.high:.2g} with its members drawn anew"


def benign(graphs: list[str]) -> list[str]:
    """Return at least three innocent readings that fit these graphs, and what would tell them apart: one of every kind of act
    first, so that who retweets much is not the only one whose innocence is thought of."""
    fitting = [texts for word, texts in BENIGN.items() if any(word in graph for graph in graphs)]
    in_turn = [text for turn in zip_longest(*fitting) for text in turn if text]
    return in_turn[:4] + list(ALWAYS)


def disarm(graphs: list[str], verdict: Verdict) -> list[str]:
    """Return DISARM v1.6 technique ids that the behaviour is consistent with; no intent, no origin."""
    ids = {TECHNIQUES[graph] for graph in graphs if graph in TECHNIQUES}
    if verdict.claim_level < 3:
        ids -= CAUTIOUS_BELOW_LEVEL_3
    if verdict.kind in ("syndication", "crowd"):
        return []
    return sorted(ids)
