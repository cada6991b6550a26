"""The answer in facts and sentences: first carriers, lags between platforms, clusters, hops, and what none of it shows."""

from typing import Any

from cib.carriers.asked import Asked
from cib.carriers.tables import Row, Tables
from cib.case import Case
from cib.htmlreport import show, words

SAME = {1: "in the same second", 60: "in the same minute", 86_400: "on the same day"}  # by how finely times are known
MAX_CONTAINERS, MAX_UNSEEN, MAX_RELAYS, MAX_VARIANTS = 50, 10, 10, 3
NEVER = (
    "First means first in these data. Who had it before, elsewhere or in posts that nobody collected, is not in them, and "
    "nothing here says who made it.",
    "Order is no cause: that one account came after another does not mean that it had it from there. Only retweets, quotes and "
    "replies name whom they follow.",
)
CIRCULAR = (
    "Groups were found from such acts, perhaps from these very ones: that a group carries what it was found by is no new "
    "evidence against it."
)


def facts(tables: Tables, *, case: Case, question: Asked, older: bool, has_run: bool) -> dict[str, Any]:
    """Return the answer: counts, places, clusters, carriers, sentences, limits. Reads the work tables; no clock, no path."""
    places = tables.ask("spread_place", max_containers=MAX_CONTAINERS)
    platforms = _platforms([row for row in places if row["container"] is None])
    containers = [_place(row) for row in places if row["container"] is not None]
    shown = tables.head("spread_carrier", tables.load("shown", ["platform"]).num_rows).to_pylist()
    n_carriers = sum(row["accounts"] for row in platforms)
    everybody, *clusters = tables.ask("spread_cluster")
    others = variants(tables, question)
    per_hop = tables.load("spread_hop", ["n_posts"])["n_posts"]
    unseen = tables.ask("spread_unseen", n_rows=MAX_UNSEEN)
    found: dict[str, Any] = {
        "n_posts": everybody["n_posts"],
        "n_accounts": n_carriers,
        "first_at": platforms[0]["first_at"],
        "last_at": max(row["last_at"] for row in platforms),
        "platforms": platforms,
        "containers": containers,
        "n_containers": next((row["n_all"] for row in places if row["container"] is not None), 0),
        "carriers": [carrier(row) for row in shown],
        "clusters": _clusters(clusters, tables, resolution_s=max(row["resolution_s"] for row in platforms)),
        "share": _share(everybody, clusters) if has_run else None,
        "unseen": _unseen(unseen, max(row["resolution_s"] for row in platforms)),
        "variants": others,
        "relays": tables.ask("spread_relay", n_rows=MAX_RELAYS),
        "n_hops": len(per_hop),
        "n_hop_posts": sum(per_hop.to_pylist()),
        "has_run": has_run,
    }
    told = [_much(found), _first(found), *_lags(platforms), *_passed(found), *_relayed(found), *_in_clusters(found)]
    return found | {"sentences": told, "limits": _limits(case, found, older=older)}


def variants(tables: Tables, question: Asked) -> list[dict[str, Any]]:
    """Return the addresses that differ from the one asked for only by parameters behind it, most frequent first."""
    if question.kind != "address" or "?" in question.value:
        return []
    rows = tables.ask("spread_variant", start=question.value + "?", n_rows=MAX_VARIANTS)
    return [{"address": row["url_key"], "posts": row["n_posts"], "of_posts": row["n_all"]} for row in rows]


def carrier(row: Row) -> dict[str, Any]:
    """Return a row of spread_carrier as people and JSON read it: times no finer than the data know them."""
    kept = ("rank", "rank_last", "platform", "account_id", "handle", "container", "post_id", "permalink")
    came = ("how", "of_account", "of_handle")
    counted = ("after_previous_s", "n_posts", "n_originals", "n_retweets", "cluster", "cluster_kind", "role", "flagged")
    times = {"first_at": show.moment(row["first_at"], row["resolution_s"])}
    return {name: row[name] for name in (*kept, *came)} | {"ranks": ranked(row)} | times | {name: row[name] for name in counted}


def ranked(row: Row) -> str:
    """Return the rank of a carrier, or the ranks that it may have.

    >>> ranked({"rank": 3, "rank_last": 3}), ranked({"rank": 1, "rank_last": 1200})
    ('3', '1–1,200')
    """
    first, last = show.number(row["rank"]), show.number(row["rank_last"])
    return first if first == last else f"{first}–{last}"


def called(row: Row, handle: str = "handle", account: str = "account_id") -> str:
    """Return an account as people know it, safe to show."""
    return f"@{show.name(row[handle])}" if row[handle] else show.name(row[account])


def where(platform: str) -> str:
    """Return a platform's name, safe to show."""
    return show.name(platform) or "an unnamed platform"


