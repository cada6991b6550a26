"""The report's vocabulary: kinds, claim levels, roles, traits and samples in plain words. Below level 3 none of them accuses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cib.htmlreport import show
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
    1: "coordinated beyond chance",
    2: "coordinated beyond chance, with a clear order of who acts first or closer in time than shared interest explains",
    3: "coordinated beyond chance, with indicators of inauthenticity",
    4: "coordinated beyond chance, with indicators of inauthenticity, consistent with one kind of operation",
}
ROLES = {  # role: (of one account, of several)
    "seeder": ("acts first", "act first"),
    "amplifier": ("passes on", "pass on what others publish"),
    "member": ("takes part", "take part"),
    "source": ("is copied", "are copied and are no members"),
}
OWN = {"member": "itself a member", "source": "the group's source"}  # of an account that a group acts on
RETWEETS = {  # what the platform itself calls it
    "mastodon": "boost",
    "bluesky": "repost",
    "telegram": "forward",
    "facebook": "share",
    "reddit": "cross-post",
}
SAMPLES = {
    "accounts": "All posts of chosen accounts. Accounts that nobody chose cannot be found.",
    "keyword": "Posts that contain chosen words. What else the accounts did is missing: they look more alike than they are.",
    "full": "Everything of a platform or group in the period.",
    "unknown": "Not stated. How the posts were chosen decides what they can show.",
}
TRAITS = {
    "gap_variation": "Variation of the pauses between posts",
    "reaction": "Time until it passes a post on",
    "night_share": "Posts within the quietest six hours of an account",
    "office_share": "Posts within the busiest nine hours of working days",
    "clock_shift": "Shift of its day against others of its language",
    "creation_burst": "Accounts opened within 30 days of each other",
    "account_age": "Age of the accounts",
    "handle_digits": "Handles that end in five or more digits",
    "empty_bio": "Profiles empty or copied",
    "client_divergence": "How unusual its posting programs are",
    "retweet_share": "Posts that pass on others' posts",
    "retweet_target": "Share of the account it passes on most",
    "fast_share": "Posts passed on within a minute",
    "reply_share": "Posts that are answers",
    "reply_focus": "Posts that answer the one account it answers most",
    "talk_inside": "Answers that go to its own members",
    "copied_text": "Own texts that another member published too",
    "own_domain": "Links to sites that hardly anybody else links to",
    "second_language": "Posts outside an account's main language",
    "followers_ratio": "Followers per account followed",
    "clock_offset": "Its day ahead of others of its language",
    "taken_text": "Accounts that publish other people's texts as their own",
    "likes_per_post": "Likes per post of its typical account",
}
OBJECTS = {  # what two accounts acted on, by verb
    "retweet": "same post",
    "fast_retweet": "same post",
    "reply": "answered post",
    "quote": "quoted post",
    "link": "address",
    "domain": "site",
    "moment": "minute",
    "hashtag": "hashtag",
    "hashtag_sequence": "hashtags",
    "text": "text",
    "mention": "mentioned account",
}
SIMULATED = "simnet"  # the platform of the simulator's accounts
ABSENT = "no post carries "  # how a reason begins where the data lack what a graph needs
_ACCUSES = re.compile(r"\b(?:\w+_)?(inauthentic\w*|bots?|botnets?|troll\w*)(?:_\w+)?\b", re.IGNORECASE)
_FIGURES = re.compile(r"(.+?) \(([^()]+)\)\.", re.DOTALL)
_SOFTER = {"b": "automated accounts", "t": "provocative accounts", "i": "unusual"}


def kind(code: str, level: int) -> str:
    """Return the kind in words. A kind that accuses is not named below level 3, whatever the table says."""
    return KIND_WORDS["undetermined" if level < CLAIMED and code in FLAGGED_KINDS else code]


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
    return sentence if level >= CLAIMED else _ACCUSES.sub(lambda match: _SOFTER[match.group(1)[0].lower()], sentence)


def techniques(ids: Iterable[str], level: int) -> list[dict[str, str]]:
    """Return DISARM ids with their names. Names that accuse are left out below level 3."""
    named = [{"id": code, "name": TECHNIQUES.get(code, ("", ""))[0]} for code in ids]
    return [one for one in named if level >= CLAIMED or careful(one["name"], level) == one["name"]]


def weighs(log_odds: float, direction: str) -> str:
    """Return what a trait's contribution means, in words."""
    if direction == "describes":
        return "only describes"
    if abs(log_odds) < NOTABLE:
        return "nothing either way"
    return "raises concern" if log_odds > 0 else "speaks against"


