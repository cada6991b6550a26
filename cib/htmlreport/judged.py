"""What people judged of accounts and groups, beside what the run says of them."""

from typing import Any

from cib import review
from cib.htmlreport import show
from cib.htmlreport.reading import Reading

MAX_ROWS, MAX_BAD, MAX_ON_CARD = 200, 10, 5


def judged(run: Reading) -> dict[str, Any] | None:
    """Return the judgements of review.csv as they hold for this run; None where there are none."""
    rows, bad = review.beside(run.case.root, run.folder)
    if not rows and not bad:
        return None
    shown = [{key: show.body(value) if key == "note" else show.name(value) for key, value in row.items()} for row in rows]
    return {
        "rows": shown[:MAX_ROWS],
        "left_out": max(len(rows) - MAX_ROWS, 0),
        "bad": [show.body(one) for one in bad[:MAX_BAD]],
        "n_bad": len(bad),
        "on_cards": _on_cards(shown),
    }


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
