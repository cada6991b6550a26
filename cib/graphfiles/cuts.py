"""Which part of a run an export shows: some clusters, some graphs, a span of time, the strongest accounts. All is counted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib import runs
from cib.errors import CibError
from cib.graphfiles import accounts

MAX_TOLD = 12  # names in an error


@dataclass(frozen=True)
class Cut:
    """What an export is confined to; all of a run where nothing is given.

    clusters  ids;  graphs  names;  since, until  naive UTC times, the second not included;  top  accounts per map
    """

    clusters: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    top: int | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was asked for, for export.json."""
        given = {"cluster": list(self.clusters), "graphs": list(self.graphs), "top": self.top}
        times = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {name: value for name, value in (given | times).items() if value}

    @property
    def words(self) -> str:
        """Return what was asked for in one sentence; '' where the whole run is shown."""
        parts = [f"clusters {', '.join(self.clusters)}"] if self.clusters else []
        parts += [f"graphs {', '.join(self.graphs)}"] if self.graphs else []
        parts += [f"from {self.since.isoformat()} UTC"] if self.since else []
        parts += [f"until {self.until.isoformat()} UTC"] if self.until else []
        parts += [f"the {self.top} strongest accounts"] if self.top else []
        return f"Cut to: {'; '.join(parts)}." if parts else ""

    @property
    def dated(self) -> bool:
        return bool(self.since or self.until)

    @property
    def thins(self) -> bool:
        """Whether some ties inside the clusters go: then an account without one is not part of the picture."""
        return self.dated or bool(self.graphs)

    @property
    def span(self) -> dict[str, dt.datetime]:
        """Return since and until, for queries; all of time where they are not given."""
        return {"since": self.since or dt.datetime(1, 1, 1), "until": self.until or dt.datetime(9999, 12, 31)}


@dataclass(frozen=True)
class View:
    """A run as an export sees it.

    inside  the accounts of all clusters (accounts.members);  chosen  those of the clusters that the cut asks for
    """

    run_folder: Path
    cut: Cut
    inside: pa.Table
    chosen: pa.Table

    @classmethod
    def of(cls, run_folder: Path, cut: Cut) -> "View":
        inside = accounts.members(run_folder)
        return cls(run_folder, cut, inside, accounts.members(run_folder, clusters=cut.clusters) if cut.clusters else inside)


def parse(run_folder: Path, given: Mapping[str, Any]) -> Cut:
    """Return the cut that `given` asks for: cluster, graphs (comma separated), since, until, top. Raises CibError for names
    that the run does not have."""
    clusters, graphs = _names(given.get("cluster")), _names(given.get("graphs"))
    known = runs.load(run_folder, "cluster", ["cluster_id"])["cluster_id"].to_pylist()
    _check("cluster", clusters, known)
    if graphs:
        _check("graph", graphs, [graph["name"] for graph in runs.manifest(run_folder)["parameters"]["graphs"]])
    times = {name: runs.instant(given[name], given[name]) for name in ("since", "until") if given.get(name)}
    span = {name: dt.datetime.fromisoformat(text) for name, text in times.items()}
    if len(span) == 2 and span["since"] >= span["until"]:
        raise CibError(f"--since {given['since']} is not before --until {given['until']}.")
    if (top := given.get("top")) is not None and top < 1:
        raise CibError(f"--top {top}; it must be at least 1.")
    return Cut(clusters, graphs, top=top, **span)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


def _check(what: str, asked: tuple[str, ...], known: list[str]) -> None:
    if missing := [name for name in asked if name not in known]:
        more = "" if len(known) <= MAX_TOLD else f" and {len(known) - MAX_TOLD} more"
        raise CibError(f"The run has no {what} {', '.join(missing)}. It has: {', '.join(known[:MAX_TOLD]) or 'none'}{more}.")


def sift(ties: pa.Table, cut: Cut) -> tuple[pa.Table, dict[str, int]]:
    """Return the ties (or edges) that the cut leaves, and how many each part of it takes away, in this order: graphs, time.

    A tie belongs to a span of time when some of its meetings may: it began before the end and was last seen after the beginning.
    """
    counts = {}
    if cut.graphs:
        joined = pc.binary_join(ties["graphs"], "|")
        masks = [pc.match_substring_regex(joined, rf"(?:^|\|){escaped(name)}(?:\||$)") for name in cut.graphs]
        rest = ties.filter(reduce(pc.or_, masks))
        counts["ties_of_other_graphs"], ties = ties.num_rows - rest.num_rows, rest
    if cut.dated:
        span = cut.span
        within = pc.and_(pc.less(ties["first_at"], _at(span["until"])), pc.greater_equal(ties["last_at"], _at(span["since"])))
        rest = ties.filter(within)
        counts["ties_of_another_time"], ties = ties.num_rows - rest.num_rows, rest
    return ties, counts


def escaped(name: str) -> str:
    """Return `name` for a regular expression of Arrow, which takes letters, digits and _ as they are."""
    return "".join(c if c.isalnum() or c == "_" else f"\\x{{{ord(c):x}}}" for c in name)


def _at(time: dt.datetime) -> pa.Scalar:
    return pa.scalar(time, pa.timestamp("us"))
