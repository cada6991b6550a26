"""How results look in a terminal: short readable reports, tables, progress. Hostile text is made visible before it is printed."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cib import intake, remarks
from cib import progress as reporting
from cib.plaintext import aligned, cell, safe, table
from cib.wording import KIND_WORDS

SHOWN = 15  # rows of a table that goes on in a file


@contextmanager
def progress() -> Iterator[None]:
    """Show on stderr which step runs and for how long."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")
        reporting.install(lambda what: bar.update(task, description=what))
        try:
            yield
        finally:
            reporting.install(None)


def as_json(result: dict[str, Any]) -> str:
    return json.dumps(_finite(result), indent=1, ensure_ascii=True, default=str, allow_nan=False)


def _finite(value: Any) -> Any:
    """Return the value with null for numbers that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(entry) for key, entry in value.items()}
    return [_finite(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def as_text(name: str, result: dict[str, Any]) -> str:
    """Return the result of the command `name` for people."""
    writer = WRITERS.get(name)
    return "\n".join(writer(result) if writer else _plain(result))


def _plain(result: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for key, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *table(value)]
        elif isinstance(value, list):
            lines += [f"{key}:", *(f"  {cell(v)}" for v in value)]
        elif isinstance(value, dict):
            lines += [f"{key}:", *(f"  {k}: {cell(v)}" for k, v in value.items())]
        else:
            lines.append(f"{key}: {cell(value)}")
    return lines


def _ingest(result: dict[str, Any]) -> list[str]:
    return [
        f"Case {result.get('case', '')}".rstrip(),
        *intake.inputs(result["ingest"]),
        *intake.carried(result.get("carries", [])),
    ]


def _detect(result: dict[str, Any]) -> list[str]:
    rows, described = result["rows"], result.get("described", 0)
    tested = f"{rows['edge'] - described:,} pairs tested" + (f" and {described:,} only described" if described else "")
    lines = [
        f"Run {result['run']}: {result['accounts']:,} accounts, {rows['action']:,} acts, {tested}, "
        f"{rows['tie']:,} ties, {len(result['clusters'])} clusters, "
        f"{result['flagged_accounts']} accounts flagged for human review.",
    ]
    shown = [{**c, "kind": KIND_WORDS[c["kind"]], "flagged": "yes" if c["flagged"] else ""} for c in result["clusters"][:20]]
    if shown:
        lines += ["", *table(shown, ["cluster_id", "n_accounts", "kind", "claim_level", "flagged"])]
    if len(result["clusters"]) > len(shown):
        lines.append(f"… and {len(result['clusters']) - len(shown)} more")
    if result.get("slices"):
        lines += ["", remarks.over_time(result["slices"])]
    lines += ["", *(remarks.listed(one) for one in result["lists"])] if result.get("lists") else []
    if result.get("since"):
        lines += ["", remarks.since(result["since"])]
    return [*lines, "", *remarks.withheld(result.get("not_calibrated", {})), *remarks.thin(result["too_little"])]


def _status(result: dict[str, Any]) -> list[str]:
    lines = [f"Case {result['case']}", *intake.inputs(result["inputs"]), *intake.carried(result.get("carries", []))]
    if result.get("rejects"):
        lines += ["", "Rows that could not be read:", *table(result["rejects"], ["n_rows", "field", "reason", "raw"])]
    runs = [{**run, "ties": run["rows"]["tie"], "clusters": len(run["clusters"])} for run in result["runs"]]
    shown = ["run", "accounts", "ties", "clusters", "flagged_accounts", "older_than_data"]
    lines += ["", *(table(runs, shown) if runs else [f"No run yet. Make one: cib detect {result['case']}"])]
    judged = result.get("review", {"rows": [], "bad": []})
    if judged["rows"]:
        columns = ["about", "id", "verdict", "who", "date", "machine", "note"]
        lines += ["", "Judged by hand (review.csv), beside the newest run:", *table(judged["rows"], columns)]
    if judged["bad"]:
        lines += ["", "Rows of review.csv that could not be used:", *(f"  {safe(one)}" for one in judged["bad"][:10])]
    return lines


def _verify(result: dict[str, Any]) -> list[str]:
    return [f"All {result['files']} files of run {safe(str(result['run']))} and its data are as they were written."]


def _formats(result: dict[str, Any]) -> list[str]:
    lines = []
    for known in result["formats"]:
        lacks = f"; never {', '.join(known['lacks'])}" if known["lacks"] else ""
        lines += [f"{known['name']}: {known['says']}", f"    gives {', '.join(known['gives']) or 'nothing to join on'}{lacks}"]
    return lines


def _run(result: dict[str, Any]) -> list[str]:
    lines = [*_ingest(result), "", *_detect(result)]
    return [*lines, "", "Open next:", f"  {result['report']}", *(f"  {path}" for path in result["export"])]


def _export(result: dict[str, Any]) -> list[str]:
    """Return the files, what each shows, and what each leaves out."""
    shown = result["shown"]
    rows = [_mapped(name, facts) for name, facts in shown.items()]
    columns = [name for name in ("file", "accounts", "objects", "edges") if any(name in row for row in rows)]
    left: dict[str, str] = {}
    for facts in shown.values():
        counts = [f"{n:,} {reason.replace('_', ' ')}" for reason, n in facts["left_out"].items() if n]
        left |= {facts["map"]: f"  {facts['map']}: {', '.join(counts)}"} if counts else {}
    told = ["Left out, and still in the tables:", *left.values()] if left else ["Nothing is left out."]
    notes = dict.fromkeys(facts["note"] for facts in shown.values() if "note" in facts)
    return [*table(rows, columns), "", *notes, *told, "", "Files:", *(f"  {safe(path)}" for path in result["export"])]


def _mapped(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a file of a map holds; accounts and objects apart."""
    accounts = facts.get("accounts", facts.get("nodes", ""))
    more: dict[str, Any] = {what: facts[what] for what in ("objects", "edges") if what in facts and facts["map"] != "stix"}
    return {"file": name, "accounts": accounts, **more}


