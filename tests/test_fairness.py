"""Fairness, from files to flags: what a contestant is called, a bought badge, and living five hours away change nothing about who
is accused. One simulated week of a ring of retweet bots and the users of one posting app, innocent and in a cluster."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import cib
from cib import runs
from cib.optionaltables import TABLES as OBSERVED

GRAPHS = "co_retweet,co_hashtag"
CONTESTANTS = "name,handle,side,gender\n{0},{1},Harbour,f\n{2},{3},Valley,m\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("fairness")
    cib.simulate(folder, accounts=1200, days=7, seed=5, campaigns="retweet_bots")
    return folder


def detected(world: Path, name: str, posts: pa.Table, *, accounts: pa.Table, names: tuple[str, str]) -> Path:
    """Ingest and detect one variant of the world, the two most retweeted accounts as contestants; return the run's folder."""
    folder = world / name
    folder.mkdir()
    pq.write_table(posts, folder / "posts.parquet")
    pq.write_table(accounts, folder / "accounts.parquet")
    counts = pc.value_counts(pq.read_table(world / "posts.parquet")["retweet_of_account"].drop_null()).to_pylist()
    handle = {row["account_id"]: row["handle"] for row in accounts.to_pylist()}
    one, other = (handle[row["values"]] for row in sorted(counts, key=lambda row: (-row["counts"], row["values"]))[:2])
    (folder / "contestants.csv").write_text(CONTESTANTS.format(names[0], one, names[1], other), encoding="utf-8")
    cib.ingest(folder / "case", [folder / "posts.parquet", folder / "accounts.parquet"], sample="full")
    return Path(cib.detect(folder / "case", graphs=GRAPHS, lists=[f"contestants={folder / 'contestants.csv'}"])["folder"])


@pytest.fixture(scope="module")
def plain(world) -> Path:
    posts, accounts = (pq.read_table(world / f"{name}.parquet") for name in ("posts", "accounts"))
    return detected(world, "plain", posts, accounts=accounts, names=("Yara Pepper", "Nils Fern"))


def group(world: Path, name: str) -> set[str]:
    rows = pq.read_table(world / "truth.parquet").to_pylist()
    return {row["account_id"] for row in rows if row["group"] == name}


def members(run: Path, who: set[str]) -> list[dict]:
    return [row for row in runs.load(run, "member").to_pylist() if row["account_id"] in who]


def test_the_world_has_a_flagged_ring_and_an_innocent_group_in_clusters(world, plain):
    """Without these two the tests below could not fail."""
    ring, app = (members(plain, group(world, name)) for name in ("retweet_bots", "posting_app"))
    assert sum(row["flagged"] for row in ring) > 20
    assert len(app) > 20
    assert not any(row["flagged"] for row in app)


def test_neither_contestants_names_nor_a_bought_badge_change_a_byte(world, plain):
    """Every account of the ring buys a badge, every other account loses its own, and the contestants exchange names and sides."""
    posts, accounts = (pq.read_table(world / f"{name}.parquet") for name in ("posts", "accounts"))
    badge = pc.is_in(accounts["account_id"], pa.array(sorted(group(world, "retweet_bots"))))
    at = accounts.schema.get_field_index("verified")
    assert pc.any(pc.not_equal(accounts["verified"].fill_null(False), badge)).as_py()
    bought = detected(
        world, "bought", posts, accounts=accounts.set_column(at, "verified", badge), names=("Nils Fern", "Yara Pepper")
    )
    compared = 0
    for path in sorted(plain.rglob("*.parquet")):
        table = path.relative_to(plain).parts[0]
        if table not in OBSERVED or table in ("topic", "link_hop", "platform_flow"):
            other = bought / path.relative_to(plain)
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest(), table
            compared += 1
    assert compared > 10
    counted = [[row["n_posts"] for row in by_handle(run, one)] for run, one in ((plain, "Yara Pepper"), (bought, "Nils Fern"))]
    assert counted[0] == counted[1], "who is meant is counted alike, whatever the name"
    assert sum(counted[0]) > 0


def by_handle(run: Path, person: str) -> list[dict]:
    return [row for row in runs.load(run, "target").to_pylist() if row["person"] == person and row["act"] != "name"]


def test_a_community_that_lives_five_hours_away_is_no_sign_of_abroad(world, plain):
    app = group(world, "posting_app")
    posts, accounts = (pq.read_table(world / f"{name}.parquet") for name in ("posts", "accounts"))
    away = pc.is_in(posts["account_id"], pa.array(sorted(app)))
    at = posts.schema.get_field_index("created_at")
    later = pc.add(posts["created_at"], pa.scalar(timedelta(hours=5), pa.duration("us")))
    moved = posts.set_column(at, "created_at", pc.if_else(away, later, posts["created_at"]))
    shifted = detected(world, "shifted", moved, accounts=accounts, names=("Yara Pepper", "Nils Fern"))
    found = members(shifted, app)
    assert len(found) > 20
    assert not any(row["flagged"] for row in found)
    assert {row["kind"] for row in found} <= {"undetermined", "crowd"}
    clusters = {row["cluster_id"] for row in found}
    clock = [
        row for row in runs.load(shifted, "trait").to_pylist() if row["trait"] == "clock_shift" and row["cluster_id"] in clusters
    ]
    assert max(row["value"] or 0 for row in clock) > 3, "their day must be seen to be shifted, else nothing was tested"
    ring = group(world, "retweet_bots")
    assert {row["account_id"] for row in members(shifted, ring) if row["flagged"]} == {
        row["account_id"] for row in members(plain, ring) if row["flagged"]
    }
