"""Advertisers: planted networks are found, open ones say so, ordinary ones share by chance and are left alone; money adds up."""

import csv
import hashlib
import json
import random
import sys
from pathlib import Path

import pytest

import cib
from cib import runs
from cib.observer import spending

SCRIPTS = Path(__file__).parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))

import ads  # noqa: E402

TABLES = ("advertiser", "ad_pair", "ad_network", "ad_shared", "ad_payer")
HOSTILE = '<script>alert(1)</script>=cmd|"x"\u202e'


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A library of 300 ordinary advertisers, four innocent groups and three planted ones; one payer has a hostile name."""
    folder = tmp_path_factory.mktemp("ads")
    truth = ads.world(folder, 7, 300)
    with (folder / "ads.csv").open("a", encoding="utf-8", newline="") as file:
        row = ["h1", "hostile", HOSTILE, "2024-02-01", "2024-02-01", HOSTILE, json.dumps([HOSTILE]), "[]", "little", "EUR"]
        csv.writer(file).writerow(row)
    cib.run(folder / "case", [folder / "ads.csv"], graphs="co_text", sample="keyword")
    return folder, truth


def rows(library, table: str) -> list[dict]:
    return runs.load(library[0] / "case" / "runs" / "001", table).to_pylist()


def declared(library) -> dict[str, set[str]]:
    """What the networks of each group's members declare; '' for members in no network."""
    said = {row["network_id"]: row["declared"] for row in rows(library, "ad_network")}
    found: dict[str, set[str]] = {}
    for row in rows(library, "advertiser"):
        group = library[1].get(row["account_id"], "ordinary")
        found.setdefault(group, set()).add(said.get(row["network_id"], ""))
    return found


def test_planted_networks_are_found_and_ordinary_advertisers_are_not_tied(library):
    pairs, _, notes = ads.judge(library[0] / "case", library[1])
    assert pairs["ordinary"] == 0
    assert notes["effective"] > 200
    assert pairs["many_payers"] > 60
    assert declared(library)["many_payers"] == {"several payers"}


def test_open_networks_say_so_and_clients_of_an_agency_are_not_tied(library):
    found = declared(library)
    assert found["regional"] == {"one payer"}
    assert found["paid_by_agency"] == {"one payer"}
    assert found["agency"] == {""}
    assert found["ordinary"] == {""}
    assert found["one_site"] == {""}, "one site in common is one interest in common"


def test_nobody_is_flagged_for_advertising(library):
    assert not any(row["flagged"] for row in rows(library, "member"))
    assert all(row["is_judged"] for row in rows(library, "ad_network"))


def test_every_pair_tested_is_kept_and_only_the_error_rate_ties(library):
    pairs = rows(library, "ad_pair")
    assert all(row["is_tied"] == (row["q_value"] <= 0.01) for row in pairs)
    assert {row["is_tied"] for row in pairs} == {True, False}
    for row in pairs:
        assert max(row["n_creatives"], row["n_pages"]) >= 2
        assert not row["is_tied"] or max(row["n_creatives"], row["n_pages_rest"]) >= 2


def test_what_a_network_shares_leads_to_two_advertisements(library):
    held = {(row["platform"], row["post_id"]): row["account_id"] for row in posts(library)}
    shared = rows(library, "ad_shared")
    network = {row["account_id"]: row["network_id"] for row in rows(library, "advertiser")}
    assert shared
    for row in shared:
        ends = [held[row[f"post_platform_{side}"], row[f"post_{side}"]] for side in "ab"]
        assert ends[0] != ends[1]
        assert {network[end] for end in ends} == {row["network_id"]}


def posts(library) -> list[dict]:
    import pyarrow.parquet as pq

    return pq.read_table(library[0] / "case" / "data" / "post", columns=["platform", "post_id", "account_id"]).to_pylist()


