"""The public functions. Each is a command of the same name and options; both take what a shell can give: paths, names, numbers.

Heavy modules are imported where they are used, so that `cib --help` stays instant.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cib.options import PathLike
from cib.options import engine as _engine
from cib.options import lists_and_calendar as _given
from cib.options import mapping as _mapping
from cib.questions import explain as explain
from cib.questions import spread as spread
from cib.questions import sql as sql


def run(
    case: PathLike,
    inputs: Sequence[PathLike],
    *,
    from_format: str | None = None,
    columns: Sequence[str] = (),
    timezone: str | None = None,
    sample: str = "unknown",
    background: Sequence[PathLike] = (),
    graphs: str | None = None,
    fdr: float = 0.01,
    since: str | None = None,
    until: str | None = None,
    run: str | None = None,
    seed: int = 0,
    slices: str | None = None,
    lists: Sequence[str] = (),
    calendar: PathLike | None = None,
    language: str | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """Take exports of posts and leave a case folder with evidence, a report and graphs for Gephi.

    The main job: ingest, detect, report and export in one go.
    """
    from cib import languages
    from cib.graphdef import select
    from cib.runs import Parameters

    resources: dict[str, Any] = {"threads": threads, "memory": memory}
    tests: dict[str, Any] = {"fdr": fdr, "since": since, "until": until, "seed": seed, "slices": slices}
    Parameters(select(graphs), **tests)  # whatever is wrong with them is said before anything is written
    _given(Path(case), {}, lists, calendar=calendar)
    languages.load(language or languages.ENGLISH.code)
    given: dict[str, Any] = {
        "from_format": from_format,
        "columns": columns,
        "timezone": timezone,
        "sample": sample,
        "background": background,
    }
    taken = ingest(case, inputs, **given, **resources)
    result = {"ingest": taken["ingest"], "carries": taken["carries"]}
    result |= detect(case, graphs=graphs, run=run, lists=lists, calendar=calendar, **tests, **resources)
    result |= report(case, run=result["run"], language=language)
    return result | export(case, run=result["run"], **resources)


def demo(out: PathLike = "cib-demo", *, accounts: int = 3000, seed: int = 1) -> dict[str, Any]:
    """Simulate an election week with planted campaigns, run the main job on it, and say what to open next."""
    from cib.errors import CaseError

    out = Path(out)
    if (out / "case").exists():
        raise CaseError(f"{out / 'case'} exists. Give another folder: cib demo NEW-FOLDER")
    simulate(out / "world", accounts=accounts, seed=seed)
    result = run(out / "case", [out / "world" / "posts.parquet", out / "world" / "accounts.parquet"], sample="full")
    return result | evaluate(out / "case", out / "world" / "truth.parquet")


def ingest(
    case: PathLike,
    inputs: Sequence[PathLike],
    *,
    from_format: str | None = None,
    columns: Sequence[str] = (),
    timezone: str | None = None,
    sample: str = "unknown",
    background: Sequence[PathLike] = (),
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """Read exports of posts into a case folder, made if need be. Reading a file twice adds nothing."""
    from cib import sources
    from cib.case import Case

    mapped = _mapping(columns)
    known = Case.create(case, sample=sample, timezone=timezone or "")
    files = [Path(path) for path in (*inputs, *background)]
    with known.hold(), _engine(known, threads, memory) as engine:
        records = sources.ingest(known, files, engine=engine, from_format=from_format, columns=mapped, timezone=timezone)
        return {"case": str(case), "ingest": records, "carries": sources.carries(known, engine)}


def detect(
    case: PathLike,
    *,
    graphs: str | None = None,
    fdr: float = 0.01,
    since: str | None = None,
    until: str | None = None,
    run: str | None = None,
    seed: int = 0,
    slices: str | None = None,
    lists: Sequence[str] = (),
    calendar: PathLike | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """Find pairs, edges, ties and clusters in a case and write them as a new run."""
    from cib import explanation, pipeline
    from cib.case import Case
    from cib.graphdef import select
    from cib.runs import Parameters

    known = Case.open(case)
    tests: dict[str, Any] = {"fdr": fdr, "since": since, "until": until, "seed": seed, "slices": slices}
    found, days = _given(known.root, known.settings, lists, calendar=calendar)
    records = tuple(one.record for one in found)
    parameters = Parameters(select(graphs), sample=known.sample, lists=records, calendar=days, **tests)
    with known.hold(), _engine(known, threads, memory) as engine:
        home = pipeline.detect(known, parameters, engine, name=run, lists=found)
    return {"case": str(case), **explanation.summary(home)}


def report(case: PathLike, *, run: str | None = None, language: str | None = None) -> dict[str, Any]:
    """Write the report of a run: one page that opens by double click, and the same facts as JSON.

    The page speaks the language given, else that of case.toml (language = "de"), else English; the JSON is English.
    """
    from cib import htmlreport, languages
    from cib.case import Case

    known = Case.open(case)
    spoken = languages.load(language or str(known.settings.get("language") or languages.ENGLISH.code))
    page = htmlreport.write(known, known.run_folder(run), language=spoken)
    return {"report": str(page)}


def export(
    case: PathLike,
    *,
    to: str = "gexf",
    cluster: str | None = None,
    graphs: str | None = None,
    since: str | None = None,
    until: str | None = None,
    top: int | None = None,
    pseudonymise: PathLike | None = None,
    run: str | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """Write a run's graphs for Gephi and other programs, as tables, or as a picture; the whole run, or a cut of it."""
    from cib import graphfiles
    from cib.case import Case
    from cib.runs import manifest
    from cib.schema import DATA_TABLES

    known = Case.open(case)
    parts = {table: known.parts(table) for table in DATA_TABLES}
    folder = known.run_folder(run)
    cut = graphfiles.parse(folder, {"cluster": cluster, "graphs": graphs, "since": since, "until": until, "top": top})
    described = [graph["name"] for graph in manifest(folder)["parameters"]["graphs"] if graph["null"] == "none"]
    key = graphfiles.pseudonyms.key_of(Path(pseudonymise), known.root) if pseudonymise is not None else None
    with _engine(known, threads, memory) as engine:
        files = graphfiles.export(folder, to=to, cut=cut, described=described, case_parts=parts, engine=engine, key=key)
    return {"export": [str(path) for path in files], "shown": graphfiles.counts(files)}


