"""How the run was made: graphs and their traps, parameters, what was capped or left out, versions and hashes."""

from typing import Any

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row


def graphs(run: Reading) -> list[dict[str, Any]]:
    """Return the run's graphs with what each says, when it misleads, and what it was tested on."""
    windows, crowds = run.notes.get("windows", {}), run.notes.get("crowds", {}) | run.notes.get("similar_accounts", {})
    return [
        {
            "name": show.name(name),
            "says": show.body(graph["says"]),
            "misleads": show.body(graph["misleads"]),
            "windows": [show.duration(w) for w in windows.get(name, {}).get("tested_s", [])],
            "max_crowd": graph["max_crowd"],
            "acts": crowds.get(name, {}).get("acts", 0),
            "thin": show.body(run.thin.get(name)),
            "tested": graph["null"] != "none",
        }
        for name, graph in run.graphs.items()
    ]


def left_out(run: Reading) -> list[str]:
    """Return, in sentences, everything that the run capped or left out."""
    found = []
    for name, crowd in run.notes.get("crowds", {}).items():
        cuts = sorted((int(window.split()[0]), n) for window, n in crowd["left_out_by_window"].items() if n)
        if cuts:
            parts = ", ".join(f"{show.number(n)} within {show.duration(seconds)}" for seconds, n in cuts)
            found.append(f"{show.name(name)}: acts in a crowd of more than {crowd['max_crowd']} took no part: {parts}.")
    found += _objects_left_out(run)
    ties, clusters, evidence = (run.notes.get(section, {}) for section in ("ties", "clusters", "evidence"))
    if n := ties.get("single_post_pair"):
        found.append(f"{show.many(n, 'pair')} passed the error rate on a single pair of posts and made no tie.")
    if n := ties.get("alone"):
        found.append(
            f"{show.many(n, 'pair')} passed the error rate without a third account tied to both, and made no tie: two accounts "
            "alone may be friends with several interests in common."
        )
    if n := clusters.get("sources"):
        found.append(_sources(n, len(run.sources), clusters.get("ties_of_sources", 0)))
    if n := clusters.get("unstable"):
        found.append(
            f"{show.many(n, 'group')} ({show.many(clusters['accounts_of_unstable'], 'account')}) "
            f"{'hangs' if n == 1 else 'hang'} on too few objects, fell apart when objects were drawn anew by lot, and "
            f"{'is' if n == 1 else 'are'} not shown."
        )
    if n := evidence.get("meetings_left_out"):
        found.append(f"{show.many(n, 'meeting')} beyond the rarest of each pair and graph are not in the evidence table.")
    if n := evidence.get("pairs_left_out"):
        found.append(f"{show.many(n, 'pair')} beyond the strongest of each group are not in the evidence table.")
    return found


def _objects_left_out(run: Reading) -> list[str]:
    """Return, in sentences, which objects, marks and embeddings took no part."""
    found = []
    for name, facts in run.notes.get("giants", {}).items():
        if n := facts["objects_left_out"]:
            what = f"{show.many(n, 'object')} on which more than {show.number(facts['max_accounts'])} accounts act"
            found.append(f"{show.name(name)}: {what} took no part.")
    for name, facts in run.notes.get("similar_accounts", {}).items():
        if n := facts["objects_left_out"]:
            what = f"{show.many(n, 'object')} of more than {facts['max_crowd']} accounts"
            found.append(f"{show.name(name)}: {what} took no part, with {show.many(facts['acts_left_out'], 'act')}.")
    for name, facts in run.notes.get("embeddings", {}).items():
        if n := facts["unread"]:
            what = f"{show.many(n, 'embedding')} that could not be read, or not as long as most,"
            found.append(f"{show.name(name)}: {what} took no part.")
        if n := facts["cut_comparisons"] + facts["cut_matches"]:
            found.append(
                f"{show.name(name)}: {show.many(n, 'post')} had more company than is compared or kept; the latest counted."
            )
    return found


def _sources(n: int, n_shown: int, n_ties: int) -> str:
    """Return what became of the `n` accounts that only ever came first; `n_shown` of them stand beside a group."""
    told = f"{show.many(n, 'account')} only ever came first and {'takes' if n == 1 else 'take'} no part in a group"
    told += (
        f", with {show.many(n_ties, 'tie')}: {show.number(n_shown)} shown as {'source' if n_shown == 1 else 'sources'} of groups"
    )
    return f"{told}, {show.number(n - n_shown)} tied to no group and not shown." if n > n_shown else f"{told}."


def parameters(run: Reading) -> list[dict[str, str]]:
    """Return what the rows of the run depend on, beside data and version."""
    given, tests = run.parameters, run.notes.get("tests", {})
    rows = (
        ("Error rate of ties", f"{given['fdr']:g}"),
        ("Period", f"{given['since'] or 'open'} until {given['until'] or 'open'}"),
        ("Slices of time", given.get("slices") or "none"),
        ("Sample", str(given["sample"])),
        ("Seed", str(given["seed"])),
        ("Accounts tested", show.number(tests.get("accounts", 0))),
        ("Pairs of accounts tested", show.number(tests.get("pairs", 0))),
        ("Graphs tested", str(tests.get("graphs", 0))),
        ("Equally active accounts they amount to", show.number(tests.get("effective_accounts", 0))),
        ("Communities set apart by the null", str(len(run.notes.get("blocks", {}).get("sizes", [])))),
        ("Hour at which days are cut", f"{run.notes.get('days', {}).get('quiet_hour_utc', 0):02d}:00 UTC"),
    )
    return [{"what": what, "value": show.name(value)} for what, value in rows]


def record(run: Reading) -> dict[str, Any]:
    """Return what a second person needs to make the same run: versions, data version, hashes of tables. No times, no paths."""
    manifest: Row = run.manifest
    return {
        "run": show.name(manifest["name"]),
        "data_version": manifest["data_version"],
        "versions": dict(sorted(manifest["versions"].items())),
        "hashes": dict(sorted(manifest["hashes"].items())),
        "rows": dict(sorted(manifest["rows"].items())),
    }
