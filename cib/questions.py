"""The public functions that answer a question and change no table: part of `api`, where they are found.

Heavy modules are imported where they are used, so that `cib --help` stays instant.
"""

from collections.abc import Sequence
from typing import Any

from cib.options import PathLike
from cib.options import engine as _engine


def explain(case: PathLike, accounts: Sequence[str], *, run: str | None = None) -> dict[str, Any]:
    """Say of one account, or of two together, what was found and why: observed against expected, for and against."""
    from cib import explanation
    from cib.case import Case

    known = Case.open(case)
    with _engine(known, None, None) as engine:
        return explanation.explain(known, known.run_folder(run), engine, accounts=accounts)


def spread(
    case: PathLike,
    what: str,
    *,
    loose: bool = False,
    run: str | None = None,
    since: str | None = None,
    until: str | None = None,
    max_carriers: int = 2000,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """Say who carried an address, a site, a hashtag, a mention or a term: when, in what order, where, through which clusters.

    WHAT is an address, a site such as example.org, "#tag", "@name", or words; vot* is any word that begins so, and
    '"vote.now"' in quotes is always words. A table, a page and a map for Gephi go to CASE/spread. The order is that of
    these data, which hold no cause and perhaps not the first.
    """
    from cib import carriers
    from cib.case import Case

    known = Case.open(case)
    with _engine(known, threads, memory) as engine:
        asked: dict[str, Any] = {"loose": loose, "run": run, "since": since, "until": until, "max_carriers": max_carriers}
        return {"case": str(case), **carriers.spread(known, what, engine=engine, **asked)}


def sql(case: PathLike, query: str, *, run: str | None = None) -> dict[str, Any]:
    """Ask the tables of a case and a run, with one SELECT: post, account, edge, tie, member, cluster, evidence and the rest."""
    from cib import explanation
    from cib.case import Case

    known = Case.open(case)
    with _engine(known, None, None) as engine:
        return explanation.query(known, run, engine, text=query)
