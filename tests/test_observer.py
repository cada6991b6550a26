"""What an observer needs beside the clusters: who is amplified and addressed, when, by whom; and that lists decide nothing."""

import csv
import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cib
from cib import runs
from cib.errors import CibError
from cib.htmlreport import blindspots
from cib.schema import RUN_TABLES

START = datetime(2024, 3, 4, 8)
RING = [f"r{i}" for i in range(6)]
PEOPLE = [f"p{i}" for i in range(30)]
COLUMNS = ["platform", "account_id", "post_id", "created_at", "text", "retweet_of", "retweet_of_account", "reply_to"]
COLUMNS += ["reply_to_account", "mentions", "urls"]
HOSTILE = '"<img src=x onerror=alert(1)>",p0,"=cmd|x",\n"evil\u202etxt.exe https://evil.example/",p1,,\n'
LISTS = {
    "contestants": "name,handle,side,gender\nAnna Weiss,anna,Left,f\nBen Schwarz,ben,Right,m\n" + HOSTILE,
    "state_media": "domain\nstate.example\n",
    "narratives": "term,topic\nvote on monday,voter suppression\nharbour,other\n",
}
CALENDAR = "date,until,what\n2024-03-05,,debate\n2024-03-06,2024-03-07,silence <script>\n"
OBSERVED = (
    "listed",
    "target",
    "cluster_target",
    "target_hour",
    "target_burst",
    "target_group",
    "list_use",
    "impersonation",
    "phase",
)


def posts():
    """Anna and Ben post on three days; a ring passes on Anna and answers Ben within seconds; other people do so at leisure."""
    rows, n = [], 0

    def add(who, at, text="", **more):
        nonlocal n
        n += 1
        rows.append(
            {"platform": "x", "account_id": who, "post_id": f"n{n:05d}", "created_at": at.isoformat(), "text": text} | more
        )
        return f"n{n:05d}"

    for i in range(24):
        at = START + timedelta(hours=3 * i)
        hers, his = add("anna", at, f"My word number {i} to you"), add("ben", at + timedelta(minutes=20), f"His word {i}")
        for k, who in enumerate(RING):
            add(
                who,
                at + timedelta(seconds=4 + (k + i) % 6),
                f"RT @anna: My word number {i} to you",
                retweet_of=hers,
                retweet_of_account="anna",
            )
            add(who, at + timedelta(minutes=20, seconds=5 + (k + i) % 6), f"@ben no {i}{k}", reply_to=his, reply_to_account="ben")
            if i == 0:
                add(who, at + timedelta(hours=1, minutes=9 * k), "RT", retweet_of=his, retweet_of_account="ben")
        for k, who in enumerate(PEOPLE):
            if (i + k) % 10 == 0:
                add(who, at + timedelta(minutes=7 * k + 1), "RT", retweet_of=his, retweet_of_account="ben")
            if (i + k) % 15 == 0:
                add(
                    who,
                    at + timedelta(minutes=5 * k + 2),
                    "Vоte on M0nday in the harbour, Ben Schwarz!",
                    urls="https://state.example/a",
                )
            add(who, at + timedelta(minutes=11 * k + 3), f"Morning thoughts {i} of {who}, {k * i}")
    add("annа", START, "hello", mentions="ben")  # Cyrillic а
    return rows


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """The case, run once without any list."""
    folder = tmp_path_factory.mktemp("observer")
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS)
        sheet.writeheader()
        sheet.writerows(posts())
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["platform", "account_id", "handle", "display_name"])
        names = {"anna": "Anna Weiss", "ben": "Ben Schwarz", "annа": "Anna Wеiss"}
        sheet.writerows(["x", who, who, names.get(who, f"Name {who}")] for who in [*names, *RING, *PEOPLE])
    cib.ingest(folder / "case", [folder / "posts.csv", folder / "accounts.csv"])
    detect(folder, "001", {})
    return folder


