"""sources: files in, posts, accounts and rejects out; nothing lost, nothing twice."""

import contextlib
import csv
import datetime as dt
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cib
from cib import sources
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CibError, SchemaError

HEADER = "post_id,account_id,created_at,text\n"
LONG = "the polls close at eight tonight so go and vote"


class Desk:
    """A case and its engine, with what tests ask of them."""

    def __init__(self, folder, *, threads=1):
        self.folder = Path(folder)
        self.case = Case.create(self.folder / "case")
        self.engine = DuckDB(threads=threads, memory="500MB")

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, *paths, **options):
        with self.case.hold():
            records = sources.ingest(self.case, paths, engine=self.engine, **options)
        for record in records:
            assert (
                record["rows_read"]
                == record["posts"] + record["merged"] + record["rejected"] + record["account_rows"] + record["others"]
            )
        return records

    def take_text(self, content, name="posts.csv", **options):
        return self.take(self.write(name, content), **options)[0]

    def rows(self, table, order="1"):
        return pa.concat_tables([pq.read_table(part, partitioning=None) for part in self.case.parts(table)]).to_pylist()

    def posts(self):
        return {row["post_id"]: row for row in self.rows("post")}


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.close()


def test_a_row_becomes_a_post_with_all_that_is_compared(desk):
    row = f'1,anna,2024-03-01T10:00:00Z,"{LONG} #Vote @ben https://www.example.org/a?utm_source=x"\n'
    desk.take_text(HEADER + row)
    (post,) = desk.rows("post")
    assert post["text_key"] == LONG + " #vote"
    assert (post["hashtags"], post["mentions"]) == (["Vote"], ["ben"])
    assert (post["url_keys"], post["domains"]) == (["https://example.org/a"], ["example.org"])
    assert post["created_at"] == dt.datetime(2024, 3, 1, 10)
    assert (post["source_file"], post["source_record"], post["platform"]) == ("posts.csv", 1, "")


def test_unknown_columns_are_kept_in_extra(desk):
    desk.take_text("post_id,account_id,created_at,text,mood,empty\n1,a,2024-03-01,x,glad,\n")
    assert desk.rows("post")[0]["extra"] == [("mood", "glad")]


def test_map_wins_over_every_guess(desk):
    desk.take_text(
        "id,user_id,handle_x,when,text\n1,7,anna,2024-03-01,x\n", columns={"account_id": "handle_x", "created_at": "when"}
    )
    assert desk.rows("post")[0]["account_id"] == "anna"


@pytest.mark.parametrize(
    ("columns", "word"),
    [({"account_id": "nowhere"}, "nowhere"), ({"colour": "text"}, "colour"), ({"text": "account_id"}, "account")],
)
def test_a_wrong_map_is_refused_by_name(desk, columns, word):
    with pytest.raises(SchemaError, match=word):
        desk.take_text(HEADER + "1,a,2024-03-01,x\n", columns=columns)


def test_a_broken_record_costs_itself_only(desk):
    content = HEADER + '1,a,2024-03-01,x\n2,a\n3,a,2024-03-01,"never closed\n4,a,2024-03-01,y\n5,a,2024-03-01,"z\nz"\n'
    record = desk.take_text(content)
    assert set(desk.posts()) == {"1", "4", "5"}
    assert [(row["record"], row["field"]) for row in desk.rows("reject")] == [(2, ""), (3, "")]
    assert record["rejected"] == 2


def test_an_unclosed_quotation_mark_hides_nothing_behind_it(desk):
    rows = [f"{i},a,2024-03-01,{LONG} {i}\n" for i in range(5000)]
    rows[10] = '10,a,2024-03-01,"open\n'
    record = desk.take_text(HEADER + "".join(rows))
    assert (record["posts"], record["rejected"]) == (4999, 1)


