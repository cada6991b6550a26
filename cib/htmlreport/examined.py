"""The first thing on the page: what was examined, how it was collected, and what is missing or could not be judged."""

from typing import Any

from cib.htmlreport import show, words
from cib.htmlreport.reading import Reading, Row
from cib.languages import figure, joined, message, say

NOT_STATED = message("Not stated in case.toml.")


def examined(run: Reading) -> dict[str, Any]:
    """Return the section as plain facts: counts, period, inputs; how the posts were collected, and what is missing."""
    platforms = run.ask("report_examined")
    inputs = run.case.record["inputs"]
    resolution_s = max((row["resolution_s"] or 1 for row in platforms), default=1)
    settings = run.case.settings
    return {
        "platforms": [_platform(row, resolution_s) for row in platforms],
        "n_posts": sum(row["n_posts"] for row in platforms),
        "n_accounts": sum(row["n_accounts"] for row in platforms),
        "first_at": show.moment(min((row["first_at"] for row in platforms), default=None), resolution_s),
        "last_at": show.moment(max((row["last_at"] for row in platforms), default=None), resolution_s),
        "inputs": [_input(one) for one in inputs],
        "n_rows": _total(inputs, "rows_read"),
        "n_rejected": _total(inputs, "rejected"),
        "n_merged": _total(inputs, "merged"),
        "sample": say(words.SAMPLES[run.case.sample]),
        "collected": show.body(settings.get("collected")) or say(NOT_STATED),
        "missing": show.body(settings.get("missing")) or say(NOT_STATED),
        "gaps": _gaps(run, inputs, resolution_s),
        "not_judged": _not_judged(run),
        "simulated": _simulated(platforms),
        "few_accounts": "case" in run.thin and run.any_tested,
    }


def _simulated(platforms: list[Row]) -> str:
    """Return a warning that nothing here happened; '' where no platform is the simulator's."""
    if all(row["platform"] != words.SIMULATED for row in platforms):
        return ""
    if len(platforms) == 1:
        return say(words.MADE_UP)
    return say(
        "The posts of {platform} are no real posts but a simulated demonstration: every account, campaign and text is "
        "made up, from invented words.",
        platform=words.SIMULATED,
    )


def _platform(row: Row, resolution_s: int) -> dict[str, Any]:
    return {
        "name": show.name(row["platform"]) or say("unknown platform"),
        "n_posts": row["n_posts"],
        "n_accounts": row["n_accounts"],
        "first_at": show.moment(row["first_at"], resolution_s),
        "last_at": show.moment(row["last_at"], resolution_s),
    }


def _input(one: Row) -> dict[str, Any]:
    """Return one input file; of its path only the last part, since a path tells about the machine."""
    file = str(one.get("name", "")).replace("\\", "/").rsplit("/", 1)[-1]
    counts = {key: one.get(key) or 0 for key in ("rows_read", "posts", "merged", "rejected")}
    return {"name": show.name(file), "sha256": one.get("sha256") or "", "format": show.name(one.get("format") or ""), **counts}


def _total(inputs: list[Row], what: str) -> int:
    return sum(one.get(what) or 0 for one in inputs)


def _gaps(run: Reading, inputs: list[Row], resolution_s: int) -> list[str]:
    """Return, in sentences, what the files themselves show to be missing or coarse."""
    read, rejected = _total(inputs, "rows_read"), _total(inputs, "rejected")
    found: list[str] = []
    if rejected:
        found.append(
            say(
                "{n, plural, one {# row} other {# rows}} of {all} ({share}%) could not be read; each is kept with its reason.",
                n=rejected,
                all=read,
                share=figure(f"{100 * rejected / max(read, 1):.1f}"),
            )
        )
    if naive := sum(bool(one.get("naive_times")) for one in inputs):
        zone = show.name(run.case.settings.get("timezone") or "UTC")
        found.append(
            say(
                "{n, plural, one {# file} other {# files}} gave times without a zone. They were read as {zone} unless "
                "case.toml says otherwise.",
                n=naive,
                zone=zone,
            )
        )
    if resolution_s > 1:
        day = say("Some times are known only to the day. Nothing finer was tested or is printed.")
        minute = say("Some times are known only to the minute. Nothing finer was tested or is printed.")
        found.append(day if resolution_s >= 86_400 else minute)
    if run.parameters["since"] or run.parameters["until"]:
        ends = ("since", "until")
        period = [show.moment(run.period[end], 60) if run.parameters[end] else say("open ## an end of a period") for end in ends]
        found.append(
            say("Only posts of a chosen period were read: from {since} until {until} UTC.", since=period[0], until=period[1])
        )
    if run.case.data_version != run.manifest["data_version"]:
        found.append(
            say("Posts were added to the case after this run: counts of posts here include them, findings do not. Detect anew.")
        )
    return found


def _not_judged(run: Reading) -> list[dict[str, str]]:
    """Return, per graph or for the case, what could not be judged and why. Silence is never an all-clear."""
    found: list[dict[str, str]] = []
    if "case" in run.thin:
        few = say("Too few accounts to judge: {why}", why=words.stored(run.thin["case"]))
        untested = say("Nothing was tested: all chosen graphs describe.")
        found.append({"what": say("The whole case"), "why": few if run.any_tested else untested})
    absent = {name: reason for name, reason in run.thin.items() if reason.startswith(words.ABSENT)}
    for name, graph in run.graphs.items():
        if name in absent:
            continue
        tested = run.notes.get("windows", {}).get(name, {}).get("tested_s", [])
        finer = [show.duration(w) for w in graph["windows_s"] if w not in tested]
        if name in run.thin:
            found.append({"what": show.name(name), "why": joined("", [words.thin(run.thin[name]), "."])})
        elif graph["null"] == "none":
            found.append({"what": show.name(name), "why": say("This graph is shown and never tested.")})
        elif finer:
            why = say("Windows finer than the times in the files were not tested: {windows}.", windows=joined(", ", finer))
            found.append({"what": show.name(name), "why": why})
    if absent:
        fields = [
            joined("", [words.stored(show.body(reason.removeprefix(words.ABSENT))), f" ({show.name(name)})"])
            for name, reason in sorted(absent.items())
        ]
        found.append({"what": say("Not in these data"), "why": say("No post carries {what}.", what=joined(", ", fields))})
    return found
