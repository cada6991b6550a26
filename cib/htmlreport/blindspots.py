"""What the observer's tables cannot see in these data, in sentences: so that a zero is not read as a finding."""

from typing import Any

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import say

MUCH = 0.1  # share of retweets, or of posts with links, from which it is said


def sentences(run: Reading) -> list[str]:
    """Return what the lists' numbers leave out: retweets that do not say whom they pass on, short links, entries never found."""
    said: list[str] = []
    for row in run.notes.get("observer", {}).get("blind_spots", []):
        platform = show.name(row["platform"]) or say("the platform ## posts stand on it")
        if row["n_retweets_of_unknown"] > MUCH * row["n_retweets"]:
            said.append(
                say(
                    "{n} of {all} retweets on {platform} do not say whom they pass on: “passed on” counts the others only, and "
                    "none is no finding.",
                    n=row["n_retweets_of_unknown"],
                    all=row["n_retweets"],
                    platform=platform,
                )
            )
        if row["n_links_short"] > MUCH * row["n_links"]:
            said.append(
                say(
                    "{n} of {all} posts with links on {platform} have short links only, which are not looked up: listed sites "
                    "behind them are not seen.",
                    n=row["n_links_short"],
                    all=row["n_links"],
                    platform=platform,
                )
            )
    return said


def unseen(run: Reading, lists: list[Row]) -> list[str]:
    """Return the lists whose sites and words no post holds."""
    used = {row["list"] for row in run.rows("list_use")}
    return [
        show.name(one["name"])
        for one in lists
        if one["name"] not in used and (one["entries"].get("domain") or one["entries"].get("term"))
    ]


def answers(row: Row) -> dict[str, Any]:
    """Return how a group's acts lie around the person's own posts; where none of these is in the data, that this is so."""
    if not row["n_own"]:
        return dict.fromkeys(("replies_near", "mentions_after", "mentions_before"), say("no posts of the person here"))
    return {
        "replies_near": _part(row["n_replies_near"], row["n_replies"]),
        "mentions_after": _part(row["n_mentions_after"], row["n_mentions"]),
        "mentions_before": _part(row["n_mentions_before"], row["n_mentions"]),
    }


def _part(n: int, of: int) -> str:
    return say("{n} of {all}", n=n, all=of) if of else say("none ## of no answers or mentions")
