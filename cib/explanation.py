"""Answers about single accounts, and free questions, from the tables of a case and a run. Reads only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cib import queryfile, review, runs
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, SchemaError
from cib.schema import DATA_TABLES, RUN_TABLES
from cib.wording import KIND_WORDS, LEVEL_WORDS

N_EDGES, N_MEETINGS, N_REASONS, MAX_ROWS = 8, 20, 10, 1000
ALONE = (
    "Its least likely edge passes the error rate of its graph, but makes no tie: that takes two distinct posts on either side "
    "and a third account tied to both. Two accounts alone may be friends with several interests in common."
)


def bind(case: Case, folder: Path | None, engine: DuckDB) -> list[str]:
    """Let every table of the case, and of the run where there is one, mean its files. Returns their names."""
    known = list(DATA_TABLES)
    for table in DATA_TABLES:
        engine.bind(table, case.parts(table))
    if folder:
        for table in (*RUN_TABLES, "account_code", "object_code", "block"):
            if parts := sorted((folder / table).glob("*.parquet")):
                engine.bind(table, parts)
                known.append(table)
    return known


def summary(folder: Path) -> dict[str, Any]:
    """Return the size of a run: rows per table, clusters by kind, flagged accounts, and what was too little to judge."""
    facts = runs.manifest(folder)
    clusters = runs.load(folder, "cluster", ["cluster_id", "kind", "flagged", "claim_level", "n_accounts"]).to_pylist()
    flagged = sum(runs.load(folder, "member", ["flagged"])["flagged"].to_pylist())
    tables = ("action", "pair", "edge", "tie", "cluster", "evidence")
    return {
        "run": facts["name"],
        "folder": str(folder),
        "rows": {table: facts["rows"].get(table, 0) for table in tables},
        "accounts": facts["notes"]["tests"]["accounts"],
        "described": facts["rows"].get("alike", 0),
        "flagged_accounts": flagged,
        "clusters": clusters,
        "too_little": facts["notes"]["tests"]["too_little"],
        "slices": facts["notes"].get("slices"),
        "lists": facts["parameters"].get("lists", []),
        "since": changed(facts),
        "not_calibrated": {gate: noted["failed"] for gate, noted in _gates(facts["notes"]).items() if noted["failed"]},
    }


def changed(facts: dict[str, Any]) -> dict[str, Any] | None:
    """Return what became of the clusters since the run whose names were kept; None for the first run of a case."""
    return facts["notes"].get("names") if facts.get("names_from") else None


def _gates(notes: dict[str, Any]) -> dict[str, Any]:
    """Return the calibration gates that a run noted; runs of earlier versions noted none by name."""
    noted = notes.get("calibration", {})
    return {gate: noted[gate] for gate in ("co_action", "timing") if gate in noted}


def rejects(case: Case, engine: DuckDB) -> list[dict[str, Any]]:
    """Return why rows of the input could not be read, most frequent reason first, with an example of each; at most ten
    reasons."""
    bind(case, None, engine)
    return _rows(engine, "refused", {})[:N_REASONS]


def explain(case: Case, folder: Path, engine: DuckDB, *, accounts: Sequence[str]) -> dict[str, Any]:
    """Return, for one account or two: what was observed, what chance would give, the cluster's reasons for and against,
    what is missing."""
    if len(accounts) > 2:
        raise CaseError(f"cib explain takes one account or two; {len(accounts)} were given.")
    bind(case, folder, engine)
    judged = review.of_run(case.root, folder)
    found = [_find(case, engine, name) for name in accounts]
    other = found[1]["account_id"] if len(found) == 2 else None
    told = [_one(folder, engine, account, other=other if i == 0 else found[0]["account_id"]) for i, account in enumerate(found)]
    meetings: list[dict[str, Any]] = []
    if other is not None:
        first, second = found
        params = {
            "platform_one": first["platform"],
            "one": first["account_id"],
            "platform_other": second["platform"],
            "other": other,
        }
        params["n_rows"] = N_MEETINGS
        meetings = _rows(engine, "explain_meeting", params)
        told[1]["edges"], told[1]["alike"] = [], []
    for one, account in zip(told, found, strict=True):
        one["sentences"] += _judged(judged, account, run=folder.name, member=one["member"])
    if runs.manifest(folder)["data_version"] != case.data_version:
        told[0]["sentences"].insert(
            0, f"Run {folder.name} is older than the data of the case. Detect anew for an answer from all of it."
        )
    return {"run": folder.name, "accounts": told, "meetings": meetings}


def _rows(engine: DuckDB, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    return engine.read(queryfile.load(query).text, params).read_all().to_pylist()


def _find(case: Case, engine: DuckDB, name: str) -> dict[str, Any]:
    found = _rows(engine, "explain_activity", {"name": name, "handle": name.removeprefix("@").lower()})
    if not found:
        raise CaseError(
            f'{case.root} has no account {name!r}. Look it up: cib sql {case.root} "SELECT account_id, handle FROM account"'
        )
    return max(found, key=lambda row: (row["account_id"] == name, row["n_posts"]))  # an id is nobody else's handle


def _one(folder: Path, engine: DuckDB, account: dict[str, Any], *, other: str | None) -> dict[str, Any]:
    key = (account["platform"], account["account_id"])
    member = next((m for m in runs.load(folder, "member").to_pylist() if (m["platform"], m["account_id"]) == key), None)
    params = {"platform": key[0], "account_id": key[1], "n_rows": N_EDGES, "other": other}
    edges = _rows(engine, "explain_edge", params)
    alike = _rows(engine, "explain_alike", params)
    sentences = [
        f"{_called(account)}: {account['n_posts']} posts ({account['n_retweets']} retweets, {account['n_replies']} answers) "
        f"between {account['first_at']} and {account['last_at']} UTC."
    ]
    sentences += _membership(folder, member) if member else _why_not(folder, edges, key=key)
    sentences += _observed(folder, key)
    return {"platform": key[0], "account_id": key[1], "member": member, "sentences": sentences, "edges": edges, "alike": alike}


def _observed(folder: Path, key: tuple[str, str]) -> list[str]:
    """Return what the run's lists tell of the account: whom it resembles. That flags nobody."""
    rows = runs.load(folder, "impersonation").to_pylist()
    return [
        f"It resembles {row['person']} of list {row['list']}, as a namesake, a fan or a parody may: {' '.join(row['reasons'])}"
        for row in rows
        if (row["platform"], row["account_id"]) == key
    ]


