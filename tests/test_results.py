"""The tables reach researchers: Arrow, SQL, pandas, polars, DuckDB, igraph, networkx, Data Package."""

import copy
import importlib.util
import json
import re
import shutil
from pathlib import Path

import networkx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cib
from cib import schema
from cib.datapackage import ROWS, TYPES
from cib.errors import CaseError, CibError, SchemaError

ROOT = Path(cib.__file__).parent.parent


@pytest.fixture(scope="module")
def results(case):
    return cib.open(case)


def test_a_table_is_what_its_files_hold(results):
    for table in results.names:
        rows = results.table(table)
        assert rows.schema.names == schema.names(table)
        assert rows.num_rows == sum(pq.read_metadata(path).num_rows for path in results.files(table))
    assert results.table("tie", ["account_a"]).column_names == ["account_a"]
    assert {"post", "tie", "cluster"} <= set(results.names)
    with pytest.raises(SchemaError, match="no table 'ties'"):
        results.table("ties")


def test_pandas_polars_and_duckdb_hold_the_same_rows_and_ids_stay_text(results):
    rows = results.table("member").to_pylist()
    frame = pytest.importorskip("polars") and results.polars("member")
    assert frame.to_dicts() == rows
    assert pytest.importorskip("pandas") is not None
    assert results.pandas("member")["account_id"].tolist() == [row["account_id"] for row in rows]
    assert results.relation("member").order("platform, account_id").project("account_id").fetchall() == [
        (row["account_id"],) for row in sorted(rows, key=lambda r: (r["platform"], r["account_id"]))
    ]


def test_sql_reads_all_rows_and_nothing_else(results, case):
    assert results.sql("SELECT * FROM edge").num_rows == results.table("edge").num_rows
    for typed in ("DROP VIEW tie", "SELECT 1; SELECT 2", "SELECT * FROM '/etc/passwd'", "COPY tie TO 'x.csv'"):
        with pytest.raises(CibError):
            results.sql(typed)


def test_networks_hold_every_tie_and_every_member(results):
    ties, members = results.table("tie").to_pylist(), results.table("member").to_pylist()
    graph, same = results.igraph(), results.networkx()
    assert graph.ecount() == same.number_of_edges() == len(ties) > 0
    assert graph.vcount() == same.number_of_nodes()
    for tie in ties[:50]:
        a, b = ((tie[f"platform_{end}"], tie[f"account_{end}"]) for end in "ab")
        assert same.edges[a, b]["p_value"] == tie["p_value"]
        edge = graph.es[graph.get_eid(graph.vs.find(name="\t".join(a)), graph.vs.find(name="\t".join(b)))]
        assert (edge["p_value"], edge["graphs"]) == (tie["p_value"], tie["graphs"])
    for member in members:
        assert same.nodes[member["platform"], member["account_id"]]["cluster_id"] == member["cluster_id"]
    assert networkx.utils.graphs_equal(same, cib.open(results.case.root).networkx())


def test_a_source_has_no_kind_on_the_map_and_a_member_is_no_source(case, monkeypatch):
    results = cib.open(case)
    accused = {"kind": "troll_farm", "flagged": True, "confidence": 0.9}
    rows = [("s", "C002", "source"), ("s", "C001", "source"), ("m", "C001", "source"), ("m", "C002", "member")]
    row = dict.fromkeys(schema.names("member")) | {"platform": "p"} | accused
    members = [row | {"account_id": a, "cluster_id": cluster, "role": role} for a, cluster, role in rows]
    tables = {"tie": schema.arrow("tie").empty_table(), "member": pa.Table.from_pylist(members, schema=schema.arrow("member"))}
    monkeypatch.setattr(results, "table", tables.__getitem__)
    for nodes in (
        dict(results.networkx().nodes),
        {(v["platform"], v["account_id"]): v.attributes() for v in results.igraph().vs},
    ):
        found = {account: {key: node[key] for key in ("cluster_id", "role", *accused)} for (_, account), node in nodes.items()}
        assert found["s"] == {"cluster_id": "C001", "role": "source", "kind": None, "flagged": False, "confidence": None}
        assert found["m"] == {"cluster_id": "C002", "role": "member"} | accused


def test_a_case_without_a_run_has_its_posts_and_says_what_to_do_for_more(case, tmp_path):
    shutil.copytree(case / "data", tmp_path / "case" / "data")
    for name in ("case.json", "case.toml"):
        shutil.copy(case / name, tmp_path / "case" / name)
    results = cib.open(tmp_path / "case")
    assert results.names == list(schema.DATA_TABLES)
    assert results.table("post").num_rows == cib.open(case).table("post").num_rows
    with pytest.raises(CaseError, match="cib detect"):
        _ = results.manifest
    with pytest.raises(SchemaError, match="no table 'tie'"):
        results.igraph()


def test_the_data_package_describes_every_table_and_names_files_that_are_there(results):
    package = json.loads((results.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["schemaVersion"] == schema.VERSION
    assert [r["name"].replace("-", "_") for r in package["resources"]] == [
        n for n in results.names if n not in schema.DATA_TABLES
    ]
    for resource in package["resources"]:
        paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
        assert paths == [
            path.relative_to(results.folder).as_posix() for path in results.files(resource["name"].replace("-", "_"))
        ]
        assert resource["bytes"] == sum((results.folder / path).stat().st_size for path in paths)
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert columns == pq.read_schema(results.folder / paths[0]).names
        assert not any(".." in path or path.startswith("/") for path in paths)
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])


def test_every_table_and_type_is_described():
    assert set(ROWS) == set(schema.TABLES)
    assert {column.type for columns in schema.TABLES.values() for column in columns} <= set(TYPES)


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_dictionary_of_tables_is_current():
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == script("tables").dictionary(), "run python scripts/tables.py"


def test_the_code_of_the_documentation_runs(case):
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict = {"case": case}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert names["strongest"].num_rows > 0
    assert len(names["strength"]) == names["same"].number_of_nodes()
    assert names["frequent"].fetchall()


def test_the_notebook_runs_and_shows_what_its_cells_print(case, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("notebook", ROOT / "scripts" / "notebook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "cib-demo").mkdir()
    shutil.copytree(case, tmp_path / "cib-demo" / "case")
    monkeypatch.chdir(tmp_path)
    kept = json.loads(module.NOTEBOOK.read_text(encoding="utf-8"))
    run = module.execute(copy.deepcopy(kept))
    for before, after in zip(kept["cells"], run["cells"], strict=True):
        if before["cell_type"] == "code":
            shapes = [[(one["output_type"], one.get("name")) for one in cell["outputs"]] for cell in (before, after)]
            assert shapes[0] == shapes[1] != [], "run python scripts/notebook.py FOLDER"
            assert before["execution_count"] == after["execution_count"]
    assert len(module.NOTEBOOK.read_bytes()) < 50_000
