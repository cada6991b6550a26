"""index.html: the answer as one page that opens by double click, without a program or a network. Everything on it is escaped."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import cib.htmlreport as report
from cib.carriers import picture
from cib.carriers.answers import called, later, where
from cib.carriers.tables import Row, Tables
from cib.case import write_text
from cib.htmlreport import show, words

HERE = Path(__file__).parent
MAX_ROWS = 200  # carriers in the table


def write(path: Path, tables: Tables, *, answer: dict[str, Any]) -> None:
    """Write the page of an answer. At most MAX_ROWS carriers in the table, two pictures: under 300 kB."""
    times = tables.load("spread_carrier", ["carried_at"])["carried_at"].to_numpy()
    coarse_s = max(row["resolution_s"] for row in answer["platforms"])
    drawn = [picture.series(tables, grid) for grid in picture.grids(times, coarse_s)]
    write_text(path, render(answer, drawn))


def render(answer: dict[str, Any], drawn: list[dict[str, Any]]) -> str:
    """Return the page. Autoescape is on; only the style sheets and the pictures made here are marked as safe."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "n": show.number,
        "many": show.many,
        "gap": show.gap,
        "name": show.name,
        "where": where,
        "later": later,
    }
    environment.globals |= {"cumulative": picture.cumulative, "called": called}
    style = "\n".join((folder / "style.css").read_text(encoding="utf-8") for folder in (report.HERE, HERE))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    )
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
        policy=policy,
    )


def _row(row: Row) -> dict[str, Any]:
    """Return a carrier as the table shows it."""
    how = words.retweet(row["platform"]) if row["how"] == "retweet" else row["how"]
    whom = called(row, "of_handle", "of_account") if row["of_account"] else ""
    return row | {
        "name": called(row),
        "place": show.name(row["container"]),
        "link": show.permalink(row["permalink"]),
        "told": f"{how} of {whom}" if whom else how,
        "gap": "" if row["after_previous_s"] is None else show.gap(row["after_previous_s"]),
    }
