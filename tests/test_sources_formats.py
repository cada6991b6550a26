"""Formats of collectors: which file is which, what each column becomes. All rows are invented; real files give counts only."""

import os
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cib import sources
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError

SHARED = os.environ.get("CIB_SHARED")
needs_data = pytest.mark.skipif(SHARED is None, reason="CIB_SHARED does not point at the folder with the real data")


class Desk:
    def __init__(self, folder):
        self.folder = folder
        self.case = Case.create(folder / "case")
        self.engine = DuckDB(threads=2, memory="1GB")

    def take(self, path, **options):
        with self.case.hold():
            (record,) = sources.ingest(self.case, [path], engine=self.engine, **options)
        assert (
            record["rows_read"]
            == record["posts"] + record["merged"] + record["rejected"] + record["account_rows"] + record["others"]
        )
        return record

    def table(self, name, **columns):
        pq.write_table(pa.table(columns), self.folder / name)
        return self.folder / name

    def text(self, name, content):
        (self.folder / name).write_text(content, encoding="utf-8")
        return self.folder / name

    def rows(self, table):
        return pa.concat_tables([pq.read_table(part, partitioning=None) for part in self.case.parts(table)]).to_pylist()


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.close()


def rtweet(desk, **more):
    base = {
        "user_id": ["1", "2"],
        "status_id": ["900000000000000001", "900000000000000002"],
        "created_at": [1511177218.0, 1511177219.0],
        "screen_name": ["anna", "ben"],
        "text": ["hello #Vote", "RT @anna: hello #V…"],
        "is_retweet": [False, True],
        "retweet_status_id": [None, "900000000000000001"],
        "hashtags": ['["Vote"]', "[null]"],
        "mentions_screen_name": ["[null]", '["anna"]'],
    }
    return desk.table("x.parquet", **(base | more))


def test_rtweet_new_names(desk):
    path = rtweet(
        desk,
        retweet_text=[None, "hello #Vote"],
        retweet_user_id=[None, "1"],
        reply_to_status_id=["5", None],
        quoted_status_id=[None, "6"],
        urls_expanded_url=['["https://www.example.org/a"]', "[null]"],
        bbox_coords=["[null, null]"] * 2,
        followers_count=[10, None],
        account_created_at=[1365711997.0, None],
        symbols=["[null]", '["X"]'],
    )
    assert desk.take(path)["format"] == "rtweet"
    first, second = desk.rows("post")
    assert (first["platform"], first["hashtags"], first["url_keys"]) == ("twitter", ["Vote"], ["https://example.org/a"])
    assert (first["retweet_of"], first["reply_to"], first["extra"]) == (None, "5", [])
    assert (second["retweet_of"], second["retweet_of_account"], second["quote_of"]) == ("900000000000000001", "1", "6")
    assert (second["text"], second["mentions"], second["extra"]) == ("hello #Vote", ["anna"], [("symbols", '["X"]')])
    anna = desk.rows("account")[0]
    assert (anna["handle"], anna["followers"], anna["created_at"].year) == ("anna", 10, 2013)


def test_rtweet_old_names(desk):
    path = rtweet(
        desk, quote_status_id=["7", None], in_reply_to_status_status_id=[None, "8"], urls_expanded=['["https://e.org/b"]', None]
    )
    assert desk.take(path)["format"] == "rtweet"
    first, second = desk.rows("post")
    assert (first["quote_of"], second["reply_to"], first["url_keys"]) == ("7", "8", ["https://e.org/b"])


IO_POSTS = """\
tweetid,userid,user_screen_name,follower_count,account_creation_date,tweet_language,tweet_text,tweet_time,is_retweet,retweet_userid,\
retweet_tweetid,latitude,like_count,hashtags,urls,user_mentions
11,h1=,h1=,17,2016-12-04,bn,absent,2017-08-19 15:13,False,,,absent,2.0,[],['https://e.org/a'],[]
12,h2=,h2=,5,2016-12-05,bn,RT @x: hi,2017-08-19 15:14,True,99,98,absent,0.0,"[uno, dos]",[],"['77']"
"""


def test_twitter_io_posts(desk):
    record = desk.take(desk.text("io.csv", IO_POSTS))
    assert (record["format"], record["naive_times"], record["timezone"]) == ("twitter_io_archive", False, "UTC")
    first, second = desk.rows("post")
    assert (first["text"], first["url_keys"], first["like_count"], first["extra"]) == ("absent", ["https://e.org/a"], 2, [])
    assert (second["hashtags"], second["mentions"]) == (["uno", "dos"], ["77"])
    assert (second["retweet_of"], second["retweet_of_account"]) == ("98", "99")
    assert [row["followers"] for row in desk.rows("account")] == [17, 5]


def test_twitter_io_accounts(desk):
    header = "userid,user_display_name,user_screen_name,follower_count,account_creation_date,account_language\n"
    record = desk.take(desk.text("users.csv", header + "h1=,Anna,anna,17,2016-12-04,en\n"))
    assert (record["format"], record["account_rows"]) == ("twitter_io_archive", 1)
    (row,) = desk.rows("account")
    assert (row["handle"], row["display_name"], row["lang"], row["created_at"].day) == ("anna", "Anna", "en", 4)


