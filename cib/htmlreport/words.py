"""The report's vocabulary: kinds, claim levels, roles, traits and samples in plain words. Below level 3 none of them accuses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cib.htmlreport import show
from cib.languages import Language, Said, figure, joined, known, message, say
from cib.schema import FLAGGED_KINDS
from cib.wording import KIND_WORDS, TECHNIQUES

CLAIMED = 3  # claim level from which a cluster shows indicators of inauthenticity
EXPLAINED = ("syndication", "crowd")  # shown and explained, never flagged
STATUS = ("flagged", "review", "explained")  # in reading order
NOTABLE = 0.375  # log-odds from which a trait speaks for or against

MARKS = {  # kind: its mark in pictures
    "bot_cluster": "square",
    "troll_farm": "diamond",
    "foreign_interference": "triangle",
    "undetermined": "circle",
    "syndication": "ring",
    "crowd": "plus",
}
LEVELS = {
    1: message("coordinated beyond chance"),
    2: message("coordinated beyond chance, with a clear order of who acts first or closer in time than shared interest explains"),
    3: message("coordinated beyond chance, with indicators of inauthenticity"),
    4: message("coordinated beyond chance, with indicators of inauthenticity, consistent with one kind of operation"),
}
ROLES = {  # role: (of one account, of several)
    "seeder": (message("acts first"), message("act first")),
    "amplifier": (message("passes on"), message("pass on what others publish")),
    "member": (message("takes part"), message("take part")),
    "source": (message("is copied"), message("are copied and are no members")),
}
OWN = {"member": message("itself a member"), "source": message("the group's source")}  # of an account that a group acts on
RETWEET = message("retweet")
RETWEETS = {  # what the platform itself calls it
    "mastodon": message("boost"),
    "bluesky": message("repost"),
    "telegram": message("forward"),
    "facebook": message("share"),
    "reddit": message("cross-post"),
}
SAMPLES = {
    "accounts": message("All posts of chosen accounts. Accounts that nobody chose cannot be found."),
    "keyword": message(
        "Posts that contain chosen words. What else the accounts did is missing: they look more alike than they are."
    ),
    "full": message("Everything of a platform or group in the period."),
    "unknown": message("Not stated. How the posts were chosen decides what they can show."),
}
TRAITS = {
    "gap_variation": message("Variation of the pauses between posts"),
    "reaction": message("Time until it passes a post on"),
    "night_share": message("Posts within the quietest six hours of an account"),
    "office_share": message("Posts within the busiest nine hours of working days"),
    "clock_shift": message("Shift of its day against others of its language"),
    "creation_burst": message("Accounts opened within 30 days of each other"),
    "account_age": message("Age of the accounts"),
    "handle_digits": message("Handles that end in five or more digits"),
    "empty_bio": message("Profiles empty or copied"),
    "client_divergence": message("How unusual its posting programs are"),
    "retweet_share": message("Posts that pass on others' posts"),
    "retweet_target": message("Share of the account it passes on most"),
    "fast_share": message("Posts passed on within a minute"),
    "reply_share": message("Posts that are answers"),
    "reply_focus": message("Posts that answer the one account it answers most"),
    "talk_inside": message("Answers that go to its own members"),
    "copied_text": message("Own texts that another member published too"),
    "own_domain": message("Links to sites that hardly anybody else links to"),
    "second_language": message("Posts outside an account's main language"),
    "followers_ratio": message("Followers per account followed"),
    "clock_offset": message("Its day ahead of others of its language"),
    "taken_text": message("Accounts that publish other people's texts as their own"),
    "likes_per_post": message("Likes per post of its typical account"),
}
UNITS = {
    "hours": message("hours"),
    "hours east": message("hours east"),
    "days": message("days"),
    "bits": message("bits"),
    "likes": message("likes"),
    "seconds": message("seconds"),
}
OBJECTS = {  # what two accounts acted on, by verb
    "retweet": message("same post"),
    "fast_retweet": message("same post"),
    "reply": message("answered post"),
    "quote": message("quoted post"),
    "link": message("address"),
    "domain": message("site"),
    "moment": message("minute"),
    "hashtag": message("hashtag"),
    "hashtag_sequence": message("hashtags"),
    "text": message("text"),
    "mention": message("mentioned account"),
}
SIMULATED = "simnet"  # the platform of the simulator's accounts
MADE_UP = message(
    "These are no real posts but a simulated demonstration: every account, campaign and text is made up, from invented words."
)
ABSENT = "no post carries "  # how a reason begins where the data lack what a graph needs
_ACCUSES = re.compile(r"\b(?:\w+_)?(inauthenti[ck]\w*|inauthentisch\w*|bots?|botne\w+|troll\w*)(?:_\w+)?\b", re.IGNORECASE)
_FIGURES = re.compile(r"(.+?) \(([^()]+)\)\.", re.DOTALL)
_SOFTER = {"b": message("automated accounts"), "t": message("provocative accounts"), "i": message("unusual")}
PATTERNS = (  # sentences that stand in a run's tables with figures in them: by these they are known again
    message("{saying} ({value}; {share} of {n} matched groups of other accounts lie below it)."),
    message("{saying} ({value}; {share} of {n} matched groups of other accounts lie above it)."),
    message("{value}, {low} to {high} with its members drawn anew"),
    message("{x} followers per account followed"),
    message("{x} days"),
    message("{x} hours"),
    message("{x} hours east"),
    message("{x} bits"),
    message("{x} likes"),
    message("{x} seconds"),
    message("{x} ratio"),
    message("{low} of {n} members have under {x} unclustered accounts of their language and activity each"),
    message(
        "the activity of {n} equally active accounts, under {x}: too few to know what is ordinary. "
        "Add all activity of comparable accounts."
    ),
)


def kind(code: str, level: int) -> str:
    """Return the kind in words. A kind that accuses is not named below level 3, whatever the table says."""
    return say(KIND_WORDS["undetermined" if level < CLAIMED and code in FLAGGED_KINDS else code])


def stored(sentence: str) -> Said:
    """Return one of our own sentences that stands in a run's tables or in a graph's file."""
    return known(sentence, PATTERNS)


def status(cluster: Mapping[str, Any]) -> str:
    """Return flagged, review or explained for a row of `cluster`."""
    if cluster["flagged"] and cluster["claim_level"] >= CLAIMED:
        return "flagged"
    return "explained" if cluster["kind"] in EXPLAINED else "review"


def mark(code: str, level: int) -> str:
    """Return the name of the kind's mark in pictures."""
    return MARKS["undetermined" if level < CLAIMED and code in FLAGGED_KINDS else code]


