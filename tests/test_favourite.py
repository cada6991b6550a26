"""The one interest that two accounts share most: being fans of it is no coordination, acting within seconds on it is."""

import datetime as dt
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

import cib
from cib import parquet, runs
from cib.case import Case

START = dt.datetime(2024, 3, 4)
DAY, DAYS = 86_400, 10
RING = [f"ring{i}" for i in range(6)]
FANS = [f"fan{i}" for i in range(12)]


def link(account, t, page):
    return {"account_id": account, "t": int(t), "urls": [f"https://{page}"]}


def people(rng):
    """300 people who publish now and then an address of some site of sixty, each page found by a few over the day."""
    rows = []
    for page in range(900):
        born = rng.integers(0, (DAYS - 1) * DAY)
        for reader in rng.choice(300, rng.integers(2, 7), replace=False):
            rows.append(link(f"person{reader}", born + rng.exponential(4 * 3600), f"site{page % 60}.example/{page}"))
    return rows


def fans(rng):
    """Twelve who read one small site and publish most of what it brings, whenever in the day they find it."""
    return [
        link(account, born + rng.exponential(4 * 3600), f"smallsite.example/{page}")
        for page, born in enumerate(rng.integers(0, (DAYS - 1) * DAY, 40))
        for account in FANS
        if rng.random() < 0.6
    ]


def ring(rng):
    """Six who publish every address of one site within eight seconds."""
    return [
        link(account, born + rng.integers(0, 9), f"ownsite.example/{page}")
        for page, born in enumerate(rng.integers(0, (DAYS - 1) * DAY, 36))
        for account in RING
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    rng = np.random.default_rng(6)
    home = tmp_path_factory.mktemp("favourite")
    rows = [
        {
            "post_id": f"p{n}",
            "account_id": row["account_id"],
            "created_at": START + dt.timedelta(seconds=row["t"]),
            "urls": row["urls"],
        }
        for n, row in enumerate([*people(rng), *fans(rng), *ring(rng)])
    ]
    table = pa.Table.from_pylist(rows)
    parquet.write(home / "posts.parquet", table.schema, [table])
    cib.ingest(home / "case", [home / "posts.parquet"], sample="full", threads=1)
    cib.detect(home / "case", graphs="co_link", threads=1)
    return Case.open(home / "case").run_folder()


def test_readers_of_one_site_are_not_tied_and_those_who_are_there_within_seconds_are(folder):
    ties = runs.load(folder, "tie").to_pylist()
    assert {(tie["account_a"], tie["account_b"]) for tie in ties} == set(combinations(RING, 2))


def test_an_edge_names_the_interest_that_it_leaves_out_and_counts_it(folder):
    edges = runs.load(folder, "edge").to_pylist()
    fans = [edge for edge in edges if edge["account_a"] in FANS and edge["account_b"] in FANS]
    assert len(fans) == 66
    assert {edge["favourite"] for edge in fans} == {"smallsite.example"}
    assert min(edge["n_favourite"] for edge in fans) >= 2
    assert max(edge["n_shared"] for edge in fans) <= 1
    ring = next(edge for edge in edges if edge["account_a"] in RING and edge["account_b"] in RING)
    assert (ring["n_favourite"], ring["n_shared"], ring["favourite"]) == (36, 0, "ownsite.example")
    assert ring["timing_p"] < 1e-20


def test_without_favourites_the_readers_would_be_accused(folder, tmp_path):
    """What the rule is for: the same null, asked of every meeting."""
    (tmp_path / "plain.toml").write_text(
        'name = "plain"\nverb = "link"\nobject = "url_keys"\nposts = "original"\nmisleads = "Readers."\n'
        "windows_s = [10, 60, 300, 3600, 21600, 86400]\n"
    )
    case = folder.parent.parent
    cib.detect(case, graphs=str(tmp_path / "plain.toml"), run="plain", threads=1)
    ties = runs.load(Case.open(case).run_folder("plain"), "tie").to_pylist()
    assert sum(tie["account_a"] in FANS and tie["account_b"] in FANS for tie in ties) > 30
