"""How the run was made: graphs and their traps, parameters, what was capped or left out, versions and hashes."""

from typing import Any

from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import Said, figure, joined, say


def graphs(run: Reading) -> list[dict[str, Any]]:
    """Return the run's graphs with what each says, when it misleads, and what it was tested on."""
    windows, crowds = run.notes.get("windows", {}), run.notes.get("crowds", {}) | run.notes.get("similar_accounts", {})
    return [
        {
            "name": show.name(name),
            "says": words.stored(show.body(graph["says"])),
            "misleads": words.stored(show.body(graph["misleads"])),
            "windows": [show.duration(w) for w in windows.get(name, {}).get("tested_s", [])],
            "max_crowd": graph["max_crowd"],
            "acts": crowds.get(name, {}).get("acts", 0),
            "thin": show.body(run.thin.get(name)),
            "tested": graph["null"] != "none",
        }
        for name, graph in run.graphs.items()
    ]


def left_out(run: Reading) -> list[Said]:
    """Return, in sentences, everything that the run capped or left out."""
    found = []
    for name, crowd in run.notes.get("crowds", {}).items():
        cuts = sorted((int(window.split()[0]), n) for window, n in crowd["left_out_by_window"].items() if n)
        if cuts:
            parts = [say("{n} within {window}", n=n, window=show.duration(seconds)) for seconds, n in cuts]
            found.append(
                say(
                    "{graph}: acts in a crowd of more than {most} took no part: {windows}.",
                    graph=show.name(name),
                    most=crowd["max_crowd"],
                    windows=joined(", ", parts),
                )
            )
    found += _objects_left_out(run)
    ties, clusters, evidence = (run.notes.get(section, {}) for section in ("ties", "clusters", "evidence"))
    if n := ties.get("single_post_pair"):
        found.append(
            say("{n, plural, one {# pair} other {# pairs}} passed the error rate on a single pair of posts and made no tie.", n=n)
        )
    if n := ties.get("alone"):
        found.append(
            say(
                "{n, plural, one {# pair} other {# pairs}} passed the error rate without a third account tied to both, and made "
                "no tie: two accounts alone may be friends with several interests in common.",
                n=n,
            )
        )
    if n := clusters.get("sources"):
        found.append(_sources(n, len(run.sources), clusters.get("ties_of_sources", 0)))
    if n := clusters.get("unstable"):
        found.append(
            say(
                "{n, plural, one {# group} other {# groups}} ({accounts, plural, one {# account} other {# accounts}}) "
                "{n, plural, one {hangs on too few objects, fell apart when objects were drawn anew by lot, and is not "
                "shown} other {hang on too few objects, fell apart when objects were drawn anew by lot, and are not shown}}.",
                n=n,
                accounts=clusters["accounts_of_unstable"],
            )
        )
    if n := evidence.get("meetings_left_out"):
        found.append(
            say(
                "{n, plural, one {# meeting} other {# meetings}} beyond the rarest of each pair and graph are not in the "
                "evidence table.",
                n=n,
            )
        )
    if n := evidence.get("pairs_left_out"):
        found.append(
            say(
                "{n, plural, one {# pair} other {# pairs}} beyond the strongest of each group are not in the evidence table.", n=n
            )
        )
    return found


def _objects_left_out(run: Reading) -> list[Said]:
    """Return, in sentences, which objects, marks and embeddings took no part."""
    found = []
    for name, facts in run.notes.get("giants", {}).items():
        if n := facts["objects_left_out"]:
            found.append(
                say(
                    "{graph}: {n, plural, one {# object} other {# objects}} on which more than {most} accounts act took no part.",
                    graph=show.name(name),
                    n=n,
                    most=facts["max_accounts"],
                )
            )
    for name, facts in run.notes.get("similar_accounts", {}).items():
        if n := facts["objects_left_out"]:
            found.append(
                say(
                    "{graph}: {n, plural, one {# object} other {# objects}} of more than {most} accounts took no part, "
                    "with {acts, plural, one {# act} other {# acts}}.",
                    graph=show.name(name),
                    n=n,
                    most=facts["max_crowd"],
                    acts=facts["acts_left_out"],
                )
            )
    for name, facts in run.notes.get("embeddings", {}).items():
        if n := facts["unread"]:
            found.append(
                say(
                    "{graph}: {n, plural, one {# embedding} other {# embeddings}} that could not be read, or not as long "
                    "as most, took no part.",
                    graph=show.name(name),
                    n=n,
                )
            )
        if n := facts["cut_comparisons"] + facts["cut_matches"]:
            found.append(
                say(
                    "{graph}: {n, plural, one {# post} other {# posts}} had more company than is compared or kept; the latest "
                    "counted.",
                    graph=show.name(name),
                    n=n,
                )
            )
    return found


def _sources(n: int, n_shown: int, n_ties: int) -> Said:
    """Return what became of the `n` accounts that only ever came first; `n_shown` of them stand beside a group."""
    first = say(
        "{n, plural, one {# account only ever came first and takes} other {# accounts only ever came first and take}} no "
        "part in a group",
        n=n,
    )
    shown = say("{n, plural, one {# shown as source} other {# shown as sources}} of groups", n=n_shown)
    rest = say("{n, plural, one {# tied} other {# tied}} to no group and not shown", n=n - n_shown)
    kept = [say("with {n, plural, one {# tie} other {# ties}}: {shown}", n=n_ties, shown=shown)] if n_ties else []
    return joined("", [joined(", ", [first, *kept, *([rest] if n > n_shown else [])]), "."])


def parameters(run: Reading) -> list[dict[str, str]]:
    """Return what the rows of the run depend on, beside data and version."""
    given, tests = run.parameters, run.notes.get("tests", {})
    ends = [show.dated(show.name(given[end])) if given[end] else say("open ## an end of a period") for end in ("since", "until")]
    rows: tuple[tuple[str, str], ...] = (
        (say("Error rate of ties"), figure(f"{given['fdr']:g}")),
        (say("Period"), say("{since} until {until}", since=ends[0], until=ends[1])),
        (say("Slices of time"), show.name(str(given["slices"])) if given.get("slices") else say("none ## slices of time")),
        (say("Sample"), show.name(str(given["sample"]))),
        (say("Seed"), str(given["seed"])),
        (say("Accounts tested"), show.number(tests.get("accounts", 0))),
        (say("Pairs of accounts tested"), show.number(tests.get("pairs", 0))),
        (say("Graphs tested"), show.number(tests.get("graphs", 0))),
        (say("Equally active accounts they amount to"), show.number(tests.get("effective_accounts", 0))),
        (say("Communities set apart by the null"), show.number(len(run.notes.get("blocks", {}).get("sizes", [])))),
        (say("Hour at which days are cut"), f"{run.notes.get('days', {}).get('quiet_hour_utc', 0):02d}:00 UTC"),
    )
    return [{"what": what, "value": value} for what, value in rows]


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
