"""What is remarked in a line after a run: what calibration withheld, what lists held, what changed, what cannot be judged."""

from typing import Any

from cib import spans
from cib.plaintext import safe
from cib.wording import EVENT_WORDS

SOUGHT = {  # what a list holds: (one, several)
    "handle": ("handle", "handles"),
    "account_id": ("id", "ids"),
    "name": ("name", "names"),
    "domain": ("site", "sites"),
    "term": ("term", "terms"),
}


def withheld(failed: dict[str, list[str]]) -> list[str]:
    """Return what failed calibration gates take back, and where they failed."""
    effects = {"co_action": "No account is flagged", "timing": "Closeness in time counts for nothing there"}
    return [f"Calibration failed on {safe(', '.join(graphs))}: {effects[gate]}." for gate, graphs in failed.items()]


def listed(record: dict[str, Any]) -> str:
    """Return what was read of a list: which column is which, how much there is to look for, and what was refused."""
    columns = ", ".join(f"{ours} = {theirs}" for ours, theirs in record["columns"].items())
    parts = [f"{n:,} {SOUGHT[kind][n != 1]}" for kind, n in record["entries"].items()]
    persons = f"{record['persons']:,} person{'s' if record['persons'] != 1 else ''}: " if record["persons"] else ""
    refused = f" Refused: {record['refused']}, the first: {record['refused_first'][0]}." if record["refused"] else ""
    return safe(f"List {record['name']} ({record['file']}; {columns}): {persons}{', '.join(parts)}.{refused}")


def since(facts: dict[str, Any]) -> str:
    """Return what became of the clusters since the run before, in one line."""
    grown = [f"{row['cluster_id']} {row['n_before']} → {row['n_now']} accounts" for row in facts["changed"][:5]]
    more = f", … and {facts['n_changed'] - 5} more" if facts["n_changed"] > 5 else ""
    told = [
        f"{facts['n_new']} new" + (f" ({', '.join(facts['new'][:5])})" if facts["new"] else ""),
        f"{facts['n_gone']} gone" + (f" ({', '.join(facts['gone'][:5])})" if facts["gone"] else ""),
        f"{facts['n_changed']} changed" + (f" ({'; '.join(grown)}{more})" if grown else ""),
    ]
    return f"Since run {safe(facts['names_from'])}, whose names are kept: {', '.join(told)}, {facts['n_same']} as they were."


def over_time(facts: dict[str, Any]) -> str:
    """Return what the slices told, in one line."""
    changes = {event: n for event, n in facts["events"].items() if event != "continuation"}
    told = [f"{changes[event]} {words}" for event, words in EVENT_WORDS.items() if event in changes]
    length, step = spans.in_words(facts["length_s"]), spans.in_words(facts["step_s"])
    return f"Over time, {facts['slices']} slices of {length}, one every {step}: {', '.join(told) or 'no cluster in any of them'}."


def thin(reasons: dict[str, str]) -> list[str]:
    """Return what could not be judged: what the data simply do not have in one line, the rest with its reason."""
    absent = [graph for graph, why in reasons.items() if why.startswith("no post carries")]
    told = [f"Too little to judge, {'the whole case' if graph == 'case' else graph}: {why}" for graph, why in reasons.items()]
    told = [line for line, graph in zip(told, reasons, strict=True) if graph not in absent]
    return [*told, *([f"Not in these data: {', '.join(absent)}."] if absent else [])]