def test_what_is_missing_or_unreadable_is_rejected_with_the_reason(desk):
    desk.take_text(HEADER + "1,,2024-03-01,x\n2,a,,x\n3,a,soon,x\n4,a,1789-07-14,x\n5,a,2024-02-30,x\n6,a,2024-03-01,x\n")
    found = [(row["record"], row["field"], row["reason"]) for row in desk.rows("reject")]
    unread, outside = "this time cannot be read", "this time lies outside 1990 to 2100"
    assert found == [
        (1, "account_id", "missing"),
        (2, "created_at", "missing"),
        (3, "created_at", unread),
        (4, "created_at", outside),
        (5, "created_at", unread),
    ]
    assert json.loads(desk.rows("reject")[2]["raw"])["created_at"] == "soon"


def test_every_packing_gives_the_same_posts(desk):
    plain = HEADER + f'1,ä,2024-03-01,"{LONG}"\n2,b,2024-03-02,"ü\nö"\n'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("inside.csv", plain)
    with io.BytesIO() as packed:
        with pa.CompressedOutputStream(packed, "zstd") as stream:
            stream.write(plain.encode())
        zstd = packed.getvalue() if not packed.closed else b""
    forms = {
        "a.csv": plain.encode(),
        "b.csv.gz": gzip.compress(plain.encode()),
        "c.zip": buffer.getvalue(),
        "d.csv": plain.encode("utf-16"),
        "e.tsv": plain.replace(",", "\t").encode(),
        "f.csv": b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode(),
    } | ({"g.csv.zst": zstd} if zstd else {})
    for at, (name, content) in enumerate(forms.items()):
        record = desk.take(desk.write(name, content))[0]
        assert (record["posts"], record["merged"]) == ((2, 0) if at == 0 else (0, 2)), name


def test_a_damaged_archive_is_refused(desk):
    whole = gzip.compress((HEADER + "1,a,2024-03-01,x\n" * 9999).encode())
    for broken in (whole[:-20], whole[:5], whole[:2] + b"junk", b"\x28\xb5\x2f\xfdjunk", b"PK\x03\x04junk", b"PAR1junk", b""):
        with pytest.raises(SchemaError):
            desk.take_text(broken, name="x")


def test_json_lines_keep_good_lines_and_reject_the_others(desk):
    lines = [
        '{"post_id": "1", "account_id": "a", "created_at": 1709287200, "text": "half a pair \\ud83d", "urls": ["https://a.example/x"]}',
        "{broken",
        "",
        "[1, 2]",
        '{"post_id": "2", "account_id": "b", "created_at": "2024-03-01T10:00:00+02:00", "text": "x", "deep": {"er": [1]}, "a/b": 1}',  # noqa: E501
    ]
    record = desk.take_text("\n".join(lines), name="x.jsonl")
    assert (record["rows_read"], record["posts"]) == (4, 2)
    assert [row["record"] for row in desk.rows("reject")] == [2, 4]
    posts = desk.posts()
    assert posts["1"]["url_keys"] == ["https://a.example/x"]
    assert posts["1"]["text"] == "half a pair \ufffd"
    assert posts["2"]["created_at"] == dt.datetime(2024, 3, 1, 8)
    assert posts["2"]["extra"] == [("a/b", "1"), ("deep", '{"er":[1]}')]


def test_a_nested_value_can_be_mapped(desk):
    line = '{"id": 1, "user": {"id": "77"}, "created_at": "2024-03-01", "text": "x"}\n'
    desk.take_text(line, name="x.jsonl", columns={"account_id": "user.id"})
    assert desk.rows("post")[0]["account_id"] == "77"


