"""Files for Gephi: every parser reads them alike, nothing hostile gets through, nothing is left out unsaid."""

import csv
import hashlib
import json
import os
import random
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

import igraph
import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cib
from cib import graphfiles, layout, parquet, schema
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError, CibError
from cib.graphfiles import accounts, drawing, gexf, links, network, picture
from cib.graphfiles.cuts import Cut, View
from cib.text import xml

READER = Path(__file__).parent / "gexf"
NOON = datetime(2024, 3, 1, 12)
HOSTILE = [
    "</node>",
    "\"double\" and 'single'",
    "abc\u202egnp.exe",
    "tab\there\x0bthere\nnext",
    "🕸️ 蜘蛛",
    "",
    "&amp;<![CDATA[",
    "=1+1",
]
MAPS = ("network", "retweet", "reply", "object")
GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
TIE = {"p_value": 1e-30, "q_value": 1e-25, "surprise_bits": 99.7, "graphs": ["co_link", "co_text"], "n_post_pairs": 5}


def put(folder: Path, table: str, rows: list[dict]) -> Path:
    """Write `rows` as the table of that name; columns that are not given are NULL."""
    shape = schema.arrow(table)
    path = folder / table / "all.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    full = [{name: row.get(name) for name in shape.names} for row in rows]
    parquet.write(path, shape, [pa.Table.from_pylist(full, schema=shape)])
    return path


def member(account_id: str, cluster_id: str = "1", **more) -> dict:
    row = {"platform": "twitter", "account_id": account_id, "handle": f"handle {account_id}", "cluster_id": cluster_id}
    return row | {"role": "member", "coordination": 0.5, "kind": "undetermined", "flagged": False, "n_ties": 2} | more


def tie(a: str, b: str, **more) -> dict:
    return {"platform_a": "twitter", "account_a": a, "platform_b": "twitter", "account_b": b} | TIE | more


def post(post_id: str, account_id: str, **more) -> dict:
    time = NOON + timedelta(seconds=int(hashlib.sha256(post_id.encode()).hexdigest()[:4], 16))
    return {"platform": "twitter", "post_id": post_id, "account_id": account_id, "created_at": time} | more


def retweet(post_id: str, account_id: str, of: str, whose: str | None) -> dict:
    return post(post_id, account_id, retweet_of=of, retweet_of_account=whose)


def reply(post_id: str, account_id: str, to: str, whose: str | None) -> dict:
    return post(post_id, account_id, reply_to=to, reply_to_account=whose)