def sample(case: Case) -> list[str]:
    """Return, in sentences, how the posts were chosen and what is known to be missing."""
    settings = case.settings
    found = [f"How the posts were chosen: {words.SAMPLES[case.sample]}"]
    if missing := settings.get("missing"):
        found.append(f"Known to be missing: {show.body(missing)}")
    return found


def _place(row: Row) -> dict[str, Any]:
    first = {"handle": row["handle"], "account_id": row["account_id"]}
    place = {"platform": row["platform"]} | ({} if row["container"] is None else {"container": row["container"]})
    return place | {
        "posts": row["n_posts"],
        "accounts": row["n_accounts"],
        "retweets": row["n_retweets"],
        "first_at": show.moment(row["first_at"], row["resolution_s"]),
        "last_at": show.moment(row["last_at"], row["resolution_s"]),
        "first": called(first),
        "n_first": row["n_first"],
    }


def _platforms(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the platforms in the order of their first post, with the lag behind the first; NULL where times are too coarse."""
    start, sure_s = rows[0], min(row["first_s"] + max(row["resolution_s"], 1) for row in rows)  # by then one has it for sure
    found = []
    for row in rows:
        lag_s, coarse_s = row["first_s"] - start["first_s"], max(row["resolution_s"], start["resolution_s"])
        known = row is start or coarse_s <= 1 or lag_s >= coarse_s
        may_be_first = row["first_s"] < sure_s
        least_s, most_s = max(lag_s - start["resolution_s"] + 1, 0), lag_s + row["resolution_s"] - 1
        lags = {"lag_s": lag_s if known else None, "lag_least_s": least_s, "lag_most_s": most_s, "may_be_first": may_be_first}
        found.append(_place(row) | lags | {"resolution_s": row["resolution_s"]})
    return found


def later(row: Row) -> str:
    """Return how much later than on the first platform it came up on this one, as far as the times tell.

    >>> later({"lag_s": None, "lag_least_s": 0}), later({"lag_s": 1800}), later({"lag_s": 0, "resolution_s": 1})
    ('about the same time', '30 min later', 'in the same second')
    >>> later({"lag_s": None, "lag_least_s": 3600, "lag_most_s": 90000})
    '1 hour to 25 hours later'
    """
    if row["lag_s"] is not None:
        return f"{show.gap(row['lag_s'])} later" if row["lag_s"] else SAME.get(row.get("resolution_s", 0), "at the same time")
    if not row["lag_least_s"]:
        return "about the same time"
    return f"{show.duration(row['lag_least_s'])} to {show.duration(row['lag_most_s'])} later"


def _clusters(rows: list[Row], tables: Tables, *, resolution_s: int) -> list[dict[str, Any]]:
    """Return the clusters that carried it, most carriers first."""
    columns = ["first_cluster", "cluster_kind", "role", "flagged"]
    members = tables.load("inside", columns).to_pylist()
    kinds = {one["first_cluster"]: one for one in members if one["role"] != "source"}
    found = [
        {
            "cluster_id": row["cluster_id"],
            "kind": kinds[row["cluster_id"]]["cluster_kind"],
            "flagged": kinds[row["cluster_id"]]["flagged"],
            "carriers": row["n_carriers"],
            "of_accounts": row["n_accounts"],
            "posts": row["n_posts"],
            "of_posts": row["n_all_posts"],
            "first_at": show.moment(row["first_at"], resolution_s),
            "last_at": show.moment(row["last_at"], resolution_s),
        }
        for row in rows
        if row["n_carriers"]
    ]
    return sorted(found, key=lambda one: (-one["carriers"], one["cluster_id"]))


def _share(everybody: Row, clusters: list[Row]) -> dict[str, Any]:
    """Return how much of it accounts of clusters carried, and how much of everything they publish in the period."""
    totals = {name: sum(row[name] for row in clusters) for name in ("n_carriers", "n_accounts", "n_posts", "n_all_posts")}
    return {
        "carriers": totals["n_carriers"],
        "of_carriers": everybody["n_carriers"],
        "posts": totals["n_posts"],
        "of_posts": everybody["n_posts"],
        "accounts": totals["n_accounts"],
        "of_accounts": everybody["n_accounts"],
        "all_posts": totals["n_all_posts"],
        "of_all_posts": everybody["n_all_posts"],
    }


def _unseen(rows: list[Row], resolution_s: int) -> dict[str, Any]:
    if not rows:
        return {"retweets": 0, "accounts": []}
    return {
        "retweets": rows[0]["n_all"],
        "earliest_at": show.moment(rows[0]["earliest_at"], resolution_s),
        "n_accounts": rows[0]["n_accounts"],
        "accounts": [
            {
                "platform": row["platform"],
                "account_id": row["of_account"],
                "retweets": row["n_retweets"],
                "posts": row["n_originals"],
            }
            for row in rows
        ],
    }


def _much(found: Row) -> str:
    on = f"{len(found['platforms'])} platforms" if len(found["platforms"]) > 1 else where(found["platforms"][0]["platform"])
    return (
        f"{show.many(found['n_posts'], 'post')} of {show.many(found['n_accounts'], 'account')} on {on} carried it, "
        f"from {found['first_at']} to {found['last_at']} UTC."
    )


def _first(found: Row) -> str:
    first, *others = (row for row in found["platforms"] if row["may_be_first"])
    if others:
        places = [f"{where(row['platform'])} ({row['first_at']} UTC)" for row in (first, *others)]
        return f"First in these data: {', '.join(places[:-1])} or {places[-1]}; their times are too coarse to tell which."
    if first["n_first"] > 1:
        return (
            f"First in these data: {show.number(first['n_first'])} accounts on {where(first['platform'])}, all at "
            f"{first['first_at']} UTC as finely as their times are known; which of them came first is not."
        )
    one = found["carriers"][0]
    how = {"retweet": " by a retweet", "quote": " in a quote", "reply": " in a reply"}.get(one["how"], "")
    return f"First in these data: {first['first']} on {where(first['platform'])}, {first['first_at']} UTC{how}."


def _lags(platforms: list[Row]) -> list[str]:
    """Return in a sentence which platform had it when, after the first."""
    if len(platforms) < 2:
        return []
    told = [f"{where(row['platform'])} {later(row)}" for row in platforms[1:]]
    return [f"Platforms in the order of their first post: {where(platforms[0]['platform'])}, then {', '.join(told)}."]


def _passed(found: Row) -> list[str]:
    n = sum(row["retweets"] for row in found["platforms"])
    if not n:
        return ["None of these posts is a retweet."]
    told = f"{show.many(n, 'of them is a retweet', 'of them are retweets')}."
    if unseen := found["unseen"]["retweets"]:
        told += (
            f" {show.many(unseen, 'of these passes', 'of these pass')} on posts that are not in these data, the first of them at "
            f"{found['unseen']['earliest_at']} UTC: who published those had it before that."
        )
    return [told]


def _relayed(found: Row) -> list[str]:
    """Return in a sentence how many posts are seen to follow another carrier, and after whom most carriers came."""
    if not found["relays"]:
        return []
    most = ", ".join(f"{called(row)} ({show.number(row['carriers_after'])})" for row in found["relays"][:3])
    told = f"{show.many(found['n_hop_posts'], 'post passes on or answers', 'posts pass on or answer')} one of another carrier"
    return [f"{told}; most carriers did so after {most}."]


def _in_clusters(found: Row) -> list[str]:
    share = found["share"]
    if share is None:
        return ["No run yet, so nothing is said of groups. Make one: cib detect CASE"]
    if not share["accounts"]:
        return ["The run found no group."]
    due = share["of_posts"] * share["all_posts"] / max(share["of_all_posts"], 1)
    return [
        f"Accounts of groups: {show.number(share['carriers'])} of {show.many(share['of_carriers'], 'carrier')} "
        f"({_percent(share['carriers'], share['of_carriers'])}) and {show.number(share['posts'])} of "
        f"{show.many(share['of_posts'], 'post')} ({_percent(share['posts'], share['of_posts'])}). They are "
        f"{_percent(share['accounts'], share['of_accounts'])} of all accounts of the case in the period and publish "
        f"{_percent(share['all_posts'], share['of_all_posts'])} of its posts, which would give {show.decimal(due)} "
        "of these posts if they carried it as often as everybody."
    ]


def _percent(n: int, of: int) -> str:
    return f"{100 * n / max(of, 1):.3g} %"


def _limits(case: Case, found: Row, *, older: bool) -> list[str]:
    limits = [*NEVER, *sample(case)]
    if found["variants"]:
        first = found["variants"][0]
        limits.append(
            f"Not counted: {show.many(first['of_posts'], 'post')} with addresses that differ from it only by parameters, most "
            f"often {show.address(first['address'])} ({show.number(first['posts'])}). They may lead to the same page; ask for "
            "them, or for the site."
        )
    coarse = max(row["resolution_s"] for row in found["platforms"])
    if coarse > 1:
        limits.append(f"Some times are known only to the {'day' if coarse >= 86_400 else 'minute'}; order within it is unknown.")
    if found["clusters"]:
        limits.append(CIRCULAR)
    if older:
        limits.append("The run is older than the data of the case: groups are not from all of it. Detect anew.")
    if (rest := found["n_accounts"] - len(found["carriers"])) > 0:
        limits.append(f"{show.many(rest, 'later carrier')} stand only in carriers.csv, carriers.parquet and posts.parquet.")
    return limits
