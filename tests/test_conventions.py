"""The house's rules, held by reading its files: layers, query headers, graphs, command line = API, sizes, hostile text."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import duckdb
import pytest

import cib
from cib import api, cli, datapackage, graphdef, queryfile, schema, terminal
from cib.errors import GraphError

ROOT = Path(cib.__file__).parent.parent
MODULES = sorted((ROOT / "cib").rglob("*.py"))
QUERIES = sorted(queryfile.folder("queries").glob("*.sql"))
GRAPHS = sorted(queryfile.folder("graphs").glob("*.toml"))
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.toml"))

LAYERS = (
    {"cli"},
    {"api"},
    {"questions"},
    {"options"},
    {"pipeline", "explanation", "terminal", "results", "carriers"},
    {"calibration", "slices"},  # run steps anew: on permuted data, on slices of time
    {"sources", "projection", "neartext", "significance", "timing", "edges", "fusion", "clusters", "evidence"}
    | {"embeddings", "profiles", "similarity", "observer"}
    | {"htmlreport", "graphfiles", "simulator", "evaluation", "coding"},
    {"circles"},
    {"communities"},
    {"layout", "exposure", "extent", "coincidences", "review", "lineage"},
    {"runs"},
    {"case"},
    {"graphdef", "coaction", "lists", "electiondays", "remarks", "intake", "origins"},
    {"queryfile", "engines", "urls", "kernels", "datapackage", "matching", "plaintext"},
    {"parquet", "text"},
    {"schema", "progress", "wording", "spans", "languages"},
    {"errors", "optionaltables"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
LEVEL |= {"__main__": -1}
AT_HOME = {
    "duckdb": {"engines/duckdb.py"},
    "click": {"cli.py"},
    "igraph": {"communities/partition.py", "layout.py", "results.py"},
    "networkx": {"results.py"},
    "rich": {"terminal.py"},
    "pandas": set(),
    "polars": set(),
}
HEAVY = {"duckdb", "pyarrow", "numpy", "numba", "scipy", "igraph", "networkx", "jinja2", "rich"}
UNORDERED = {
    "n_posts": "one row",
    "probe": "a set: no join on items may be forced to sort",
    "acted_span": "one row",
    "post_kinds": "one row",
    "left_out": "one row",
    "scope_span": "one row",
    "left_out_similar": "one row",
}

MAX_LINES, MAX_FUNCTION, MAX_POSITIONAL = 300, 60, 3
# Functions that still take more than three things by position. The list may only become shorter.


def place(path: Path) -> str:
    return path.relative_to(ROOT / "cib").as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def by_place(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem if path.suffix != ".py" else place(path))


# Layers


def imported(path: Path) -> list[str]:
    """Every module that a file imports, wherever in it; from cib the module, from elsewhere the package."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found += [f"cib.{alias.name}" for alias in node.names] if node.module == "cib" else [node.module]
    return [name for name in found if name != "cib.__version__"]


@by_place(MODULES)
def test_imports_point_down(path):
    own = place(path).removesuffix(".py").split("/")[0]
    assert own == "__init__" or own in LEVEL, f"{place(path)} has no layer: give it one above"
    for name in imported(path):
        package, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if package == "cib" and other != own:
            assert LEVEL[own] < LEVEL[other], f"{place(path)} imports {other}, which is not below it"


@by_place(MODULES)
def test_each_library_is_imported_in_its_own_place(path):
    packages = {name.split(".")[0] for name in imported(path)}
    for library in packages & set(AT_HOME):
        assert place(path) in AT_HOME[library]
    if "numba" in packages:
        assert place(path).startswith("kernels/")
    if place(path).startswith("kernels/"):
        assert packages <= {"numba", "numpy", "math", "cib"}


def test_the_slow_twins_import_nothing_that_they_are_to_check():
    names = {name.split(".")[0] for name in imported(ROOT / "tests" / "naive.py")}
    assert names <= {"math", "collections", "fractions", "itertools", "statistics", "unicodedata"}


def test_help_is_light():
    """`cib --help` loads no library that takes time to load."""
    code = "import sys; from cib import cli\ntry: cli.cli(['--help'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Start with: cib demo" in done.stdout
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert "click" in loaded
    assert not loaded & HEAVY


# Queries


