"""index.html: the answer as one page that opens by double click, without a program or a network. Everything on it is escaped."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from cib.carriers import picture
from cib.carriers.answers import called, later, where
from cib.carriers.tables import Row, Tables
from cib.case import write_text
from cib.htmlreport import paper, show, words

HERE = Path(__file__).parent
MAX_ROWS = 200  # carriers in the table
HOW = {"original": "a post of its own"}  # how it came by it, where the word of the table is none for people


def write(path: Path, tables: Tables, *, answer: dict[str, Any]) -> None:
    """Write the page of an answer. At most MAX_ROWS carriers in the table, two pictures: under 300 kB."""
    times = tables.load("spread_carrier", ["carried_at"])["carried_at"].to_numpy()
    coarse_s = max(row["resolution_s"] for row in answer["platforms"])
    drawn = [picture.series(tables, grid) for grid in picture.grids(times, coarse_s)]
    write_text(path, render(answer, drawn))


def render(answer: dict[str, Any], drawn: list[dict[str, Any]]) -> str:
    """Return the page. Autoescape is on; only the style sheets and the pictures made here are marked as safe."""
    environment = paper.environment(HERE)
    environment.filters |= {
        "n": show.number,
        "many": show.many,
        "gap": show.gap,
        "name": show.name,
        "where": where,
        "later": later,
    }
    environment.globals |= {"cumulative": picture.cumulative, "called": called}
    style = paper.styles(HERE)
    asked = {"address": "The page ", "site": "Addresses under ", "hashtag": "#", "mention": "@", "term": ""}[answer["kind"]]
    value = answer["value"]
    return environment.get_template("page.html.j2").render(
        **answer,
        title=asked + (show.address(value) if answer["kind"] in ("address", "site") else show.name(value)),
        understood_safe=show.body(answer["understood"]),
        rows=[_row(row) for row in answer["carriers"][:MAX_ROWS]],
        places=any(row["container"] for row in answer["carriers"][:MAX_ROWS]),
        simulated=any(row["platform"] == words.SIMULATED for row in answer["platforms"]),
        drawn=drawn,
        style=Markup(style),
        policy=paper.policy(style),
    )


def _row(row: Row) -> dict[str, Any]:
    """Return a carrier as the table shows it."""
    how = words.retweet(row["platform"]) if row["how"] == "retweet" else HOW.get(row["how"], row["how"])
    whom = called(row, "of_handle", "of_account") if row["of_account"] else ""
    return row | {
        "name": called(row),
        "place": show.name(row["container"]),
        "link": show.permalink(row["permalink"]),
        "told": f"{how} of {whom}" if whom else how,
        "gap": _gap(row),
    }


def _gap(row: Row) -> str:
    """Return how long after the carrier before it on its platform a carrier came, no finer than their times are known."""
    if row["after_previous_s"] is None:
        return ""
    return show.gap(row["after_previous_s"]) if row["after_previous_s"] else "at the same moment"
