"""Whether chance was described well on this case: what the calibration gates say, in words, as a table and for the picture."""

from cib.htmlreport import show
from cib.htmlreport.reading import Reading, Row
from cib.languages import Said, figure, joined, message, say

JUDGED = (-3, -4, -5, -6)  # powers of ten at which a gate can fail
NOT_CALIBRATED = message("Not calibrated on this case.")
GATES = {  # gate: what it asks, that in a sentence, how
    "co_action": (
        message("Acting alike"),
        message("acting alike"),
        message("Authors were exchanged within hours and communities, so that whoever then acts alike does so by chance"),
    ),
    "timing": (
        message("Closeness in time"),
        message("closeness in time"),
        message(
            "Pairs that meet no more often than chance has it were asked how close in time they were: they should be as close as "
            "strangers are"
        ),
    ),
}
NOBODY = message("There was no ordinary pair whose timing could be asked, so nothing could go wrong and nothing was shown.")


def gates(run: Reading) -> list[Row]:
    """Return each gate that the run noted: how it went, a sentence, a line per graph; nothing for a run that noted none."""
    notes = run.notes.get("calibration", {})
    return [_gate(name, notes[name]) for name in GATES if name in notes]


def text(found: list[Row]) -> str:
    """Return in a sentence whether chance was described well: for the first screen, without the numbers."""
    if not found:
        return say(NOT_CALIBRATED)
    if failed := [gate["name"] for gate in found if not gate["passed"]]:
        return say("Calibration failed for {checks}.", checks=_both(failed))
    return say(
        "Calibration passed for {checks}: where chance alone was at work, with authors exchanged or between ordinary pairs, "
        "the run found no more than it may.",
        checks=_both([gate["name"] for gate in found if gate["graphs"]]),
    )


def _both(names: list[str]) -> Said:
    """Return gates in a sentence."""
    told = [say(GATES[name][1]) for name in names]
    return say("{one} and {other}", one=told[0], other=told[1]) if len(told) == 2 else joined("", told)


def withheld(found: list[Row]) -> str:
    """Return what a failed gate takes back, and why; '' where every gate passed."""
    return joined(" ", [gate["withheld"] for gate in found if not gate["passed"]])


def _gate(name: str, noted: Row) -> Row:
    title, _, how = GATES[name]
    graphs = [_graph(graph, row, noted["exponents"]) for graph, row in noted["graphs"].items()]
    failed = [show.name(graph) for graph in noted["failed"]]
    worst = next((graph for graph in graphs if graph["name"] == show.name(noted["worst"])), None)
    return {
        "name": name,
        "title": say(title),
        "how": joined("", [say(how), "."]),
        "passed": noted["passed"],
        "permutations": noted["permutations"],
        "failed": failed,
        "worst": worst["name"] if worst else "",
        "text": say(
            "{how} ({n, plural, one {# time} other {# times}}). {nearest}",
            how=say(how),
            n=noted["permutations"],
            nearest=_nearest(worst) if worst else say(NOBODY),
        ),
        "withheld": _withheld(name, failed),
        "graphs": graphs,
    }


def _graph(name: str, row: Row, exponents: list[float]) -> Row:
    """Return a graph's line: its tests, and how many p-values were seen and may be, where it is judged and at all points."""
    counted = dict(zip(exponents, zip(row["seen"], row["allowed"], strict=True), strict=True))
    judged = [{"exponent": e, "seen": counted[e][0], "allowed": counted[e][1]} for e in JUDGED]
    points = [{"exponent": e, "seen": seen, "allowed": allowed} for e, (seen, allowed) in counted.items()]
    return {"name": show.name(name), "tests": row["tests"], "judged": judged, "points": points}


def _nearest(graph: Row) -> str:
    """Return in a sentence how near the graph came to its bound, at the power of ten where it came nearest."""
    at = max(graph["judged"], key=lambda one: one["seen"] / max(one["allowed"], 1))
    return say(
        "On {graph}, which came nearest to its bound, {seen} of {tests} probabilities were {x} or less; up to {allowed} may be.",
        graph=graph["name"],
        seen=at["seen"],
        tests=graph["tests"],
        x=figure(f"{10.0 ** at['exponent']:g}"),
        allowed=show.number(at["allowed"]),
    )


def _withheld(name: str, failed: list[str]) -> str:
    where = ", ".join(failed)
    if name == "timing":
        return say(
            "Closeness in time is not counted on {graphs}: the check on ordinary pairs failed there, small probabilities "
            "come more often than they should. No pair is tied and no group reaches level 2 by being close there.",
            graphs=where,
        )
    return say(
        "No group is flagged: the check by exchanged authors failed on {graphs}. Chance alone makes accounts look "
        "coordinated there more often than this page would say, so nothing here goes beyond a lead.",
        graphs=where,
    )
