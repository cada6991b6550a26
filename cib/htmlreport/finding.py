"""The finding in one sentence, and all that bounds it: what it does not show, what speaks against it, how often it errs."""

import math
from collections import Counter
from typing import Any

from cib.htmlreport import power, show, trust, words
from cib.htmlreport.reading import Reading, Row

MAX_AGAINST = 3
NOT_SHOWN = (
    "Intent: why these accounts acted together.",
    "Operator or sponsor: who runs them, who pays. That takes evidence from outside these data.",
    "Truth: whether what they wrote is right or wrong.",
    "That all other accounts acted alone.",
)
BOUNDS = (
    "The rate bounds false pairs, not false accounts or clusters, and it holds only as far as chance is described well: "
    "see the limits below."
)
UNJUDGED = " Even such a group would not be flagged: there is too little in this case to know what is ordinary."
CLOSED = (
    "Groups of weak pairs were not looked for in this run: with authors exchanged such a group still came about, so that one "
    "found here could be chance. A group whose every single pair is weak would not have been found."
)
CONFIDENCE = (
    "Kinds are rules. How often groups with such signs were planted campaigns in made-up test worlds stands in the tables as "
    "confidence: it is no probability about these accounts."
)


def finding(run: Reading, clusters: list[Row]) -> dict[str, Any]:
    """Return the finding as sentences, at the level that the clusters' claims carry and no higher."""
    indicated = [c for c in clusters if c["claim_level"] >= words.CLAIMED]
    counts = Counter(words.status(c) for c in clusters)
    return {
        "sentence": _sentence(run, clusters, indicated),
        "flagged": _flagged([c["claim_level"] for c in clusters if words.status(c) == "flagged"], counts["review"]),
        "explained": _explained(counts["explained"]),
        "absence": _absence(run, clusters),
        "withheld": trust.withheld(trust.gates(run)),
        "n_clusters": len(clusters),
        "n_accounts": sum(c["n_accounts"] for c in clusters),
        "n_indicated": len(indicated),
        **{f"n_{status}": counts[status] for status in words.STATUS},
    }


def _sentence(run: Reading, clusters: list[Row], indicated: list[Row]) -> str:
    if not clusters:
        if not run.any_tested:
            return "Nothing was tested against chance: every chosen graph only describes. No group could have been found."
        if "case" in run.thin:
            return "Too few accounts to judge: no group was found, and none could have been ruled out."
        return "No group of accounts was found that acted together more often than chance explains."
    text = f"{show.many(len(clusters), 'group')} of accounts, {_accounts(clusters)} together, acted in coordination beyond chance"
    if not indicated:
        return f"{text}; what else is known of them does not allow to say more."
    if len(indicated) == len(clusters):
        return f"{text}; {'it shows' if len(clusters) == 1 else 'all show'} indicators of inauthenticity."
    verb = "shows" if len(indicated) == 1 else "show"
    return f"{text}; {show.number(len(indicated))} of these ({_accounts(indicated)}) {verb} indicators of inauthenticity."


def _accounts(clusters: list[Row]) -> str:
    return show.many(sum(c["n_accounts"] for c in clusters), "account")


def _flagged(levels: list[int], review: int) -> str:
    """Return what is flagged, by its claim levels, and what waits for review, in one sentence; '' where there is neither."""
    parts = []
    if levels:
        one = sum(level > words.CLAIMED for level in levels)
        are = "is" if len(levels) == 1 else "are"
        parts.append(f"{show.many(len(levels), 'group')} {are} flagged{_consistent(one, len(levels) - one)}")
    if review:
        are = "is" if review == 1 else "are"
        parts.append(f"{show.many(review, 'group')} {are} for review: no kind stands out")
    return "; ".join(parts) + "." if parts else ""


def _consistent(one: int, several: int) -> str:
    """Return how many of the flagged groups point to one kind of operation, and how many to several."""
    if not several:
        return f", {'' if one == 1 else 'each '}consistent with one kind of operation"
    if not one:
        return f", {'' if several == 1 else 'each '}with signs of several kinds of operation"
    return f": {show.number(one)} consistent with one kind of operation, {show.number(several)} with signs of several"


def _explained(n: int) -> str:
    verb = "looks" if n == 1 else "look"
    return (
        f"{show.many(n, 'group')} {verb} like open syndication or an ordinary crowd: shown, explained, not flagged." if n else ""
    )


