"""cib spread: the order is that of the data, nothing hostile gets out, no run is touched, and what is not known is said."""

import csv
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import naive
import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import cib
from cib import cli, queryfile
from cib.carriers import asked, nearest, picture, scan, terms
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.text import folded, key

NOON = datetime(2024, 3, 1, 12)
PAGE = "https://outlet.example/vote"
COLUMNS = (
    *("platform", "post_id", "account_id", "handle", "created_at", "text", "urls", "container", "permalink"),
    *("retweet_of", "retweet_of_account", "reply_to", "quote_of"),
)
HOSTILE = [
    "</script><script>alert(1)</script>",
    "'); DROP TABLE post; --",
    "=cmd|' /C calc'!A0",
    "abc\u202egnp.exe\u2066",
    "{{1237*1009}}{% raw %}",
    "../../../etc/passwd",
    "con",
    "%' OR 1=1 --",
    "<img src=x onerror=alert(2)>",
]


def post(platform: str, number: int, account: str, minute: float, text: str = "", **more) -> dict:
    """A post of an invented account, `minute` minutes after noon."""
    row = {"platform": platform, "post_id": f"{platform[:2]}{number}", "account_id": account, "handle": f"{account}_name"}
    row |= {
        "created_at": str(NOON + timedelta(minutes=minute)),
        "text": text,
        "permalink": f"https://{platform}.example/{number}",
    }
    return row | more


def make(folder: Path, posts: list[dict]) -> Path:
    """A case of these posts, through a generic table."""
    folder.mkdir(exist_ok=True)
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS, restval="")
        sheet.writeheader()
        sheet.writerows(posts)
    cib.ingest(folder / "case", [folder / "posts.csv"], sample="keyword")
    return folder / "case"


POSTS = [
    post("telegram", 1, "tg1", 0, "Фальсифікація! #Вибори", urls=PAGE + "?utm_source=tg", container="north"),
    post("telegram", 2, "tg2", 3.5, "", retweet_of="te1", retweet_of_account="tg1", container="south"),
    post("telegram", 3, "tg2", 9, "", retweet_of="te1", retweet_of_account="tg1", container="south"),
    post(
        "facebook",
        1,
        "fb1",
        60.25,
        "look at this page",
        urls=PAGE.replace("https://", "http://www.") + "/?fbclid=1",
        container="g1",
    ),
    post("facebook", 2, "fb2", 60.25, "so true", urls=PAGE + "#top", container="g1"),
    post("facebook", 3, "fb3", 75, "I agree", urls=PAGE, reply_to="fa1"),
    post("youtube", 1, "yt1", 120, "In the description: outlet.example/vote, and more", container="video"),
    post("odnoklassniki", 1, "ok1", 500, "passing on", urls=PAGE, retweet_of="gone", retweet_of_account="elsewhere"),
    post("odnoklassniki", 2, "ok2", 501, "another page of it", urls="https://m.outlet.example/other"),
    post("telegram", 9, "tg9", 1, "nothing of the kind, outlet.example.com is another site"),
    post("facebook", 9, "fb9", 2, "write to vote@outlet.example or to notoutlet.example/vote"),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("small"), POSTS)


def told(result: dict) -> str:
    return " ".join(result["sentences"])


def order(result: dict) -> list[tuple]:
    columns = ("rank", "platform", "account_id", "container", "how", "of_account", "after_previous_s", "n_posts")
    return [tuple(row[column] for column in columns) for row in result["carriers"]]


def digests(result: dict) -> dict[str, str]:
    return {Path(path).name: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in result["files"]}


# What is told


def test_the_order_of_carriers_is_golden(small):
    assert order(cib.spread(small, PAGE)) == [
        (1, "telegram", "tg1", "north", "original", None, None, 1),
        (2, "telegram", "tg2", "south", "retweet", "tg1", 210, 2),
        (3, "facebook", "fb1", "g1", "original", None, None, 1),
        (3, "facebook", "fb2", "g1", "original", None, 0, 1),
        (5, "facebook", "fb3", None, "reply", "fb1", 885, 1),
        (6, "youtube", "yt1", "video", "original", None, None, 1),
        (7, "odnoklassniki", "ok1", None, "retweet", "elsewhere", None, 1),
    ]