def trait(code: str) -> str:
    """Return the trait in words; a trait that has none here keeps its name, spaces for underscores."""
    return TRAITS.get(code, code.replace("_", " "))


def measured(value: float, unit: str) -> str:
    """Return a trait's value as people say it: shares in percent, logarithms of ratios as ratios.

    >>> measured(0.825, "share"), measured(-1.0, "log2"), measured(27.5, "days"), measured(1.14, "ratio")
    ('82.5 %', '0.5 to 1', '27.5 days', '1.14')
    """
    if unit == "share":
        return f"{100 * value:.3g} %"
    if unit == "log2":
        return f"{show.decimal(2.0 ** max(min(value, 60.0), -60.0))} to 1"
    return show.decimal(value) if unit == "ratio" else f"{show.decimal(value)} {unit}"


def role(member: Mapping[str, Any]) -> str:
    """Return what the member does in its group, and how often, where it acts first.

    >>> role({"role": "seeder", "n_led": 52, "n_followed": 2}), role({"role": "member"})
    ('acts first (52 of 54 hours)', 'takes part')
    """
    told = ROLES[member["role"]][0]
    if member["role"] == "seeder" and (led := member.get("n_led")):
        return f"{told} ({show.number(led)} of {show.number(led + (member['n_followed'] or 0))} hours)"
    return told


def stability(value: float | None) -> str:
    """Return in one sentence how much of a group stays together when chance redraws what it met on; '' where unknown.

    >>> stability(0.9999)
    'Had other objects of the same kind come up, 99 % of its ties would still hold together.'
    """
    if value is None:
        return ""
    return f"Had other objects of the same kind come up, {int(100 * value)} % of its ties would still hold together."


def typical(graph: str, edge: Mapping[str, Any]) -> str:
    """Return in one sentence how often a pair met, and how often it was due to meet by chance.

    >>> typical("co_link", {"n_shared": 24, "window_s": 60, "expected": 1.1, "surprise_bits": 70.0, "n_favourite": 0})
    'A typical pair met 24 times within 1 minute on co_link, where 1.1 would be due by chance (1 in 10^21).'
    """
    times, window = show.many(edge["n_shared"], "time"), show.duration(edge["window_s"])
    odds = "" if edge["surprise_bits"] is None else f" ({show.odds_in_full(edge['surprise_bits'])})"
    due = f"{show.decimal(edge['expected'])} would be due by chance"
    told = f"A typical pair met {times} within {window} on {graph}, where {due}{odds}."
    if apart := edge["n_favourite"]:
        told += f" It met {show.many(apart, 'more time')} on the one interest it shares most, which is left out: fans of one"
        told += " account do so too."
    return told


def thin(reason: str) -> str:
    """Return why a graph was not judged. What no post carries is missing, which is not the same as too little of it.

    >>> thin("no post carries container"), thin("no post has a text")
    ('Not in these data: no post carries container', 'Too little to judge: no post has a text')
    """
    return f"{'Not in these data' if reason.startswith(ABSENT) else 'Too little to judge'}: {reason}"


def retweet(platform: str) -> str:
    """Return the platform's own word for a post that passes on another unchanged."""
    return RETWEETS.get(platform, "retweet")


def split(sentence: str) -> dict[str, str]:
    """Return one of our sentences in two parts: what it says, and the figures or the check that follow.

    >>> split("Its accounts are young (27.5 days; all are older).")
    {'text': 'Its accounts are young.', 'detail': '27.5 days; all are older.'}
    >>> split("Fans of one account. Ask them.")
    {'text': 'Fans of one account.', 'detail': 'Ask them.'}
    """
    if match := _FIGURES.fullmatch(sentence):
        return {"text": match.group(1) + ".", "detail": match.group(2) + "."}
    text, stop, detail = sentence.partition(". ")
    return {"text": text + stop.strip(), "detail": detail}
