"""The finding in one sentence, and all that bounds it: what it does not show, what speaks against it, how often it errs."""

import math
from collections import Counter
from typing import Any

from cib.htmlreport import power, show, trust, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import Said, joined, message, say

MAX_AGAINST = 3
NOT_SHOWN = (
    message("Intent: why these accounts acted together."),
    message("Operator or sponsor: who runs them, who pays. That takes evidence from outside these data."),
    message("Truth: whether what they wrote is right or wrong."),
    message("That all other accounts acted alone."),
)
BOUNDS = message(
    "The rate bounds false pairs, not false accounts or clusters, and it holds only as far as chance is described well: "
    "see the limits below."
)
UNJUDGED = message("Even such a group would not be flagged: there is too little in this case to know what is ordinary.")
CLOSED = message(
    "Groups of weak pairs were not looked for in this run: with authors exchanged such a group still came about, so that one "
    "found here could be chance. A group whose every single pair is weak would not have been found."
)
CONFIDENCE = message(
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


def _sentence(run: Reading, clusters: list[Row], indicated: list[Row]) -> Said:
    if not clusters:
        if not run.any_tested:
            return say("Nothing was tested against chance: every chosen graph only describes. No group could have been found.")
        if "case" in run.thin:
            return say("Too few accounts to judge: no group was found, and none could have been ruled out.")
        return say("No group of accounts was found that acted together more often than chance explains.")
    counts = {"groups": len(clusters), "accounts": sum(c["n_accounts"] for c in clusters)}
    if not indicated:
        return say(
            "{groups, plural, one {# group} other {# groups}} of accounts, {accounts, plural, one {# account} other {# "
            "accounts}} together, acted in coordination beyond chance; what else is known of them does not allow to say more.",
            **counts,
        )
    if len(indicated) == len(clusters):
        return say(
            "{groups, plural, one {# group of accounts} other {# groups of accounts}}, {accounts, plural, one {# account} other "
            "{# accounts}} together, acted in coordination beyond chance; {groups, plural, one {it shows} other {all show}} "
            "indicators of inauthenticity.",
            **counts,
        )
    return say(
        "{groups, plural, one {# group} other {# groups}} of accounts, {accounts, plural, one {# account} other {# accounts}} "
        "together, acted in coordination beyond chance; {some} of these ({inside, plural, one {# account} other {# accounts}}) "
        "{some, plural, one {shows} other {show}} indicators of inauthenticity.",
        **counts,
        some=len(indicated),
        inside=sum(c["n_accounts"] for c in indicated),
    )


def _flagged(levels: list[int], review: int) -> Said:
    """Return what is flagged, by its claim levels, and what waits for review, in one sentence; '' where there is neither."""
    parts = [_consistent(sum(level > words.CLAIMED for level in levels), len(levels))] if levels else []
    if review:
        parts.append(say("{n, plural, one {# group is} other {# groups are}} for review: no kind stands out", n=review))
    return joined("", [joined("; ", parts), "."]) if parts else joined("", [])


def _consistent(one: int, n: int) -> Said:
    """Return how many groups are flagged, how many of them point to one kind of operation, and how many to several."""
    if one == n:
        return say(
            "{n, plural, one {# group is flagged, consistent with one kind of operation} "
            "other {# groups are flagged, each consistent with one kind of operation}}",
            n=n,
        )
    if not one:
        return say(
            "{n, plural, one {# group is flagged, with signs of several kinds of operation} "
            "other {# groups are flagged, each with signs of several kinds of operation}}",
            n=n,
        )
    return say(
        "{n, plural, one {# group is} other {# groups are}} flagged: {one} consistent with one kind of operation, {several} with "
        "signs of several",
        n=n,
        one=one,
        several=n - one,
    )


def _explained(n: int) -> Said:
    told = say(
        "{n, plural, one {# group looks} other {# groups look}} like open syndication or an ordinary crowd: shown, "
        "explained, not flagged.",
        n=n,
    )
    return told if n else joined("", [])


def _absence(run: Reading, clusters: list[Row]) -> Said:
    """Return what it means that nothing, or nothing more, was found."""
    if "case" in run.thin and run.any_tested:
        if clusters:
            return say(
                "There is too little in this case to know what is ordinary. That nothing more was found proves nothing: "
                "no all-clear."
            )
        return say(
            "There is too little in this case to know what is ordinary. That nothing was found proves nothing: no all-clear."
        )
    if not clusters:
        return say(
            "This is no all-clear: smaller, slower or more careful groups, and acts that are not in the data, "
            "would not have been found."
        )
    return say("Groups that are smaller, slower or more careful than stated below may not have been found.")


def against(cards: list[Row]) -> list[dict[str, str]]:
    """Return the strongest evidence against the flagged clusters, else against all; an innocent reading where none is known."""
    flagged = [card for card in cards if card["flagged"]] or [card for card in cards if card["level"] >= words.CLAIMED] or cards
    measured = [{"cluster": card["id"], **card["counter"][0]} for card in flagged if card["counter"]]
    if measured:
        return measured[:MAX_AGAINST]
    told = say("Nothing that was measured speaks against these groups. An innocent reading to rule out first:")
    return [{"cluster": card["id"], **card["benign"][0], "only_reading": told} for card in flagged if card["benign"]][:1]


def alarms(run: Reading, clusters: list[Row]) -> dict[str, Any]:
    """Return how many false ties the error rate allows, in words. Never a number of false accounts or clusters."""
    found = run.notes.get("ties", {})
    fdr, n_ties, in_groups = run.parameters["fdr"], found.get("passed", 0), found.get("by_extent", 0)
    due = math.ceil(fdr * n_ties)
    rate = show.figure(f"{fdr:g}")
    text = say("No tie passed the error rate ({rate}) by itself, so none can be false.", rate=rate)
    if n_ties:
        text = say(
            "On average at most about {due, plural, one {# pair} other {# pairs}} among the {n, plural, one {# tie} "
            "other {# ties}} that passed by themselves should be false (error rate {rate}).",
            due=due,
            n=n_ties,
            rate=rate,
        )
    if in_groups:
        more = say(
            "{n, plural, one {# more tie stands} other {# more ties stand}} only inside groups too closely knit to be "
            "chance (in 19 of 20 such cases).",
            n=in_groups,
        )
        text = joined(" ", [text, more])
    return {
        "fdr": fdr,
        "n_ties": n_ties,
        "n_ties_in_groups": in_groups,
        "n_false_due": due,
        "text": text,
        "bounds": say(BOUNDS),
        "extent": say(CLOSED) if run.notes.get("extent", {}).get("closed") else "",
        "calibration": joined(" ", [trust.text(trust.gates(run)), say(CONFIDENCE)]),
    }


def smallest(run: Reading) -> dict[str, Any]:
    """Return the smallest campaign that could have been found: one sentence, and a table per graph and window."""
    graphs = [name for name in run.graphs if name not in run.thin]
    rows = power.table(run.notes, fdr=run.parameters["fdr"], graphs=graphs) if "expected" in run.notes else []
    text = joined(" ", [_smallest(power.common(rows)), *([say(UNJUDGED)] if "case" in run.thin else [])])
    facts = {"participation": power.PARTICIPATION, "power": power.POWER, "joint_acts": power.JOINT_ACTS}
    return {"text": text, **facts, "sizes": list(power.SIZES), "rows": rows}


def _smallest(common: dict[str, Any] | None) -> Said:
    if common is None:
        return say(
            "On no graph that could be judged did two accounts come near each other: what could have been found is not known."
        )
    given = {"fewest": common["fewest"], "window": show.duration(common["window_s"]), "acts": common["acts"]}
    if common["fewest"] == common["most"]:
        told = say(
            "A group of three accounts of average activity would have to meet, every two of them, at least {fewest} times within "
            "{window}. If each takes part in 6 of 10 joint acts, that takes up to {acts} joint acts to be found with 80 % "
            "probability.",
            **given,
        )
    else:
        told = say(
            "A group of three accounts of average activity would have to meet, every two of them, at least {fewest} to "
            "{most} times within {window}, depending on the kind of act. If each takes part in 6 of 10 joint acts, that "
            "takes up to {acts} joint acts to be found with 80 % probability.",
            **given,
            most=common["most"],
        )
    return joined(" ", [told, _sizes(common)])


def _sizes(common: dict[str, Any]) -> Said:
    """Return how many accounts a group needs that has 20 joint acts and no more."""
    if not common["sizes"]:
        return say(
            "With {acts} joint acts no group of up to {n} accounts would be found.", acts=power.JOINT_ACTS, n=power.LARGEST_GROUP
        )
    sizes = [show.number(size) for size in common["sizes"]]
    need = say("{low} to {high}", low=sizes[0], high=sizes[1]) if len(sizes) > 1 else sizes[0]
    if not common["never"]:
        return say("With {acts} joint acts the smallest group to be found has {need} accounts.", acts=power.JOINT_ACTS, need=need)
    return say(
        "With {acts} joint acts the smallest group to be found has {need} accounts; on {n, plural, one {# kind} other {# "
        "kinds}} of act no size is enough.",
        acts=power.JOINT_ACTS,
        need=need,
        n=common["never"],
    )
