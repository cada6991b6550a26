"""What is read in one pass is what the engine reads: the fast way has no answers of its own."""

import itertools
import json
import random
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cib import text, urls
from cib.engines.duckdb import DuckDB
from cib.sources import cells as cells_
from cib.sources import files, folding, jsonfast, jsonfile, layouts, staging
from cib.sources.known import FORMATS, LISTS

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import fuzz
from test_formats import GOLDEN

entities = sys.modules["cib.sources.entities"]
JSON = sorted(name for name, (content, *_) in GOLDEN.items() if content.lstrip()[0] in "{[")


@pytest.fixture(scope="module")
def engine():
    made = DuckDB(threads=1, memory="500MB")
    yield made
    made.close()


def cells(engine, path, monkeypatch, *, fast):
    """Everything that a reader says of a file: cells by column (empty ones left out), records, lines, what is broken."""
    monkeypatch.setattr(jsonfile, "FAST_FROM", 0 if fast else 1 << 60)
    reader = jsonfile.JsonReader(files.Input(path, path.name), engine, lists=LISTS)
    form = layouts.detect(reader.names, FORMATS)
    reader.fit(form, ())
    raws = list(reader.batches())
    table = pa.concat_tables([raw.table for raw in raws], promote_options="default")
    columns = {name: table[name].to_pylist() for name in table.column_names}
    kinds = {name: table[name].type for name in columns}
    said = {name: (kinds[name], found) for name, found in columns.items() if any(cell is not None for cell in found)}
    records = [record for raw in raws for record in raw.records.to_pylist()]
    lines = [line.removesuffix("\n") for raw in raws for line in raw.lines.to_pylist()]
    return said, records, lines, [row for raw in raws for row in raw.broken.to_pylist()]


@pytest.mark.parametrize("name", JSON)
def test_every_format_is_read_alike_in_one_pass(engine, tmp_path, monkeypatch, name):
    path = tmp_path / "file"
    path.write_text(GOLDEN[name][0], encoding="utf-8")
    assert cells(engine, path, monkeypatch, fast=True) == cells(engine, path, monkeypatch, fast=False)


@pytest.mark.parametrize(
    "name", ["twitter_v2", "twitter_v1", "telegram_desktop", "mastodon", "bluesky_jetstream", "reddit_pushshift"]
)
def test_damaged_records_are_read_alike_in_one_pass(engine, tmp_path, monkeypatch, name):
    path = tmp_path / "file"
    for seed in range(3):
        path.write_bytes(fuzz.damaged_file(GOLDEN[name][0], random.Random(f"fast {name} {seed}"), 300))
        assert cells(engine, path, monkeypatch, fast=True) == cells(engine, path, monkeypatch, fast=False)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "é", "\U0001f600", '"', "\\", "/", "\n", "\x7f", "a b", "null", "[x]", "\u2028"])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c.d", "É", ""]), inner, max_size=3),
    max_leaves=8,
)
TREE = {"a": "VARCHAR", "b": {"a": "VARCHAR", "cd": ["VARCHAR"]}, "l": [{"a": "VARCHAR", "b": [{"a": "VARCHAR"}]}], "w": "JSON"}
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "a": VALUES,
        "b": st.fixed_dictionaries({}, optional={"a": VALUES, "cd": st.lists(VALUES, max_size=3), "b": VALUES}) | VALUES,
        "l": st.lists(
            st.fixed_dictionaries({}, optional={"a": VALUES, "b": st.lists(st.fixed_dictionaries({"a": VALUES})) | VALUES}),
            max_size=3,
        ),
        "w": VALUES,
        "é\n": VALUES,
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(RECORDS, st.booleans(), st.sampled_from([None, 1])), min_size=1, max_size=6))
def test_any_record_is_read_as_the_engine_reads_it_or_left(engine, given_records):

    lines = [json.dumps(record, ensure_ascii=plain, indent=indent).replace("\n", " ") for record, plain, indent in given_records]
    lines = [line for line in lines if "\ud83d" not in line.encode("utf-8", "surrogatepass").decode("utf-8", "replace")]
    columns = ("a", "b.a", "b.cd[]", "l[].a", "l[].b[].a", "w!")
    names: list = []
    fast = jsonfast.FastLines(
        TREE, columns=columns, others={}, places=[()], named=lambda keys: names.append(keys[-1]) or "other " + keys[-1]
    )
    made, taken = fast.read(pa.array(lines))
    kept = [line for line, is_taken in zip(lines, taken, strict=True) if is_taken]
    assert made.num_rows == len(kept)
    if kept:
        engine.hold("json_line", pa.table({"record": pa.array(range(len(kept))), "line": pa.array(kept)}))
        shape = json.dumps(TREE | dict.fromkeys(names, "VARCHAR"))
        query = "SELECT JSON_TRANSFORM(line, $shape) AS shaped FROM json_line ORDER BY record"
        shaped = engine.read(query, {"shape": shape}).read_all()["shaped"].combine_chunks()
        for path in columns:
            assert made[path].to_pylist() == jsonfile.paths.cell(shaped, path).to_pylist(), path
        for name in names:
            assert made[f"other {name}"].to_pylist() == jsonfile.paths.value(shaped, (name,)).to_pylist()