def test_parquet_with_our_columns_is_taken_as_it_is(desk):
    when = [dt.datetime(2024, 3, 1, 0, 0, second) for second in range(3)]
    table = pa.table(
        {
            "platform": ["x"] * 3,
            "post_id": ["1", "2", "3"],
            "account_id": ["a", "b", "c"],
            "created_at": pa.array(when, pa.timestamp("us")),
            "text": [LONG] * 3,
            "retweet_of": [None, "1", "1"],
            "urls": pa.array([["https://www.example.org/"], [], None], pa.list_(pa.string())),
            "extra": pa.array([[("k", "v")], [], None], pa.map_(pa.string(), pa.string())),
        }
    )
    pq.write_table(table, desk.folder / "posts.parquet")
    (record,) = desk.take(desk.folder / "posts.parquet", timezone=None)
    posts = desk.posts()
    assert record["naive_times"] is False
    assert posts["1"]["url_keys"] == ["https://example.org"]
    assert posts["1"]["extra"] == [("k", "v")]
    assert posts["2"]["retweet_of"] == "1"


def test_a_file_without_texts_and_ids_is_a_file_of_accounts(desk):
    record = desk.take_text("account_id,handle,created_at,followers,badge\n1,anna,2020-01-01,5,x\n2,ben,,,\n")
    assert (record["kind"], record["account_rows"], record["posts"]) == ("account", 2, 0)
    anna = desk.rows("account")[0]
    assert (anna["handle"], anna["followers"], anna["created_at"]) == ("anna", 5, dt.datetime(2020, 1, 1))
    assert anna["extra"] == [("badge", "x")]


def test_the_latest_word_on_an_account_wins_whatever_the_order_of_files(desk):
    header = "post_id,account_id,created_at,text,screen_name,followers\n"
    desk.take_text(header + "1,7,2024-03-02,x,new_name,20\n2,7,2024-03-01,x,old_name,10\n", name="a.csv")
    desk.take_text(header + "3,7,2024-02-01,x,oldest_name,1\n4,7,2024-03-03,x,,\n", name="b.csv")
    (row,) = desk.rows("account")
    assert (row["handle"], row["followers"]) == ("new_name", 20)


def test_records_of_one_post_are_merged_from_the_fullest(desk):
    header = "post_id,account_id,created_at,text,urls,lang,like_count,note\n"
    desk.take_text(
        header + '1,a,2024-03-01,x,"[""https://a.example""]",,1,p\n1,a,2024-03-01,x,"[""https://b.example""]",en,2,q\n'
    )
    (post,) = desk.rows("post")
    assert post["urls"] == ["https://a.example", "https://b.example"]
    assert post["domains"] == ["a.example", "b.example"]
    assert (post["lang"], post["like_count"], post["source_record"]) == ("en", 2, 1)
    assert post["extra"] == [("note", "p\x1fq")]


def test_a_merge_across_ingests_rewrites_the_part_under_a_new_name(desk):
    desk.take_text(HEADER + "1,a,2024-03-01,x\n2,b,2024-03-02,y\n", name="a.csv")
    before = desk.case.record["parts"]["post"]
    record = desk.take_text(HEADER.replace("text", "text,lang") + "1,a,2024-03-01,x,en\n3,c,2024-03-03,z,en\n", name="b.csv")
    after = desk.case.record["parts"]["post"]
    assert (record["posts"], record["merged"]) == (1, 1)
    assert not set(before) & set(after)
    assert {key: row["lang"] for key, row in desk.posts().items()} == {"1": "en", "2": None, "3": "en"}


def test_the_fullest_record_wins_whether_it_came_first_or_last(desk):
    header = "post_id,account_id,created_at,text,lang,client\n"
    full, thin = "1,a,2024-03-01,full,en,web\n", "1,a,2024-03-02,thin,,\n"
    desk.take_text(header + full, name="a.csv")
    desk.take_text(header + thin, name="b.csv")
    assert [row["text"] for row in desk.rows("post")] == ["full"]
    desk.take_text(header + thin.replace("1,a", "2,a"), name="c.csv")
    desk.take_text(header + full.replace("1,a", "2,a"), name="d.csv")
    assert [(row["text"], row["source_file"]) for row in desk.rows("post")] == [("full", "a.csv"), ("full", "c.csv")]


