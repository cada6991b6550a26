"""The report of a run: one HTML file that opens by double click, without a program or a network, and the same facts as JSON.

Everything on the page was written by adversaries or by us, and the template treats both alike: escaped, visible, defanged.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cib.case import Case, dump, write_text
from cib.htmlreport import bursts, explore, facts, heatmap, hours, lanes, pictures, quantiles, show, words
from cib.htmlreport.reading import opened

HERE = Path(__file__).parent


def write(case: Case, folder: Path) -> Path:
    """Write `report/index.html` and `report/report.json` of the run in `folder`; return the path of the page.

    No clock time and no path of the machine is in them: the same run of the same case gives the same bytes. Cost: a few passes
    over the columns of post, tie, edge and evidence, within DuckDB's memory; `facts.gather` says what is held beside it.
    At most 100 cards of 200 accounts, names cut at 80 characters, and what `explore` allows: the page stays under 10 MB.
    """
    with opened(case, folder) as run:
        found, drawing, island = facts.gather(run)
    page = folder / "report" / "index.html"
    write_text(page, render(found, drawing, island))
    write_text(page.with_name("report.json"), dump(found))
    return page


def render(found: dict[str, Any], drawing: dict[str, Any], island: dict[str, Any]) -> str:
    """Return the page. Autoescape is on; only our own style sheet and script, the pictures made here and the escaped data of
    `explore` are marked as safe.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"n": show.number, "many": show.many, "decimal": show.decimal, "duration": show.duration}
    environment.globals |= {"pictures": pictures, "quantiles": quantiles.quantiles, "lanes": lanes.lanes, "words": words}
    environment.globals |= {"bursts": bursts.bursts, "heatmap": heatmap.heatmap, "days": hours.DAYS}
    style = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "assets" / "report.js").read_text(encoding="utf-8").strip()
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return environment.get_template("page.html.j2").render(
        **found,
        drawing=drawing,
        lines=explore.lines(island),
        island=Markup(explore.as_json(island)),
        style=Markup(style),
        script=Markup(script),
        policy=policy,
    )


def _digest(text: str) -> str:
    """Return the source by which a policy allows exactly this style sheet or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