class Small:
    """A run of two clusters, a source, hostile handles and bystanders; and the case behind it."""

    def __init__(self, root: Path, *, shuffle: int | None = None):
        self.run = root / "runs" / "001"
        ids = [f"1{i}" for i in range(len(HOSTILE))]
        self.members = [member(i, handle=handle, coordination=1.0) for i, handle in zip(ids, HOSTILE, strict=True)]
        bots = {"kind": "bot_cluster", "flagged": True}
        self.members += [member("20", "2", role="seeder", **bots), member("21", "2", **bots)]
        self.members += [member("30", "2", role="source", coordination=None, handle=None, **bots)]
        sizes_and_levels = [("1", len(ids), 1), ("2", 2, 3)]
        clusters = [{"cluster_id": c, "n_accounts": n, "claim_level": level} for c, n, level in sizes_and_levels]
        self.ties = [tie(a, b) for a, b in pairwise(ids)]
        self.ties += [tie("20", "21", p_value=5e-324, surprise_bits=1800.5, leader="a", median_gap_s=1.5)]
        self.ties += [tie("21", "30", surprise_bits=20.0)]
        posts = [post("p1", "30"), post("p2", "20"), retweet("p3", "90", "p1", "30")]
        posts += [retweet(f"r{i}", "21", "p1", "30") for i in range(3)]
        posts += [retweet("r8", "20", "p1", None), retweet("r9", "20", "p2", "20")]
        posts += [reply("a1", "21", "x", "95"), reply("a2", "95", "r8", None), reply("a3", "95", "x", None)]
        handles = [("30", "wire"), ("95", "=cmd")]
        known = [{"platform": "twitter", "account_id": account_id, "handle": handle} for account_id, handle in handles]
        rows = {"member": self.members, "cluster": clusters, "tie": [*self.ties, tie("20", "90"), tie("91", "92")]}
        rows |= {"post": posts, "account": known}
        if shuffle is not None:
            rows = {table: random.Random(shuffle).sample(some, len(some)) for table, some in rows.items()}
        for table in ("member", "cluster", "tie"):
            put(self.run, table, rows[table])
        self.parts = {table: [put(root, table, rows[table])] for table in ("post", "account")}

    def export(self, *, threads: int = 2, **options) -> dict[str, Path]:
        engine = DuckDB(threads=threads)
        try:
            files = graphfiles.export(self.run, case_parts=self.parts, engine=engine, **options)
        finally:
            engine.close()
        return {path.name: path for path in files}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Small(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def files(small):
    return small.export()


def test_networkx_reads_every_account_tie_and_attribute(small, files):
    graph = nx.read_gexf(files["network.gexf"])
    assert not graph.is_directed()
    assert graph.number_of_nodes() == len(small.members)
    assert graph.number_of_edges() == len(small.ties)
    node = graph.nodes["twitter:20"]
    expected = {"handle": "handle 20", "platform": "twitter", "account_id": "20", "cluster": "2", "kind": "signs of automation"}
    expected |= {"role": "seeder", "flagged": True, "coordination": 0.5, "posts": 3, "label": "handle 20"}
    assert {name: node[name] for name in expected} == expected
    edge = graph.edges["twitter:20", "twitter:21"]
    expected = {
        "graphs": "co_link|co_text",
        "weight": 10.0,
        "p_value": 5e-324,
        "surprise_bits": 1800.5,
        "n_post_pairs": 5,
        "median_gap_s": 1.5,
        "leader": "twitter:20",
    }
    assert {name: edge[name] for name in expected} == expected


def test_graphology_reads_what_networkx_reads(files):
    if not shutil.which("node") or not (READER / "node_modules" / "graphology-gexf").is_dir():
        reason = "needs node, and `npm ci` in tests/gexf"
        if os.environ.get("CIB_REQUIRE_NODE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    names = [name for name in files if name.endswith(".gexf")]
    command = ["node", str(READER / "read.mjs"), *(str(files[name]) for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    for name, line in zip(names, done.stdout.splitlines(), strict=True):
        found, graph = json.loads(line), nx.read_gexf(files[name])
        assert (found["n_nodes"], found["n_edges"]) == (graph.number_of_nodes(), graph.number_of_edges())
        if graph.number_of_edges():
            assert found["type"] == ("directed" if graph.is_directed() else "undirected")
        for node, values in graph.nodes(data=True):
            other = found["nodes"][node]
            shared = {*drawing.ATTRIBUTES, "label"} & values.keys()
            assert {key: other.get(key) for key in shared} == {key: values[key] for key in shared}
            assert other.get("cluster_kind") == values.get("kind")
            position = values["viz"]["position"]
            assert (other["x"], other["y"], other["size"]) == (position["x"], position["y"], values["viz"]["size"])
        for edge in found["edges"]:
            values = graph.edges[edge["source"], edge["target"]]
            assert all(edge[key] == values[key] for key in values if key not in ("id", "source", "target"))


def test_a_second_export_writes_the_same_bytes(small, files):
    before = {name: path.read_bytes() for name, path in files.items()}
    assert {name: path.read_bytes() for name, path in small.export().items()} == before


@pytest.mark.parametrize("seed", range(3))
def test_neither_the_order_of_the_rows_nor_the_threads_change_a_byte(files, tmp_path, seed):
    shuffled = Small(tmp_path, shuffle=seed).export(threads=1 + seed)
    assert {name: path.read_bytes() for name, path in shuffled.items()} == {
        name: path.read_bytes() for name, path in files.items()
    }


def test_nodes_stand_in_order_of_account_and_edges_in_order_of_their_ends(files):
    root = ET.parse(files["network.gexf"]).getroot()
    ids = [node.get("id") for node in root.iter(f"{GEXF}node")]
    assert ids == sorted(ids)
    ends = [(ids.index(edge.get("source")), ids.index(edge.get("target"))) for edge in root.iter(f"{GEXF}edge")]
    assert ends == sorted(ends)


def test_the_traps_of_gephi_are_avoided(files):
    text = files["network.gexf"].read_text(encoding="utf-8")
    assert 'xmlns="http://gexf.net/1.3"' in text
    assert "ns0:" not in text
    assert text.index("<attributes") < text.index("<nodes>")
    root = ET.fromstring(text)
    for colour in root.iter(f"{VIZ}color"):
        assert all(0 <= int(colour.get(part)) <= 255 for part in "rgb")
    assert all(next(iter(size.attrib)) == "value" for size in root.iter(f"{VIZ}size"))
    declared = {(a.get("id"), a.get("type")) for a in root.iter(f"{GEXF}attribute")}
    assert not {name for name, _ in declared} & {"id", "label", "weight", "source", "target", "kind"}
    numbers = {("posts", "long"), ("n_post_pairs", "long"), ("p_value", "double")}
    assert numbers | {("account_id", "string"), ("flagged", "boolean")} <= declared
    weights = [float(edge.get("weight")) for edge in root.iter(f"{GEXF}edge")]
    assert min(weights) >= 1
    assert max(weights) <= 10
    assert 'p_value" value="5e-324' in text


def test_hostile_handles_survive_as_data_and_show_their_tricks_in_the_label(files):
    nodes = nx.read_gexf(files["network.gexf"]).nodes
    found = [nodes[f"twitter:1{i}"]["handle"] for i in range(len(HOSTILE))]
    assert found == [handle.replace("\x0b", "\ufffd") for handle in HOSTILE]
    assert "\u202e" not in nodes["twitter:12"]["label"]
    assert nodes["twitter:15"]["label"] == "15"


def test_a_source_is_grey_and_neither_flagged_nor_given_a_kind(files):
    node = nx.read_gexf(files["network.gexf"]).nodes["twitter:30"]
    assert {part: node["viz"]["color"][part] for part in "rgb"} == dict(zip("rgb", drawing.GREY, strict=True))
    assert node["flagged"] is False
    assert (node["cluster"], node["kind"]) == ("2", "(none)")
    assert node["handle"] == "wire"


@pytest.mark.parametrize(
    ("kind", "level", "shown", "flagged"),
    [
        ("troll_farm", 2, "for review", False),
        ("troll_farm", 3, "signs of a troll operation", True),
        ("foreign_interference", 4, "signs pointing abroad", True),
        ("crowd", 1, "an ordinary crowd", False),
    ],
)
def test_no_word_of_inauthenticity_below_claim_level_3(tmp_path, kind, level, shown, flagged):
    put(tmp_path, "member", [member("1", kind=kind, flagged=kind != "crowd")])
    put(tmp_path, "cluster", [{"cluster_id": "1", "claim_level": level}])
    row = accounts.members(tmp_path).to_pylist()[0]
    assert (row["cluster_kind"], row["flagged"]) == (shown, flagged)


def test_a_source_of_two_clusters_is_one_node_that_names_both(tmp_path):
    put(tmp_path, "member", [member("1", "b", role="source"), member("1", "a", role="source"), member("2", "b")])
    rows = accounts.members(tmp_path).to_pylist()
    assert [(row["account_id"], row["cluster"]) for row in rows] == [("1", "a|b"), ("2", "b")]


def test_ties_that_lead_out_of_the_clusters_are_counted_not_drawn(files):
    counts = json.loads(files["export.json"].read_text(encoding="utf-8"))["network.gexf"]
    assert counts["left_out"] == {"ties_outside_clusters": 1, "ties_with_one_end_in_a_cluster": 1, "ties_over_the_cap": 0}
    text = files["network.gexf"].read_text(encoding="utf-8")
    assert "twitter:9" not in text
    assert "1 ties with one end in a cluster" in text


def test_retweets_and_replies_point_from_the_one_who_acts_to_the_one_who_wrote(files):
    retweet, reply = (nx.read_gexf(files[f"{verb}.gexf"]) for verb in ("retweet", "reply"))
    weights = {(a, b): data["weight"] for a, b, data in retweet.edges(data=True)}
    assert weights == {("twitter:20", "twitter:30"): 1.0, ("twitter:21", "twitter:30"): 3.0}  # 90 only retweets a source
    assert set(reply.edges) == {("twitter:21", "twitter:95"), ("twitter:95", "twitter:20")}
    assert reply.nodes["twitter:95"]["handle"] == "=cmd"
    assert reply.nodes["twitter:95"]["flagged"] is False
    assert (reply.nodes["twitter:95"]["cluster"], reply.nodes["twitter:95"]["kind"]) == ("(none)", "(none)")
    assert reply.nodes["twitter:95"]["posts"] == 2


def test_caps_keep_the_heaviest_and_count_the_rest(tmp_path):
    small = Small(tmp_path)
    files = small.export(max_edges=1, max_ties=2)
    counts = json.loads(files["export.json"].read_text(encoding="utf-8"))
    left_out = {"edges_over_the_cap": 1, "posts_over_the_cap": 1}
    assert counts["retweet.gexf"] == {
        "map": "retweet",
        "nodes": 2,
        "accounts": 2,
        "edges": 1,
        "max_edges": 1,
        "left_out": left_out,
    }
    assert list(nx.read_gexf(files["retweet.gexf"]).edges) == [("twitter:21", "twitter:30")]
    assert counts["network.gexf"]["edges"] == 2
    assert counts["network.gexf"]["left_out"]["ties_over_the_cap"] == len(small.ties) - 2
    assert ("twitter:20", "twitter:21") in nx.read_gexf(files["network.gexf"]).edges


def test_csv_has_the_headers_of_gephi_and_no_formulas(tmp_path):
    small = Small(tmp_path)
    files = small.export(to="csv")
    with files["nodes.csv"].open(encoding="utf-8", newline="") as file:
        nodes = list(csv.DictReader(file))
    with files["edges.csv"].open(encoding="utf-8", newline="") as file:
        edges = list(csv.DictReader(file))
    assert list(nodes[0])[:2] == ["Id", "Label"]
    assert list(edges[0])[:4] == ["Source", "Target", "Type", "Weight"]
    assert len(nodes) == len(small.members)
    assert len(edges) == len(small.ties)
    assert {edge[end] for edge in edges for end in ("Source", "Target")} <= {node["Id"] for node in nodes}
    assert not [value for row in nodes for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    small.export()
    maps = {f"{name}.gexf" for name in (*MAPS, "network.dynamic")}
    tables = {f"{prefix}{table}.csv" for prefix in ("", "retweet_", "reply_", "object_") for table in ("nodes", "edges")}
    assert set(json.loads(files["export.json"].read_text(encoding="utf-8"))) == tables | maps


def test_a_run_without_clusters_makes_empty_maps_that_parse(tmp_path):
    (tmp_path / "run").mkdir()
    engine = DuckDB(threads=1)
    paths = graphfiles.export(tmp_path / "run", case_parts={}, engine=engine)
    engine.close()
    assert [nx.read_gexf(path).number_of_nodes() for path in paths[:-1] if "dynamic" not in path.name] == [0, 0, 0, 0]
    assert {facts["note"] for facts in json.loads(paths[-1].read_text(encoding="utf-8")).values()} == {network.EMPTY}


def test_errors_say_what_exists_and_what_to_do(tmp_path):
    engine = DuckDB(threads=1)
    with pytest.raises(CibError, match="csv, gexf"):
        graphfiles.export(tmp_path, to="pajek", case_parts={}, engine=engine)
    with pytest.raises(CaseError, match="cib detect"):
        graphfiles.export(tmp_path / "none", case_parts={}, engine=engine)
    with pytest.raises(CibError, match="at least 1"):
        graphfiles.export(tmp_path, case_parts={}, engine=engine, max_edges=0)
    engine.close()


def test_a_network_with_an_edge_to_nowhere_is_refused():
    look = {name: [0] for name in network.NODE_LOOK} | {"id": ["x"]}
    edges = pa.table({"source": [0], "target": [1], "weight": [1.0]})
    with pytest.raises(ValueError, match="target"):
        network.Network(pa.table(look), edges, directed=False, cap=1)
    with pytest.raises(ValueError, match="one id"):
        network.Network(pa.table({name: value * 2 for name, value in look.items()}), edges.slice(0, 0), directed=False, cap=1)


def legal(text: str) -> str:
    """What XML 1.0 can carry of `text`, character by character."""
    ranges = [("\t", "\n"), ("\r", "\r"), (" ", "\ud7ff"), ("\ue000", "\ufffd"), ("\U00010000", "\U0010ffff")]
    return "".join(c if any(low <= c <= high for low, high in ranges) else "\ufffd" for c in text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6))
def test_whatever_the_handles_the_file_parses_and_they_survive(handles):
    n = len(handles)
    ids = [accounts.node_id("", handle + str(i)) for i, handle in enumerate(handles)]
    looks = {"id": ids, "label": handles, "x": [0.0] * n, "y": [0.0] * n, "size": [4.0] * n}
    nodes = pa.table(looks | {part: [0] * n for part in ("red", "green", "blue")} | {"handle": handles})
    edges = pa.table({"source": [0], "target": [n - 1], "weight": [1.0], "graphs": [handles[0]]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.gexf"
        gexf.write(path, network.Network(nodes, edges, directed=False, cap=1), description="")
        root = ET.parse(path).getroot()
    found = [value.get("value") for value in root.iter(f"{GEXF}attvalue")]
    assert found == [legal(handle) for handle in [*handles, handles[0]]]
    assert [node.get("id") for node in root.iter(f"{GEXF}node")] == ids


STORED = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)  # what Arrow can hold


@given(st.lists(st.tuples(STORED, STORED), unique=True, max_size=8))
def test_different_accounts_have_different_ascii_ids(names):
    ids = [accounts.node_id(*name) for name in names]
    assert len(set(ids)) == len(ids)
    assert all(text.isascii() and text.isprintable() and " " not in text for text in ids)


@given(st.text())
def test_every_character_is_legal_in_the_file_or_replaced_lone_surrogates_too(word):
    word += "\ud800"
    assert ET.fromstring(f"<a b={quoteattr(xml(word))}/>").get("b") == legal(word)


WHOM = st.tuples(st.integers(-1, 9), st.sampled_from([None, *"abcd"]))  # which post, and whose; no post: no such act


def who_acts_on_whom(posts: list[dict], what: str, inside: set[str]) -> dict[tuple[str, str], int]:
    """Naive twin of network_retweet and network_reply: posts per (who, whom)."""
    author = {row["post_id"]: row["account_id"] for row in posts}
    counts: dict[tuple[str, str], int] = {}
    for row in posts:
        if row.get(what) is None or (what == "reply_to" and row.get("retweet_of") is not None):
            continue
        ends = row["account_id"], row.get(f"{what}_account") or author.get(row[what])
        if ends[1] is not None and ends[0] != ends[1] and inside & set(ends):
            counts[ends] = counts.get(ends, 0) + 1
    return counts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), WHOM, WHOM), max_size=10))
def test_display_networks_equal_their_naive_twin(drawn):
    posts = []
    for i, (who, retweeted, answered) in enumerate(drawn):
        acts = {"retweet_of": retweeted, "reply_to": answered}
        columns = {what: f"p{of}" for what, (of, _) in acts.items() if of >= 0}
        whose = {f"{what}_account": account for what, (of, account) in acts.items() if of >= 0}
        posts.append(post(f"p{i}", who, **columns, **whose))
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder), "member", [member("a"), member("b", role="source")])
        parts = [put(Path(folder), "post", posts)]
        engine = DuckDB(threads=1)
        for verb, what in (("retweet", "retweet_of"), ("reply", "reply_to")):
            rows = links.acts(verb, engine, view=View.of(Path(folder), Cut()), posts=parts, cap=100).rows.to_pylist()
            found = {(row["account_a"], row["account_b"]): row["n_posts"] for row in rows}
            assert found == who_acts_on_whom(posts, what, {"a"})
        engine.close()