def header(text: str) -> dict[str, str]:
    """The parts of a query's header; continuation lines follow as further groups of the same part."""
    parts: dict[str, str] = {}
    part = ""
    for line in text.split("\n\n")[0].splitlines():
        assert line.startswith("--"), "the header is comments up to the first empty line"
        if match := re.match(r"-- (\w+): +(.*)", line):
            part, words = match.groups()
            parts[part] = words
        elif part in ("reads", "params"):
            parts[part] += "\n" + line[2:].strip()
    return parts


def words_of(group: str) -> set[str]:
    """Names of a list such as `graph, n_w1 … n_w6`."""
    names: set[str] = set()
    for word in (w.strip() for w in group.split(",") if w.strip()):
        first, dots, _ = word.partition(" … ")
        names |= {re.sub(r"\d", str(i), first, count=1) for i in range(1, 7)} if dots else {first}
    return names


def reads_of(text: str) -> dict[str, set[str]]:
    """Table: columns, as the header names them."""
    joined = header(text).get("reads", "").replace("\n", " ")
    return {table: words_of(columns) for table, columns in re.findall(r"(\w+)\(([^)]*)\)", joined)}


def params_of(text: str) -> set[str]:
    groups = re.split(r";  |\n", header(text).get("params", ""))
    return set().union(*(words_of(group.split("  ")[0]) for group in groups)) - {"none"}


def bare(body: str) -> str:
    """The query without what stands in quotes or brackets: its top level."""
    body = re.sub(r"'[^']*'", "''", body)
    while (inner := re.sub(r"\([^()]*\)", " ", body)) != body:
        body = inner
    return body


@by_place(QUERIES)
def test_a_query_header_is_true(path):
    text = path.read_text(encoding="utf-8")
    query = queryfile.load(path.stem)
    assert {path.stem, "grain"} <= set(header(text)), "the header begins with the name and states the grain"
    code = re.sub(r"'[^']*'", "''", query.body)
    own = set(re.findall(r"(?:WITH|,)\s+(\w+) AS \(", code))
    assert not own & (own_inputs := set(reads_of(text))), f"{own & own_inputs} names both a table and a part of the query"
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", code)) - own
    assert named == set(reads_of(text)) == set(query.reads)
    assert query.params == params_of(text)


@by_place(QUERIES)
def test_a_query_reads_the_columns_of_its_header_and_no_other(path, request):
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"'[^']*'", "''", queryfile.load(path.stem).body)
    own = set(re.findall(r"(?:WITH|,)\s+(\w+) AS \(", code))
    words = set(re.findall(r"\w+", code))
    for table, columns in reads_of(text).items():
        if any(column.startswith("every column of ") for column in columns):
            continue
        assert columns <= words, f"{table}: {columns - words} is never read"
        aliases = set(re.findall(rf"\b(?:FROM|JOIN)\s+{table}\s+AS\s+(\w+)", code)) | {table}
        for alias in aliases - own:
            shared = [t for t in reads_of(text) if t != table and re.search(rf"\b{t}\s+AS\s+{alias}\b", code)]
            shared += re.findall(rf"\b(?:{'|'.join(own) or '-'})\s+AS\s+{alias}\b", code)
            used = set(re.findall(rf"\b{alias}\.(\w+)", code))
            assert shared or used <= columns, f"{table}: {used - columns} is read and stands in no header"


@by_place(GOLDEN)
def test_a_golden_file_gives_no_more_than_the_header_reads(path):
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    reads = reads_of(queryfile.load(path.stem.split("-")[0]).text)
    for table, text in golden["given"].items():
        assert set(text.strip().splitlines()[0].split(",")) <= reads[table]


@by_place(QUERIES)
def test_a_query_is_one_plain_select(path):
    text = path.read_text(encoding="utf-8")
    body = queryfile.load(path.stem).body
    assert re.match(r"(WITH|SELECT)\b", body)
    assert not re.search(r"[{}\t;?]|%s|\b(INSERT|UPDATE|DELETE|CREATE|COPY|ATTACH|PRAGMA|SET)\b", re.sub(r"'[^']*'", "''", body))
    assert "\t" not in text
    assert text.endswith("\n")
    (statement,) = duckdb.extract_statements(text)
    assert statement.type == duckdb.StatementType.SELECT


@by_place(QUERIES)
def test_a_query_ends_in_the_order_of_its_grain(path):
    last = bare(queryfile.load(path.stem).body).rsplit("SELECT", 1)[-1]
    assert ("ORDER BY" in last) != (path.stem in UNORDERED)


