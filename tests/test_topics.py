"""What many say, what is spread, and how links move: on an invented case of two platforms with a ring that lifts one hashtag."""

import csv
import hashlib
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import cib
from cib import runs

START = datetime(2024, 3, 4, 8)
RING, PEOPLE = [f"r{i}" for i in range(8)], [f"p{i:02d}" for i in range(40)]
COLUMNS = ["platform", "post_id", "account_id", "created_at", "text", "hashtags", "urls", "retweet_of", "retweet_of_account"]
TABLES = ("topic", "link_hop", "platform_flow")
HOSTILE = "<img/src=x/onerror=alert(1)>"
PAGE = "https://outlet.example/{}"


def posts() -> list[dict]:
    """Thirty people publish #harbour and ten of them #lifted; a ring passes every post on #lifted on within seconds, nobody else.
    Of twelve pages all are on telegram first and an hour later on facebook; a thirteenth is on both in the same second."""
    rows: list[dict] = []

    def add(who, at, platform="telegram", **more) -> str:
        rows.append(
            {"platform": platform, "account_id": who, "post_id": f"n{len(rows):05d}", "created_at": at.isoformat(), **more}
        )
        return rows[-1]["post_id"]

    for k, who in enumerate(PEOPLE[:30]):
        original = add(who, START + timedelta(hours=k), text=f"About the harbour, thought {k}", hashtags="Harbour")
        for other in (PEOPLE[(k + 7) % 40], PEOPLE[(k + 19) % 40]):
            add(other, START + timedelta(hours=k + 2), text="RT", retweet_of=original, retweet_of_account=who)
    for k in range(30):
        who, at = PEOPLE[k % 10], START + timedelta(hours=k, minutes=30)
        original = add(who, at, text=f"Something else {k}", hashtags="lifted")
        for n, other in enumerate(RING):
            add(other, at + timedelta(seconds=3 + (n + k) % 5), text="RT", retweet_of=original, retweet_of_account=who)
    for k in range(13):
        at = START + timedelta(hours=2 * k, minutes=5)
        add(PEOPLE[k], at, text="Read this", urls=PAGE.format(k))
        later = at + timedelta(hours=1 if k < 12 else 0)
        add(f"f{k % 4}", later, platform="facebook", text="Read that", urls=PAGE.format(k))
        add(f"f{(k + 1) % 4}", later + timedelta(minutes=9), platform="facebook", text="And that", urls=PAGE.format(k))
    for n in range(30 * len(PEOPLE)):
        add(PEOPLE[n % 40], START + timedelta(minutes=1.7 * n), text=f"Morning thoughts {n}")
    for k, who in enumerate(PEOPLE[:3]):
        add(who, START + timedelta(minutes=k), text="Hello", hashtags=HOSTILE, urls="https://evil.example/<script>")
    return rows


def write(path: Path, rows: list[dict]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS)
        sheet.writeheader()
        sheet.writerows(rows)
    return path


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("topics")
    cib.run(folder / "case", [write(folder / "posts.csv", posts())], graphs="co_retweet", sample="keyword")
    return folder / "case" / "runs" / "001"


def rows(folder: Path, table: str, **where) -> list[dict]:
    return [row for row in runs.load(folder, table).to_pylist() if all(row[key] == value for key, value in where.items())]


def test_what_many_say_is_told_apart_from_what_a_ring_spreads(case):
    (harbour,), (lifted,) = (rows(case, "topic", what="hashtag", topic=topic) for topic in ("harbour", "lifted"))
    assert (harbour["n_accounts"], lifted["n_accounts"]) == (30, 10)
    assert (harbour["rank_prevalent"], lifted["rank_prevalent"]) == (1, 2)
    assert lifted["n_spreaders"] == lifted["n_spreaders_clusters"] == len(RING)
    assert lifted["n_spread"] == 30 * len(RING)
    assert harbour["n_spread"] == 60
    assert harbour["n_spreaders_clusters"] == 0
    assert lifted["rank_spread_others"] > harbour["rank_spread_others"] == 1


def test_accounts_are_counted_as_the_slow_way_counts_them(case):
    published: dict[str, set[str]] = {}
    spread: dict[str, set[str]] = {}
    tag_of = {}
    for row in posts():
        if tag := row.get("hashtags", "").lower():
            published.setdefault(tag, set()).add(row["account_id"])
            tag_of[row["post_id"]] = tag
        elif (tag := tag_of.get(row.get("retweet_of"))) and row["account_id"] != row["retweet_of_account"]:
            spread.setdefault(tag, set()).add(row["account_id"])
    found = {row["topic"]: (row["n_accounts"], row["n_spreaders"]) for row in rows(case, "topic", what="hashtag")}
    assert found == {tag: (len(who), len(spread.get(tag, ()))) for tag, who in published.items()}


def test_the_lag_of_every_page_is_that_between_its_first_posts(case):
    for k in range(12):
        first, second = sorted(rows(case, "link_hop", what="page", object=PAGE.format(k)), key=lambda row: row["hop_ix"])
        assert (first["platform"], second["platform"]) == ("telegram", "facebook")
        assert (first["lag_s"], second["lag_s"], second["is_sure"]) == (None, 3600, True)
        assert second["from_platform"] == "telegram"
        assert (first["n_accounts"], second["n_accounts"]) == (1, 2)


def test_which_platform_leads_is_held_against_luck_and_equal_times_decide_nothing(case):
    (flow,) = rows(case, "platform_flow", what="page", from_platform="telegram")
    assert (flow["n_objects"], flow["n_first"], flow["n_second"]) == (13, 12, 0)
    assert flow["expected_first"] == pytest.approx(12 / 3, abs=1e-4), "one carrier of three is first in a third of the cases"
    assert flow["median_lag_s"] == 3600
    (back,) = rows(case, "platform_flow", what="page", from_platform="facebook")
    assert (back["n_first"], back["n_second"], back["median_lag_s"]) == (0, 12, None)


def test_the_page_tells_both_and_hostile_tags_stay_text(case):
    page = (case / "report" / "index.html").read_text(encoding="utf-8")
    topics = page.split('<section id="topics"')[1].split("</section>")[0]
    flow = page.split('<section id="flow"')[1].split("</section>")[0]
    assert "#lifted" in topics
    assert "&lt;img" in topics
    assert "13 pages were" in flow
    assert "order in these data, not cause" in flow
    assert "<img" not in page
    assert "hxxps://outlet[.]example/0" in flow


def test_the_order_of_rows_and_threads_changes_no_byte(case, tmp_path):
    shuffled = posts()
    random.Random(1).shuffle(shuffled)
    cib.ingest(tmp_path / "case", [write(tmp_path / "posts.csv", shuffled)], sample="keyword")
    folder = Path(cib.detect(tmp_path / "case", graphs="co_retweet", threads=2)["folder"])
    for table in TABLES:
        one, other = (hashlib.sha256((run / table / "all.parquet").read_bytes()).hexdigest() for run in (case, folder))
        assert one == other, table


def test_one_platform_has_no_flow_and_topics_nobody_shares_are_none(tmp_path):
    lone = [{**row, "hashtags": f"own{n}", "urls": ""} for n, row in enumerate(posts()[:60]) if not row.get("retweet_of")]
    cib.ingest(tmp_path / "case", [write(tmp_path / "posts.csv", lone)])
    folder = Path(cib.detect(tmp_path / "case", graphs="co_retweet")["folder"])
    assert not (folder / "link_hop").exists()
    assert rows(folder, "topic") == []