def test_size_is_coordination_in_the_map_of_ties_and_posts_in_the_others(files):
    sizes = [{node: data["viz"]["size"] for node, data in nx.read_gexf(files[f"{name}.gexf"]).nodes(data=True)} for name in MAPS]
    assert [sizes[0][f"twitter:{i}"] for i in ("10", "20", "30")] == [20.0, 12.0, 4.0]
    assert [sizes[1][f"twitter:{i}"] for i in ("20", "30")] == [4 + 1.6 * 2, 4 + 1.6 * 1]  # 3 posts and 1


def test_the_largest_cluster_gets_the_first_colour(tmp_path):
    sizes = [("a", 3), ("b", 9), ("c", 9)]
    put(tmp_path, "cluster", [{"cluster_id": name, "n_accounts": n, "claim_level": 1} for name, n in sizes])
    put(tmp_path, "member", [member("1", "a"), member("2", "unheard of")])
    hues = drawing.colours(tmp_path, accounts.members(tmp_path))
    assert list(hues) == ["b", "c", "a", "unheard of"]
    assert hues["b"] == drawing.OKABE_ITO[0]


def test_colours_never_repeat_and_are_never_grey():
    colours = drawing.palette(300)
    assert colours[:7] == list(drawing.OKABE_ITO)
    assert len(set(colours)) == 300
    assert all(max(colour) - min(colour) > 60 and 0 <= min(colour) <= max(colour) <= 255 for colour in colours)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_positions_are_finite_reproducible_and_apart(data):
    n = data.draw(st.integers(0, 30))
    ends = st.integers(0, max(n - 1, 0))
    edges = np.array(data.draw(st.lists(st.tuples(ends, ends), max_size=60 if n else 0)), dtype=np.int64).reshape(-1, 2)
    points = layout.positions(n, edges, seed=7)
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert points.tobytes() == layout.positions(n, edges, seed=7).tobytes()
    assert len({tuple(point) for point in points.round(2).tolist()}) == n


