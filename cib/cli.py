"""The command line: every command is the public function of the same name. No logic here; results on stdout, progress on
stderr."""

import inspect
import sys
from collections.abc import Callable
from typing import Any

import click

from cib import __version__, api
from cib.errors import CibError

CASE = click.argument("case", type=click.Path())
INPUTS = click.argument("inputs", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
LANGUAGE = click.option("--language", metavar="CODE", help="Language of the report: en or de; that of case.toml if left out.")
RUN = click.option("--run", metavar="NAME", help="Name of the run; the newest, or for a new run the next number, if left out.")
SLICES = click.option(
    "--slices", metavar="LENGTH[/STEP]", help='Follow clusters over slices of time, such as "7d" or "7d/1d"; h, d or w.'
)
SEED = click.option("--seed", default=0, show_default=True, help="For everything drawn at random.")
ACCOUNTS = click.option("--accounts", default=3000, show_default=True, help="Ordinary accounts in the simulated world.")
LISTS = (
    click.option(
        "--list",
        "lists",
        multiple=True,
        metavar="NAME=FILE",
        help="Persons, sites or terms to look for, e.g. contestants=who.csv.",
    ),
    click.option("--calendar", type=click.Path(), help="Election calendar: CSV with date, until, what."),
)
TO = click.option("--to", default="gexf", show_default=True, help="csv, gexf, graphml, parquet, png, stix, svg or xlsx.")
CUTS = (
    click.option("--cluster", metavar="IDS", help="Only these clusters, comma separated, such as C001,C004."),
    click.option(
        "--graphs",
        metavar="NAMES",
        help="Only ties that these graphs found, comma separated; and each graph as a map of its own.",
    ),
    click.option("--since", metavar="TIME", help="Only ties that last, and posts from, this UTC time on."),
    click.option("--until", metavar="TIME", help="Only ties that begin, and posts, before this UTC time."),
    click.option("--top", metavar="N", type=click.IntRange(min=1), help="Only the N strongest accounts of each map."),
)
RESOURCES = (
    click.option("--threads", type=click.IntRange(min=1), help="Threads; all cores if left out. Never changes a result."),
    click.option("--memory", metavar="SIZE", help='Memory for tables, such as "4GB"; the rest spills to disk.'),
)
SOURCE = (
    click.option("--from", "from_format", metavar="FORMAT", help="Input format; recognised if left out. See: cib formats"),
    click.option(
        "--map", "columns", multiple=True, metavar="NAME=COLUMN", help="Which input column is which, e.g. account_id=author."
    ),
    click.option("--timezone", metavar="ZONE", help='Zone of times that carry none, e.g. "Europe/Kyiv"; UTC if left out.'),
    click.option(
        "--sample",
        default="unknown",
        show_default=True,
        type=click.Choice(["accounts", "keyword", "full", "unknown"]),
        help="How the posts were chosen; told on the first screen.",
    ),
    click.option("--background", multiple=True, type=click.Path(exists=True), help="All other activity of the same accounts."),
)
TESTS = (
    click.option(
        "--graphs", metavar="NAMES", help="Coordination graphs, comma separated, or TOML files of your own; all if left out."
    ),
    click.option("--fdr", default=0.01, show_default=True, help="Largest expected share of false pairs among the ties."),
    click.option("--since", metavar="TIME", help="Only posts from this UTC time on."),
    click.option("--until", metavar="TIME", help="Only posts before this UTC time."),
)


class Commands(click.Group):
    """Our errors are one line and exit code 1; bugs keep their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CibError as error:
            from cib.terminal import safe

            raise click.ClickException(safe(str(error))) from error


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="cib")
def cli() -> None:
    """Find coordinated behaviour in exports of social-media posts, with a stated error rate and the evidence behind every edge.

    Start with: cib demo
    """


def command(*decorators: Callable) -> Callable[[Callable], click.Command]:
    """Make a command of a public function: its name, its help, and the given arguments and options."""

    def make(function: Callable) -> click.Command:
        def call(as_json: bool, quiet: bool, **options: Any) -> None:
            _show(function.__name__, _tracked(function, options, quiet=quiet), as_json=as_json)

        made: Callable = call
        for decorate in reversed(decorators):
            made = decorate(made)
        made = click.option("--quiet", is_flag=True, help="No progress on stderr.")(made)
        made = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(made)
        # An account's id may begin with a minus: a Telegram chat's does.
        settings = {"ignore_unknown_options": function is api.explain}
        return cli.command(function.__name__, help=inspect.getdoc(function), context_settings=settings)(made)

    return make


def _tracked(function: Callable, options: dict[str, Any], *, quiet: bool) -> Any:
    """Call the function, telling on stderr how far it is when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return function(**options)
    from cib import terminal

    with terminal.progress():
        return function(**options)


def _show(name: str, result: dict[str, Any], *, as_json: bool) -> None:
    from cib import terminal

    click.echo(terminal.as_json(result) if as_json else terminal.as_text(name, result))


command(CASE, INPUTS, *SOURCE, *TESTS, SLICES, *LISTS, RUN, SEED, LANGUAGE, *RESOURCES)(api.run)
command(
    click.argument("out", default="cib-demo", type=click.Path()), ACCOUNTS, click.option("--seed", default=1, show_default=True)
)(api.demo)
command(CASE, INPUTS, *SOURCE, *RESOURCES)(api.ingest)
command(CASE, *TESTS, SLICES, *LISTS, RUN, SEED, *RESOURCES)(api.detect)
command(CASE, RUN, LANGUAGE)(api.report)
command(
    CASE,
    TO,
    *CUTS,
    click.option(
        "--pseudonymise",
        metavar="KEYFILE",
        type=click.Path(),
        help="Pseudonyms for accounts, by a key that is made if need be.",
    ),
    RUN,
    *RESOURCES,
)(api.export)
command(CASE, click.argument("accounts", nargs=-1, required=True), RUN)(api.explain)
command(
    CASE,
    click.argument("what", metavar="TERM_OR_URL"),
    click.option("--loose", is_flag=True, help="Words also in look-alike letters, and with letters set apart."),
    RUN,
    *TESTS[2:],
    click.option("--max-carriers", default=2000, show_default=True, help="Most carriers on the page and the map; the first."),
    *RESOURCES,
)(api.spread)
command(CASE, click.argument("query"), RUN)(api.sql)
command(CASE)(api.status)
command(CASE, RUN)(api.verify)
command(
    CASE,
    click.option("--out", type=click.Path(), help="Folder for the sheets; CASE/coding/RUN if left out."),
    click.option("--per-cluster", default=20, show_default=True, help="Posts drawn from each cluster."),
    SEED,
    RUN,
)(api.code)
command(click.argument("names", required=False))(api.graphs)
command()(api.formats)
command(
    click.argument("out", type=click.Path()),
    ACCOUNTS,
    click.option("--days", default=7, show_default=True, help="Length of the period."),
    click.option("--seed", default=1, show_default=True),
    click.option("--campaigns", default="all", show_default=True, help='"all", "none", names, or a TOML file of your own.'),
    click.option("--tier", default="plain", show_default=True, help="plain, camouflaged or adversary."),
)(api.simulate)
command(
    CASE,
    click.argument("truth", required=False, type=click.Path()),
    click.option("--codes", multiple=True, type=click.Path(), help="A coder's sheet of cib code; once per coder."),
    RUN,
    click.option(
        "--calibrate", is_flag=True, help="Shuffle authors 20 times and count p-values: does the null keep its promise?"
    ),
    SEED,
)(api.evaluate)


def main() -> None:
    """Run the command line; exit code 130 when interrupted."""
    try:
        cli(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
