"""When the edges and accounts of a map were there, as the spells of GEXF."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cib.graphfiles.markup import quoted
from cib.graphfiles.network import Network


@dataclass(frozen=True)
class Spells:
    """XML to put into elements, by row number of edges and of nodes."""

    edges: Mapping[int, str] = field(default_factory=dict)
    nodes: Mapping[int, str] = field(default_factory=dict)
    lineages: Mapping[int, str] = field(default_factory=dict)


def known(network: Network) -> bool:
    """Return whether the edges of the map carry times."""
    return {"first_at", "last_at"} <= set(network.edges.column_names)


def spells(network: Network) -> Spells:
    """Return the spell of each edge, from its first to its last meeting, and of each account, from the first to the last of its
    edges; and the lineages of accounts. An account without edges is there all the time. Memory: about 200 bytes per edge."""
    first, last = (_texts(network.edges[name]) for name in ("first_at", "last_at"))
    ends = zip(network.edges["source"].to_pylist(), network.edges["target"].to_pylist(), first, last, strict=True)
    of_edges, span = {}, dict[int, tuple[str, str]]()
    for number, (source, target, start, end) in enumerate(ends):
        if start is None or end is None:
            continue
        of_edges[number] = _spell(start, end)
        for node in (source, target):
            before = span.get(node, (start, end))
            span[node] = min(before[0], start), max(before[1], end)
    return Spells(of_edges, {node: _spell(*times) for node, times in span.items()}, dict(_lineages(network.lineages)))


def none(network: Network) -> Spells:
    """Return no spells: the map as a whole."""
    return Spells()


def _spell(start: str, end: str) -> str:
    return f'<spells><spell start="{start}" end="{end}"/></spells>'


def _lineages(rows: pa.Table | None) -> Iterator[tuple[int, str]]:
    """Yield per account the lineages it stood in, one value per slice of time."""
    found: dict[int, list[str]] = defaultdict(list)
    if rows is not None:
        since, until = _texts(rows["since"]), _texts(rows["until"])
        for node, lineage, start, end in zip(rows["node"].to_pylist(), rows["lineage"].to_pylist(), since, until, strict=True):
            found[node].append(f'<attvalue for="lineage" value="{quoted(lineage)}" start="{start}" end="{end}"/>')
    yield from ((node, "".join(values)) for node, values in found.items())


def _texts(column: Any) -> list[str | None]:
    """Return times as GEXF writes them: no zone, UTC; equal times are equal texts and order is kept."""
    return pc.strftime(pc.cast(column, pa.timestamp("s"), safe=False), format="%Y-%m-%dT%H:%M:%S").to_pylist()