def status(case: PathLike) -> dict[str, Any]:
    """Say what a case holds: its files and what became of their rows, its runs, what people judged.

    Runs older than the data are told; judgements come from review.csv in the case folder.
    """
    from cib import explanation, origins, sources
    from cib.case import Case
    from cib.runs import manifest

    known = Case.open(case)
    folders = [known.run_folder(name) for name in known.runs()]
    runs = [
        {**explanation.summary(folder), "older_than_data": manifest(folder)["data_version"] != known.data_version}
        for folder in folders
    ]
    with _engine(known, None, None) as engine:
        rejects, carries = explanation.rejects(known, engine), sources.carries(known, engine)
    inputs = [record | origins.told(known.settings, record["name"]) for record in known.record["inputs"]]
    facts = {"inputs": inputs, "sample": known.sample, "carries": carries, "rejects": rejects}
    return {"case": str(case), **facts, "runs": runs, "review": explanation.reviews(known)}


def verify(case: PathLike, *, run: str | None = None) -> dict[str, Any]:
    """Check every file of a case and a run against the hashes recorded when it was written."""
    from cib import runs
    from cib.case import Case

    known = Case.open(case)
    folder = known.run_folder(run)
    return {"case": str(case), "run": folder.name, "files": runs.verify(known, folder)}


def code(
    case: PathLike, *, out: PathLike | None = None, per_cluster: int = 20, seed: int = 0, run: str | None = None
) -> dict[str, Any]:
    """Draw posts of every cluster and as many controls, blinded, into sheets for two human coders.

    Fill in the column code, then: cib evaluate CASE --codes coder_1.csv --codes coder_2.csv
    """
    from cib import coding
    from cib.case import Case

    known = Case.open(case)
    folder = known.run_folder(run)
    home = known.root / "coding" / folder.name if out is None else Path(out)
    with _engine(known, None, None) as engine:
        return coding.write(known, folder, engine, out=home, per_cluster=per_cluster, seed=seed)


def graphs(names: str | None = None) -> dict[str, Any]:
    """List the coordination graphs, also those that run on request only: what each says, and when it misleads."""
    from dataclasses import asdict

    from cib.graphdef import known, select

    return {"graphs": [asdict(graph) for graph in (select(names) if names else known())]}


def formats() -> dict[str, Any]:
    """List the input formats that are recognised, and what each can and cannot give."""
    from cib import sources

    return {"formats": sources.formats()}


def simulate(
    out: PathLike,
    *,
    accounts: int = 3000,
    days: int = 7,
    seed: int = 1,
    campaigns: str = "all",
    tier: str = "plain",
) -> dict[str, Any]:
    """Write a simulated election week with planted campaigns and hard negatives, and the truth beside it."""
    from cib import simulator
    from cib.progress import report as tell

    tell("simulation")
    return {"world": simulator.simulate(Path(out), accounts=accounts, days=days, seed=seed, campaigns=campaigns, tier=tier)}


def evaluate(
    case: PathLike,
    truth: PathLike | None = None,
    *,
    codes: Sequence[PathLike] = (),
    run: str | None = None,
    calibrate: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """Compare a run with a simulated world's truth or human labels: what was found, what was missed, who was wronged."""
    from cib import evaluation, pipeline
    from cib.case import Case
    from cib.errors import CaseError

    known = Case.open(case)
    result: dict[str, Any] = {}
    if truth is not None:
        folder = known.run_folder(run)
        result["evaluation"] = evaluation.evaluate(folder, Path(truth))
        with _engine(known, None, None) as engine:
            result["evaluation"]["sides"] = evaluation.sides(known, folder, engine, truth=Path(truth))
    if codes:
        from cib import coding

        result["codes"] = coding.compare([Path(path) for path in codes], seed=seed)
    if calibrate:
        with known.hold(), _engine(known, None, None) as engine:
            result["calibration"] = pipeline.calibrate(known, engine, name=run, seed=seed)
    if not result:
        raise CaseError("cib evaluate needs a TRUTH to compare with, --codes of coders, or --calibrate to test the null here.")
    return result
