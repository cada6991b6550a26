"""Advertisers and who says to have paid: the facts of that section. Only where a case holds advertisements."""

from typing import Any

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import figure, joined, message, say

MAX_NETWORKS, MAX_MEMBERS, MAX_SHARED, MAX_PAYERS = 30, 12, 3, 20
DECLARED = {  # what a network's advertisers say of who paid: what that can mean
    message("one payer"): message(
        "All of what they share names one payer: openly one advertiser with several pages, or one agency for several clients."
    ),
    message("several payers"): message(
        "They name different payers for the same texts or pages. An agency, a coalition with a kit and local pages of a party "
        "that pay for themselves do that, too; so does somebody who hides behind invented names."
    ),
    message("partly told"): message("Some of what they share does not say who paid."),
    message("not told"): message("Nothing of what they share says who paid."),
}
ASKS = {
    message("one payer"): message("Look up whether the payer is registered, and whether the pages say whose they are."),
    message("several payers"): message(
        "Look up each payer in the register of parties, firms or donors; ask the pages who made their advertisements; compare "
        "who runs the pages and from where, where the library says so."
    ),
    message("partly told"): message("Ask the platform, or look the advertisements up again: payers are often added late."),
    message("not told"): message(
        "Ask the platform, or look the advertisements up again: payers are often added late, and not every country asks for them."
    ),
}


def advertisers(run: Reading) -> dict[str, Any] | None:
    """Return networks of advertisers with what they share and declare, and payers of several pages; None without advertisements.

    Every table is cut, and what is left out is counted.
    """
    shown = run.rows("advertiser")
    if not shown:
        return None
    networks, payers = run.rows("ad_network"), run.rows("ad_payer")
    members: dict[str, list[Row]] = {}
    for row in shown:
        members.setdefault(row["network_id"] or "", []).append(row)
    shared: dict[str, list[Row]] = {}
    for row in run.rows("ad_shared"):
        shared.setdefault(row["network_id"], []).append(row)
    several = [row for row in payers if row["n_advertisers"] > 1 or row["near"]]
    noted = run.notes["advertising"]
    return {
        "n": len(shown),
        "n_ads": sum(row["n_ads"] for row in shown),
        "n_silent": sum(row["n_ads_without_payer"] for row in shown),
        "effective": show.number(noted["effective"]),
        "is_judged": noted["is_judged"],
        "n_pairs": noted["pairs"],
        "fdr": figure(f"{run.parameters['fdr']:.3g}"),
        "objects_left_out": noted["objects_left_out"],
        "pairs_left_out": noted["pairs_left_out"],
        "networks": [_network(row, members[row["network_id"]], shared[row["network_id"]]) for row in networks[:MAX_NETWORKS]],
        "networks_left_out": max(len(networks) - MAX_NETWORKS, 0),
        "payers": [_payer(row) for row in several[:MAX_PAYERS]],
        "payers_left_out": max(len(several) - MAX_PAYERS, 0),
    }


def _network(row: Row, members: list[Row], shared: list[Row]) -> dict[str, Any]:
    most = sorted(shared, key=lambda one: (-one["n_advertisers"], -one["n_ads"], one["kind"], one["object"]))[:MAX_SHARED]
    largest = sorted(members, key=lambda one: (-one["n_ads"], one["account_id"]))
    others = row["share_same_day_others"]
    return {
        "id": show.name(row["network_id"]),
        "n": row["n_advertisers"],
        "n_ads": row["n_ads"],
        "n_texts": row["n_creatives"],
        "n_pages": row["n_pages"],
        "density": _percent(row["density"]),
        "declared": say(row["declared"]),
        "says": say(DECLARED[row["declared"]]),
        "asks": say(ASKS[row["declared"]]),
        "payers": [show.name(one) for one in row["payers"]],
        "first": show.moment(row["first_at"], 86_400),
        "last": show.moment(row["last_at"], 86_400),
        "same_day": _percent(row["share_same_day"]),
        "same_day_others": None if others is None else _percent(others),
        "spent": _spent(row),
        "members": [_called(one) for one in largest[:MAX_MEMBERS]],
        "members_left_out": max(len(members) - MAX_MEMBERS, 0),
        "shared": [
            {
                "what": "text" if one["kind"] == "creative" else "page",
                "object": show.body(one["object"]) if one["kind"] == "creative" else show.address(one["object"]),
                "n": one["n_advertisers"],
                "first": show.moment(one["first_at"], 86_400),
                "days": one["spread_days"],
                "posts": [show.name(one["post_a"]), show.name(one["post_b"])],
            }
            for one in most
        ],
    }


def _percent(share: float) -> str:
    return say("{x}%", x=figure(f"{100 * share:.0f}"))


def _called(row: Row) -> str:
    return show.name(row["display_name"] or row["account_id"])


def _payer(row: Row) -> dict[str, Any]:
    return {
        "payer": show.name(row["payer"]),
        "n": row["n_advertisers"],
        "n_ads": row["n_ads"],
        "n_spellings": row["n_spellings"],
        "spent": _spent(row),
        "near": [show.name(one) for one in row["near"]],
    }


def _spent(row: Row) -> str:
    """Return what was spent, as a range in the library's currency.

    >>> _spent({"spent_low": 200, "spent_high": 398, "currency": "EUR"}), _spent({"spent_low": None})
    ('200 to 398 EUR', 'not told')
    """
    if row["spent_low"] is None:
        return say("not told")
    low, high = row["spent_low"], row["spent_high"]
    told = say("{n} or more", n=low) if high is None else say("{low} to {high}", low=low, high=high)
    return joined(" ", [told, *filter(None, [show.name(row["currency"])])])