def test_a_post_id_claimed_by_a_second_account_is_rejected(desk):
    record = desk.take_text(HEADER + "1,a,2024-03-01,x\n1,b,2024-03-01,x\n")
    assert (record["posts"], record["rejected"]) == (1, 1)
    assert desk.rows("post")[0]["account_id"] == "a"
    assert desk.rows("reject")[0]["field"] == "post_id"


def test_a_file_read_before_adds_nothing(desk):
    path = desk.write("a.csv", HEADER + "1,a,2024-03-01,x\n")
    desk.take(path)
    version = desk.case.data_version
    (record,) = desk.take(path)
    assert record["repeated"]
    assert desk.case.data_version == version
    assert len(desk.case.record["inputs"]) == 1


def test_a_folder_means_every_file_in_it(desk):
    (desk.folder / "in").mkdir()
    for name in ("b", "a"):
        desk.write(f"in/{name}.csv", HEADER + f"{name},a,2024-03-01,x\n")
    assert [record["name"] for record in desk.take(desk.folder / "in")] == ["a.csv", "b.csv"]


def test_posts_without_ids_are_named_by_what_they_say_and_how_often(desk):
    content = "account_id,created_at,text\na,2024-03-01,x\na,2024-03-01,x\na,2024-03-01,y\n"
    desk.take_text(content)
    names = sorted(desk.posts())
    assert sorted(name[-2:] for name in names) == ["-1", "-1", "-2"]
    desk.take_text(content + "a,2024-03-01,z\n", name="again.csv")
    assert set(names) < set(desk.posts())
    assert len(desk.posts()) == 4


def test_rounded_account_ids_are_refused_and_another_column_is_named(desk):
    with pytest.raises(SchemaError, match="--map account_id=screen_name"):
        desk.take_text("id,user_id,screen_name,created_at,text\n1,9.06e+17,anna,2024-03-01,x\n")
    assert desk.rows("post") == []


def test_rounded_post_ids_give_way_to_derived_ones_and_it_is_said(desk):
    record = desk.take_text("id,account_id,created_at,text,retweet_of\n9.06e+17,a,2024-03-01,x,8.11E+17\n")
    (post,) = desk.rows("post")
    assert post["post_id"].endswith("-1")
    assert post["retweet_of"] is None
    assert len(record["notes"]) == 2


def test_a_name_that_looks_like_a_rounded_number_costs_its_own_row_only(desk):
    rows = "".join(f"{number},name{number},2024-03-01,x\n" for number in range(200))
    record = desk.take_text(HEADER + "p,9e17,2024-03-01,x\n" + "9e17,somebody,2024-03-01,x\n" + rows)
    assert (record["posts"], record["rejected"]) == (201, 1)
    assert desk.rows("reject")[0]["reason"] == "looks like a number that lost digits in a spreadsheet"
    assert next(key for key, post in desk.posts().items() if post["account_id"] == "somebody").endswith("-1")


def test_ids_in_doubles_are_rounded_only_beyond_what_a_double_holds(desk):
    for name, numbers, rounded in (("a", [9.06e17, 1.0], True), ("b", [906.0, 1.0], False)):
        table = pa.table({"id": numbers, "account_id": ["a", "b"], "created_at": ["2024-03-01"] * 2, "text": [name] * 2})
        pq.write_table(table, desk.folder / f"{name}.parquet")
        record = desk.take(desk.folder / f"{name}.parquet")[0]
        assert bool(record["notes"]) == rounded
    assert {"906", "1"} < set(desk.posts())


def test_retweets_without_a_target_share_the_text_they_pass_on(desk):
    rows = "1,a,2024-03-01,RT @z: hello,true\n2,b,2024-03-01,hello,1\n3,c,2024-03-01,hello,0\n4,d,2024-03-01,RT @z: hello,\n"
    desk.take_text("post_id,account_id,created_at,text,is_retweet\n" + rows)
    posts = desk.posts()
    assert posts["1"]["retweet_of"] == posts["2"]["retweet_of"]
    assert posts["1"]["retweet_of"].startswith("text:")
    assert (posts["1"]["retweet_of_account"], posts["2"]["retweet_of_account"]) == ("z", None)
    assert (posts["3"]["retweet_of"], posts["4"]["retweet_of"]) == (None, None)


