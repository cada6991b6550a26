"""Flagged clusters as one STIX 2.1 bundle, for platforms that exchange threat data.

Such platforms take whatever they get for a threat. So the bundle holds flagged clusters, and others only where they are asked for
by name; no source, and no account or cluster that a person judged innocent; what clusters publish and link to stays out, because
a campaign links to newspapers. Nothing in it names an operator. What stays out is counted.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from cib import review, runs
from cib.case import dump
from cib.graphfiles import accounts, links, stix
from cib.graphfiles.cuts import View
from cib.schema import FLAGGED_KINDS
from cib.wording import KIND_WORDS, LEVEL_WORDS, TECHNIQUES

CLAIMED = 3  # claim level from which a cluster shows indicators of inauthenticity
MAX_ACCOUNTS = 20_000
N_EVIDENCE, LOOKED_AT = 5, 500  # meetings told per cluster, and rows of evidence they are chosen from
MEETING = (
    *("cluster_id", "platform_a", "account_a", "platform_b", "account_b", "graph"),
    *("post_platform_a", "post_a", "post_platform_b", "post_b", "gap_s", "item_bits"),
)
OPINIONS = {"coordinated": "agree", "innocent": "disagree", "unclear": "neutral"}
LIMITS = (
    "Not in these data: intent, operator, sponsor, or whether what was written is true. "
    "A lead for human review: no account is to be blocked or named on the strength of it."
)
EMPTY = (
    "This bundle is empty: no cluster is flagged. A cluster that is not can be asked for by name, as what it is: --cluster C001."
)
Row = dict[str, Any]


def write(path: Path, view: View, *, case_parts: Mapping[str, Sequence[Path]], max_ties: int) -> Row:
    """Write the bundle and return what export.json says of it.

    Time: a pass over the accounts of the case, and over ties where the cut takes some away; memory: members and evidence.
    """
    judged = review.of_run(view.run_folder.parent.parent, view.run_folder)
    left_out: Counter[str] = Counter()
    clusters = _clusters(view, judged, left_out)
    members = _members(view, clusters, judged, left_out=left_out, max_ties=max_ties, files=case_parts.get("account", ()))
    clusters = [row for row in clusters if members.get(row["cluster_id"])]
    evidence = _evidence(view.run_folder, members)
    objects = [stix.AMBER, stix.machine()]
    for row in clusters:
        objects += _objects(
            row, members[row["cluster_id"]], evidence[row["cluster_id"]], judged=judged.clusters.get(row["cluster_id"], ())
        )
    bundle = stix.bundle(objects)
    path.write_text(dump(bundle), encoding="utf-8", newline="\n")
    n_accounts = sum(map(len, members.values()))
    facts = {"map": "stix", "clusters": len(clusters), "nodes": n_accounts, "objects": len(bundle["objects"])}
    return {**({} if clusters else {"note": EMPTY}), **facts, "max_nodes": _cap(view), "left_out": dict(left_out)}


def _cap(view: View) -> int:
    return min(view.cut.top or MAX_ACCOUNTS, MAX_ACCOUNTS)


def _clusters(view: View, judged: review.Review, left_out: Counter[str]) -> list[Row]:
    """Return the clusters of the bundle, in order of their names."""
    rows = sorted(runs.load(view.run_folder, "cluster").to_pylist(), key=lambda row: row["cluster_id"])
    if asked := view.cut.clusters:
        kept = [row for row in rows if row["cluster_id"] in asked]
        left_out["clusters_not_asked_for"] = len(rows) - len(kept)
        return kept
    flagged = [row for row in rows if _flagged(row)]
    kept = [row for row in flagged if _verdict(judged.clusters.get(row["cluster_id"], ())) != "innocent"]
    left_out["clusters_not_flagged"] = len(rows) - len(flagged)
    left_out["clusters_judged_innocent"] = len(flagged) - len(kept)
    return kept


def _flagged(row: Row) -> bool:
    return bool(row["flagged"]) and (row["claim_level"] or 0) >= CLAIMED


def _verdict(verdicts: Sequence[review.Verdict]) -> str | None:
    """Return the last word; None where nobody judged."""
    return verdicts[-1].verdict if verdicts else None


def _members(
    view: View, clusters: Sequence[Row], judged: review.Review, *, left_out: Counter[str], max_ties: int, files: Sequence[Path]
) -> dict[str, list[Row]]:
    """Return the accounts of the bundle by cluster, the strongest first."""
    inside = accounts.members(view.run_folder, clusters=[row["cluster_id"] for row in clusters])
    sources = pc.fill_null(pc.equal(inside["role"], "source"), False)
    left_out["sources"] = pc.sum(sources).as_py() or 0
    inside = inside.filter(pc.invert(sources))
    if view.cut.thins:
        tied = accounts.unique(links.ties(view, cap=max_ties).names)
        reached = pc.is_in(accounts.key(inside), value_set=accounts.flat(accounts.key(tied)))
        left_out["accounts_without_a_tie_in_the_cut"] = inside.num_rows - (pc.sum(reached).as_py() or 0)
        inside = inside.filter(reached)
    people = accounts.describe(inside.select(list(accounts.NAME)), inside, posts=(), accounts=files).to_pylist()
    kept = [row for row in people if _verdict(judged.of(row["platform"], row["account_id"], row["handle"])) != "innocent"]
    left_out["accounts_judged_innocent"] = len(people) - len(kept)
    kept.sort(key=lambda row: -(row["coordination"] or 0.0))
    left_out["accounts_below_the_top"] = max(0, len(kept) - _cap(view))
    found: dict[str, list[Row]] = {}
    for row in kept[: _cap(view)]:
        found.setdefault(row["first_cluster"], []).append(row)
    return found


def _evidence(run_folder: Path, members: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """Return the rarest meetings of each cluster between accounts of the bundle, each two posts once."""
    people = [row for own in members.values() for row in own]
    names = pa.table({column: pa.array([row[column] for row in people], pa.string()) for column in accounts.NAME})
    rows = runs.load(run_folder, "evidence", list(MEETING))
    ends = [pc.is_in(accounts.key(rows, suffix=end), value_set=accounts.flat(accounts.key(names))) for end in "ab"]
    rows = rows.filter(pc.and_(*ends)).sort_by([("item_bits", "descending"), *((name, "ascending") for name in MEETING)])
    return {name: _distinct(rows.filter(pc.equal(rows["cluster_id"], name)).slice(0, LOOKED_AT)) for name in members}


def _distinct(rows: pa.Table) -> list[Row]:
    """Return the first N_EVIDENCE meetings of different posts: two posts with five tags in common meet five times."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows.to_pylist():
        first.setdefault((row["post_a"], row["post_b"]), row)
    return list(first.values())[:N_EVIDENCE]