def test_platforms_come_in_their_order_with_their_lag(small):
    result = cib.spread(small, PAGE)
    found = [(row["platform"], row["lag_s"], row["first"], row["n_first"], row["posts"]) for row in result["platforms"]]
    assert found == [
        ("telegram", 0, "@tg1_name", 1, 3),
        ("facebook", 3615, "@fb1_name", 2, 3),
        ("youtube", 7200, "@yt1_name", 1, 1),
        ("odnoklassniki", 30_000, "@ok1_name", 1, 1),
    ]
    assert "telegram, then facebook 1 h 15 s later, youtube 2 h later, odnoklassniki 8 h 20 min later" in told(result)
    assert [row["container"] for row in result["containers"]] == ["north", "south", "g1", "video"]


def test_nothing_says_who_started_it_and_what_is_missing_is_said(small):
    result = cib.spread(small, PAGE)
    assert "First in these data: @tg1_name on telegram" in told(result)
    assert "1 of these pass on posts that are not in these data" in told(result).replace("passes", "pass")
    assert "No run yet" in told(result)
    assert "First means first in these data" in result["limits"][0]
    assert any("Posts that contain chosen words" in limit for limit in result["limits"])
    page = Path(result["files"][0]).read_text(encoding="utf-8")
    everything = f"{page} {told(result)} {' '.join(result['limits'])}".lower()
    assert not re.search(r"\b(originator|patient zero|started it|bots?|trolls?|inauthentic|users?|tweets?)\b", everything)


@pytest.mark.parametrize(
    "spelling",
    [PAGE, "HTTP://WWW.Outlet.example:80/vote/?utm_source=x&fbclid=2#top", "outlet.example/vote", "//m.outlet.example/vote/amp"],
)
def test_any_spelling_of_an_address_is_one_question(small, spelling):
    result = cib.spread(small, spelling)
    assert result["value"] == PAGE
    assert order(result) == order(cib.spread(small, PAGE))
    assert result["files"] == cib.spread(small, PAGE)["files"]


def test_a_site_is_every_address_under_it_and_no_other(small):
    result = cib.spread(small, "outlet.example")
    assert result["kind"] == "site"
    assert {row["account_id"] for row in result["carriers"]} == {"tg1", "tg2", "fb1", "fb2", "fb3", "yt1", "ok1", "ok2"}
    nodes = dict(nx.read_gexf(result["files"][4]).nodes(data="label"))
    assert {nodes[name] for name in nodes if name.startswith("+carried")} == {"outlet.example/vote", "outlet.example/other"}


def test_addresses_with_other_parameters_are_told_and_not_counted(tmp_path):
    tails = ("", "?ref=1", "?ref=2", "?ref=2")
    case = make(tmp_path / "one", [post("x", i, "a", i, "see it", urls=PAGE + tail) for i, tail in enumerate(tails)])
    result = cib.spread(case, PAGE)
    assert result["n_posts"] == 1
    assert any("3 posts with addresses" in limit and "vote?ref=2 (2)" in limit for limit in result["limits"])
    assert cib.spread(case, PAGE + "?ref=1")["n_posts"] == 1
    other = make(tmp_path / "other", [post("x", 1, "a", 1, urls=PAGE + "?ref=1")])
    assert cib.spread(other, PAGE)["nearest"][0]["what"] == PAGE + "?ref=1"


def test_a_page_that_is_itself_in_the_data_is_its_own_carrier(small):
    result = cib.spread(small, "https://youtube.example/1")
    assert order(result) == [(1, "youtube", "yt1", "video", "the page itself", None, None, 1)]


def test_who_shares_the_first_moment_is_not_put_first(tmp_path):
    case = make(tmp_path, [post("telegram", i, f"a{i}", 0, "the same words here") for i in (1, 2, 3)])
    result = cib.spread(case, "same words")
    assert {row["rank"] for row in result["carriers"]} == {1}
    assert "3 accounts on telegram, all at" in told(result)
    assert "@a1" not in told(result)


def test_times_known_to_the_day_give_no_lag_within_it(tmp_path):
    names = {"a": 1, "b": 1, "c": 2, "d": 3}
    rows = [
        post(name, i, f"{name}{i}", 0, "one word") | {"created_at": f"2024-03-0{day}"}
        for name, day in names.items()
        for i in range(6)
    ]
    result = cib.spread(make(tmp_path, rows), "word")
    assert [row["lag_s"] for row in result["platforms"]] == [0, None, 86_400, 172_800]
    assert "b about the same time, c 1 d later" in told(result)
    assert all(len(row["first_at"]) == 10 for row in result["carriers"])
    assert any("known only to the day" in limit for limit in result["limits"])


