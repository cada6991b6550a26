"""What clusters are called: in a case that was judged before, a cluster keeps its name where most of its members persist."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib import runs
from cib.runs import Run

Key = tuple[str, str]
Members = frozenset[Key]
SHOWN = 200  # clusters of each sort in the manifest; the rest is counted


def names(earlier: Mapping[str, Members], later: Sequence[Members], *, last: int = 0) -> list[str]:
    """Return the names of clusters, in their order: C001, C002, … and never one again that meant another cluster.

    A cluster keeps the name of the earlier one of which more than half is in it; where it took up several, of the one that gave
    most members, then of the one that comes first. Every earlier cluster has at most one such heir.

    last  the highest number ever given
    """
    home = {key: number for number, members in enumerate(later) for key in members}
    claims: dict[int, tuple[int, str]] = {}
    for name in sorted(earlier, reverse=True):
        counts: dict[int, int] = {}
        for key in earlier[name]:
            if key in home:
                counts[home[key]] = counts.get(home[key], 0) + 1
        for number, count in counts.items():
            if 2 * count > len(earlier[name]) and count >= claims.get(number, (0, ""))[0]:
                claims[number] = (count, name)
    out = []
    for number in range(len(later)):
        last += number not in claims
        out.append(claims[number][1] if number in claims else f"C{last:03d}")
    return out


def changes(earlier: Mapping[str, Members], later: Mapping[str, Members]) -> dict[str, Any]:
    """Return what became of the clusters: new, gone, and those that stayed with how many members joined and left them."""
    new, gone = sorted(set(later) - set(earlier)), sorted(set(earlier) - set(later))
    changed = [
        {
            "cluster_id": name,
            "n_before": len(earlier[name]),
            "n_now": len(later[name]),
            "joined": len(later[name] - earlier[name]),
            "left": len(earlier[name] - later[name]),
        }
        for name in sorted(set(earlier) & set(later))
        if earlier[name] != later[name]
    ]
    counts = {
        "n_new": len(new),
        "n_gone": len(gone),
        "n_changed": len(changed),
        "n_same": len(set(earlier) & set(later)) - len(changed),
    }
    return counts | {"new": new[:SHOWN], "gone": gone[:SHOWN], "changed": changed[:SHOWN]}


def keep(run: Run, clusters: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """Return the names of clusters {number: account_ix of its members, sources apart}, and note what changed since the case's
    newest run, whose names are kept. Reads that run's members once."""
    known = run.case.runs()
    if not known:
        run.note("names", names_from=None, last=len(clusters))
        return dict(zip(clusters, names({}, [frozenset()] * len(clusters)), strict=True))
    folder = run.case.run_folder(known[-1])
    earlier = _earlier(folder)
    account = _accounts(run, clusters)
    later = [frozenset(account[ix] for ix in members) for members in clusters.values()]
    last = max([runs.manifest(folder)["notes"].get("names", {}).get("last", 0), *map(_number, earlier)])
    found = names(earlier, later, last=last)
    run.note("names", names_from=known[-1], last=max([last, *map(_number, found)]))
    run.note("names", **changes(earlier, dict(zip(found, later, strict=True))))
    return dict(zip(clusters, found, strict=True))


def _number(name: str) -> int:
    return int(name[1:]) if name[1:].isdecimal() else 0


def _earlier(folder: Path) -> dict[str, Members]:
    """The clusters of the run in `folder`, sources apart."""
    found: dict[str, set[Key]] = {}
    for row in runs.load(folder, "member", ["platform", "account_id", "cluster_id", "role"]).to_pylist():
        if row["role"] != "source":
            found.setdefault(row["cluster_id"], set()).add((row["platform"], row["account_id"]))
    return {name: frozenset(members) for name, members in found.items()}


def _accounts(run: Run, clusters: Mapping[int, Sequence[int]]) -> dict[int, Key]:
    """The accounts of all clusters, by their number."""
    wanted = pa.array(sorted({ix for members in clusters.values() for ix in members}), pa.int32())
    rows = run.load("account_code")
    rows = rows.filter(pc.is_in(rows["account_ix"], wanted)).to_pylist()
    return {row["account_ix"]: (row["platform"], row["account_id"]) for row in rows}