def test_a_leading_rt_makes_a_retweet_where_the_file_says_nothing_of_retweets(desk):
    record = desk.take_text(HEADER + "1,a,2024-03-01,RT @z: hello\n2,a,2024-03-01,not RT @z: hello\n")
    assert [row["retweet_of"] is not None for row in desk.rows("post")] == [True, False]
    assert "1 posts begin" in record["notes"][0]


def test_nothing_changes_when_the_commit_never_happens(desk, monkeypatch):
    desk.take_text(HEADER + "1,a,2024-03-01,x\n", name="a.csv")
    version = desk.case.data_version

    def killed(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Case, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.take_text(HEADER + "1,a,2024-03-01,longer\n2,a,2024-03-01,x\n", name="b.csv")
    again = Case.open(desk.case.root)
    with again.hold():
        assert again.data_version == version
        assert all(part.is_file() for table in ("post", "account", "reject") for part in again.parts(table))
        left = {path.relative_to(again.root / "data").as_posix() for path in (again.root / "data").rglob("*.parquet")}
        assert left == {part for parts in again.record["parts"].values() for part in parts}


def test_threads_change_no_byte(tmp_path):
    rows = [f"{i % 700},{i % 700 % 13},2024-03-0{1 + i % 7},{LONG} {i % 5}\n" for i in range(2000)]
    versions = set()
    for threads in (1, 4):
        (tmp_path / str(threads)).mkdir()
        desk = Desk(tmp_path / str(threads), threads=threads)
        desk.take_text(HEADER + "".join(rows[:1200]), name="a.csv")
        desk.take_text(HEADER + "".join(rows[900:]), name="b.csv")
        versions.add((desk.case.data_version, tuple(sorted(desk.case.record["hashes"].values()))))
        desk.engine.close()
    assert len(versions) == 1


def test_parts_are_sorted_and_cut(desk, monkeypatch):
    from cib.sources import merging

    monkeypatch.setattr(merging, "PART_ROWS", 100)
    rows = [f"{i},a,2024-03-{1 + i * 7 % 28:02d},x\n" for i in range(250)]
    desk.take_text(HEADER + "".join(rows))
    parts = [pq.read_table(part, partitioning=None).to_pylist() for part in desk.case.parts("post")]
    assert [len(part) for part in parts] == [100, 100, 50]
    keys = [(row["created_at"], row["platform"], row["post_id"]) for part in parts for row in part]
    assert keys == sorted(keys)


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "a",
            "2024-03-01",
            "1709287200",
            "9.06e+17",
            "[null]",
            '["x"]',
            "[a, b",
            "NaN",
            "=1",
            "absent",
            "RT @a: b",
            "27/3/2024 1:02",
        ]
    ),
    st.text(max_size=12),
)
columns = st.sampled_from(
    [
        "post_id",
        "account_id",
        "created_at",
        "text",
        "urls",
        "hashtags",
        "is_retweet",
        "followers",
        "lang",
        "x",
        "extra",
        "platform",
        "",
    ]
)


@contextlib.contextmanager
def a_desk():
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder)
        yield desk
        desk.engine.close()


def check_any(content, name):
    with a_desk() as desk:
        try:
            desk.take_text(content, name=name)
        except CibError:
            assert desk.rows("post") == []


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(columns, min_size=1, max_size=8), st.data())
def test_any_table_is_read_or_refused_and_every_row_is_counted(names, data):
    names = ["account_id", "created_at", "text", *names]
    rows = data.draw(st.lists(st.lists(cells, min_size=len(names) - 1, max_size=len(names)), max_size=6))
    buffer = io.StringIO()
    csv.writer(buffer).writerows([names, *rows])
    check_any(buffer.getvalue().encode("utf-8", "replace"), "any.csv")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=60) | st.text(alphabet=',"\n\r\tab1', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(tail):
    check_any(HEADER.encode() + b"1,a,2024-03-01,x\n" + tail, "any.csv")


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | cells
values = st.recursive(
    plain, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=4), v, max_size=2), max_leaves=4
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.dictionaries(columns | st.text(max_size=4), values, max_size=6).map(json.dumps) | st.text(max_size=20), max_size=6
    )
)
def test_any_json_lines_are_read_or_refused(lines):
    first = json.dumps({"post_id": "1", "account_id": "a", "created_at": 1709287200, "text": "x"})
    check_any("\n".join([first, *lines]).encode("utf-8", "replace"), "any.jsonl")