def test_a_platform_that_tells_days_only_is_not_first_by_that(tmp_path):
    """A date means no midnight: whoever posted at half past ten may have been before it."""
    days = [post("ok", i, f"o{i}", 0, "word" if i == 1 else "else") | {"created_at": "2024-03-04"} for i in range(25)]
    next_day = [post("vk", i, f"v{i}", 0, "word" if i == 1 else "else") | {"created_at": "2024-03-05"} for i in range(25)]
    seconds = [post("youtube", i, f"y{i}", 0, "word") | {"created_at": f"2024-03-04 10:30:0{i}"} for i in (1, 2)]
    make(tmp_path, [*days, *next_day])
    with (tmp_path / "fine.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS, restval="")
        sheet.writeheader()
        sheet.writerows(seconds)
    cib.ingest(tmp_path / "case", [tmp_path / "fine.csv"], threads=1)
    result = cib.spread(tmp_path / "case", "word")
    assert [(row["account_id"], row["rank"], row["rank_last"]) for row in result["carriers"]] == [
        ("o1", 1, 3),
        ("y1", 1, 2),
        ("y2", 2, 3),
        ("v1", 4, 4),
    ]
    assert "First in these data: ok (2024-03-04 UTC) or youtube (2024-03-04 10:30:01 UTC)" in told(result)
    assert [row["may_be_first"] for row in result["platforms"]] == [True, True, False]
    late = [post("zz", 1, "z1", 0, "word") | {"created_at": "2024-03-04 18:00:00"}]
    with (tmp_path / "late.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS, restval="")
        sheet.writeheader()
        sheet.writerows(late)
    cib.ingest(tmp_path / "case", [tmp_path / "late.csv"], threads=1)
    firsts = [row["platform"] for row in cib.spread(tmp_path / "case", "word")["platforms"] if row["may_be_first"]]
    assert firsts == ["ok", "youtube"]  # zz came after youtube for sure
    alone = cib.spread(tmp_path / "case", "word", since="2024-03-04T10:30")
    assert "vk 13.5 hours to 37.5 hours later" in told(alone)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from([1, 3])), min_size=1, max_size=7))
