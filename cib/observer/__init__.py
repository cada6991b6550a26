"""Writes what an election observer needs beside the clusters: who is amplified and who is addressed, by which cluster, when; what
the user's terms and sites are used for; who resembles a listed person; what happens around the election's dates; what many say
and what is spread; how links move between platforms; which advertisers belong together.

Nothing here is read by any step that finds or judges clusters: lists change no tie, no cluster and no flag.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from cib.matching.terms import Matcher
from cib.observer import advertising, flow, impersonation, topics
from cib.runs import Run
from cib.schema import arrow

NEAR_S = 3600
ATTRIBUTES = ("side", "party", "gender", "role")
DIRECTIONS = {
    "retweet": "amplifies",
    "link": "amplifies",
    "reply": "addresses",
    "mention": "addresses",
    "quote": "addresses",
    "name": "names",
}
EPOCH = dt.datetime(1970, 1, 1)
HIT = pa.schema(
    [
        *(("text", pa.string()), ("what", pa.string()), ("person_ix", pa.int64())),
        *(("list", pa.string()), ("topic", pa.string()), ("entry", pa.string())),
    ]
)
Rows = list[dict[str, Any]]


def observe(run: Run) -> None:
    """Write `topic`; `link_hop` and `platform_flow` where there are platforms to compare; `advertiser`, `ad_pair`, `ad_network`,
    `ad_shared` and `ad_payer` where there are advertisements; `target`, `cluster_target`, `target_hour`, `target_burst`,
    `target_group`, `list_use` and `impersonation` where the user gave lists; `phase` where a calendar.

    Cost: every distinct text of the period is looked at once (20 to 120 microseconds for 18 words), whatever the number of
    terms; a few passes over the posts for the acts. Memory: the lists; DuckDB spills the rest.
    """
    run.write("placed")
    topics.rank(run)
    flow.follow(run)
    advertising.describe(run)
    if run.parameters.calendar:
        _phases(run)
    if run.n_rows.get("listed"):
        listed = run.load("listed").to_pylist()
        run.note("observer", blind_spots=run.read("blind_spot").to_pylist())
        _bind(run, listed)
        _search(run, listed)
        run.write("person_named")
        run.write("aimed")
        for table in ("target", "target_hour", "target_burst", "target_group"):
            run.write(table, params={"near_s": NEAR_S})
        run.write("act_count")
        totals = {(row["cluster_id"], row["act"]): row["n_posts"] for row in run.part("act_count").to_pylist()}
        _cluster_target(run, totals)
        _list_use(run, totals)
        impersonation.compare(run, listed)


def persons(listed: Rows) -> dict[tuple[str, str], int]:
    """Return the number of every person: of an entry with a handle, an id or a name."""
    keys = {(row["list"], row["person"]) for row in listed if row["handle"] or row["account_id"] or row["name"]}
    return {key: number for number, key in enumerate(sorted(keys))}


def _bind(run: Run, listed: Rows) -> None:
    """Write the work tables of who is looked for: person, person_account, person_site and listed_site."""
    numbers = persons(listed)
    attributes: dict[int, dict[str, str]] = {}
    accounts, sites, others = [], [], []
    for row in listed:
        number = numbers.get((row["list"], row["person"]))
        if number is not None:
            known = attributes.setdefault(number, dict.fromkeys(ATTRIBUTES, ""))
            known.update({name: known[name] or row[name] for name in ATTRIBUTES})
            if row["handle"] or row["account_id"]:
                accounts.append({"person_ix": number, **{key: row[key] for key in ("platform", "handle", "account_id")}})
        if row["domain"]:
            others.append({"list": row["list"], "topic": row["topic"], "entry": row["domain"]})
            if number is not None:
                sites.append({"person_ix": number, "domain": row["domain"]})
    told = [{"person_ix": n, "list": key[0], "person": key[1], **attributes[n]} for key, n in numbers.items()]
    run.put("person", _table(told, "person_ix", "list", "person", *ATTRIBUTES))
    run.put("person_account", _table(accounts, "person_ix", "platform", "handle", "account_id"))
    run.put("person_site", _table(sites, "person_ix", "domain"))
    run.put("listed_site", _table(others, "list", "topic", "entry"))
    run.write("person_key")


def _table(rows: Rows, *columns: str) -> pa.Table:
    """Return rows as a table, each row once; columns ending in _ix or _s are numbers, all others texts."""
    unique = sorted({tuple(row[column] for column in columns) for row in rows})
    kinds = [pa.int64() if column.endswith(("_ix", "_s")) else pa.string() for column in columns]
    cells = list(zip(*unique, strict=True)) if unique else [()] * len(columns)
    return pa.table([pa.array(cell, kind) for cell, kind in zip(cells, kinds, strict=True)], names=list(columns))


def _search(run: Run, listed: Rows) -> None:
    """Write the work table text_hit: which texts hold which names and terms. Each distinct text is looked at once."""
    numbers = persons(listed)
    sought = [
        {
            "what": "name" if row["name"] else "term",
            "person_ix": numbers.get((row["list"], row["person"]), -1) if row["name"] else -1,
            "list": row["list"],
            "topic": row["topic"],
            "entry": row["name"] or row["term"],
        }
        for row in listed
        if row["name"] or row["term"]
    ]
    matcher = Matcher([str(one["entry"]) for one in sought])
    texts = run.stream("text_seen", run.parameters.period) if sought else pa.RecordBatchReader.from_batches(pa.schema([]), [])
    run.put("text_hit", pa.RecordBatchReader.from_batches(HIT, _hits(texts, matcher, sought)))


def _hits(texts: pa.RecordBatchReader, matcher: Matcher, sought: Rows) -> Iterator[pa.RecordBatch]:
    for batch in texts:
        found = [{"text": text, **sought[number]} for text in batch["text"].to_pylist() for number in matcher.find(text)]
        yield pa.RecordBatch.from_pylist(found, schema=HIT)


def _cluster_target(run: Run, totals: dict[tuple[str, str], int]) -> None:
    """Write what each cluster does to each person, beside what all accounts outside clusters do."""
    counted = run.read("aimed_count").to_pylist()
    outside = {(row["person_ix"], row["act"]): row["n_posts"] for row in counted if not row["cluster_id"]}
    person = run.part("person").to_pylist()
    rows = []
    for row in counted:
        if not row["cluster_id"]:
            continue
        who, act = person[row["person_ix"]], row["act"]
        n_act, n_act_others = totals[row["cluster_id"], act], totals.get(("", act), 0)
        n_others = outside.get((row["person_ix"], act), 0)
        usual = n_others / n_act_others if n_act_others else None
        rows.append(
            {
                "cluster_id": row["cluster_id"],
                "list": who["list"],
                "person": who["person"],
                "direction": DIRECTIONS[act],
                "act": act,
                "n_posts": row["n_posts"],
                "n_accounts": row["n_accounts"],
                "n_act": n_act,
                "share": row["n_posts"] / n_act,
                "n_posts_others": n_others,
                "n_act_others": n_act_others,
                "share_others": usual,
                "expected": None if usual is None else usual * n_act,
            }
        )
    rows.sort(key=lambda row: (row["cluster_id"], row["list"], row["person"], row["direction"], row["act"]))
    run.put("cluster_target", pa.Table.from_pylist(rows, schema=arrow("cluster_target")))


def _list_use(run: Run, totals: dict[tuple[str, str], int]) -> None:
    rows = run.read("list_use").to_pylist()
    for row in rows:
        row["n_all"] = totals[row["cluster_id"], "all"]
        row["share"] = row["n_posts"] / row["n_all"]
    run.put("list_use", pa.Table.from_pylist(rows, schema=arrow("list_use")))


def _phases(run: Run) -> None:
    """Write `phase`: each span of the calendar against the time of the same length just before."""
    entries = [(dt.datetime.fromisoformat(e["since"]), dt.datetime.fromisoformat(e["until"]), e) for e in run.parameters.calendar]
    spans = []
    for number, (since, until, _) in enumerate(entries):
        length = max(until - since, dt.timedelta(hours=1))  # a moment is looked at for an hour
        edges = {"before_s": _seconds(since - length), "since_s": _seconds(since), "until_s": _seconds(since + length)}
        spans.append({"phase_ix": number, **edges})
    run.put("span", _table(spans, "phase_ix", "before_s", "since_s", "until_s"))
    first, last = (run.read("scope_span").to_pylist()[0][end] for end in ("first_at", "last_at"))
    rows = []
    for row in run.read("phase_count").to_pylist():
        span, (_, _, entry) = spans[row["phase_ix"]], entries[row["phase_ix"]]
        length = span["since_s"] - span["before_s"]
        seen = min(last + 1, span["since_s"]) - max(first, span["before_s"])
        times = {"since": span["since_s"] * 1_000_000, "until": span["until_s"] * 1_000_000}
        rows.append({**row, **times, "what": entry["what"], "covered": min(max(seen / length, 0.0), 1.0)})
    run.put("phase", pa.Table.from_pylist(rows, schema=arrow("phase")))


def _seconds(when: dt.datetime) -> int:
    return int((when - EPOCH).total_seconds())