MOMENT = dt.datetime(2024, 3, 1, 10)
TYPED = {
    "null": pa.nulls(2),
    "bool": pa.array([True, None]),
    "int": pa.array([1709287200, None], pa.uint32()),
    "double": pa.array([float("nan"), 1e300]),
    "float": pa.array([1.5, float("inf")], pa.float32()),
    "decimal": pa.array([1, None], pa.decimal128(20, 2)),
    "date": pa.array([MOMENT.date(), None]),
    "zoned": pa.array([MOMENT, None], pa.timestamp("ns", "Europe/Kyiv")),
    "clock": pa.array([dt.time(1, 2), None]),
    "span": pa.array([dt.timedelta(1), None]),
    "large": pa.array(["x", "2024-03-01"], pa.large_string()),
    "view": pa.array(["x", "2024-03-01"], pa.string_view()),
    "dictionary": pa.array(["9.06e+17", "x"]).dictionary_encode(),
    "binary": pa.array([b"\xff", b"x"]),
    "list": pa.array([[1, None], None]),
    "large_list": pa.array([["a", ""], []], pa.large_list(pa.string())),
    "struct": pa.array([{"a": 1}, None]),
    "map": pa.array([[("a", "b")], None], pa.map_(pa.string(), pa.string())),
    "map_of_numbers": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
}


@pytest.mark.parametrize("kind", TYPED)
def test_any_parquet_type_in_any_column_is_read_or_refused(desk, kind):
    base = {
        "post_id": pa.array(["1", "2"]),
        "account_id": pa.array(["a", "b"]),
        "created_at": pa.array(["2024-03-01"] * 2),
        "text": pa.array(["x", "y"]),
    }
    others = ("text", "urls", "extra", "is_retweet", "followers", "like_count", "deleted", "other")
    for names in (("post_id",), ("account_id", "created_at"), others):
        pq.write_table(pa.table(base | dict.fromkeys(names, TYPED[kind])), desk.folder / f"{names[0]}.parquet")
        with contextlib.suppress(CibError):
            desk.take(desk.folder / f"{names[0]}.parquet")


def test_a_dictionary_of_rounded_ids_is_seen_through(desk):
    table = pa.table(
        {"account_id": TYPED["dictionary"], "created_at": ["2024-03-01"] * 2, "text": ["x", "y"], "screen_name": ["a", "b"]}
    )
    pq.write_table(table, desk.folder / "x.parquet")
    with pytest.raises(SchemaError, match="--map account_id=screen_name"):
        desk.take(desk.folder / "x.parquet")


def test_a_column_of_links_that_is_empty_leaves_the_link_in_the_text(tmp_path):
    rows = "a,see https://x.org/1,\nb,none here,\nc,see https://x.org/3,https://y.org/9\n"
    lines = [line.replace(",", ",2024-01-01 10:00:00,", 1) for line in rows.splitlines()]
    (tmp_path / "posts.csv").write_text("\n".join(["account_id,created_at,text,urls", *lines]) + "\n", encoding="utf-8")
    cib.ingest(tmp_path / "case", [tmp_path / "posts.csv"])
    found = cib.open(tmp_path / "case").table("post", ["account_id", "url_keys"]).to_pylist()
    assert {row["account_id"]: row["url_keys"] for row in found} == {"a": ["https://x.org/1"], "b": [], "c": ["https://y.org/9"]}