@settings(max_examples=20)
def test_ranks_are_all_that_coarse_times_allow(times):
    """Against a count over all pairs, through the query alone."""
    names = [f"{i:02d}" for i in range(len(times))]
    absent = ("container", "permalink", "of_account", "cluster", "cluster_kind", "role", "handle")
    text = {name: pa.array([None] * len(times), pa.string()) for name in absent}
    flags = pa.array([False] * len(times))
    post_of = text | {"platform": ["p"] * len(times), "account_id": names, "post_id": names, "how": ["original"] * len(times)}
    post_of |= {"carried_at": [at for at, _ in times], "resolution_s": pa.array([wide for _, wide in times], pa.int32())}
    post_of |= {"created_at": pa.array([at * 1_000_000 for at, _ in times], pa.timestamp("us")), "flagged": flags}
    rows = pa.table(post_of)
    engine = DuckDB(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        for table, kept in (("spread_post", rows), ("account", rows.slice(0, 0)), ("inside", rows.slice(0, 0))):
            pq.write_table(kept, Path(folder) / f"{table}.parquet")
            engine.bind(table, [Path(folder) / f"{table}.parquet"])
        found = {row["account_id"]: row for row in engine.read(queryfile.load("spread_carrier").text).read_all().to_pylist()}
        engine.close()
    for name, (start, wide) in zip(names, times, strict=True):
        assert found[name]["rank"] == 1 + sum(other + width <= start for other, width in times)
        assert found[name]["rank_last"] == sum(other < start + wide for other, _ in times)


def test_shares_of_clusters_are_those_of_a_slow_count(case):
    posts = pa.concat_tables([pq.read_table(path, columns=["account_id", "hashtags"]) for path in (case / "data/post").glob("*")])
    rows = posts.to_pylist()
    tags = [tag.lower() for row in rows for tag in row["hashtags"] or ()]
    tag = max(sorted(set(tags)), key=tags.count)
    member = pq.read_table(next((case / "runs/001/member").glob("*.parquet"))).to_pylist()
    inside = {row["account_id"] for row in member if row["role"] != "source"}
    holding = [row["account_id"] for row in rows if tag in [one.lower() for one in row["hashtags"] or ()]]
    result = cib.spread(case, f"#{tag}")
    assert result["share"] == {
        "carriers": len(inside & set(holding)),
        "of_carriers": len(set(holding)),
        "posts": sum(account in inside for account in holding),
        "of_posts": len(holding),
        "accounts": len(inside & {row["account_id"] for row in rows}),
        "of_accounts": len({row["account_id"] for row in rows}),
        "all_posts": sum(row["account_id"] in inside for row in rows),
        "of_all_posts": len(rows),
    }
    assert sum(row["carriers"] for row in result["clusters"]) == result["share"]["carriers"] > 0
    assert any("no new evidence" in limit for limit in result["limits"])


def test_being_retweeted_is_not_being_mentioned(tmp_path):
    rows = [
        post("twitter", 1, "a", 0, "RT @anna: good morning to all of you"),
        post("twitter", 2, "b", 1, "RT @ben: thanks to @anna for this"),
        post("twitter", 3, "c", 2, "good morning @Anna, how are you"),
    ]
    result = cib.spread(make(tmp_path, rows), "@ANNA")
    assert [row["account_id"] for row in result["carriers"]] == ["b", "c"]


# Nothing found


def test_where_nothing_is_found_the_nearest_is_told(small):
    assert cib.spread(small, PAGE + "/more")["nearest"][0]["what"] == "outlet.example"
    assert cib.spread(small, "#Вибор")["nearest"][0]["what"] == "#вибори"
    assert {one["what"] for one in cib.spread(small, "look at another")["nearest"]} >= {"look", "at"}
    result = cib.spread(small, "look at this", until="2024-03-01T12:30")
    assert result["nearest"][0] == {"what": "look at this", "understood": "The same, in the whole of the case.", "n_posts": 1}
    assert not result["files"]
    assert "Nor anything near to it." in CliRunner().invoke(cli.cli, ["spread", str(small), "qqqqqq"]).output
    assert not list((small / "spread").glob(".*"))


@pytest.mark.parametrize("what", ["", "  ", '""', "x" * 9000, "word " * 60])
def test_a_question_that_asks_nothing_is_one_line(small, what):
    with pytest.raises(CaseError, match=r"expected|Give"):
        cib.spread(small, what)


def test_bad_options_are_one_line(small):
    with pytest.raises(CaseError, match="at least 1"):
        cib.spread(small, "x", max_carriers=0)
    with pytest.raises(CaseError, match="is not before"):
        cib.spread(small, "x", since="2024-03-02", until="2024-03-01")
    with pytest.raises(CaseError, match="no finished run"):
        cib.spread(small, "x", run="001")


# Matching


@pytest.mark.parametrize(
    ("term", "text", "strictly", "loosely"),
    [
        ("vote today", "Please VOTE, today!", True, True),
        ("vote", "voters", False, False),
        ("vot*", "voters", True, True),
        ("vote", "#vote", True, True),
        ("vote", "https://vote.example/vote @vote", False, False),
        ("vote", "v.o.t.e now", False, True),
        ("vote", "v\u200bo\u200bt\u200be", True, True),
        ("vote", "vоtе", True, True),  # two letters are Cyrillic: words that mix scripts are folded at ingest
        ("вибори", "ВИБОРИ!", True, True),
        ("вибор*", "на виборах", True, True),
        ("انتخابات", "اليوم انتخابات كبيرة", True, True),
        ("投票", "今天去投票吧", True, True),
        ("投票", "今天去投 票吧", False, True),
        ("เลือก", "การเลือกตั้ง", True, True),
        ("ｖｏｔｅ", "vote", True, True),
        ("🍉", "free 🍉 now", True, True),
        ("don't", "Don’t go", True, True),
    ],
)
def test_terms_are_found_in_any_script(term, text, strictly, loosely):
    assert finds(asked.read(term), text) is strictly
    assert finds(asked.read(term, loose=True), text) is loosely


def finds(question: asked.Asked, text: str) -> bool:
    """Whether a post of that text holds it."""
    rows = {"text_key": [key(text)], "text": [text]}
    rows |= {name: [None] for name in ("platform", "permalink")}
    lists = {name: pa.array([[]], pa.list_(pa.string())) for name in ("url_keys", "hashtags", "mentions")}
    batch = pa.record_batch({name: pa.array(value, pa.string()) for name, value in rows.items()} | lists)
    return bool(scan.Finder(question).find(batch))


LETTERS = st.text("aбв ,.#_*1٣é·'-", max_size=12)


@given(LETTERS, LETTERS)
def test_words_equal_their_naive_twin(term, text):
    wanted = terms.words(term)
    if wanted:
        pattern, part = terms.strict(term)
        seen = folded(text)
        assert (pattern.search(seen) is not None) is naive.holds_words(seen, wanted)
        assert part in seen or not pattern.search(seen)


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_one_line(what):
    try:
        question = asked.read(what)
    except CaseError:
        return
    assert re.fullmatch(r"(address|site|hashtag|mention|term)(-[a-z0-9-]+)?-[0-9a-f]{10}", asked.slug(question, version=""))
    assert len(asked.slug(question, version="")) < 80
    assert "\u202e" not in question.understood
    finds(question, what)
    for other in nearest.near(question):
        finds(other, what)


def test_a_folder_has_a_short_name_that_every_system_takes():
    assert asked.slug(asked.read("https://Example.org/CON/../aux?q=1"), version="").startswith("address-example-org-aux-q-1-")
    for what in ("long " * 40, "con", "https://example.org/" + "a" * 3000, "Ärger!", "вибори"):
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name := asked.slug(asked.read(what), version=""))
        assert len(name) <= 60