def careful(sentence: str, level: int) -> str:
    """Return one of our own sentences fit for a claim level: below 3 it does not accuse. Never used on what accounts wrote.

    >>> careful("Its direction is inauthentic, as of bots.", 2)
    'Its direction is unusual, as of automated accounts.'
    """
    if level >= CLAIMED:
        return sentence

    def soften(language: Language) -> str:
        return _ACCUSES.sub(lambda match: language.text(_SOFTER[match.group(1)[0].lower()]), language.value(sentence))

    return Said(soften)


def techniques(ids: Iterable[str], level: int) -> list[dict[str, str]]:
    """Return DISARM ids with their names. Names that accuse are left out below level 3."""
    named = [{"id": code, "name": TECHNIQUES.get(code, ("", ""))[0]} for code in ids]
    return [one for one in named if level >= CLAIMED or careful(one["name"], level) == one["name"]]


def weighs(log_odds: float, direction: str) -> str:
    """Return what a trait's contribution means, in words."""
    if direction == "describes":
        return say("only describes")
    if abs(log_odds) < NOTABLE:
        return say("nothing either way")
    return say("raises concern") if log_odds > 0 else say("speaks against")


def trait(code: str) -> str:
    """Return the trait in words; a trait that has none here keeps its name, spaces for underscores."""
    return say(TRAITS[code]) if code in TRAITS else code.replace("_", " ")


