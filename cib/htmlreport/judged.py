"""What people judged of accounts and groups, beside what the run says of them."""

from typing import Any

from cib import review
from cib.htmlreport import show
from cib.htmlreport.reading import Reading
from cib.languages import known, message

MAX_ROWS, MAX_BAD, MAX_ON_CARD = 200, 10, 5
SAID = (  # what the table of judgements says: verdicts, and what the run says of the same
    message("coordinated"),
    message("innocent"),
    message("unclear"),
    message("in no cluster"),
    message("a source: copied, no member"),
    message("no cluster of this run holds most of these accounts"),
    message("{group}: {kind}, claim level {n} of 4, flagged"),
    message("{group}: {kind}, claim level {n} of 4, not flagged"),
)


def judged(run: Reading) -> dict[str, Any] | None:
    """Return the judgements of review.csv as they hold for this run; None where there are none."""
    rows, bad = review.beside(run.case.root, run.folder)
    if not rows and not bad:
        return None
    shown = [{key: _shown(key, value) for key, value in row.items()} for row in rows]
    return {
        "rows": shown[:MAX_ROWS],
        "left_out": max(len(rows) - MAX_ROWS, 0),
        "bad": [show.body(one) for one in bad[:MAX_BAD]],
        "n_bad": len(bad),
        "on_cards": _on_cards(shown),
    }


def _shown(key: str, value: str) -> str:
    if key in ("verdict", "machine"):
        return known(show.name(value), SAID)
    if key == "date":
        return show.dated(show.name(value))
    return show.body(value) if key == "note" else show.name(value)


def _on_cards(rows: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """Return per group its first MAX_ON_CARD judgements, and how many more there are."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["cluster_id"]:
            own = found.setdefault(row["cluster_id"], {"rows": [], "more": 0})
            if len(own["rows"]) < MAX_ON_CARD:
                own["rows"].append(row)
            else:
                own["more"] += 1
    return found
