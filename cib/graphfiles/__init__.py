"""Files for Gephi and others: the map of the ties inside clusters, and who retweets and answers whom around them."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cib.case import dump, write_text
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, CibError
from cib.graphfiles import accounts, bundle, drawing, formats, lineages, links, objects, pseudonyms, ranking
from cib.graphfiles.cuts import Cut, View, parse
from cib.graphfiles.formats import NAMES
from cib.graphfiles.network import Network

__all__ = ("counts", "export", "parse")
VERBS = ("retweet", "reply")
OF_GRAPH = "graph_"  # before the name of the map of one graph's ties
STIX = "stix"  # no map: a bundle of flagged clusters
ALIKE = (
    "Accounts that are alike, of clusters or not. Nothing here was tested: it says nothing of coordination. Weight: similarity."
)
ONE = "Accounts of clusters and the ties between them that {name} found, with what that graph alone says of each."
ABOUT = {
    "object": "Accounts of clusters and what most of them share: addresses, tags, posts, texts. Weight: acts. What is popular "
    "is shared by many strangers too: sharing it was not tested here.",
    "network": "Accounts of clusters and the ties between them: pairs that acted alike beyond chance.",
    "retweet": "Who retweets whom, where at least one of the two belongs to a cluster. Weight: posts.",
    "reply": "Who answers whom, where at least one of the two belongs to a cluster. Weight: posts.",
}


def export(
    run_folder: Path,
    *,
    case_parts: Mapping[str, Sequence[Path]],
    engine: DuckDB,
    to: str = "gexf",
    cut: Cut | None = None,
    described: Sequence[str] = (),
    seed: int = 0,
    max_ties: int = 1_000_000,
    max_edges: int = 50_000,
    max_objects: int = 300,
    key: bytes | None = None,
) -> list[Path]:
    """Write the maps of a run to its folder `export` and return the files, the last of them export.json.

    The maps are `network` (ties between accounts of clusters, sources among them), `retweet`, `reply`, and alike_NAME, of all
    accounts that it joins, for each graph that describes and is never tested. Each is a file, `network.gexf`, or in csv and
    parquet two: `nodes.csv` and `edges.csv` of the first, `retweet_nodes.csv` and so on of the others. export.json counts per
    file what is shown and what is left out. gexf adds `network.dynamic.gexf`, with the times of ties and of followed clusters.
    Same run, same bytes. Time: one pass over ties, accounts and posts, and a layout (see `layout.positions`);
    memory: max_ties ties and 2 * max_edges accounts, beside what DuckDB needs for the retweets and replies.

    With graphs asked for, only what they found is written, together as `network` and each as graph_NAME with its own numbers:
    retweets and replies belong to none. Counts of an account's posts are
    of the whole case, whatever the cut.

    case_parts  the Parquet files of `post` and `account`; the engine gets `post` and `member` bound to this run
    described   names of the run's graphs that are never tested
    max_ties    the most surprising ties of network.gexf; max_edges  the heaviest edges of each other map
    key         of pseudonyms: then everything goes to `export/pseudonymised`, without the map of objects, which may name accounts
    """
    if to not in (*NAMES, STIX):
        raise CibError(f"There is no export to {to!r}. There are: {', '.join(sorted([*NAMES, STIX]))}.")
    if not run_folder.is_dir():
        raise CaseError(f"{run_folder} is no run folder. Make a run with: cib detect CASE")
    if min(max_ties, max_edges, max_objects) < 1:
        raise CibError(f"max_ties = {max_ties}, max_edges = {max_edges}, max_objects = {max_objects}; all must be at least 1.")
    view = View.of(run_folder, cut or Cut())
    folder = run_folder / "export" / ("pseudonymised" if key else "")
    folder.mkdir(parents=True, exist_ok=True)
    if to == STIX and key:
        raise CibError("There is no pseudonymised stix: it is made to name accounts. Take another format.")
    if to == STIX:
        return _write_stix(folder, view, case_parts=case_parts, max_ties=max_ties)
    asked, posts = view.cut.graphs, case_parts.get("post", ())
    edges = {"network": links.ties(view, cap=max_ties)}
    edges |= {verb: links.acts(verb, engine, view=view, posts=posts, cap=max_edges) for verb in VERBS if not asked}
    edges |= {f"{OF_GRAPH}{name}": link for name, link in _apart(view, edges["network"], described).items()}
    edges |= {f"alike_{name}": links.alike(view, name, cap=max_edges) for name in described if not asked or name in asked}
    deeds = objects.read(view, engine, cap=max_objects) if not asked and not key else None
    maps = _draw(view, edges=edges, deeds=deeds, case_parts=case_parts, seed=seed)
    files: dict[Path, dict[str, Any]] = {}
    for name, drawn in maps.items():
        network = pseudonyms.apply(drawn, key) if key else drawn
        written = formats.write(folder, network, to=to, name=name, description=_describe(name, network, view.cut))
        files |= {path: {"map": name, **network.summary} for path in written}
    return [*files, _summarise(folder, files, view.cut)]


def _apart(view: View, network: links.Links, described: Sequence[str]) -> dict[str, links.Links]:
    """Return the ties of each graph that was asked for, apart. What only describes makes no tie and is drawn as alike_NAME."""
    names = [name for name in view.cut.graphs if name not in described]
    return links.of_graphs(view, network, names) if names else {}


def _write_stix(folder: Path, view: View, *, case_parts: Mapping[str, Sequence[Path]], max_ties: int) -> list[Path]:
    path = folder / "stix.json"
    facts = bundle.write(path.with_name(path.name + ".new"), view, case_parts=case_parts, max_ties=max_ties)
    os.replace(path.with_name(path.name + ".new"), path)
    return [path, _summarise(folder, {path: facts}, view.cut)]


def _draw(
    view: View,
    *,
    edges: Mapping[str, links.Links],
    deeds: objects.Deeds | None,
    case_parts: Mapping[str, Sequence[Path]],
    seed: int,
) -> dict[str, Network]:
    """Return the maps. All accounts are looked up together, so that the case is read once."""
    names = accounts.unique([view.inside, *(table for link in edges.values() for table in link.names)])
    parts = {f"{table}s": case_parts.get(table, ()) for table in ("post", "account")}
    people = accounts.describe(names, view.inside, **parts)
    hues = drawing.colours(view.run_folder, view.inside)
    bystanders = view.chosen.slice(0, 0)
    maps = {}
    for name, link in edges.items():
        whole = name == "network" and not view.cut.thins
        also, size_by = view.chosen if whole else bystanders, "coordination" if _of_ties(name) else "posts"
        link, also = ranking.strongest(link, people, also=also, top=view.cut.top, by=size_by)
        maps[name] = drawing.draw(link, people, also=also, hues=hues, size_by=size_by, seed=seed)
    if deeds is not None:
        maps["object"] = objects.draw(deeds, people, hues=hues, seed=seed)
    found = lineages.read(view.run_folder, maps["network"])
    return maps | {"network": replace(maps["network"], lineages=found)}


def _of_ties(name: str) -> bool:
    return name == "network" or name.startswith(OF_GRAPH)


def _describe(name: str, network: Network, cut: Cut) -> str:
    """Return what the map shows and what it does not, for whoever gets the file alone."""
    counted = ", ".join(f"{n} {what}" for what, n in network.counted.items())
    shown = f"Shown: {counted}, {network.edges.num_rows} edges."
    left_out = ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in network.left_out.items())
    about = ABOUT.get(name, ONE if name.startswith(OF_GRAPH) else ALIKE)
    return " ".join(
        part for part in (about.format(name=name.removeprefix(OF_GRAPH)), cut.words, shown, f"Left out: {left_out}.") if part
    )


def _summarise(folder: Path, files: Mapping[Path, Mapping[str, Any]], cut: Cut) -> Path:
    """Write export.json: the counts per file. What an earlier export of this run says of its files is kept."""
    path = folder / "export.json"
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept = {name: facts for name, facts in earlier.items() if (folder / name).exists()}
    asked = {"cut": cut.facts} if cut.facts else {}
    write_text(path, dump(kept | {file.name: {**facts, **asked} for file, facts in files.items()}))
    return path


def counts(files: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return what export.json, the last of `files`, says of the others."""
    facts = json.loads(files[-1].read_text(encoding="utf-8"))
    return {path.name: facts[path.name] for path in files[:-1]}