def test_components_do_not_overlap():
    rings = [[(base + i, base + (i + 1) % size) for i in range(size)] for base, size in ((0, 40), (40, 9), (49, 250), (299, 1))]
    points = layout.positions(300, np.array([edge for ring in rings for edge in ring]), seed=0)
    parts = [points[0:40], points[40:49], points[49:299], points[299:300]]
    boxes = [(part.min(axis=0), part.max(axis=0)) for part in parts]
    for i, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:i]:
            assert (high < other_low).any() or (other_high < low).any()


def test_the_largest_component_stands_first():
    edges = np.array([(i, i + 1) for i in range(1, 99)] + [(i, i + 1) for i in range(100, 103)])
    points = layout.positions(104, edges, seed=0)
    small, large, middle = (points[some] for some in (slice(0, 1), slice(1, 100), slice(100, 104)))
    assert large[:, 0].max() < middle[:, 0].min()
    assert middle[:, 0].max() < small[0, 0] or small[0, 1] < large[:, 1].min()


def test_a_layout_leaves_the_random_numbers_of_others_alone():
    def numbers() -> list:
        return [random.random(), igraph.Graph.Erdos_Renyi(9, p=0.5).get_edgelist()]

    random.seed(1)
    expected = numbers()
    random.seed(1)
    layout.positions(20, np.array([(i, i + 1) for i in range(19)]), seed=3)
    assert numbers() == expected