def _absence(run: Reading, clusters: list[Row]) -> str:
    """Return what it means that nothing, or nothing more, was found."""
    if "case" in run.thin and run.any_tested:
        nothing = "nothing more" if clusters else "nothing"
        return (
            f"There is too little in this case to know what is ordinary. That {nothing} was found proves nothing: no all-clear."
        )
    if not clusters:
        return (
            "This is no all-clear: smaller, slower or more careful groups, and acts that are not in the data, "
            "would not have been found."
        )
    return "Groups that are smaller, slower or more careful than stated below may not have been found."


def against(cards: list[Row]) -> list[dict[str, str]]:
    """Return the strongest evidence against the flagged clusters, else against all; an innocent reading where none is known."""
    flagged = [card for card in cards if card["flagged"]] or [card for card in cards if card["level"] >= words.CLAIMED] or cards
    measured = [{"cluster": card["id"], **card["counter"][0]} for card in flagged if card["counter"]]
    if measured:
        return measured[:MAX_AGAINST]
    return [{"cluster": card["id"], **card["benign"][0]} for card in flagged if card["benign"]][:1]


def alarms(run: Reading, clusters: list[Row]) -> dict[str, Any]:
    """Return how many false ties the error rate allows, in words. Never a number of false accounts or clusters."""
    found = run.notes.get("ties", {})
    fdr, n_ties, in_groups = run.parameters["fdr"], found.get("passed", 0), found.get("by_extent", 0)
    due = math.ceil(fdr * n_ties)
    text = f"No tie passed the error rate ({fdr:g}) by itself, so none can be false."
    if n_ties:
        pairs, ties = show.many(due, "pair"), show.many(n_ties, "tie")
        text = (
            f"On average at most about {pairs} among the {ties} that passed by themselves should be false (error rate {fdr:g})."
        )
    if in_groups:
        more = show.many(in_groups, "more tie")
        text += f" {more} stand only inside groups too closely knit to be chance (in 19 of 20 such cases)."
    return {
        "fdr": fdr,
        "n_ties": n_ties,
        "n_ties_in_groups": in_groups,
        "n_false_due": due,
        "text": text,
        "bounds": BOUNDS,
        "extent": CLOSED if run.notes.get("extent", {}).get("closed") else "",
        "calibration": f"{trust.text(trust.gates(run))} {CONFIDENCE}",
    }


def smallest(run: Reading) -> dict[str, Any]:
    """Return the smallest campaign that could have been found: one sentence, and a table per graph and window."""
    graphs = [name for name in run.graphs if name not in run.thin]
    rows = power.table(run.notes, fdr=run.parameters["fdr"], graphs=graphs) if "expected" in run.notes else []
    text = f"{_smallest(power.common(rows))}{UNJUDGED if 'case' in run.thin else ''}"
    facts = {"participation": power.PARTICIPATION, "power": power.POWER, "joint_acts": power.JOINT_ACTS}
    return {"text": text, **facts, "sizes": list(power.SIZES), "rows": rows}


def _smallest(common: dict[str, Any] | None) -> str:
    if common is None:
        return "On no graph that could be judged did two accounts come near each other: what could have been found is not known."
    fewest, most = common["fewest"], common["most"]
    often, spread = (f"{fewest}", "") if fewest == most else (f"{fewest} to {most}", ", depending on the kind of act")
    return (
        f"A group of three accounts of average activity would have to meet, every two of them, at least {often} times within "
        f"{show.duration(common['window_s'])}{spread}. If each takes part in 6 of 10 joint acts, that takes up to "
        f"{common['acts']} joint acts to be found with 80 % probability. {_sizes(common)}"
    )


def _sizes(common: dict[str, Any]) -> str:
    """Return how many accounts a group needs that has 20 joint acts and no more."""
    acts = f"With {power.JOINT_ACTS} joint acts"
    if not common["sizes"]:
        return f"{acts} no group of up to {power.LARGEST_GROUP} accounts would be found."
    need = " to ".join(show.number(size) for size in common["sizes"])
    never = f"; on {show.many(common['never'], 'kind')} of act no size is enough" if common["never"] else ""
    return f"{acts} the smallest group to be found has {need} accounts{never}."
