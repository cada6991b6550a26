"""Programs that are not ours open every export, find the same accounts, edges and values, and run nothing in it."""

import csv
import json
import os
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import igraph
import networkx as nx
import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from test_graphfiles import HOSTILE, MAPS, Small, member, put

from cib import graphfiles
from cib.engines.duckdb import DuckDB
from cib.errors import MissingExtraError
from cib.graphfiles import formats, graphml
from cib.text import visible, xml

READER = Path(__file__).parent / "gexf"
SVG = "{http://www.w3.org/2000/svg}"
NOT_SVG = {"script", "a", "image", "use", "foreignObject", "style", "animate", "set", "iframe"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Small(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def files(small):
    """Every file of every format, by name; and export.json."""
    return {name: path for to in formats.NAMES for name, path in small.export(to=to).items()}


def told(files) -> dict:
    return json.loads(files["export.json"].read_text(encoding="utf-8"))


def graphology(paths) -> list[dict]:
    """What the parsers of Gephi Lite find in GEXF and GraphML files."""
    if not shutil.which("node") or not (READER / "node_modules" / "graphology-graphml").is_dir():
        reason = "needs node, and `npm ci` in tests/gexf"
        if os.environ.get("CIB_REQUIRE_NODE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    command = ["node", str(READER / "read.mjs"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def sheet(path: Path, name: str) -> list[dict]:
    """The rows of a sheet; what a workbook spells _x000D_ is read as Excel reads it."""
    head, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    plain = ([unescape(value) if isinstance(value, str) else value for value in row] for row in rows)
    return [dict(zip(head, row, strict=True)) for row in plain]


def rows_of(files, table: str, name: str) -> int:
    """How many rows CSV, Parquet and XLSX readers find in `table` (nodes or edges) of a map; they must agree."""
    stem = table if name == "network" else f"{name}_{table}"
    with files[f"{stem}.csv"].open(encoding="utf-8", newline="") as file:
        found = {len(list(csv.DictReader(file)))}
    found |= {pl.read_parquet(files[f"{stem}.parquet"]).height, len(sheet(files[f"{name}.xlsx"], table))}
    found |= {python_calamine.CalamineWorkbook.from_path(files[f"{name}.xlsx"]).get_sheet_by_name(table).height - 1}
    (n,) = found
    return n


@pytest.mark.parametrize("name", MAPS[:-1])  # nothing was shared here: the map of objects is empty
def test_every_reader_counts_what_export_json_tells(files, name):
    facts = told(files)
    n = (facts[f"{name}.gexf"]["nodes"], facts[f"{name}.gexf"]["edges"])
    assert min(n) > 0
    assert {(one["nodes"], one["edges"]) for one in facts.values() if one["map"] == name} == {n}
    marked, other = nx.read_graphml(files[f"{name}.graphml"]), igraph.Graph.Read_GraphML(str(files[f"{name}.graphml"]))
    assert (marked.number_of_nodes(), marked.number_of_edges()) == (other.vcount(), other.ecount()) == n
    assert marked.is_directed() == other.is_directed() == nx.read_gexf(files[f"{name}.gexf"]).is_directed()
    assert (rows_of(files, "nodes", name), rows_of(files, "edges", name)) == n


def test_the_parsers_of_gephi_lite_count_the_same(files):
    names = [name for name in files if name.endswith((".gexf", ".graphml"))]
    facts = told(files)
    assert len(names) == 2 * len(MAPS) + 1  # one of them with times
    for name, found in zip(names, graphology([files[name] for name in names]), strict=True):
        assert (found["n_nodes"], found["n_edges"]) == (facts[name]["nodes"], facts[name]["edges"])
        assert found["type"] == ("undirected" if name.startswith("network") else "directed") or not found["n_edges"]
        assert {node["label"] for node in found["nodes"].values() if node.get("flagged")} <= {"handle 20", "handle 21"}


def test_every_reader_finds_the_same_values(files):
    marked, other = nx.read_graphml(files["network.graphml"]), igraph.Graph.Read_GraphML(str(files["network.graphml"]))
    nodes = {row["Id"]: row for row in sheet(files["network.xlsx"], "nodes")}
    parquet = {row["id"]: row for row in pl.read_parquet(files["nodes.parquet"]).to_dicts()}
    gexf = nx.read_gexf(files["network.gexf"])
    for name, node in marked.nodes(data=True):
        same = ("cluster", "kind", "role", "flagged", "coordination", "posts", "account_id", "platform")
        known = {key: node[key] for key in same if key in node}
        vertex = other.vs.find(id=name).attributes()
        for found in (vertex, nodes[name], parquet[name], gexf.nodes[name]):
            assert {key: found[key] for key in known} == known
        assert [node[part] for part in "rgb"] == [gexf.nodes[name]["viz"]["color"][part] for part in "rgb"]
    edges = {(row["Source"], row["Target"]): row for row in sheet(files["network.xlsx"], "edges")}
    for a, b, edge in marked.edges(data=True):
        row = edges[a, b] if (a, b) in edges else edges[b, a]
        values = ("surprise_bits", "graphs", "n_post_pairs")
        assert {key: edge[key] for key in values} == {key: gexf.edges[a, b][key] for key in values}
        assert {key: row[key] for key in values} == {key: edge[key] for key in values}
        assert edge["p_value"] == max(gexf.edges[a, b]["p_value"], graphml.SMALLEST)
        assert edge["weight"] == row["Weight"] == gexf.edges[a, b]["weight"]


def test_hostile_handles_are_data_everywhere(files):
    sheets = {row["account_id"]: row for row in sheet(files["network.xlsx"], "nodes")}
    graph = igraph.Graph.Read_GraphML(str(files["network.graphml"]))
    table = {row["account_id"]: row for row in pq.read_table(files["nodes.parquet"]).to_pylist()}
    for i, handle in enumerate(HOSTILE):
        assert table[f"1{i}"]["handle"] == handle
        assert (sheets[f"1{i}"]["handle"] or "") == xml(handle)
        assert graph.vs.find(account_id=f"1{i}")["handle"] == xml(handle)
        assert visible(sheets[f"1{i}"]["Label"]) == sheets[f"1{i}"]["Label"]


def test_a_workbook_rounds_no_id_and_holds_no_formula_and_no_link(tmp_path):
    small = Small(tmp_path)
    long = "1234567890123456789"
    put(small.run, "member", [*small.members, member(long, handle='=HYPERLINK("http://evil.example","x")')])
    path = small.export(to="xlsx")["network.xlsx"]
    (row,) = (row for row in sheet(path, "nodes") if row["account_id"] == long)
    assert (row["Id"], row["handle"]) == (f"twitter:{long}", '=HYPERLINK("http://evil.example","x")')
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for page in book for line in page.iter_rows() for cell in line}
    assert kinds <= {"s", "n", "b", "inlineStr"}
    with zipfile.ZipFile(path) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist())
        assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name]
    assert b"<f>" not in whole
    assert b"<hyperlink" not in whole


