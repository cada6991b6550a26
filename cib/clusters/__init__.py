"""Writes `cluster`, `trait` and `member`: what kind of group each cluster is, with reasons for and against, and who is in
which role."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.clusters import confidence, doors, kinds, reference, vocabulary, words
from cib.clusters import facts as fact
from cib.clusters.facts import Facts
from cib.clusters.kinds import Verdict
from cib.clusters.reference import Trait
from cib.kernels import multiplicity
from cib.runs import Run
from cib.schema import FLAGGED_KINDS, arrow

TOP = 10
OWNED = 0.8  # share of all links to a domain from which it is the cluster's own
DECLARES = re.compile(r"\b(bots?|robot|automated|automatic|autobot|бот|робот|автоматический|автоматичний)\b")
DENIES = re.compile(r"\b(not?|never|isn.?t|kein|nicht|не|ні|нет)\b.{0,15}\b(bots?|robot|automated|бот|робот)\b")
AMPLIFIER_SHARE = 0.8
FULL_BITS = 64.0
TIMING_Q = 0.01
MIN_LABEL = 5  # letters of a site's name; shorter ones are found in any word


@dataclass(frozen=True)
class Cluster:
    """One cluster before it is described. members, sources: account numbers; ties: rows of tie_score inside it; found_by,
    p_value: see `doors`."""

    name: str
    members: np.ndarray
    sources: np.ndarray
    ties: dict[str, np.ndarray]
    graphs: list[str]
    account_graphs: dict[int, list[str]]
    found_by: str
    p_value: float | None


def describe(run: Run) -> None:
    """Write `cluster`, `trait` and `member`.

    Cost: 200 reference groups per cluster, each measured like the cluster; clusters are described largest first and
    independently.
    """
    found = _clusters(run)
    facts, free = fact.gather(run)
    stratum = reference.strata(facts)
    clustered = np.concatenate([np.concatenate([c.members, c.sources]) for c in found]) if found else np.empty(0, np.int64)
    pool = np.setdiff1d(np.arange(facts.n_accounts), clustered)
    thin = run.notes["tests"]["too_little"]
    gates = run.notes["calibration"]
    calibrated, doubted = gates["co_action"]["passed"], gates["timing"]["failed"]
    close = _close_pairs(run.part("timing"), doubted=doubted)
    order = {row["account_ix"]: row for row in run.part("leader").to_pylist()}
    firm = run.part("stability").to_pylist()
    stability = {row["cluster_id"]: row["stability"] for row in firm}
    number = {row["cluster_id"]: row["number"] for row in firm}  # draws do not depend on what a cluster is called
    marks = vocabulary.marking(run, [cluster.members for cluster in found])
    clusters: list[dict[str, Any]] = []
    trait_rows: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    for cluster, marking in zip(found, marks, strict=True):
        rng = np.random.default_rng([run.parameters.seed, number[cluster.name]])
        references = reference.draw(cluster.members, pool, stratum=stratum, rng=rng)
        traits = reference.traits(facts, free, cluster.members, references=references)
        judged = calibrated and "case" not in thin and any(graph not in thin for graph in cluster.graphs)
        verdict = kinds.decide(
            traits,
            n_accounts=len(cluster.members),
            declared=_declared(facts, cluster),
            leads=any(order[i]["leads"] for i in cluster.members.tolist() if i in order) or _is_close(cluster, close),
            judged=judged,
        )
        own = {"stability": stability.get(cluster.name), "words": marking}
        clusters.append(_cluster_row(facts, cluster, verdict) | own)
        trait_rows += [_trait_row(cluster.name, trait) for trait in traits]
        members += _member_rows(run, facts, cluster, verdict=verdict, order=order)
    members.sort(key=lambda row: (row["platform"], row["account_id"]))
    for table, rows in (("cluster", clusters), ("trait", trait_rows), ("member", members)):
        run.put(table, pa.Table.from_pylist(rows, schema=arrow(table)))


def _clusters(run: Run) -> list[Cluster]:
    """Return the clusters in the order of their names, each with its ties and graphs."""
    score, ties = run.part("member_score"), run.part("tie_score")
    place = dict(zip(score["account_ix"].to_pylist(), score["cluster_id"].to_pylist(), strict=True))
    is_source = np.array(score["is_source"].to_pylist(), bool)
    account, names = score["account_ix"].to_numpy(), np.array(score["cluster_id"].to_pylist(), object)
    a, b = ties["account_a_ix"].to_numpy(), ties["account_b_ix"].to_numpy()
    home_a = np.array([place.get(int(x), "") for x in a], object)
    home = np.where(home_a == np.array([place.get(int(x), "") for x in b], object), home_a, "")
    graphs, group = _graphs_by_tie(run), run.part("group")
    group_p = dict(zip(group["account_ix"].to_pylist(), group["p_value"].to_pylist(), strict=True))
    found = []
    for name in sorted(set(names.tolist())):
        inside = np.flatnonzero(home == name)
        by_account: dict[int, set[str]] = {}
        for row in inside:
            for end in (int(a[row]), int(b[row])):
                by_account.setdefault(end, set()).update(graphs[int(a[row]), int(b[row])])
        columns = {column: ties[column].to_numpy(zero_copy_only=False)[inside] for column in ties.column_names}
        mine = names == name
        found.append(
            Cluster(
                name, account[mine & ~is_source], account[mine & is_source], columns,
                sorted(set().union(*by_account.values())) if by_account else [],
                {key: sorted(value) for key, value in by_account.items()},
                *doors.door(account[mine & ~is_source], columns, group_p),
            )
        )  # fmt: skip
    return found


def _graphs_by_tie(run: Run) -> dict[tuple[int, int], list[str]]:
    rows = run.part("finalist")
    graphs: dict[tuple[int, int], list[str]] = {}
    for graph, a, b in zip(*(rows[c].to_pylist() for c in ("graph", "account_a_ix", "account_b_ix")), strict=True):
        graphs.setdefault((a, b), []).append(graph)
    return graphs


def _close_pairs(timing: pa.Table, *, doubted: list[str]) -> set[tuple[int, int]]:
    """Return the pairs with an edge whose timing passes 1 % (Benjamini-Hochberg over the edges asked). Edges of graphs whose
    timing is not calibrated count for nothing."""
    timing = timing.filter(pc.invert(pc.is_in(timing["graph"], pa.array(doubted, pa.string()))))
    q = multiplicity.benjamini_hochberg(timing["timing_p"].to_numpy(), max(timing.num_rows, 1))
    kept = timing.filter(pa.array(q <= TIMING_Q))
    return set(zip(kept["account_a_ix"].to_pylist(), kept["account_b_ix"].to_pylist(), strict=True))


def _is_close(cluster: Cluster, close: set[tuple[int, int]]) -> bool:
    """Say whether at least half of the cluster's ties are closer in time than interest and waking hours explain."""
    asked = doors.judged_ties(cluster.found_by, cluster.ties)
    pairs = list(zip(*(cluster.ties[end][asked].tolist() for end in ("account_a_ix", "account_b_ix")), strict=True))
    return 2 * sum(pair in close for pair in pairs) >= len(pairs) > 0