def test_the_same_payer_in_another_spelling_is_one_and_near_names_are_told(tmp_path):
    table = [("Citizens for Truth", 1), ("CITIZENS FOR TRUTH", 2), ("Citizens for Truht", 3), ("Harbour Party", 4)]
    with (tmp_path / "ads.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(ads.COLUMNS)
        for payer, page in table:
            day = "2024-02-01"
            sheet.writerow((page, f"p{page}", f"Page {page}", day, day, payer, json.dumps([f"vote {page}"]), "[]", "", "EUR"))
    cib.ingest(tmp_path / "case", [tmp_path / "ads.csv"])
    cib.detect(tmp_path / "case", graphs="co_text")
    found = {row["payer"]: row for row in runs.load(tmp_path / "case" / "runs" / "001", "ad_payer").to_pylist()}
    assert len(found) == 3
    (truth,) = (row for name, row in found.items() if name.lower() == "citizens for truth")
    assert (truth["n_spellings"], truth["n_advertisers"], truth["near"]) == (2, 2, ["Citizens for Truht"])
    assert found["Harbour Party"]["near"] == []
    assert found["Harbour Party"]["spent_low"] is None


def test_money_adds_up_within_one_currency_only():
    told = [
        {"account_ix": 0, "payer": "us", "currency": "EUR", "spend": '{"lower_bound":"100","upper_bound":"199"}', "n_ads": 2},
        {"account_ix": 1, "payer": "us", "currency": "EUR", "spend": "lower_bound: 1000", "n_ads": 1},
        {"account_ix": 2, "payer": "them", "currency": "USD", "spend": "50", "n_ads": 1},
        {"account_ix": 3, "payer": "", "currency": "USD", "spend": "9" * 400, "n_ads": 1},
    ]
    spent = spending.Spending(told, {"us": "us", "them": "them"})
    assert spent.of(account_ix=[0]) == {"spent_low": 200, "spent_high": 398, "currency": "EUR"}
    assert spent.of(payer_key="us") == {"spent_low": 1200, "spent_high": None, "currency": "EUR"}
    nothing = {"spent_low": None, "spent_high": None, "currency": None}
    assert spent.of(account_ix=[0, 2]) == spent.of(account_ix=[3]) == spent.of(account_ix=[9]) == nothing


def test_a_case_without_advertisements_has_no_such_table(tmp_path):
    (tmp_path / "posts.csv").write_text("account_id,created_at,text\na,2024-01-01,hello\nb,2024-01-01,there\n")
    cib.ingest(tmp_path / "case", [tmp_path / "posts.csv"])
    folder = Path(cib.detect(tmp_path / "case", graphs="co_text")["folder"])
    assert not [table for table in TABLES if (folder / table).exists()]


def test_the_page_names_networks_with_what_they_declare_and_what_innocent_ones_look_like(library):
    page = (library[0] / "case" / "runs" / "001" / "report" / "index.html").read_text(encoding="utf-8")
    section = page.split('<section id="advertisers"')[1].split("</section>")[0]
    for row in rows(library, "ad_network"):
        assert row["network_id"] in section
    for words in ("one payer", "several payers", "An agency", "Nobody is flagged"):
        assert words in section
    assert "<script>alert" not in page
    assert "too few" not in section


def test_few_advertisers_are_too_little_to_judge(tmp_path):
    ads.world(tmp_path, 3, 40)
    cib.run(tmp_path / "case", [tmp_path / "ads.csv"], graphs="co_text", sample="keyword")
    folder = tmp_path / "case" / "runs" / "001"
    networks = runs.load(folder, "ad_network").to_pylist()
    assert networks
    assert not any(row["is_judged"] for row in networks)
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "Too little to judge" in page.split('<section id="advertisers"')[1].split("</section>")[0]


def test_the_order_of_rows_and_threads_changes_no_byte(tmp_path):
    ads.world(tmp_path, 3, 60)
    lines = (tmp_path / "ads.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "shuffled.csv").write_text(
        "".join([lines[0], *random.Random(1).sample(lines[1:], len(lines) - 1)]), encoding="utf-8"
    )
    hashes = []
    for name, threads in (("ads", 1), ("shuffled", 2)):
        cib.ingest(tmp_path / name, [tmp_path / f"{name}.csv"])
        folder = Path(cib.detect(tmp_path / name, graphs="co_text", threads=threads)["folder"])
        hashes.append([hashlib.sha256((folder / table / "all.parquet").read_bytes()).hexdigest() for table in TABLES])
    assert hashes[0] == hashes[1]