def detect(folder: Path, name: str, lists: dict[str, str], calendar: str | None = None) -> Path:
    given = []
    for word, text in lists.items():
        path = folder / f"{name}-{word}.csv"
        path.write_text(text, encoding="utf-8")
        given.append(f"{word}={path}")
    days = None
    if calendar:
        days = folder / f"{name}-days.csv"
        days.write_text(calendar, encoding="utf-8")
    result = cib.detect(folder / "case", graphs="co_retweet,co_reply", run=name, lists=given, calendar=days, threads=1)
    return Path(result["folder"])


@pytest.fixture(scope="module")
def observed(bare) -> Path:
    return detect(bare, "observed", LISTS, CALENDAR)


@pytest.fixture(scope="module")
def swapped(bare) -> Path:
    """The same with the contestants' sides, genders and names exchanged."""
    contestants = "name,handle,side,gender\nBen Schwarz,anna,Right,m\nAnna Weiss,ben,Left,f\n" + HOSTILE
    return detect(bare, "swapped", {**LISTS, "contestants": contestants}, CALENDAR)


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(folder: Path, table: str, **where) -> list[dict]:
    return [row for row in runs.load(folder, table).to_pylist() if all(row[key] == value for key, value in where.items())]


# Lists decide nothing


def test_a_list_changes_no_byte_of_any_other_table(bare, observed, swapped):
    without = hashes(bare / "case" / "runs" / "001")
    for folder in (observed, swapped):
        given = {path: digest for path, digest in hashes(folder).items() if path.split("/")[0] not in OBSERVED}
        assert given == without
    assert not {path.split("/")[0] for path in without} & set(OBSERVED)
    assert {path.split("/")[0] for path in hashes(observed)} >= set(OBSERVED)
    assert rows(observed, "cluster"), "nothing was found, so nothing could have changed"


def test_contestants_are_counted_alike_whatever_they_are_called(observed, swapped):
    """With labels exchanged, every number moves to the other label; names in texts, which are labels, apart."""
    exchange = {"Anna Weiss": "Ben Schwarz", "Ben Schwarz": "Anna Weiss", "Left": "Right", "Right": "Left", "f": "m", "m": "f"}
    for table in ("target", "cluster_target", "target_hour", "target_burst"):
        one = [{k: exchange.get(v, v) if isinstance(v, str) else v for k, v in row.items()} for row in rows(observed, table)]
        one = [row for row in one if row.get("act") not in ("name", "any") and row.get("direction") != "names"]
        other = [row for row in rows(swapped, table) if row.get("act") not in ("name", "any") and row.get("direction") != "names"]
        assert sorted(map(str, one)) == sorted(map(str, other)), table


def test_every_observers_table_is_declared_and_readable(bare, observed):
    assert set(OBSERVED) <= set(RUN_TABLES)
    for table in OBSERVED:
        assert cib.sql(bare / "case", f"SELECT COUNT(*) AS n FROM {table}", run="observed")["rows"][0][0] > 0, table


