"""The report of a run: one HTML file that opens by double click, without a program or a network, and the same facts as JSON.

Everything on the page was written by adversaries or by us, and the template treats both alike: escaped, visible, defanged.
"""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from cib.case import Case, dump, write_text
from cib.htmlreport import bursts, explore, facts, heatmap, hours, lanes, paper, pictures, quantiles, show, words
from cib.htmlreport.reading import opened
from cib.languages import ENGLISH, Language, Voice

HERE = Path(__file__).parent


def write(case: Case, folder: Path, *, language: Language = ENGLISH) -> Path:
    """Write `report/index.html` and `report/report.json` of the run in `folder`; return the path of the page.
    The page speaks the language, the facts as JSON speak English.

    No clock time and no path of the machine is in them: the same run of the same case gives the same bytes. Cost: a few passes
    over the columns of post, tie, edge and evidence, within DuckDB's memory; `facts.gather` says what is held beside it.
    At most 100 cards of 200 accounts, names cut at 80 characters, and what `explore` allows: the page stays under 10 MB.
    """
    with opened(case, folder) as run:
        found, drawing, island = facts.gather(run)
    page = folder / "report" / "index.html"
    write_text(page, render(found, drawing, island, language=language))
    write_text(page.with_name("report.json"), dump(found))
    return page


def render(found: dict[str, Any], drawing: dict[str, Any], island: dict[str, Any], *, language: Language = ENGLISH) -> str:
    """Return the page. Autoescape is on; only our own style sheet and script, the pictures made here and the escaped data of
    `explore` are marked as safe.
    """
    voice = Voice(language)
    environment = paper.environment(HERE, language)
    environment.filters |= {"n": show.number, "many": show.many, "decimal": show.decimal, "duration": show.duration}
    environment.filters |= {"fixed": show.fixed, "power": show.power}
    environment.globals |= {"pictures": pictures, "quantiles": quantiles.quantiles, "lanes": lanes.lanes, "words": words}
    environment.globals |= {"bursts": bursts.bursts, "heatmap": heatmap.heatmap, "days": hours.DAYS, "_": voice}
    style = paper.styles()
    script = (HERE / "assets" / "report.js").read_text(encoding="utf-8").strip()
    return environment.get_template("page.html.j2").render(
        **found,
        drawing=drawing,
        language=language,
        lines=explore.lines(island),
        island=Markup(explore.as_json(island, language)),
        style=Markup(style),
        script=Markup(script),
        policy=paper.policy(style, script),
    )