def _declared(facts: Facts, cluster: Cluster) -> float | None:
    """Return the share of members that say openly what they are: a bot, or whose site they publish; None without profiles.

    A site counts when the profile carries its name, of five letters or more, and hardly anybody outside the cluster links to it.
    """
    known = [i for i in cluster.members.tolist() if facts.number["known"][i] > 0]
    if len(known) < 3:
        return None
    domain = facts.category["domain"]
    counts = domain.of(cluster.members)
    owned = {domain.names[c] for c in np.flatnonzero((counts > 0) & (counts >= OWNED * domain.totals))}
    open_ones = 0
    for i in known:
        profile = " ".join(facts.text[field][i] or "" for field in ("display_name", "description")).casefold()
        row = domain.counts[i]
        top = domain.names[row.indices[np.argmax(row.data)]] if row.nnz else ""
        label = top.split(".")[0]
        own = top in owned and len(label) >= MIN_LABEL and label in re.sub(r"\W", "", profile)
        open_ones += own or (DECLARES.search(profile) is not None and DENIES.search(profile) is None)
    return open_ones / len(known)


def _cluster_row(facts: Facts, cluster: Cluster, verdict: Verdict) -> dict[str, Any]:
    first, last = cluster.ties["first_at"], cluster.ties["last_at"]
    flagged = verdict.kind in FLAGGED_KINDS and verdict.claim_level >= 3
    return {
        "cluster_id": cluster.name,
        "found_by": cluster.found_by,
        "p_value": cluster.p_value,
        "kind": verdict.kind,
        "flagged": flagged,
        "confidence": _confidence(verdict),
        "claim_level": verdict.claim_level,
        "n_accounts": len(cluster.members),
        "n_posts": int(facts.number["n_posts"][cluster.members].sum()),
        "first_at": int(first.min()) * 1_000_000 if len(first) else None,
        "last_at": int(last.max()) * 1_000_000 if len(last) else None,
        "graphs": cluster.graphs,
        "reasons": [words.reason(trait) for trait in verdict.reasons],
        "counter_evidence": [words.reason(trait) for trait in verdict.counter],
        "benign": words.benign(cluster.graphs),
        "disarm": words.disarm(cluster.graphs, verdict),
        "terms": _top(facts, "tag", cluster.members),
        "url_keys": _top(facts, "address", cluster.members),
        "domains": _top(facts, "domain", cluster.members),
        "targets": _top(facts, "answered", cluster.members),
    }