# Graphs and tables


@by_place(GRAPHS)
def test_a_graph_file_is_named_after_its_graph_and_says_when_it_misleads(path):
    graph = graphdef.parse(path.read_text(encoding="utf-8"), path.name)
    assert graph.name == path.stem
    assert len(graph.misleads) > 20
    assert len(graph.says) > 20
    if graph.extra is None and graph.embedding is None and graph.acts and graph.verb != graphdef.ANY:
        assert graph.object in schema.names("post")


@by_place(GRAPHS)
def test_an_unknown_key_in_a_graph_file_is_an_error(path):
    with pytest.raises(GraphError, match="unknown key windows; known are"):
        graphdef.parse(path.read_text(encoding="utf-8") + "\nwindows = [1]\n", path.name)


SIDES = re.compile(
    r"(platform|account|post|post_platform|source_file|source_record)_[ab]$|(platform|account|cluster)_id$|platform$"
)


@pytest.mark.parametrize("table", schema.TABLES)
def test_every_column_has_a_type_that_arrow_knows_and_says_what_it_means(table):
    columns = schema.TABLES[table]
    assert schema.arrow(table).names == [column.name for column in columns]
    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert column.meaning or SIDES.match(column.name), f"{table}.{column.name} says nothing"


def test_every_table_says_what_one_row_of_it_is():
    assert set(datapackage.ROWS) == set(schema.TABLES)


# Command line = API


@pytest.mark.parametrize(("name", "command"), cli.cli.commands.items(), ids=list(cli.cli.commands))
def test_a_command_mirrors_its_function(name, command):
    function = getattr(cib, name)
    parameters = inspect.signature(function).parameters
    assert {p.name for p in command.params} == set(parameters) | {"as_json", "quiet"}
    assert command.help == inspect.getdoc(function)
    for option in (option for option in command.params if option.name in parameters and not option.required):
        given = option.get_default(click.Context(command))
        given = given if isinstance(given, str | int | float) else None
        assert (parameters[option.name].default or None) == (given or None), option.name


def test_every_public_name_is_a_command_and_every_command_public():
    assert sorted(cib.__all__) == cib.__all__
    assert {*cib.__all__} - {"open"} == set(cli.cli.commands)


@pytest.mark.parametrize("name", sorted({*cib.__all__} - {"open"}))
def test_a_public_function_is_annotated_and_documented(name):
    function = getattr(api, name)
    signature = inspect.signature(function)
    assert (function.__doc__ or "").strip().splitlines()[0].endswith((".", ":"))
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


# Code


