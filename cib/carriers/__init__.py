"""Who carried a term or an address: when, in what order, on which platform, through which clusters. The map that election
observers drew by hand, with what it cannot show said on it.

Order in these data is all that is told. It is no cause, and the first here need not be the first.
"""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from cib import __version__, progress, runs
from cib.carriers import answers, asked, maps, nearest, page, scan, sheets
from cib.carriers.tables import Tables
from cib.case import Case, dump, write_text
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.graphfiles import accounts

ABANDONED_S = 86_400
NOBODY = pa.schema(
    [(name, pa.string()) for name in ("platform", "account_id", "cluster", "first_cluster", "cluster_kind", "role")]
    + [("flagged", pa.bool_())]
)


def spread(
    case: Case,
    what: str,
    *,
    engine: DuckDB,
    loose: bool = False,
    run: str | None = None,
    since: str | None = None,
    until: str | None = None,
    max_carriers: int = 2000,
) -> dict[str, Any]:
    """Write CASE/spread/KIND-WORDS-HASH/ and return what stands in it; where no post holds it, the nearest things that exist.

    carriers.csv, carriers.parquet  one row per account, in the order of its first post with it
    posts.parquet                   one row per post
    spread.gexf                     accounts, containers and addresses; who had it from whom, as far as the data show it
    index.html, spread.json         the answer as a page, and as facts

    The folder's name follows from the question, the data, the run and the version: it is never another answer. The run is not
    changed. No clock time and no path is in the files: same case, same question, same bytes, on any number of threads.

    max_carriers  the earliest accounts on the page and the map; the tables hold all
    Cost: one pass over the posts in Python (scan.held), one for their retweets and one for the shares of clusters, in DuckDB,
    which spills. Memory: a batch of posts, and what is drawn.
    """
    question = asked.read(what, loose=loose)
    if max_carriers < 1:
        raise CaseError(f"--max-carriers {max_carriers}: expected at least 1.")
    period = runs.Parameters((), since=since, until=until).period
    if period["since"] >= period["until"]:
        raise CaseError(f"--since {since} is not before --until {until}; no post lies between them.")
    folder = case.run_folder(run) if run or case.runs() else None
    facts: dict[str, Any] = {
        "kind": question.kind,
        "value": question.value,
        "understood": question.understood,
        "run": folder.name if folder else None,
        "run_older_than_data": bool(folder and runs.manifest(folder)["data_version"] != case.data_version),
        "since": since,
        "until": until,
        "max_carriers": max_carriers,
        "data_version": case.data_version,
        "version": __version__,
    }
    home = case.root / "spread" / asked.slug(question, version=dump(facts))
    aside = home.with_name(f".{home.name}.{os.getpid()}.partial")
    _sweep(home.parent)
    try:
        tables = Tables(engine, aside / ".work", period)
        answer = _answer(case, question, tables=tables, folder=folder, facts=facts)
        if not answer["n_posts"]:
            return {"asked": what} | answer
        shutil.rmtree(aside / ".work")
        _settle(aside, home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return {"asked": what} | answer | {"files": [str(home / name) for name in answer["files"]]}


def _answer(case: Case, question: asked.Asked, *, tables: Tables, folder: Path | None, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the answer; write its files beside the folder of work tables."""
    progress.report("posts that hold it")
    ids = scan.named(case.parts("account"), question.value) if question.kind == "mention" else frozenset()
    if not _carried(case, scan.Finder(question, ids=ids), tables):
        found = nearest.nearest(case.parts("post"), question, period=tables.times, whole=not (facts["since"] or facts["until"]))
        others = answers.variants(tables, question)
        also = [{"what": one["address"], "understood": "With parameters.", "n_posts": one["posts"]} for one in others]
        found = also + found
        return facts | {"n_posts": 0, "nearest": found, "limits": answers.sample(case), "files": []}
    inside = accounts.members(folder).select(NOBODY.names).cast(NOBODY) if folder else NOBODY.empty_table()
    tables.put("inside", [inside], NOBODY)
    for name in ("spread_post", "spread_carrier", "spread_hop"):
        progress.report("carriers in their order")
        tables.write(name)
    tables.put("shown", [tables.head("spread_carrier", facts["max_carriers"]).select(["platform", "account_id"])])
    answer = facts | answers.facts(tables, case=case, question=question, older=facts["run_older_than_data"], has_run=bool(folder))
    progress.report("files")
    home = tables.folder.parent
    sheets.write(home, tables)
    drawn: dict[str, Any] = {"question": question, "platforms": answer["platforms"], "n_hops": answer["n_hops"]}
    answer["map"] = maps.write(home / "spread.gexf", tables, **drawn)
    answer["files"] = ["index.html", "carriers.csv", "carriers.parquet", "posts.parquet", "spread.gexf", "spread.json"]
    page.write(home / "index.html", tables, answer=answer)
    write_text(home / "spread.json", dump(answer))
    return answer


def _carried(case: Case, finder: scan.Finder, tables: Tables) -> int:
    """Make the tables `held` and `carried` (with the retweets that hold it only through what they pass on). Returns rows."""
    for table in ("post", "account"):
        tables.engine.bind(table, case.parts(table))
    n_held = tables.put("held", scan.held(case.parts("post"), finder, period=tables.times), scan.HELD)
    if not n_held:
        return 0
    tables.write("spread_passed")
    tables.engine.bind("carried", [tables.path("held"), tables.path("spread_passed")])
    return n_held


def _sweep(folder: Path) -> None:
    """Remove what a killed process left behind: unfinished answers in which nothing was written for a day. Answers hold no lock,
    so that several questions can be asked at once; what is younger may be one that is being worked on."""
    for left in (*folder.glob(".*.partial"), *folder.glob(".*.old")):
        touched = max((path.stat().st_mtime for path in (left, *left.rglob("*")) if path.exists()), default=0.0)
        if time.time() - touched > ABANDONED_S:
            shutil.rmtree(left, ignore_errors=True)


def _settle(aside: Path, home: Path) -> None:
    """Give the finished folder its name. An earlier answer to the same question is replaced whole."""
    old = home.with_name(f".{home.name}.{os.getpid()}.old")
    try:
        if home.exists():
            os.replace(home, old)
        os.replace(aside, home)
    except OSError as error:
        raise CaseError(f"{home} cannot be written ({error.strerror}). Close its open files, and ask again.") from error
    finally:
        shutil.rmtree(old, ignore_errors=True)
