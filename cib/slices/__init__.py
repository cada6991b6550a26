"""Writes `slice` and `slice_member`: the clusters followed through overlapping slices of time, each clustered by itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cib import schema, spans
from cib.communities import partition
from cib.errors import CaseError
from cib.progress import report
from cib.runs import Run
from cib.slices import lineages
from cib.slices.lineages import Event

MAX_SLICES = 500
DAY_S = 86_400


@dataclass(frozen=True)
class Grid:
    """Slices of length_s seconds, one every step_s, the first from origin_s on, in UTC seconds."""

    origin_s: int
    length_s: int
    step_s: int
    n_slices: int

    def cells(self) -> pa.Table:
        """Return the steps, counted from the origin, that each slice holds."""
        per_slice = self.length_s // self.step_s
        number = np.repeat(np.arange(self.n_slices, dtype=np.int32), per_slice)
        cell = number.astype(np.int64) + np.tile(np.arange(per_slice), self.n_slices)
        return pa.table({"cell": pa.array(cell), "slice_ix": pa.array(number)})


def follow(run: Run) -> None:
    """Write `slice` and `slice_member`, if the run was asked for slices.

    No test is made in a slice, so the error rate stays that of the whole period: a tie is active where its accounts met
    in two or more distinct posts on either side. Only members of clusters of the whole period take part, so a slice names
    nobody whom the period does not. Their active ties are partitioned once (`partition.labels`), and the clusters matched
    from slice to slice (`lineages.follow`). Slices of whole days begin at the quietest hour of the case; the first holds the
    first meeting, the last the last. A slice of few meetings shows few ties: that a cluster is absent means that too little
    of it was seen.

    At most 500 slices, else CaseError. Every meeting is counted in length / step slices (at most 500). In memory,
    beside DuckDB's, which spills: the active ties of one slice, and the members of all. Measured: 200,000 ties in each of
    78 slices take 40 s.
    """
    if run.parameters.slices_s is None:
        return
    grid = _grid(run, *run.parameters.slices_s)
    run.put("slice_cell", grid.cells())
    home = _homes(run)
    members = np.array(sorted(home), np.int64)
    found: dict[int, list[frozenset[int]]] = {}
    n_ties: dict[tuple[int, frozenset[int]], int] = {}
    ties = run.part("tie_score")  # by pair
    keys = _keys(np.stack([ties["account_a_ix"].to_numpy(), ties["account_b_ix"].to_numpy()], axis=1))
    silent = np.ones(len(keys), bool)
    for number, pairs in _by_slice(run.stream("slice_tie", {"origin_s": grid.origin_s, "step_s": grid.step_s})):
        report(f"slice {number + 1} of {grid.n_slices}")
        silent[np.searchsorted(keys, _keys(pairs))] = False
        inner = pairs[np.isin(pairs, members).all(axis=1)]
        found[number] = _groups(inner, run.parameters.seed)
        n_ties |= {(number, group): n for group, n in zip(found[number], _inside(inner, found[number]), strict=True)}
    events = lineages.follow({number: groups for number, groups in found.items() if groups}, grid.n_slices)
    _put(run, grid, events, n_ties=n_ties, home=home)
    _note(run, grid, events, n_silent=int(silent.sum()))


def _grid(run: Run, length_s: int, step_s: int) -> Grid:
    """Return the slices from the first meeting of two tied accounts to the last; none without a tie."""
    ties = run.part("tie_score")
    if not ties.num_rows:
        return Grid(0, length_s, step_s, 0)
    first_s, last_s = int(ties["first_at"].to_numpy().min()), int(ties["last_at"].to_numpy().max())
    whole_days = length_s % DAY_S == 0
    align_s, cut_s = (DAY_S, 3600 * run.quiet_hour) if whole_days else (step_s, 0)
    origin_s = (first_s - cut_s) // align_s * align_s + cut_s
    n_slices = max((last_s - origin_s) // step_s - length_s // step_s + 2, 1)
    if n_slices > MAX_SLICES:
        step = spans.written(-(-(last_s - origin_s) // MAX_SLICES))
        raise CaseError(
            f"--slices {run.parameters.slices}: {n_slices:,} slices from the first meeting to the last; expected at most "
            f"{MAX_SLICES}. Give a step of {step} or longer, or a shorter period with --since and --until."
        )
    return Grid(origin_s, length_s, step_s, n_slices)


def _by_slice(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, np.ndarray]]:
    """Give each slice and its pairs, int32[n, 2], of rows that come in the order of slices. Holds one slice at a time."""
    held: list[np.ndarray] = []
    number = None
    for batch in batches:
        slices = batch["slice_ix"].to_numpy()
        pairs = np.stack([batch["account_a_ix"].to_numpy(), batch["account_b_ix"].to_numpy()], axis=1)
        bounds = np.flatnonzero(np.diff(slices, prepend=-1)).tolist()
        for start, stop in zip(bounds, [*bounds[1:], len(slices)], strict=True):
            if number not in (None, slices[start]):
                yield int(number), np.concatenate(held)
                held = []
            number = slices[start]
            held.append(pairs[start:stop])
    if number is not None:
        yield int(number), np.concatenate(held)


def _homes(run: Run) -> dict[int, str]:
    """Return the cluster of every member of one in the whole period, without sources."""
    score = run.part("member_score")
    columns = (score[name].to_pylist() for name in ("account_ix", "cluster_id", "is_source"))
    return {account: cluster for account, cluster, is_source in zip(*columns, strict=True) if not is_source}


def _groups(pairs: np.ndarray, seed: int) -> list[frozenset[int]]:
    """Return the clusters that ties make, int32[n, 2], by falling size, then by first account."""
    accounts, ends = np.unique(pairs, return_inverse=True)
    label = partition.labels(len(accounts), ends.reshape(-1, 2), seed=seed)
    groups: dict[int, list[int]] = {}
    for account, number in zip(accounts.tolist(), label.tolist(), strict=True):
        if number != partition.NOWHERE:
            groups.setdefault(number, []).append(account)
    return [frozenset(group) for group in sorted(groups.values(), key=lambda group: (-len(group), group))]


def _keys(pairs: np.ndarray) -> np.ndarray:
    """Return int64[n]: one number per pair of accounts, in their order."""
    return pairs[:, 0].astype(np.int64) << 32 | pairs[:, 1]


def _inside(pairs: np.ndarray, groups: list[frozenset[int]]) -> list[int]:
    """Return how many of the pairs lie within each group."""
    home = np.full(int(pairs.max(initial=-1)) + 1, -1)
    for number, group in enumerate(groups):
        home[list(group)] = number
    ends = home[pairs]
    inside = ends[(ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0), 0]
    return np.bincount(inside, minlength=len(groups)).tolist()


def _put(
    run: Run, grid: Grid, events: list[Event], *, n_ties: dict[tuple[int, frozenset[int]], int], home: dict[int, str]
) -> None:
    cluster_of: dict[int, str | None] = {}
    rows, members = [], []
    for event in events:
        since_s = grid.origin_s + event.slice_ix * grid.step_s
        if event.members:
            cluster_of[event.lineage] = lineages.majority(event.members, home)
        rows.append(
            {
                "slice_ix": event.slice_ix,
                "since": since_s * 1_000_000,
                "until": (since_s + grid.length_s) * 1_000_000,
                "lineage": _name(event.lineage),
                "event": event.what,
                "other": None if event.other is None else _name(event.other),
                "cluster_id": cluster_of[event.lineage],
                "n_accounts": len(event.members),
                "n_ties": n_ties.get((event.slice_ix, event.members), 0),
                "jaccard": event.jaccard,
            }
        )
        members += [(event.slice_ix, event.lineage, account) for account in sorted(event.members)]
    run.put("slice", pa.Table.from_pylist(rows, schema=schema.arrow("slice")))
    _put_members(run, members)


def _put_members(run: Run, members: list[tuple[int, int, int]]) -> None:
    """Write `slice_member` from (slice, lineage, account number)."""
    number, lineage, account = zip(*members, strict=True) if members else ((), (), ())
    codes = run.load("account_code")
    named = codes.take(pa.array(account, pa.int32()))  # account numbers are ranks: the row of each is its number
    columns = [pa.array(number, pa.int32()), pa.array([_name(i) for i in lineage], pa.string())]
    rows = [*columns, named["platform"], named["account_id"]]
    run.put("slice_member", pa.table(rows, schema=schema.arrow("slice_member")))


def _note(run: Run, grid: Grid, events: list[Event], *, n_silent: int) -> None:
    resolution_s = max((window["resolution_s"] for window in run.notes["windows"].values()), default=1)
    run.note(
        "slices",
        length_s=grid.length_s,
        step_s=grid.step_s,
        origin_s=grid.origin_s,
        slices=grid.n_slices,
        lineages=len({event.lineage for event in events}),
        events=dict(sorted(Counter(event.what for event in events).items())),
        ties_in_no_slice=n_silent,
        finer_than_data=grid.step_s < resolution_s,
    )


def _name(lineage: int) -> str:
    return f"L{lineage + 1:03d}"