def functions(path: Path):
    """(name within the module, node) of every function, methods and inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{place(path)}:{node.name}", node


def n_lines(node) -> int:
    """Lines of a function without its docstring and decorators."""
    first = node.body[0]
    doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return node.end_lineno - node.lineno + 1 - (first.end_lineno - first.lineno + 1 if doc else 0)


@by_place(MODULES)
def test_modules_and_functions_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert not {name: n for name, node in functions(path) if (n := n_lines(node)) > MAX_FUNCTION}


def is_kernel(node) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "kernel" for d in node.decorator_list)


def test_a_function_takes_at_most_three_things_by_position():
    many = set()
    for path in MODULES:
        for name, node in functions(path):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
            if len(names) > MAX_POSITIONAL and not is_kernel(node):
                many.add(name)
    assert not many, "make the rest keyword-only"


@by_place(MODULES)
def test_nothing_is_printed_and_no_error_is_swallowed(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            assert getattr(node.func, "id", "") not in {"print", "eval", "exec", "breakpoint"}, f"line {node.lineno}"
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {getattr(c, "id", "") for c in caught if c is not None}
            raised = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
            assert node.type is not None, f"line {node.lineno}: bare except"
            assert not names & {"Exception"}, f"line {node.lineno}"
            assert "BaseException" not in names or raised, f"line {node.lineno}"


@by_place([path for path in MODULES if "kernels" in path.parts])
def test_kernels_know_one_decorator(path):
    for name, node in functions(path):
        if name != "kernels/__init__.py:kernel":
            assert all(isinstance(d, ast.Name) and d.id == "kernel" for d in node.decorator_list), name


@by_place(MODULES)
def test_a_module_begins_by_saying_what_it_is_and_nothing_is_left_to_do(path):
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text))
    assert not re.search(r"\b(TO" r"DO|FIX" r"ME|XXX)\b", text)


def project_files() -> list[Path]:
    folders = ("cib", "graphs", "queries", "scripts", "tests", "docs")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    own = [path for path in (*found, ROOT / "README.md") if not {"node_modules", "__pycache__"} & set(path.parts)]
    return [
        path
        for path in own
        if path.suffix in {".py", ".sql", ".toml", ".md", ".j2", ".html", ".css", ".js", ".json", ".txt"} and path.exists()
    ]


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name
)
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_no_file_names_the_machine_it_was_written_on():
    path = re.compile(r"(?<![\w.>*~$}-])/(?:" + "work|root|tmp" + r")/\w")
    host = re.compile(
        "(?:extra-)?index" + "-url|arti" + "factory|jf" + "rog|dev" + "pi|code" + r"artifact|\.pkg\.dev", re.IGNORECASE
    )
    for file in project_files():
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            assert not path.search(line), f"{file.relative_to(ROOT)}:{number}: a path of one machine"
            assert not host.search(line), f"{file.relative_to(ROOT)}:{number}: a package registry"


# Hostile text

HOSTILE = "anna\u202e\x1b[31mred\x1b[0m\x07\u200b\r\x9b2J\nnext"
HARMLESS = {"\n"}


def shows_raw(text: str) -> set[str]:
    return {c for c in text if not c.isprintable()} - HARMLESS


def test_a_table_makes_hostile_text_visible_and_keeps_its_lines():
    lines = terminal.table([{"handle": HOSTILE, "list": [HOSTILE]}])
    assert len(lines) == 3
    assert not shows_raw("\n".join(lines))
    assert "⟨U+202E⟩" in lines[2]
    assert "⟨U+001B⟩" in lines[2]


CLUSTER = {"cluster_id": "C001", "n_accounts": 3, "kind": "crowd", "claim_level": 1, "flagged": False}
RUN = {
    "run": "001",
    "accounts": 3,
    "rows": {"action": 1, "edge": 1, "tie": 1},
    "clusters": [CLUSTER],
    "flagged_accounts": 0,
    "not_calibrated": {"co_action": [HOSTILE]},
    "too_little": {},
}
RESULTS = {
    "ingest": {"case": "c", "ingest": [{"name": HOSTILE, "format": HOSTILE, "notes": [HOSTILE]}]},
    "detect": RUN,
    "sql": {"columns": ["handle"], "rows": [{"handle": HOSTILE}], "cut": True},
    "explain": {
        "accounts": [{"sentences": [HOSTILE, 9 * HOSTILE], "edges": [{"other": HOSTILE}]}],
        "meetings": [{"object": HOSTILE, "post_a": HOSTILE}],
    },
    "evaluate": {
        "evaluation": {
            "core": 1,
            "accounts": 2,
            "flagged": {"precision": 1.0},
            "found": {"precision": 1.0},
            "clustered": {"precision": 1.0},
            "ties": {"true": 1},
            "groups": {HOSTILE: {"kind": HOSTILE, "n": 1, "in_clusters": 1, "flagged": 0}},
        }
    },
    "graphs": {
        "graphs": [
            {
                "name": HOSTILE,
                "says": HOSTILE,
                "misleads": HOSTILE,
                "windows_s": [1],
                "max_crowd": 1,
                "max_audience": 2,
                "per": "all",
            }
        ]
    },
    "spread": {
        "understood": HOSTILE,
        "n_posts": 1,
        "n_accounts": 1,
        "sentences": [HOSTILE],
        "platforms": [{"platform": HOSTILE, "first": HOSTILE}, {"platform": HOSTILE}],
        "carriers": [{"handle": HOSTILE, "account_id": HOSTILE, "of_handle": None, "of_account": HOSTILE}],
        "clusters": [{"cluster_id": HOSTILE, "kind": HOSTILE}],
        "limits": [HOSTILE],
        "files": [HOSTILE],
    },
    "status": {"case": "c", "inputs": [{"name": HOSTILE}], "runs": []},
    "verify": {"case": "c", "run": HOSTILE, "files": [HOSTILE]},
}


@pytest.mark.parametrize(("name", "result"), RESULTS.items(), ids=list(RESULTS))
def test_no_command_prints_hostile_text_raw(name, result):
    text = terminal.as_text(name, result)
    assert not shows_raw(text)
    assert not shows_raw(terminal.as_json(result))
    assert terminal.as_json(result).isascii()