def _demo(result: dict[str, Any]) -> list[str]:
    return [*_run(result), "", *_evaluate(result)]


def _evaluate(result: dict[str, Any]) -> list[str]:
    lines = _truth(result["evaluation"]) if "evaluation" in result else []
    lines += _codes(result["codes"]) if "codes" in result else []
    return [*lines, *_calibration(result["calibration"])] if "calibration" in result else lines


def _codes(facts: dict[str, Any]) -> list[str]:
    """Return how far coders agree, and what they found per cluster."""
    alpha, low, high = (facts[name] for name in ("alpha", "alpha_low", "alpha_high"))
    told = "not to be told: nobody used two different codes" if alpha is None else f"{alpha:.3f}"
    spread = "" if low is None else f" (95 %: {low:.3f} to {high:.3f})"
    over = f"{facts['coders']} coders, {facts['items_coded_twice']} of {facts['items']} posts coded by two or more"
    return [f"Krippendorff's alpha: {told}{spread}; {over}.", "Posts on which all coders agree:", "", *table(facts["groups"])]


def _code(result: dict[str, Any]) -> list[str]:
    drawn = f"{result['posts']} posts of {result['clusters']} clusters and {result['controls']} controls"
    sheets = [path for path in result["files"] if not path.endswith("key.csv")]
    options = " ".join(f"--codes {safe(path)}" for path in sheets)
    return [
        f"Drawn from run {result['run']}: {drawn}.",
        *(f"  {safe(path)}" for path in result["files"]),
        "Give each coder one sheet and nobody the key. When the column code is filled in: cib evaluate CASE " + options,
    ]


def _calibration(facts: dict[str, Any]) -> list[str]:
    titles = {"co_action": "Acting alike, authors exchanged", "timing": "Closeness in time, of ordinary pairs"}
    lines = [line for name, title in titles.items() for line in _gate(title, facts[name])]
    days = facts["days"]
    moved = (
        f"{days['ties_moved_apart']:,} ties between accounts moved apart (about none is due; daily routines keep theirs), "
        f"{days['ties_moved_alike']:,} between accounts moved alike"
        if days["tested"]
        else days["why"]
    )
    return [*lines, f"Smoke test, each account's posts moved by whole days: {moved}."]


def _gate(title: str, facts: dict[str, Any]) -> list[str]:
    """Return a gate's verdict and a row per graph: p-values seen at or below each power of ten, of those allowed."""
    at = [i for i, exponent in enumerate(facts["exponents"]) if exponent in (-3, -4, -5, -6)]
    rows = [
        {
            "graph": graph,
            "tests": row["tests"],
            **{f"p <= 1e{facts['exponents'][i]:g}": f"{row['seen'][i]} of {row['allowed'][i]}" for i in at},
            "": "failed" if graph in facts["failed"] else "passed",
        }
        for graph, row in facts["graphs"].items()
    ]
    verdict = "passed" if facts["passed"] else f"failed on {', '.join(safe(graph) for graph in facts['failed'])}"
    times = f" {facts['permutations']} times" if facts["permutations"] > 1 else ""
    return [f"{title}{times}: {verdict}. p-values seen, of those that may be:", *table(rows), ""]