def _judged(judged: review.Review, account: dict[str, Any], *, run: str, member: dict[str, Any] | None) -> list[str]:
    """Return what people judged of the account, and of its cluster."""
    own = judged.of(account["platform"], account["account_id"], account["handle"])
    lines = [f"By hand: {review.said(row)}" for row in own]
    cluster = member["cluster_id"] if member else ""
    return lines + [f"By hand, of {cluster}: {review.said(row, run)}" for row in judged.clusters.get(cluster, ())]


def reviews(case: Case) -> dict[str, Any]:
    """Return what people judged, beside what the newest run says, and which rows of review.csv could not be used."""
    if case.runs():
        rows, bad = review.beside(case.root, case.run_folder())
    else:
        good, wrong = review.read(case.root)
        rows, bad = [{**vars(row), "machine": "no run yet"} for row in good], list(wrong)
    return {"rows": rows, "bad": bad}


def _called(account: dict[str, Any]) -> str:
    """Return the account as people know it: its handle, with the id behind it."""
    return f"{account['handle']} ({account['account_id']})" if account["handle"] else account["account_id"]


def _membership(folder: Path, member: dict[str, Any]) -> list[str]:
    cluster = next(c for c in runs.load(folder, "cluster").to_pylist() if c["cluster_id"] == member["cluster_id"])
    if member["role"] == "source":
        return [
            f"It stands beside cluster {cluster['cluster_id']} as a source: others act after it, and it never after them. "
            "Being copied is no coordination; it is not flagged."
        ]
    flag = "It is flagged for human review." if member["flagged"] else "It is not flagged."
    lines = [
        f"Member of cluster {cluster['cluster_id']} ({cluster['n_accounts']} accounts; {member['n_ties']} ties inside; "
        f"coordination {member['coordination']:.2f}), {LEVEL_WORDS[cluster['claim_level']]}. "
        f"What it looks like: {KIND_WORDS[cluster['kind']]}. {flag}"
    ]
    if member["role"] == "seeder":
        n_hours = member["n_led"] + member["n_followed"]
        lines.append(f"It acts first: before most others of the cluster that it met in {member['n_led']} of {n_hours} hours.")
    lines += [f"For: {reason}" for reason in cluster["reasons"]]
    lines += [f"Against: {reason}" for reason in cluster["counter_evidence"]] or [
        "Against: nothing measured; what is missing stands in trait."
    ]
    return [*lines, f"Innocent reading: {cluster['benign'][0]}"]


def _why_not(folder: Path, edges: list[dict[str, Any]], *, key: tuple[str, str]) -> list[str]:
    """Return why the account is in no cluster, and how far its strongest edge is from a tie."""
    notes = runs.manifest(folder)["notes"]
    lines = ["It is in no cluster."]
    ties = runs.load(folder, "tie", ["platform_a", "account_a", "platform_b", "account_b"]).to_pylist()
    if n_ties := sum(key in ((t["platform_a"], t["account_a"]), (t["platform_b"], t["account_b"])) for t in ties):
        lines.append(
            f"It has {n_ties} ties, but too few of its partners are tied to each other, or it always came first, "
            "or its group hangs on too few objects."
        )
    if thin := notes["tests"]["too_little"].get("case"):
        lines.append(f"That is no all-clear: this case holds {thin}")
    if not edges:
        return [
            *lines,
            "It never acted alike with another account often enough to be tested: at least twice on one graph within a window.",
        ]
    best = edges[0]
    if not n_ties and best["q_value"] <= runs.parameters(folder).fdr:
        lines.append(ALONE)
    return [
        *lines,
        f"Its least likely edge: {best['n_shared']} shared acts with {best['other']} within {best['window_s']} s "
        f"on {best['graph']}, "
        f"where {best['expected']:.3g} are due by chance (p = {best['p_value']:.2g}).",
    ]


def query(case: Case, run: str | None, engine: DuckDB, *, text: str) -> dict[str, Any]:
    """Return the rows of one SELECT over the tables of the case and a run, at most 1,000. Nothing else can be read or changed."""
    folder = case.run_folder(run) if run or case.runs() else None
    known = bind(case, folder, engine)
    engine.lock(case.root)
    try:
        columns, rows = engine.ask(text, MAX_ROWS + 1)
    except SchemaError as error:
        raise CaseError(f"{error} The tables are: {', '.join(known)}.") from error
    return {"columns": columns, "rows": [list(row) for row in rows[:MAX_ROWS]], "cut": len(rows) > MAX_ROWS}