def test_a_picture_names_flagged_accounts_only():
    looks = {"cluster": "C001", "size": 9.0, "red": 1, "green": 2, "blue": 3}
    rows = [looks | {"label": "Named", "flagged": True}, looks | {"label": "Citizen", "flagged": False}]
    text = "".join(picture._names(rows, [(0.0, 0.0), (500.0, 500.0)]))
    assert "Named" in text
    assert "Citizen" not in text


def test_the_map_of_objects_holds_who_acted_on_what_most_of_them_share(case, tmp_path):
    shutil.copytree(case, tmp_path / "case")
    results = cib.open(tmp_path / "case")
    cib.export(tmp_path / "case", to="csv")
    with (results.folder / "export" / "object_edges.csv").open(encoding="utf-8") as file:
        edges = list(csv.DictReader(file))
    with (results.folder / "export" / "object_nodes.csv").open(encoding="utf-8") as file:
        nodes = {row["Id"]: row for row in csv.DictReader(file)}
    things = {row["Id"] for row in nodes.values() if row["node_type"] == "object"}
    assert 0 < len(things) <= 300
    assert {edge["Target"] for edge in edges} == things
    assert not {edge["Source"] for edge in edges} & things
    acts = results.sql("""
        SELECT account_code.platform || ':' || account_code.account_id AS account, action.verb, object_code.object, COUNT(*) AS n
        FROM action JOIN account_code USING (account_ix) JOIN object_code USING (object_ix) GROUP BY ALL
    """).to_pylist()
    known = {(row["account"], row["verb"], row["object"]): row["n"] for row in acts}
    for edge in edges[:500]:
        thing = nodes[edge["Target"]]
        held_back = thing["object"].removeprefix("'")  # a spreadsheet's formula sign is held back by an apostrophe
        assert float(edge["Weight"]) == known.get(
            (edge["Source"], thing["verb"], thing["object"]), known.get((edge["Source"], thing["verb"], held_back))
        )
    shared = Counter(edge["Target"] for edge in edges)
    assert min(shared.values()) >= 2
    facts = json.loads((results.folder / "export" / "export.json").read_text(encoding="utf-8"))["object_nodes.csv"]
    assert (facts["accounts"], facts["objects"], facts["nodes"]) == (len(nodes) - len(things), len(things), len(nodes))