def measured(value: float, unit: str) -> str:
    """Return a trait's value as people say it: shares in percent, logarithms of ratios as ratios.

    >>> measured(0.825, "share"), measured(-1.0, "log2"), measured(27.5, "days"), measured(1.14, "ratio")
    ('82.5 %', '0.5 to 1', '27.5 days', '1.14')
    """
    if unit == "share":
        return say("{x} %", x=figure(f"{100 * value:.3g}"))
    if unit == "log2":
        return say("{x} to 1", x=show.decimal(2.0 ** max(min(value, 60.0), -60.0)))
    return (
        show.decimal(value)
        if unit == "ratio"
        else joined(" ", [show.decimal(value), say(UNITS[unit]) if unit in UNITS else unit])
    )


def role(member: Mapping[str, Any]) -> str:
    """Return what the member does in its group, and how often, where it acts first.

    >>> role({"role": "seeder", "n_led": 52, "n_followed": 2}), role({"role": "member"})
    ('acts first (52 of 54 hours)', 'takes part')
    """
    if member["role"] == "seeder" and (led := member.get("n_led")):
        return say("acts first ({n} of {all} hours)", n=led, all=led + (member["n_followed"] or 0))
    return say(ROLES[member["role"]][0])


def stability(value: float | None) -> str:
    """Return in one sentence how much of a group stays together when chance redraws what it met on; '' where unknown.

    >>> stability(0.9999)
    'Had other objects of the same kind come up, 99 % of its ties would still hold together.'
    """
    if value is None:
        return ""
    return say("Had other objects of the same kind come up, {n} % of its ties would still hold together.", n=int(100 * value))


def typical(graph: str, edge: Mapping[str, Any]) -> str:
    """Return in one sentence how often a pair met, and how often it was due to meet by chance.

    >>> typical("co_link", {"n_shared": 24, "window_s": 60, "expected": 1.1, "surprise_bits": 70.0, "n_favourite": 0})
    'A typical pair met 24 times within 1 minute on co_link, where 1.1 would be due by chance (1 in 10^21).'
    """
    bits = edge["surprise_bits"]
    told = say(
        "A typical pair met {n, plural, one {# time} other {# times}} within {window} on {graph}, where {due} would be due by "
        "chance{odds}.",
        n=edge["n_shared"],
        window=show.duration(edge["window_s"]),
        graph=graph,
        due=show.decimal(edge["expected"]),
        odds="" if bits is None else joined("", [" (", show.odds_in_full(bits), ")"]),
    )
    if not (apart := edge["n_favourite"]):
        return told
    fans = say(
        "It met {n, plural, one {# more time} other {# more times}} on the one interest it shares most, which is left out: fans "
        "of one account do so too.",
        n=apart,
    )
    return joined(" ", [told, fans])


def thin(reason: str) -> str:
    """Return why a graph was not judged. What no post carries is missing, which is not the same as too little of it.

    >>> thin("no post carries container"), thin("no post has a text")
    ('Not in these data: no post carries container', 'Too little to judge: no post has a text')
    """
    if reason.startswith(ABSENT):
        return say("Not in these data: no post carries {what}", what=stored(reason.removeprefix(ABSENT)))
    return say("Too little to judge: {why}", why=stored(reason))


def retweet(platform: str) -> str:
    """Return the platform's own word for a post that passes on another unchanged."""
    return say(RETWEETS.get(platform, RETWEET))


def split(sentence: str) -> dict[str, str]:
    """Return one of our sentences in two parts: what it says, and the figures or the check that follow.

    >>> split("Its accounts are young (27.5 days; all are older).")
    {'text': 'Its accounts are young.', 'detail': '27.5 days; all are older.'}
    >>> split("Fans of one account. Ask them.")
    {'text': 'Fans of one account.', 'detail': 'Ask them.'}
    """
    text = Said(lambda language: _split(language.value(sentence))["text"])
    return {"text": text, "detail": Said(lambda language: _split(language.value(sentence))["detail"])}


def _split(sentence: str) -> dict[str, str]:
    if match := _FIGURES.fullmatch(sentence):
        return {"text": match.group(1) + ".", "detail": match.group(2) + "."}
    text, stop, detail = sentence.partition(". ")
    return {"text": text + stop.strip(), "detail": detail}
