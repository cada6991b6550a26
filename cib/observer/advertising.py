"""Writes `advertiser`, `ad_pair`, `ad_network`, `ad_shared` and `ad_payer`: which advertisers share more texts and landing pages
than chance gives, and whether they say that one payer is behind them. Nobody is flagged for it: parties, agencies and shops do it
openly.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema
from cib.kernels import multiplicity, tails
from cib.matching.names import Names, letters
from cib.observer import spending
from cib.runs import Run

MAX_CROWD = 300  # advertisers on one text or page; what more show says nothing about two of them
MIN_EFFECTIVE = 200  # equally active advertisers from which what is ordinary can be known, as for accounts
MAX_PAIRS = 500_000  # kept, those least likely by chance; the rest is counted
MAX_PAYERS, MAX_NEAR, MAX_COMPARED = 10, 5, 1_000
KINDS = ("creative", "page")
COUNTS = ("n_creatives", "n_pages", "n_pages_rest", "n_same_day", "n_shared")
DAY = dt.timedelta(days=1)
_DIGITS = re.compile(r"\d+")
Rows = list[dict[str, Any]]


def describe(run: Run) -> None:
    """Write the tables where there are advertisements in the period; else nothing.

    Two advertisers are tied where they show more of the same texts, or lead to more of the same pages off the one site that they
    share most, than the popularity of these and their own number gives: Poisson, both directions, Bonferroni over the two,
    Benjamini-Hochberg over all pairs of advertisers at the run's error rate. Time takes no part: libraries tell days, and a
    campaign runs for weeks. Assumes that advertisers choose independently; those of one branch do not, which is why ties
    accuse nobody. Cost: at most MAX_CROWD others per text and advertiser, MAX_PAIRS pairs; the rest is counted.
    """
    run.write("ad")
    if not run.n_rows["ad"]:
        return
    payers = [payer for payer in pc.unique(run.part("ad", columns=["payer"])["payer"]).to_pylist() if payer]
    keys = [letters(payer) or payer for payer in payers]
    run.put("payer_key", pa.table({"payer": pa.array(payers, pa.string()), "payer_key": pa.array(keys, pa.string())}))
    for table in ("ad_object", "ad_crowd", "ad_mass"):
        run.write(table, params={"max_crowd": MAX_CROWD})
    pairs, is_judged = _pairs(run)
    network = _networks(pairs)
    placed = {"account_ix": pa.array(sorted(network), pa.int32()), "network_id": [network[ix] for ix in sorted(network)]}
    run.put("ad_placed", pa.table(placed, schema=pa.schema([("account_ix", pa.int32()), ("network_id", pa.string())])))
    run.write("ad_shared")
    said = _said(run)
    spent = spending.Spending(run.read("ad_spent").to_pylist(), dict(zip(payers, keys, strict=True)))
    named = _payers(run, spent)
    advertisers = [{**row, **spent.of(account_ix=[row["account_ix"]])} for row in run.read("advertiser").to_pylist()]
    _put(run, "advertiser", advertisers)
    _put_pairs(run, pairs, said)
    _put_networks(run, pairs, advertisers, said=said, named=named, spent=spent, is_judged=is_judged)


def _put(run: Run, table: str, rows: Rows) -> None:
    run.put(table, pa.Table.from_pylist(rows, schema=schema.arrow(table)))


def _pairs(run: Run) -> tuple[Rows, bool]:
    """Return the pairs that share two texts or pages or more, with their q, and whether there are advertisers enough to judge."""
    mass = run.part("ad_mass")
    active = pc.unique(run.part("ad", columns=["account_ix"])["account_ix"]).to_numpy()
    n = int(active.max()) + 1
    objects, crowd = np.zeros((2, n), np.int64), np.zeros((2, n), np.int64)
    kind = np.array([KINDS.index(one) for one in mass["kind"].to_pylist()], np.int64)
    objects[kind, mass["account_ix"].to_numpy()] = mass["n_objects"].to_numpy()
    crowd[kind, mass["account_ix"].to_numpy()] = mass["crowd"].to_numpy()
    weight = objects.sum(axis=0).astype(float)
    effective = float(weight.sum() ** 2 / max(np.square(weight).sum(), 1.0))
    made, n_met = _tested(run.read("ad_meeting", {"max_crowd": MAX_CROWD}), objects, crowd)
    n_pairs = len(active) * (len(active) - 1) // 2
    q_all = multiplicity.benjamini_hochberg(np.array([one["p_value"] for one in made]), n_pairs) if made else ()
    for one, q_value in zip(made, q_all, strict=True):
        one |= {"q_value": float(q_value), "is_tied": bool(q_value <= run.parameters.fdr)}
    left_out = int(np.count_nonzero(run.part("ad_crowd")["n_advertisers"].to_numpy() > MAX_CROWD))
    is_judged = effective >= MIN_EFFECTIVE
    known = {"advertisers": len(active), "effective": round(effective, 1), "is_judged": is_judged}
    run.note("advertising", **known, pairs=n_pairs, objects_left_out=left_out, pairs_left_out=n_met - len(made))
    return made, is_judged


def _tested(met: pa.Table, objects: np.ndarray, crowd: np.ndarray) -> tuple[Rows, int]:
    """Return the pairs that share two texts or pages or more, by account, at most the MAX_PAIRS that are least likely by chance,
    and how many there are. met: ad_meeting; objects, crowd: int64[2, n_accounts], by kind."""
    n = objects.shape[1]
    number = pc.index_in(met["kind"], pa.array(KINDS)).to_numpy()
    rest = met["n_rest"].to_numpy()
    pair = met["account_a_ix"].to_numpy().astype(np.int64) * n + met["account_b_ix"].to_numpy()
    expected, chance = np.zeros(len(pair)), np.ones(len(pair))
    for kind in range(len(KINDS)):
        at = np.flatnonzero(number == kind)
        expected[at] = _expected(pair[at] // n, pair[at] % n, objects=objects[kind], crowd=crowd[kind])
    shared = np.flatnonzero(rest >= 2)  # one thing in common is an accident
    chance[shared] = np.exp(tails.poisson(rest[shared], expected[shared]))
    keys, place = np.unique(pair, return_inverse=True)
    least = np.full(len(keys), 2.0)
    np.minimum.at(least, place, chance)
    kept = np.sort(np.argsort(least, kind="stable")[:MAX_PAIRS])
    made: dict[int, dict[str, Any]]
    made = {int(key): {"pair": (int(key) // n, int(key) % n), "p_value": 2.0, **dict.fromkeys(COUNTS, 0)} for key in keys[kept]}
    chosen = np.flatnonzero(np.isin(pair, keys[kept]))
    for row, place_of in zip(met.take(pa.array(chosen)).to_pylist(), chosen.tolist(), strict=True):
        known = made[int(pair[place_of])]
        known[f"n_{row['kind']}s"] = row["n_shared"]
        known["n_pages_rest"] += row["n_rest"] if row["kind"] == "page" else 0
        known["n_same_day"] += row["n_same_day"]
        known["n_shared"] += row["n_shared"]
        if chance[place_of] < known["p_value"]:
            known |= {"p_value": float(chance[place_of]), "expected": float(expected[place_of])}
    for known in made.values():
        known["p_value"] = min(len(KINDS) * known["p_value"], 1.0)
    return list(made.values()), len(keys)


def _expected(one: np.ndarray, other: np.ndarray, *, objects: np.ndarray, crowd: np.ndarray) -> np.ndarray:
    """Return float64[n_pairs]: objects due in common by chance, the larger of the two directions: each of the others around the
    objects of one advertiser is the other one with the probability of its share of all objects."""
    share = objects / max(int(objects.sum()), 1)
    due = [
        np.minimum(crowd[a] * share[b] / np.maximum(1.0 - share[a], 1e-12), objects[a]) for a, b in ((one, other), (other, one))
    ]
    return np.maximum(*due)


def _networks(pairs: Rows) -> dict[int, str]:
    """Return the network of each advertiser with a tie: A001 is the largest."""
    root: dict[int, int] = {}

    def find(ix: int) -> int:
        while root.setdefault(ix, ix) != ix:
            root[ix] = root[root[ix]]
            ix = root[ix]
        return ix

    for one in pairs:
        if one["is_tied"]:
            a, b = sorted(map(find, one["pair"]))
            root[b] = a
    inside = Counter(find(ix) for ix in root)
    order = sorted(inside, key=lambda first: (-inside[first], first))
    name = {first: f"A{number:03d}" for number, first in enumerate(order, start=1)}
    return {ix: name[find(ix)] for ix in root}


def _said(run: Run) -> dict[int, set[str]]:
    """Return per advertiser of a network the payers that its shared advertisements name; '' where one does not say."""
    said: dict[int, set[str]] = defaultdict(set)
    for row in run.read("ad_said").to_pylist():
        said[row["account_ix"]].add(row["payer_key"])
    return said


def _payers(run: Run, spent: spending.Spending) -> dict[str, str]:
    """Write `ad_payer`; return the commonest spelling of each payer."""
    run.write("ad_paid")
    rows = run.part("ad_paid").to_pylist()
    rows.sort(key=lambda row: (-row["n_advertisers"], -row["n_ads"], row["payer"]))
    near = _near([row["payer"] for row in rows[:MAX_COMPARED]])
    for place, row in enumerate(rows):
        row |= {"near": near.get(place, []), **spent.of(payer_key=row["payer_key"])}
    run.note("advertising", payers=len(rows), payers_not_compared=max(len(rows) - MAX_COMPARED, 0))
    named = {row["payer_key"]: row["payer"] for row in rows}
    _put(run, "ad_payer", rows)
    return named


def _near(payers: list[str]) -> dict[int, list[str]]:
    """Return per place the other payers whose names are a letter or two away; not those that only bear another number, such as
    the wards of a town."""
    plain = [_DIGITS.sub("", payer) for payer in payers]
    names = sorted({letters(one): one for one in plain if one}.values())
    alike = Names(names)
    series: dict[str, list[str]] = defaultdict(list)
    for payer, one in zip(payers, plain, strict=True):
        series[letters(one)].append(payer)
    others = {letters(one): [names[place] for place, distance in alike.near(one) if distance] for one in names}
    return {
        place: sorted(payer for other in others.get(letters(one), ()) for payer in series[letters(other)])[:MAX_NEAR]
        for place, one in enumerate(plain)
    }


def _put_pairs(run: Run, pairs: Rows, said: dict[int, set[str]]) -> None:
    codes = run.load("account_code")
    platform, account = codes["platform"].to_pylist(), codes["account_id"].to_pylist()
    rows = []
    for one in pairs:
        a, b = one["pair"]
        sides = {"platform_a": platform[a], "account_a": account[a], "platform_b": platform[b], "account_b": account[b]}
        rows.append({**one, **sides, "same_payer": _same(said.get(a, {""}), said.get(b, {""}))})
    _put(run, "ad_pair", rows)


def _same(one: set[str], other: set[str]) -> str:
    if "" in one or "" in other:
        return "unknown"
    return "yes" if one == other else "no"


def _put_networks(
    run: Run,
    pairs: Rows,
    advertisers: Rows,
    *,
    said: dict[int, set[str]],
    named: dict[str, str],
    spent: spending.Spending,
    is_judged: bool,
) -> None:
    inside: dict[str, Rows] = defaultdict(list)
    for row in advertisers:
        if row["network_id"]:
            inside[row["network_id"]].append(row)
    network = {row["account_ix"]: row["network_id"] for row in advertisers}
    tied: dict[str, Rows] = defaultdict(list)
    for one in pairs:
        tied[network[one["pair"][0]] if one["is_tied"] else ""].append(one)
    shared: dict[str, Rows] = defaultdict(list)
    for row in run.load("ad_shared").to_pylist():
        shared[row["network_id"]].append(row)
    rows = []
    for name in sorted(inside):
        members, kinds = inside[name], Counter(row["kind"] for row in shared[name])
        known = [said[row["account_ix"]] for row in members]
        payers = sorted(named[key] for key in set().union(*known) if key)
        rows.append(
            {
                "network_id": name,
                "n_advertisers": len(members),
                "n_ads": sum(row["n_ads"] for row in members),
                "n_pairs": len(tied[name]),
                "density": len(tied[name]) / (len(members) * (len(members) - 1) / 2),
                "n_creatives": kinds["creative"],
                "n_pages": kinds["page"],
                "declared": _declared(known),
                "payers": payers[:MAX_PAYERS],
                "first_at": min(row["first_at"] for row in shared[name]),
                "last_at": max(row["first_at"] + row["spread_days"] * DAY for row in shared[name]),
                "share_same_day": _same_day(tied[name]),
                "share_same_day_others": _same_day(tied[""]),
                **spent.of(account_ix=[row["account_ix"] for row in members]),
                "is_judged": is_judged,
            }
        )
    _put(run, "ad_network", rows)


def _same_day(pairs: Rows) -> float | None:
    n = sum(one["n_shared"] for one in pairs)
    return sum(one["n_same_day"] for one in pairs) / n if n else None


def _declared(said: list[set[str]]) -> str:
    """Return what the advertisers say of who paid for what they share.

    >>> _declared([{"us"}, {"us"}]), _declared([{"us"}, {"us", "them"}]), _declared([{"us"}, {""}]), _declared([{""}, {""}])
    ('one payer', 'several payers', 'partly told', 'not told')
    """
    payers = set().union(*said) - {""}
    if len(payers) > 1:
        return "several payers"
    if not payers:
        return "not told"
    return "partly told" if any("" in one for one in said) else "one payer"