@given(st.text(min_size=1, max_size=30))
def test_a_post_that_is_the_term_holds_it(what):
    question = asked.Asked("term", what.replace("*", ""))
    if terms.words(question.value):
        assert finds(question, question.value)


@pytest.mark.parametrize("term", ["a* a* a* a* a* x", "a a a a a a a x", "投* 投* 投* x", "投 a* x", "a" * 150 + "b"])
@pytest.mark.parametrize("text", ["a" * 50_000, "a " * 25_000, "投" * 50_000, "投a" * 25_000])
def test_no_term_takes_more_than_linear_time(term, text):
    began = time.process_time()
    terms.strict(term)[0].search(text)
    assert time.process_time() - began < 3.0  # measured: 0.4 at most; half a minute where time is quadratic


# Files


def test_what_a_killed_answer_left_behind_is_swept_and_what_is_young_stays(tmp_path):
    case = make(tmp_path, POSTS)
    old, young = (case / "spread" / f".tag-{n}.{n}.partial" for n in (1, 2))
    for folder in (old, young):
        (folder / ".work").mkdir(parents=True)
    for path in (old / ".work", old):
        os.utime(path, (0, 0))
    cib.spread(case, "#nothing-of-the-kind")
    assert not old.exists()
    assert young.exists()


def test_moments_that_are_equal_are_called_so_and_not_0_seconds(small):
    page = Path(cib.spread(small, PAGE)["files"][0]).read_text(encoding="utf-8")
    assert '<td class="gap">at the same moment</td>' in page
    assert not re.search(r"\b0 (s|seconds)\b", page)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A case in which every name and text is hostile, and every text holds one word."""
    rows = [
        post("telegram", i, text, i, f"{text} pushed", container=text, permalink="javascript:alert(1)") | {"handle": text}
        for i, text in enumerate(HOSTILE)
    ]
    rows += [row | {"post_id": f"r{i}", "retweet_of": "te0", "retweet_of_account": HOSTILE[0]} for i, row in enumerate(rows)]
    return make(tmp_path_factory.mktemp("hostile"), rows)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("what", ["pushed", *HOSTILE])
def test_nothing_hostile_gets_out_of_its_box(hostile, what):
    result = cib.spread(hostile, what)
    if not result["files"]:
        return
    page, sheet, _, _, graph, _ = map(Path, result["files"])
    text = page.read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert not {name for name, _ in tags.seen} & {"script", "img", "iframe", "object", "form"}
    assert not [value for _, attrs in tags.seen for name, value in attrs.items() if name.startswith("on") or name == "href"]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert any("script-src 'none'" in attrs.get("content", "") for name, attrs in tags.seen if name == "meta")
    assert text.count("<style>") == 1
    assert "\u202e" not in text
    assert "1237*1009" not in text or "{{1237*1009}}" in text
    assert len(style) > 1000
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell]
    assert nx.read_gexf(graph).number_of_nodes() > 0
    assert page.parent.parent == hostile / "spread"


def test_the_map_opens_with_places_colours_and_times(small):
    graph = nx.read_gexf(cib.spread(small, PAGE)["files"][4])
    nodes = dict(graph.nodes(data=True))
    first = nodes["telegram:tg1"]
    assert first["rank"] == 1
    assert first["after_first_s"] == 0
    assert nodes["youtube:yt1"]["after_first_s"] == 7200
    assert first["first_at"] == "2024-03-01 12:00:00"
    assert all({"color", "size", "position"} <= set(node["viz"]) for node in nodes.values())
    edges = {(a, b, facts["verb"]) for a, b, facts in graph.edges(data=True)}
    assert ("telegram:tg1", "telegram:tg2", "retweet") in edges
    assert ("facebook:fb1", "facebook:fb3", "reply") in edges
    assert ("telegram:tg1", "+container:telegram:north", "published in") in edges
    assert ("youtube:yt1", f"+carried:{PAGE}", "carried") in edges
    assert {node["viz"]["color"]["r"] for name, node in nodes.items() if name.startswith("telegram:")} == {230}


def test_ids_stay_text_in_every_spreadsheet(tmp_path):
    long = "1234567890123456789"
    case = make(tmp_path, [post("twitter", 1, long, 0, "one word") | {"post_id": long}])
    result = cib.spread(case, "word")
    raw = Path(result["files"][1]).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    assert (row["account"], row["post"]) == (f"twitter:{long}", f"twitter:{long}")
    assert pq.read_table(result["files"][2])["account_id"].to_pylist() == [long]


def test_later_carriers_are_counted_and_stay_in_the_tables(small):
    result = cib.spread(small, PAGE, max_carriers=2)
    assert len(result["carriers"]) == 2
    assert result["n_accounts"] == 7
    assert result["map"]["left_out"]["later_carriers"] == 5
    assert result["map"]["left_out"]["hops"] == 1
    assert result["n_hops"] == 2
    assert any("5 later carriers" in limit for limit in result["limits"])
    assert pq.read_table(result["files"][2]).num_rows == 7
    assert pq.read_table(result["files"][3]).num_rows == 8


@pytest.mark.parametrize("what", ["#HarbourFirst", "the"])
def test_same_question_same_bytes_on_any_number_of_threads(case, what):
    once = digests(cib.spread(case, what, threads=1))
    assert len(once) == 6
    assert digests(cib.spread(case, what, threads=2)) == once


def test_no_run_is_touched_and_other_questions_have_other_folders(case):
    def seen():
        return {path: path.read_bytes() for path in (case / "runs").rglob("*") if path.is_file()}

    before = seen()
    homes = {Path(cib.spread(case, "the", **more)["files"][0]).parent for more in ({}, {"loose": True}, {"max_carriers": 5})}
    assert len(homes) == 3
    assert seen() == before
    assert cib.verify(case)["files"]


def test_new_data_are_a_new_answer_beside_the_old(tmp_path):
    case = make(tmp_path, [post("telegram", 1, "a", 0, "one word")])
    old = Path(cib.spread(case, "word")["files"][0])
    shutil.move(tmp_path / "posts.csv", tmp_path / "first.csv")
    make(tmp_path, [post("telegram", 2, "b", 9, "one word more")])
    assert cib.spread(case, "word")["n_posts"] == 2
    assert old.is_file()


def test_the_facts_hold_no_path_and_no_clock(small):
    result = cib.spread(small, PAGE)
    text = Path(result["files"][5]).read_text(encoding="utf-8")
    assert str(small) not in text
    facts = json.loads(text)
    assert facts["files"] == [Path(path).name for path in result["files"]]
    assert facts["value"] == PAGE


def test_lines_of_the_picture_end_at_the_number_of_carriers(small):
    page = Path(cib.spread(small, PAGE)["files"][0]).read_text(encoding="utf-8")
    for label in ("facebook, 3", "telegram, 2", "youtube, 1", "odnoklassniki, 1"):
        assert f">{label}</text>" in page


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40), st.sampled_from([1, 60, 86_400]))
def test_pictures_hold_their_times_in_few_bins(times, resolution_s):
    import numpy as np

    ordered = np.array(sorted(times))
    whole, *middle = picture.grids(ordered, resolution_s)
    assert whole.first * whole.bin_s <= ordered[0]
    assert ordered[-1] < (whole.first + whole.n) * whole.bin_s
    for grid in (whole, *middle):
        assert 1 <= grid.n <= 180
        assert grid.bin_s >= resolution_s