IRA = """\
author,content,external_author_id,followers,following,harvested_date,language,post_type,publish_date,retweet,updates
ANNA,good morning,9.06e+17,10,1,2017-03-01 10:01:00,English,RETWEET,3/1/2017 10:00,1,5
BEN,RT @zoe: good morning,9.06e+17,20,2,2017-03-01 10:01:00,Farsi (Persian),RETWEET,3/1/2017 10:01,1,6
ANNA,good morning,9.06e+17,11,1,2017-03-02 10:01:00,LANGUAGE UNDEFINED,,3/2/2017 10:00,0,7
"""


def test_ira_538(desk):
    record = desk.take(desk.text("ira.csv", IRA), timezone="UTC")
    assert record["format"] == "ira_538"
    first, second, third = desk.rows("post")
    assert first["retweet_of"] == second["retweet_of"] != None  # noqa: E711
    assert (second["retweet_of_account"], third["retweet_of"]) == ("zoe", None)
    assert [row["lang"] for row in (first, second, third)] == ["en", "fa", None]
    assert len({row["post_id"] for row in (first, second, third)}) == 3
    anna = desk.rows("account")[0]
    assert (anna["followers"], anna["posts"], anna["handle"]) == (11, 7, "ANNA")


def test_the_rounded_author_id_of_ira_538_is_no_key(desk):
    with pytest.raises(SchemaError, match="--map account_id=author"):
        desk.take(desk.text("ira.csv", IRA), columns={"account_id": "external_author_id"})


def test_coortweet_rows_of_one_content_are_one_post(desk):
    rows = "o1,a,c1,1700000000\no2,a,c1,1700000000\no1,b,c2,1700000060\n"
    record = desk.take(desk.text("c.csv", "object_id,account_id,content_id,timestamp_share\n" + rows))
    assert (record["format"], record["posts"], record["merged"]) == ("coortweet", 2, 1)
    assert [row["extra"] for row in desk.rows("post")] == [[("object", "o1\x1fo2")], [("object", "o1")]]


def test_from_overrules_what_the_file_looks_like(desk):
    path = desk.text("c.csv", "object_id,account_id,content_id,timestamp_share\no1,a,c1,1700000000\n")
    assert desk.take(path, from_format="generic")["format"] == "generic"
    assert desk.rows("post")[0]["extra"] == [("object_id", "o1")]


def test_a_format_that_nobody_knows_is_refused_with_those_that_are(desk):
    with pytest.raises(SchemaError, match="twitter_io_archive"):
        desk.take(desk.text("c.csv", "a\n1\n"), from_format="myspace")


def test_the_zone_in_case_toml_holds_for_its_file(desk):
    path = desk.text("local.csv", "post_id,account_id,created_at,text\n1,a,2024-07-01 12:00:00,x\n")
    toml = desk.case.root / "case.toml"
    toml.write_text(toml.read_text() + '\n[timezones]\n"local.csv" = "Europe/Kyiv"\n')
    record = desk.take(path)
    assert (record["timezone"], record["naive_times"]) == ("Europe/Kyiv", False)
    assert desk.rows("post")[0]["created_at"].hour == 9


def test_naive_times_that_nobody_explains_are_reported(desk):
    path = desk.text("local.csv", "post_id,account_id,created_at,text\n1,a,2024-07-01 12:00:00,x\n")
    assert desk.take(path)["naive_times"] is True


@pytest.mark.parametrize(("step_s", "n", "expected"), [(1, 20, 1), (60, 20, 60), (86_400, 20, 86_400), (86_400, 19, 1)])
def test_the_resolution_of_times_is_measured_on_twenty_or_more(desk, step_s, n, expected):
    rows = "".join(f"{i},a,{1709251200 + i * step_s},x\n" for i in range(n))
    desk.take(desk.text("x.csv", "post_id,account_id,created_at,text\n" + rows))
    assert {row["resolution_s"] for row in desk.rows("post")} == {expected}


@needs_data
@pytest.mark.parametrize(
    ("path", "posts", "accounts"),
    [
        ("fixtures/ira_538/tweets_538_columns.csv", 4953, 505),
        ("fixtures/twitter_io_archive/ioa_tweets_shape.csv", 2, 2),
        ("fixtures/twitter_io_archive/china_082019_1_users_csv_hashed.csv", 0, 744),
        ("fixtures/coordination_toolkit/cnt_sample_data.csv", 100, 10),
        ("fixtures/coordination_toolkit/coortweet_prepared_facebook_pope_sick.csv", 299, 210),
        ("controls/conference/bosc2017.parquet", 3235, 496),
        ("controls/conference/user2019.parquet", 8318, 2151),
        ("coortweet/russian_coord_tweets.parquet", 35085, 9509),
    ],
)
def test_real_files_give_these_counts(desk, path, posts, accounts):
    record = desk.take(Path(SHARED) / "data" / path)
    assert (record["posts"], record["accounts"], record["rejected"]) == (posts, accounts, 0)


@needs_data
def test_the_file_that_a_spreadsheet_rounded_asks_for_screen_name(desk):
    with pytest.raises(SchemaError, match="--map account_id=screen_name"):
        desk.take(Path(SHARED) / "data/controls/conference/jandix_intermedia.parquet")


def test_the_list_of_control_sets_can_be_read():
    path = Path(__file__).parent.parent / "scripts" / "controls.toml"
    sets = tomllib.loads(path.read_text(encoding="utf-8"))["set"]
    assert len({entry["name"] for entry in sets}) == len(sets)
    assert all(
        entry["sample"] in ("accounts", "keyword", "full", "unknown") and not Path(entry["path"]).is_absolute() for entry in sets
    )