def _truth(facts: dict[str, Any]) -> list[str]:
    rows = [{"accounts": name, **facts[name]} for name in ("flagged", "found", "clustered")]
    groups = [{"group": name, **group} for name, group in facts["groups"].items()]
    return [
        f"Against the truth ({facts['core']} of {facts['accounts']} accounts belong to planted campaigns):",
        *table(rows),
        "",
        *table(groups, ["group", "kind", "n", "in_clusters", "flagged"]),
        "",
        *(["Supporters by side, and those wronged:", *table(facts["sides"]), ""] if facts.get("sides") else []),
        "Ties: " + ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in facts["ties"].items()),
    ]


def _sql(result: dict[str, Any]) -> list[str]:
    lines = aligned(result["columns"], result["rows"]) if result["rows"] else ["(no rows)"]
    return [*lines, f"({len(result['rows'])} rows shown; the rest was cut)"] if result["cut"] else lines


def _graphs(result: dict[str, Any]) -> list[str]:
    lines = []
    for graph in result["graphs"]:
        lines += [safe(graph["name"]), f"  {safe(graph['says'])}", f"  Misleads: {safe(graph['misleads'])}"]
        times = ", ".join(str(w) for w in graph["windows_s"])
        crowd = f"crowd up to {graph['max_crowd']}"
        if graph["max_audience"]:
            crowd += f"; objects of at most {graph['max_audience']} accounts"
        lines.append(f"  {f'windows {times} s' if times else 'whenever'}; {crowd}; per {graph['per']}")
        if graph.get("null") == "none":
            lines.append("  Describes: it is never tested, and never makes a tie.")
        if not graph.get("default", True):
            lines.append(f"  On request: --graphs {safe(graph['name'])}")
    return lines


def _explain(result: dict[str, Any]) -> list[str]:
    lines = []
    for account in result["accounts"]:
        lines += [*(safe(line) for line in account["sentences"]), ""]
        if account["edges"]:
            lines += [*table(account["edges"]), ""]
        if account.get("alike"):
            lines += ["Alike, never tested: this says nothing of coordination.", *table(account["alike"]), ""]
    if result["meetings"]:
        lines += ["Where they met, rarest first:", *table(result["meetings"])]
    return lines


def _spread(result: dict[str, Any]) -> list[str]:
    lines = [safe(result["understood"]), ""]
    if not result["n_posts"]:
        lines.append("No post holds it.")
        near = [{"cib spread": one["what"], "posts": one["n_posts"]} for one in result["nearest"]]
        return [*lines, *(["Near to it:", *table(near)] if near else ["Nor anything near to it."])]
    lines += [*(safe(line) for line in result["sentences"]), ""]
    if len(result["platforms"]) > 1:
        lines += [*table(result["platforms"], ["platform", "first_at", "lag_s", "first", "accounts", "posts", "retweets"]), ""]
    shown = [{**row, "rank": row.get("ranks"), "of": row["of_handle"] or row["of_account"]} for row in result["carriers"][:SHOWN]]
    columns = ["rank", "first_at", "platform", "account_id", "handle", "how", "of", "n_posts", "cluster", "cluster_kind"]
    lines += table(shown, columns)
    if (rest := result["n_accounts"] - len(shown)) > 0:
        lines.append(f"… and {rest:,} later carriers")
    if result["clusters"]:
        lines += ["", *table(result["clusters"][:SHOWN], ["cluster_id", "kind", "carriers", "of_accounts", "posts", "first_at"])]
        lines += [f"… and {rest} more"] if (rest := len(result["clusters"]) - SHOWN) > 0 else []
    lines += ["", *(safe(line) for line in result["limits"])]
    return [*lines, "", "Open next:", *(f"  {safe(path)}" for path in result["files"])]


WRITERS = {
    "code": _code,
    "spread": _spread,
    "formats": _formats,
    "status": _status,
    "verify": _verify,
    "run": _run,
    "demo": _demo,
    "ingest": _ingest,
    "detect": _detect,
    "evaluate": _evaluate,
    "explain": _explain,
    "export": _export,
    "sql": _sql,
    "graphs": _graphs,
}