def test_each_graph_that_was_asked_for_has_a_map_of_its_own_whose_counts_are_those_of_the_tables(case, tmp_path):
    shutil.copytree(case, tmp_path / "case")
    results = cib.open(tmp_path / "case")
    told = cib.export(tmp_path / "case", graphs="co_text,co_retweet")
    files = {Path(path).name: Path(path) for path in told["export"]}
    assert set(files) == {"network.gexf", "network.dynamic.gexf", "graph_co_text.gexf", "graph_co_retweet.gexf", "export.json"}
    for name in ("co_text", "co_retweet"):
        rows = results.sql(f"""
            SELECT edge.platform_a || ':' || edge.account_a AS a, edge.platform_b || ':' || edge.account_b AS b, edge.n_shared
            FROM tie JOIN edge USING (platform_a, account_a, platform_b, account_b)
            WHERE edge.graph = '{name}' AND list_contains(tie.graphs, '{name}')
              AND (platform_a, account_a) IN (SELECT platform, account_id FROM member)
              AND (platform_b, account_b) IN (SELECT platform, account_id FROM member)
        """).to_pylist()
        graph = nx.read_gexf(files[f"graph_{name}.gexf"])
        found = {frozenset((a, b)): data["n_shared"] for a, b, data in graph.edges(data=True)}
        assert found == {frozenset((row["a"], row["b"])): row["n_shared"] for row in rows}
        assert len(found) == told["shown"][f"graph_{name}.gexf"]["edges"] > 0
        assert name in files[f"graph_{name}.gexf"].read_text(encoding="utf-8").split("</description>")[0]
    both = cib.export(tmp_path / "case", graphs="co_text,co_retweet", to="graphml")["export"]
    for path in map(Path, both[:-1]):
        twin = nx.read_gexf(files[f"{path.stem}.gexf"])
        read = igraph.Graph.Read_GraphML(str(path))
        assert (read.vcount(), read.ecount()) == (twin.number_of_nodes(), twin.number_of_edges())
    if shutil.which("node") and (READER / "node_modules").is_dir():
        graphs = [path for name, path in files.items() if name.startswith("graph_")]
        done = subprocess.run(["node", str(READER / "read.mjs"), *map(str, graphs)], capture_output=True, text=True, check=True)
        counts = [json.loads(line)["n_edges"] for line in done.stdout.splitlines()]
        assert counts == [nx.read_gexf(path).number_of_edges() for path in graphs]