def test_the_manifest_records_every_list_with_its_hash(bare, observed):
    given = json.loads((observed / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    for record in given["lists"]:
        path = bare / f"observed-{record['name']}.csv"
        assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert record["file"] == path.name
    assert [entry["what"] for entry in given["calendar"]] == ["debate", "silence <script>"]
    assert runs.parameters(observed).lists == tuple(given["lists"])


# What is counted


def test_a_contestant_is_counted_with_and_without_clusters(observed):
    (retweets,) = rows(observed, "target", person="Anna Weiss", act="retweet")
    assert (retweets["n_posts"], retweets["n_posts_clusters"], retweets["n_accounts_clusters"]) == (24 * 6, 24 * 6, 6)
    (answers,) = rows(observed, "target", person="Ben Schwarz", act="reply")
    assert (answers["n_posts"], answers["n_posts_clusters"]) == (24 * 6, 24 * 6)
    (own,) = rows(observed, "target", person="Ben Schwarz", act="own")
    assert (own["n_posts"], own["n_accounts"], own["side"]) == (24, 1, "Right")
    (named,) = rows(observed, "target", person="Ben Schwarz", act="name")
    assert named["n_posts"] == 48
    assert named["n_posts_clusters"] == 0
    (passed_on,) = rows(observed, "target", person="Ben Schwarz", act="retweet")
    assert passed_on["n_posts_clusters"] == 6


def test_a_cluster_is_held_against_what_all_others_do(observed):
    (cluster,) = rows(observed, "cluster")
    (amplified,) = rows(observed, "cluster_target", act="retweet", person="Anna Weiss")
    assert (amplified["person"], amplified["direction"], amplified["cluster_id"]) == (
        "Anna Weiss",
        "amplifies",
        cluster["cluster_id"],
    )
    assert (amplified["n_posts"], amplified["n_act"], amplified["share"]) == (144, 150, 0.96)
    assert (amplified["n_posts_others"], amplified["share_others"], amplified["expected"]) == (0, 0.0, 0.0)
    (less,) = rows(observed, "cluster_target", act="retweet", person="Ben Schwarz")
    assert (less["n_posts"], less["share_others"], less["expected"]) == (6, 1.0, 150.0), "all others pass on nobody else"
    (addressed,) = rows(observed, "cluster_target", act="reply")
    assert (addressed["person"], addressed["direction"], addressed["n_posts"]) == ("Ben Schwarz", "addresses", 144)
    assert addressed["share_others"] is None, "nobody else answers anybody"


def test_bursts_are_set_beside_the_posts_of_the_person(observed):
    (burst,) = [row for row in rows(observed, "target_burst", person="Ben Schwarz") if row["cluster_id"]]
    assert (burst["n_posts"], burst["n_hours"], burst["peak_posts"], burst["n_own"]) == (144, 24, 6, 24)
    assert burst["n_replies_near"] == 144
    (other,) = rows(observed, "target_burst", person="Ben Schwarz", cluster_id="")
    assert (other["n_mentions"], other["n_mentions_after"]) == (1, 0)
    hours = rows(observed, "target_hour", person="Ben Schwarz", what="addressed", cluster_id=burst["cluster_id"])
    assert sum(row["n_posts"] for row in hours) == burst["n_posts"]
    assert max(row["n_posts"] for row in hours) == burst["peak_posts"]


def test_groups_are_counted_and_supporters_only_counted(observed):
    (left,) = rows(observed, "target_group", attribute="side", value="Left")
    assert (left["n_persons"], left["n_amplified"], left["n_supporters"], left["n_supporters_clusters"]) == (1, 144, 6, 6)
    (male,) = rows(observed, "target_group", attribute="gender", value="m")
    assert male["n_addressed_clusters"] == 144
    assert not any("leaning" in table or "supporter" in table for table in RUN_TABLES), "nobody's opinion is listed"


def test_terms_and_sites_are_counted_through_disguise(observed):
    (use,) = rows(observed, "list_use", list="narratives", topic="voter suppression", entry="")
    assert (use["n_posts"], use["cluster_id"]) == (48, "")
    (site,) = rows(observed, "list_use", list="state_media", entry="state.example")
    assert site["n_posts"] == 48
    assert site["share"] == site["n_posts"] / site["n_all"]


def test_a_look_alike_is_shown_with_reasons_and_flagged_by_nobody(observed):
    (found,) = rows(observed, "impersonation", person="Anna Weiss")
    assert (found["account_id"], found["person"], found["distance"], found["cluster_id"]) == ("annа", "Anna Weiss", 0, None)
    assert found["reasons"] == ["Its display name looks the same as Anna Weiss."]
    assert not any(row["flagged"] for row in rows(observed, "member"))


def test_an_account_known_by_its_handle_only_is_compared_as_well(tmp_path):
    rows = [f"{who},2024-03-04T0{n}:00:00,hello {n}" for n, who in enumerate(["annaweiss", "anna_we1ss", "1234567", "bernd"])]
    (tmp_path / "posts.csv").write_text("\n".join(["account_id,created_at,text", *rows]), encoding="utf-8")
    (tmp_path / "who.csv").write_text("name,handle\nAnna Weiss,annaweiss\n", encoding="utf-8")
    cib.ingest(tmp_path / "case", [tmp_path / "posts.csv"])
    result = cib.detect(tmp_path / "case", graphs="co_retweet", lists=[f"contestants={tmp_path / 'who.csv'}"])
    (found,) = runs.load(Path(result["folder"]), "impersonation").to_pylist()
    assert (found["account_id"], found["handle"], found["distance"]) == ("anna_we1ss", "anna_we1ss", 0)


def test_each_day_of_the_calendar_is_held_against_the_time_before(observed):
    everybody = {row["what"]: row for row in rows(observed, "phase", cluster_id="")}
    assert set(everybody) == {"debate", "silence <script>"}
    (debate,) = [row for row in rows(observed, "phase", what="debate") if row["cluster_id"]]
    assert (debate["n_posts"], debate["n_posts_before"], debate["n_accounts"]) == (8 * 12, 6 * 12 + 6, 6)
    assert debate["covered"] == pytest.approx(16 / 24)
    assert everybody["silence <script>"]["covered"] == pytest.approx(40 / 48)


def test_a_wrong_list_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(CibError, match="does not exist"):
        cib.run(tmp_path / "case", [tmp_path / "none.csv"], lists=["contestants=none.csv"])
    assert not (tmp_path / "case").exists()


# Report, explanation, status


@pytest.fixture(scope="module")
def page(bare, observed) -> tuple[dict, str]:
    """The report of a run whose lists a stranger wrote, with judgements."""
    note = '"It\'s a <b>club</b>"'
    (bare / "case" / "review.csv").write_text(
        f"about,platform,id,run,verdict,note,who,date\ncluster,,C001,001,innocent,{note},E. Ito,2024-03-15\n"
        f"account,x,r1,,unclear,{note},E. Ito,2024-03-15\nnonsense\n",
        encoding="utf-8",
    )
    path = Path(cib.report(bare / "case", run="observed")["report"])
    facts = json.loads(path.with_name("report.json").read_text(encoding="utf-8"))
    yield facts, path.read_text(encoding="utf-8")
    (bare / "case" / "review.csv").unlink()


def test_the_page_tells_of_contestants_only_where_there_are_lists(bare, page):
    _, text = page
    assert 'id="targets"' in text
    plain = Path(cib.report(bare / "case", run="001")["report"])
    assert 'id="targets"' not in plain.read_text(encoding="utf-8")
    assert json.loads(plain.with_name("report.json").read_text(encoding="utf-8"))["targets"] is None


def test_the_page_shows_what_the_tables_hold(page):
    facts, text = page
    told = facts["targets"]
    anna = next(one for one in told["persons"] if one["person"] == "Anna Weiss")
    assert anna["amplified"] == {"n": 144, "groups": 144, "flagged": 0}
    passed_on, less = [row for row in told["matrix"]["rows"] if row["does"] == "passes on"]
    assert (less["person"], less["others"], less["more"]) == ("Ben Schwarz", "100%", False)
    assert (passed_on["person"], passed_on["share"], passed_on["others"], passed_on["more"]) == ("Anna Weiss", "96%", "0%", True)
    (burst,) = [one for one in told["bursts"]["persons"] if one["person"] == "Ben Schwarz"]
    assert sum(burst["picture"]["groups"]) == 144
    assert sum(burst["picture"]["own"]) == 24
    assert [one["when"] for one in told["phases"]] == ["2024-03-05", "2024-03-06 to 2024-03-07"]
    assert facts["cards"][0]["timeline"]["calendar"][1]["date"] == "2024-03-06 to 2024-03-07"
    assert text.count('class="span"') == 2


def test_what_a_list_or_a_judge_wrote_stays_text(page):
    _, text = page
    assert "<img" not in text
    assert text.count("<script") == 2, "the page has two of its own"
    assert "<b>club" not in text
    assert "\u202e" not in text
    assert "https://evil" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_judgements_stand_on_the_page_and_in_explanations(bare, page):
    facts, text = page
    assert [row["verdict"] for row in facts["judged"]["rows"]] == ["innocent", "unclear"]
    assert facts["judged"]["n_bad"] == 1
    assert "Judged by hand: <b>innocent</b>" in text
    told = cib.explain(bare / "case", ["r1"])["accounts"][0]["sentences"]
    assert sum(line.startswith("By hand") for line in told) == 2
    like = cib.explain(bare / "case", ["annа"], run="observed")["accounts"][0]["sentences"]
    assert any("resembles Anna Weiss" in line for line in like)
    assert len(cib.status(bare / "case")["review"]["rows"]) == 2


def test_error_rates_are_told_by_side_and_follow_the_labels(bare, observed, swapped, tmp_path):
    """Against a truth in which the ring is no campaign, the side that it supports has six more supporters, on either run."""
    text = [("platform", pa.string()), *((name, pa.string()) for name in ("account_id", "group", "kind", "role"))]
    truth = pa.table([["x"], ["p0"], ["one"], ["troll_farm"], ["core"]], schema=pa.schema(text))
    pq.write_table(truth, tmp_path / "truth.parquet")
    told = [
        {
            row["side"]: row
            for row in cib.evaluate(bare / "case", tmp_path / "truth.parquet", run=folder.name)["evaluation"]["sides"]
        }
        for folder in (observed, swapped)
    ]
    assert told[0]["Left"]["n_supporters"] == told[1]["Right"]["n_supporters"] == 6
    for side, other in (("Left", "Right"), ("Right", "Left")):
        assert {k: v for k, v in told[0][side].items() if k != "side"} == {k: v for k, v in told[1][other].items() if k != "side"}
    assert told[0]["Right"]["n_core"] == 1
    assert told[0]["Left"]["n_wrong_flagged"] == 0
    assert cib.evaluate(bare / "case", tmp_path / "truth.parquet", run="001")["evaluation"]["sides"] == []


def test_a_zero_is_no_finding_where_the_data_do_not_tell():
    """Retweets of unknown authors, short links, lists never met, persons without posts: said, and not counted as none."""
    counts = {"n_retweets": 100, "n_retweets_of_unknown": 90, "n_links": 50, "n_links_short": 40}
    few = {"platform": "y", "n_retweets": 100, "n_retweets_of_unknown": 1, "n_links": 50, "n_links_short": 0}
    run = SimpleNamespace(notes={"observer": {"blind_spots": [{"platform": "x", **counts}, few]}}, rows=lambda table: [])
    said = blindspots.sentences(run)
    assert [line.split(" of ")[0] for line in said] == ["90", "40"]
    lists = [{"name": "media", "entries": {"domain": 4}}, {"name": "people", "entries": {"handle": 2}}]
    assert blindspots.unseen(run, lists) == ["media"], "persons are told in the table of persons"
    row = {"n_replies_near": 0, "n_replies": 3, "n_mentions_after": 0, "n_mentions_before": 1, "n_mentions": 9}
    assert set(blindspots.answers({**row, "n_own": 0}).values()) == {"no posts of the person here"}
    assert blindspots.answers({**row, "n_own": 5})["mentions_before"] == "1 of 9"


def test_blind_spots_of_a_case_stand_in_its_manifest(observed):
    (spot,) = runs.manifest(observed)["notes"]["observer"]["blind_spots"]
    assert (spot["platform"], spot["n_retweets_of_unknown"], spot["n_links_short"]) == ("x", 0, 0)
    assert spot["n_retweets"] > 100
