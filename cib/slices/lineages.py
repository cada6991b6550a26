"""Follows groups of accounts through slices of time: which group is which one again, and what became of each. Pure functions."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Home = TypeVar("Home", int, str)
MIN_JACCARD = 0.3  # two groups of one size that share half of their members have 1/3
PRESENT = 1e-9  # of matchings that are equally good, the one that goes on with what was there a slice ago


@dataclass(frozen=True)
class Event:
    """What became of a lineage in a slice. members: empty where it is absent; jaccard: with its members when last seen."""

    slice_ix: int
    lineage: int
    what: str
    other: int | None
    members: frozenset[int]
    jaccard: float | None


@dataclass
class Lineage:
    """A group as it was last seen."""

    members: frozenset[int]
    seen: int


class Story:
    """The lineages so far, and which of them each account was last seen in."""

    def __init__(self) -> None:
        self.known: list[Lineage] = []
        self.events: list[Event] = []
        self._of: dict[int, set[int]] = {}

    def tell(self, slice_ix: int, groups: Sequence[frozenset[int]]) -> None:
        """Add what happened in a slice. Slices come in order; one after a slice with groups must be told, even when empty."""
        before = {i: lineage.members for i, lineage in enumerate(self.known) if lineage.seen == slice_ix - 1}
        at_home = {account: i for i, members in before.items() for account in members}
        matched = match(self._overlaps(groups), before)
        now: dict[int, int] = {}
        for number, members in enumerate(groups):
            lineage, jaccard = matched.get(number, (len(self.known), None))
            origin = None if lineage in before else majority(members, at_home)
            what = "continuation" if lineage in before else "split" if origin is not None else "birth"
            if jaccard is not None and what == "birth":
                what = "return"
            self.events.append(Event(slice_ix, lineage, what, origin, members, jaccard))
            self._see(lineage, members, slice_ix)
            now |= dict.fromkeys(members, lineage)
        for lineage, members in before.items():
            if self.known[lineage].seen != slice_ix:
                target = majority(members, now)
                what = "end" if target is None else "merge"
                self.events.append(Event(slice_ix, lineage, what, target, frozenset(), None))

    def told(self) -> list[Event]:
        """Return all events by slice and lineage. A lineage that was absent and came back had not ended: it was dormant."""
        last = {event.lineage: event.slice_ix for event in self.events if event.members}
        events = [
            Event(e.slice_ix, e.lineage, "dormancy", None, e.members, None)
            if e.what == "end" and last[e.lineage] > e.slice_ix
            else e
            for e in self.events
        ]
        return sorted(events, key=lambda e: (e.slice_ix, e.lineage))

    def _see(self, lineage: int, members: frozenset[int], slice_ix: int) -> None:
        if lineage == len(self.known):
            self.known.append(Lineage(frozenset(), slice_ix))
        for account in self.known[lineage].members - members:
            self._of[account].discard(lineage)
        for account in members:
            self._of.setdefault(account, set()).add(lineage)
        self.known[lineage] = Lineage(members, slice_ix)

    def _overlaps(self, groups: Sequence[frozenset[int]]) -> list[tuple[int, int, float]]:
        """Return (lineage, group, Jaccard) of every lineage, present or not, and group that are alike enough."""
        found = []
        for number, members in enumerate(groups):
            shared = Counter(lineage for account in members for lineage in self._of.get(account, ()))
            for lineage, n in shared.items():
                jaccard = n / (len(members) + len(self.known[lineage].members) - n)
                if jaccard >= MIN_JACCARD:
                    found.append((lineage, number, jaccard))
        return sorted(found)


def follow(slices: Mapping[int, Sequence[frozenset[int]]], n_slices: int) -> list[Event]:
    """Return what became of every group. slices: the groups of each slice that has some, disjoint within a slice.

    Groups are matched to lineages, also those that were away, by their members when last seen: the matching of largest
    summed Jaccard (Hungarian), pairs under MIN_JACCARD left out. Then, for a group that is not its lineage of the slice
    before: split, when more than half of it was in one group a slice ago; return, when its lineage was away; else birth.
    For a lineage that was there a slice ago and is not: merge, when more than half of it is in one group now; dormancy,
    when it comes back later; else end. What is there in the last slice has no end: the data stop.

    Cost: per slice, members times lineages that name them; matching is cubic in the groups that overlap through others.
    Source: Greene, Doyle & Cunningham 2010 for matching against the last that was seen of each lineage.

    >>> [(e.slice_ix, e.lineage, e.what) for e in follow({0: [frozenset("abc")], 3: [frozenset("abd")]}, 4)]
    [(0, 0, 'birth'), (1, 0, 'dormancy'), (3, 0, 'return')]
    """
    story = Story()
    for slice_ix in sorted({s for first in slices for s in (first, first + 1) if s < n_slices}):
        story.tell(slice_ix, slices.get(slice_ix, ()))
    return story.told()


def match(overlaps: Sequence[tuple[int, int, float]], present: Collection[int]) -> dict[int, tuple[int, float]]:
    """Return {group: (lineage, Jaccard)}: one to one, of the largest summed Jaccard. overlaps: (lineage, group, Jaccard).

    Groups that do not overlap through others are matched apart, so that no matrix is larger than it must be.
    """
    if not overlaps:
        return {}
    columns = [np.array(column) for column in zip(*overlaps, strict=True)]
    (lineages, at_lineage), (groups, at_group) = (np.unique(column, return_inverse=True) for column in columns[:2])
    n = len(lineages) + len(groups)
    bonds = coo_array((np.ones(len(overlaps)), (at_lineage, len(lineages) + at_group)), shape=(n, n))
    part = connected_components(bonds, directed=False)[1][at_lineage]
    found: dict[int, tuple[int, float]] = {}
    for one in np.unique(part):
        inside = part == one
        rows, row = np.unique(at_lineage[inside], return_inverse=True)
        cols, col = np.unique(at_group[inside], return_inverse=True)
        jaccard = np.zeros((len(rows), len(cols)))
        jaccard[row, col] = columns[2][inside]
        stays = np.isin(lineages[rows], list(present))[:, None] & (jaccard > 0)
        for i, j in zip(*linear_sum_assignment(jaccard + PRESENT * stays, maximize=True), strict=True):
            if jaccard[i, j]:
                found[int(groups[cols[j]])] = (int(lineages[rows[i]]), float(jaccard[i, j]))
    return found


def majority(members: Collection[int], homes: Mapping[int, Home]) -> Home | None:
    """Return the home of more than half of the members; None where there is none.

    >>> majority([1, 2, 3], {1: 7, 2: 7, 3: 8}), majority([1, 2], {1: 7})
    (7, None)
    """
    counts = Counter(homes[account] for account in members if account in homes)
    return next((home for home, n in counts.items() if 2 * n > len(members)), None)