def test_lists_and_lines_beyond_the_room_of_a_piece_are_read_in_pieces(monkeypatch):
    monkeypatch.setattr(jsonfast, "ROWS", 8)
    lines = [f'{{"a": {n}, "l": [{", ".join(f"""{{"a": {k}}}""" for k in range(n % 5))}]}}' for n in range(100)]
    lines[50] = '{"l": [' + ", ".join(["{}"] * 9) + "]}"
    fast = jsonfast.FastLines({"a": "VARCHAR", "l": [{"a": "VARCHAR"}]}, columns=("a", "l[].a"), others={}, places=(), named=None)
    made, taken = fast.read(pa.array(lines))
    assert np.flatnonzero(~taken).tolist() == [50]
    numbers = [n for n in range(100) if n != 50]
    assert made["a"].to_pylist() == [str(n) for n in numbers]
    assert made["l[].a"].to_pylist() == [[str(k) for k in range(n % 5)] for n in numbers]


PIECES = [
    "http",
    "https",
    "://",
    "www.",
    "@",
    "x",
    "rt",
    "RT ",
    " ",
    ":",
    ".",
    "/",
    "-",
    "…",
    "“",
    "é",
    "Ж",
    "а",
    "ı",
    "İ",
    "ß",
    "ﬁ",
    "㍿",
    "漢",
]
PIECES += [
    "か",
    "ไ",
    "ก",
    "\u200b",
    "\u202e",
    "😀",
    "\u200d",
    "\n",
    "\x1c",
    "\x00",
    "١",
    "½",
    "ſ",
    "K",
    "＠",
    "＃",
    "＆",
    "&",
    "amp;",
    "#",
    "_",
    "·",
]
PIECES += [
    "ς",
    "β",
    "word",
    "ǆ",
    "\u0345",
    "\u0301",
    "한",
    "\u1161",
    "\U0001d400",
    "\u00a0",
    "`",
    "´",
    "\ufffd",
    "\uffff",
    "\u1e9e",
]


@settings(max_examples=2_000, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=40), max_size=8))
def test_texts_folded_together_have_the_keys_of_texts_folded_one_by_one(texts):
    texts = [text.whole(found) for found in texts]
    assert folding.keys(pa.array(texts, pa.string())).to_pylist() == [text.key(found) for found in texts]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_mapped_rows_are_taken_by_their_places(tmp_path_factory, sizes, draw):
    path = tmp_path_factory.mktemp("mapped") / "rows.arrow"
    shape = pa.schema([("n", pa.int64())])
    values = list(range(100, 100 + sum(sizes)))
    cuts = np.cumsum([0, *sizes])
    batches = [pa.record_batch([pa.array(values[a:b])], schema=shape) for a, b in itertools.pairwise(cuts)]
    rows = staging.Mapped([staging.put(path, shape, batches)], shape, first=7)
    places = [draw.randrange(7, 7 + len(values)) for _ in range(draw.randrange(12))]
    assert rows.take(np.array(places, np.int64))["n"].to_pylist() == [values[place - 7] for place in places]


PARTS = [
    "http://",
    "https://",
    "HTTPS://",
    "",
    "ftp://",
    "www.",
    "m.",
    "example.org",
    "a-b.co.uk",
    "youtube.com",
    "t.co",
    "Ü.de",
    "x",
    "/",
    "//",
    "a",
    "B_~-9",
]
PARTS += [".", "..", "?", "a=1", "utm_source=x", "#", "#!", "%41", ":80", "@", "amp", ".amp", ".html", "/watch", " ", "\n", "é"]


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=9).map("".join), max_size=8))
def test_addresses_taken_together_have_the_keys_of_addresses_taken_one_by_one(addresses):
    found = entities._canonical(pa.array(addresses, pa.string())).to_pylist()
    assert found == [urls.canonical(address) for address in addresses]
    keys = [key for key in found if key is not None]
    assert entities._domains(pa.array(keys, pa.string())).to_pylist() == [urls.domain(key) for key in keys]


@given(
    st.lists(
        st.tuples(
            st.none() | st.text("ab", max_size=2),
            st.none() | st.text("ab", max_size=2),
            st.none()
            | st.lists(st.tuples(st.text("xyz", min_size=1, max_size=1), st.text("ab")), max_size=3, unique_by=lambda e: e[0]),
        ),
        max_size=8,
    )
)
def test_cells_without_a_place_are_gathered_row_by_row(rows):
    given_entries = pa.array([row[2] for row in rows], pa.map_(pa.string(), pa.string()))
    columns = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in ((1, "q"), (0, "p"))}
    made = cells_.extra(columns, len(rows), given=given_entries).to_pylist()
    expected = [[*(row[2] or []), *((n, c) for n, c in zip("pq", row, strict=False) if c is not None)] for row in rows]
    assert made == expected


def test_a_list_where_an_object_is_wanted_writes_nowhere_else():
    tree = {f"o{n}": {"a": "VARCHAR"} for n in range(40)} | {"l": [{"a": "VARCHAR"}]}
    lines = [f'{{"o{n}": [{{"a": 1}}], "l": [{{"a": 2}}]}}' for n in range(40)] + ['{"l": {"a": 1}}', '{"l": [{"a": 3}]}']
    fast = jsonfast.FastLines(tree, columns=("l[].a",), others={}, places=(), named=None)
    made, taken = fast.read(pa.array(lines))
    assert np.flatnonzero(taken).tolist() == [41]
    assert made["l[].a"].to_pylist() == [["3"]]