def _confidence(verdict: Verdict) -> float | None:
    """Return the calibrated confidence; None where nothing can be judged, or the cluster is explained otherwise."""
    explained = verdict.kind in ("syndication", "crowd") or verdict.note == "too little to judge" or not verdict.families
    return None if explained else confidence.of(kinds.score(verdict.families))


def _top(facts: Facts, what: str, group: np.ndarray) -> list[str]:
    """Return the group's commonest categories that at least two of its accounts use, at most ten."""
    category = facts.category[what]
    counts = category.of(group)
    shared = category.counts[group].getnnz(axis=0) >= 2
    order = sorted(np.flatnonzero(shared).tolist(), key=lambda i: (-counts[i], category.names[i]))
    return [category.names[i] for i in order[:TOP]]


def _trait_row(cluster_id: str, trait: Trait) -> dict[str, Any]:
    direction = {1: "inauthentic", -1: "inauthentic", 0: "describes"}[trait.measure.direction]
    if trait.log_odds < 0:
        direction = "authentic"
    return {
        "cluster_id": cluster_id,
        "trait": trait.measure.name,
        "value": trait.value,
        "unit": trait.measure.unit,
        "low": trait.low,
        "high": trait.high,
        "percentile": trait.percentile,
        "n_reference": trait.n_reference,
        "family": trait.measure.family,
        "direction": direction,
        "log_odds": trait.log_odds,
        "missing_reason": trait.missing_reason,
    }


def _member_rows(
    run: Run, facts: Facts, cluster: Cluster, *, verdict: Verdict, order: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    score = run.part("member_score")
    flagged = verdict.kind in FLAGGED_KINDS and verdict.claim_level >= 3
    rows = []
    for i, name, is_source, n_ties, bits in zip(*(score[c].to_pylist() for c in score.column_names), strict=True):
        if name != cluster.name:
            continue
        amplifies = facts.number["n_retweets"][i] >= AMPLIFIER_SHARE * facts.number["n_posts"][i]
        place = order.get(i, {})
        role = "source" if is_source else "seeder" if place.get("leads") else "amplifier" if amplifies else "member"
        rows.append(
            {
                "platform": facts.text["platform"][i],
                "account_id": facts.text["account_id"][i],
                "handle": facts.text["handle"][i],
                "cluster_id": name,
                "role": role,
                "coordination": 0.0 if is_source else min(1.0, bits / FULL_BITS),
                "kind": verdict.kind,
                "flagged": flagged and not is_source,
                "confidence": None if is_source else _confidence(verdict),
                "n_ties": n_ties,
                "graphs": cluster.account_graphs.get(i, []),
                "n_led": place.get("n_led"),
                "n_followed": place.get("n_followed"),
                "leader_p": place.get("leader_p"),
            }
        )
    return rows