@pytest.mark.parametrize("name", MAPS)
def test_a_picture_holds_shapes_and_words_and_nothing_that_acts(files, name):
    root = ET.fromstring(files[f"{name}.svg"].read_text(encoding="utf-8"))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in NOT_SVG
        assert not [key for key in element.attrib if key.lower().startswith("on") or "href" in key or key == "style"]
        assert not [value for value in element.attrib.values() if "url(" in value or "://" in value]
    assert len(list(root.iter(f"{SVG}circle"))) >= told(files)[f"{name}.svg"]["nodes"]
    data = files[f"{name}.png"].read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (2 * float(root.get("width")), pytest.approx(2 * float(root.get("height")), abs=2))


def test_the_same_run_makes_the_same_bytes_in_every_format(small, files, tmp_path):
    shuffled = Small(tmp_path, shuffle=4)
    for to in formats.NAMES:
        for name, path in shuffled.export(to=to).items():
            if name != "export.json":
                assert path.read_bytes() == files[name].read_bytes(), name


def test_a_cut_is_the_same_in_every_format(tmp_path):
    small = Small(tmp_path)
    cut = graphfiles.Cut(clusters=("2",), top=2)
    found = {to: told(small.export(to=to, cut=cut)) for to in formats.NAMES}
    for to in formats.NAMES:
        mine = {one["map"]: one for name, one in found[to].items() if name.endswith(to)}
        assert mine["network"]["nodes"] == 2
        assert mine["network"]["left_out"] == found["gexf"]["network.gexf"]["left_out"]
        assert mine["network"]["left_out"]["ties_of_other_clusters"] > 0
        assert mine["network"]["cut"] == {"cluster": ["2"], "top": 2}
    assert nx.read_graphml(tmp_path / "runs/001/export/network.graphml").number_of_nodes() == 2


@pytest.mark.parametrize(("to", "library", "extra"), [("xlsx", "xlsxwriter", "xlsx"), ("png", "resvg_py", "png")])
def test_a_missing_library_is_said_in_one_line_that_names_the_extra(small, monkeypatch, to, library, extra):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"^[^\n]*pip install 'cib\[{extra}\]'[^\n]*$"):
        small.export(to=to)


@settings(max_examples=12, deadline=None)
@given(handles=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=4, max_size=12))
def test_whatever_the_handles_every_file_parses_and_they_survive(handles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any") / "runs" / "001"
    put(folder, "member", [member(f"{i}", handle=handle) for i, handle in enumerate(handles)])
    put(folder, "cluster", [{"cluster_id": "1", "n_accounts": len(handles), "claim_level": 1}])
    engine = DuckDB(threads=1)
    paths = {}
    for to in ("csv", "graphml", "parquet", "svg", "xlsx"):
        paths |= {path.name: path for path in graphfiles.export(folder, case_parts={}, engine=engine, to=to)}
    engine.close()
    ET.parse(paths["network.svg"])
    marked = nx.read_graphml(paths["network.graphml"])
    book = {row["account_id"]: row for row in sheet(paths["network.xlsx"], "nodes")}
    whole = {row["account_id"]: row["handle"] for row in pl.read_parquet(paths["nodes.parquet"]).to_dicts()}
    assert igraph.Graph.Read_GraphML(str(paths["network.graphml"])).vcount() == len(handles)
    assert whole == {f"{i}": handle for i, handle in enumerate(handles)}
    for i, handle in enumerate(handles):
        assert marked.nodes[f"twitter:{i}"].get("handle", "") == xml(handle)
        assert (book[f"{i}"]["handle"] or "") == xml(handle)