def _objects(
    row: Row, members: Sequence[Row], evidence: Sequence[Row], *, judged: Sequence[review.Verdict]
) -> Iterator[stix.Object]:
    """Yield everything about one cluster: accounts, techniques, what speaks for and against, and what people judged of it."""
    name, at = row["cluster_id"], row["last_at"] or row["first_at"] or stix.SINCE
    people = [stix.account(member["platform"], member["account_id"], member["handle"]) for member in members]
    ids = [one["id"] for one in people]
    patterns = [stix.technique(code) for code in row["disarm"] or () if _flagged(row) and code in TECHNIQUES]
    seen = stix.observed(ids, since=row["first_at"] or at, until=at, n_posts=row["n_posts"] or 0)
    title = f"{name}: {_kind(row)}"
    claim = f"Claim level {row['claim_level']} of 4: {LEVEL_WORDS[row['claim_level']]}."
    pro = stix.note(f"{title}. {claim}", _for(row, len(members), evidence), about=[seen["id"]], at=at)
    contra = stix.note(f"{name}: what speaks against it, and innocent readings", _against(row), about=[seen["id"]], at=at)
    parts = [*people, *patterns, seen, pro, contra]
    whole = [one["id"] for one in parts]
    group = stix.grouping(title, f"{claim} {LIMITS}", of=whole, at=at, flagged=_flagged(row), level=row["claim_level"])
    yield from parts
    yield group
    for one in judged:
        when = dt.datetime.combine(dt.date.fromisoformat(one.date), dt.time())
        yield stix.opinion(OPINIONS[one.verdict], f"A person judged: {one.verdict}.", about=group["id"], at=when)


def _kind(row: Row) -> str:
    """Return the kind in words, as far as the claim level lets it be said."""
    return KIND_WORDS["undetermined" if row["kind"] in FLAGGED_KINDS and not _flagged(row) else row["kind"]]


def _for(row: Row, n_shown: int, evidence: Sequence[Row]) -> str:
    """Return what speaks for the reading. All of it is ours but the ids of posts, which are percent-encoded: platforms show this
    text as markup."""
    shown = "" if n_shown == row["n_accounts"] else f", {n_shown} of them in this bundle"
    lines = [f"{row['n_accounts']} accounts{shown}; graphs: {', '.join(row['graphs'] or ())}."]
    lines += ["", "For it:", *(f"- {reason}" for reason in row["reasons"])] if row["reasons"] else []
    if _flagged(row) and row["disarm"]:
        named = [f"{code} {TECHNIQUES[code][0]}" for code in row["disarm"] if code in TECHNIQUES]
        lines += ["", f"The behaviour is consistent with (DISARM v1.6, indicators and no proof): {', '.join(named)}."]
    if evidence:
        lines += ["", "Posts to read first (ids, percent-encoded):", *(f"- {_meeting(one)}" for one in evidence)]
    return "\n".join(lines)


def _meeting(row: Row) -> str:
    posts = [f"{quote(row[f'post_platform_{end}'] or '', safe='')}:{quote(row[f'post_{end}'], safe='')}" for end in "ab"]
    return f"{posts[0]} and {posts[1]}, {row['gap_s']} s apart, on {row['graph']}; {row['item_bits']:.1f} bits"


def _against(row: Row) -> str:
    lines = ["Against it:", *(f"- {text}" for text in row["counter_evidence"])] if row["counter_evidence"] else []
    lines += ["", "Innocent readings, and what would tell them apart:", *(f"- {text}" for text in row["benign"] or ())]
    return "\n".join([*lines, "", LIMITS]).strip()
