"""What clusters are called in a case that grows: names stay with most of their members, and what changed is told."""

import hashlib
import json

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib import lineage, runs
from cib.terminal import as_text


def of(*numbers):
    return frozenset(("x", str(number)) for number in numbers)


def test_a_cluster_keeps_its_name_while_most_of_its_members_stay_together():
    earlier = {"C001": of(1, 2, 3, 4), "C002": of(5, 6, 7), "C003": of(8, 9)}
    later = [of(5, 6, 7, 10, 11), of(1, 2, 20, 21), of(3, 4), of(8, 9)]
    assert lineage.names(earlier, later, last=3) == ["C002", "C004", "C005", "C003"]


def test_of_clusters_that_became_one_the_larger_gives_the_name_then_the_first():
    earlier = {"C001": of(1, 2, 3), "C002": of(4, 5, 6, 7), "C003": of(8, 9, 10, 11)}
    assert lineage.names(earlier, [of(*range(1, 12))], last=3) == ["C002"]


def test_no_name_is_given_twice_even_when_its_cluster_is_gone():
    assert lineage.names({"C001": of(1, 2, 3)}, [of(1, 2, 3), of(7, 8, 9)], last=6) == ["C001", "C007"]


def test_what_changed_is_counted():
    earlier = {"C001": of(1, 2, 3), "C002": of(4, 5), "C003": of(6, 7)}
    later = {"C001": of(2, 3, 9, 10), "C003": of(6, 7), "C004": of(11, 12)}
    told = lineage.changes(earlier, later)
    assert (told["new"], told["gone"], told["n_same"]) == (["C004"], ["C002"], 1)
    assert told["changed"] == [{"cluster_id": "C001", "n_before": 3, "n_now": 4, "joined": 2, "left": 1}]


def groups():
    return st.lists(st.integers(0, 5), max_size=20).map(
        lambda homes: [of(*(i for i, home in enumerate(homes) if home == h)) for h in sorted(set(homes))]
    )


@given(groups(), groups())
def test_names_are_never_shared_and_go_to_the_majority_whatever_the_order(earlier, later):
    before = {f"C{number:03d}": members for number, members in enumerate(earlier, start=1)}
    found = lineage.names(before, later, last=len(before))
    assert len(set(found)) == len(found)
    for name, members in zip(found, later, strict=True):
        assert name not in before or 2 * len(before[name] & members) > len(before[name])
    turned = lineage.names(dict(reversed(before.items())), later, last=len(before))
    assert turned == found


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A case of all but the last fifth of a world, detected; then the rest, detected again. With yesterday's files hashed."""
    folder = tmp_path_factory.mktemp("grown")
    world = folder / "world"
    cib.simulate(world, accounts=200, seed=7)
    half, rest = folder / "half.parquet", folder / "rest.parquet"
    cut = duckdb.sql(f"SELECT quantile_disc(created_at, 0.8) FROM '{world / 'posts.parquet'}'").fetchall()[0][0]
    for path, side in ((half, "<"), (rest, ">=")):
        duckdb.sql(
            f"COPY (SELECT * FROM '{world / 'posts.parquet'}' WHERE created_at {side} '{cut}') TO '{path}' (FORMAT parquet)"
        )
    cib.run(folder / "case", [half], sample="full", graphs="co_retweet", threads=1)
    before = files(folder / "case" / "runs" / "001")
    again = cib.detect(folder / "case", graphs="co_retweet", threads=1)
    cib.ingest(folder / "case", [rest], threads=1)
    result = cib.detect(folder / "case", graphs="co_retweet", threads=1)
    cib.report(folder / "case")
    return folder / "case", before, again, result


def files(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_yesterdays_run_and_report_stay_byte_for_byte(grown):
    case, before, _, _ = grown
    assert len(before) > 10
    assert files(case / "runs" / "001") == before


def test_the_same_data_give_the_same_tables_and_names_again(grown):
    case, _, again, _ = grown
    told = again["since"]
    assert (told["names_from"], told["n_new"], told["n_gone"], told["n_changed"]) == ("001", 0, 0, 0)
    hashes = [runs.manifest(case / "runs" / name)["hashes"] for name in ("001", "002")]
    assert hashes[0] == hashes[1]


def test_a_later_run_keeps_names_where_members_persist_and_tells_what_changed(grown):
    case, _, _, result = grown
    told = result["since"]
    assert runs.manifest(case / "runs" / "003")["names_from"] == "002"
    sides = []
    for name in ("002", "003"):
        clusters: dict = {}
        for row in pq.read_table(case / "runs" / name / "member").to_pylist():
            if row["role"] != "source":
                clusters.setdefault(row["cluster_id"], set()).add(row["account_id"])
        sides.append(clusters)
    earlier, later = sides
    assert set(told["new"]) == set(later) - set(earlier)
    for name in set(earlier) & set(later):
        assert 2 * len(earlier[name] & later[name]) > len(earlier[name])
    assert set(earlier) & set(later), "nothing persists: the test shows nothing"
    assert "Since run 002, whose names are kept" in as_text("detect", result)
    facts = json.loads((case / "runs" / "003" / "report" / "report.json").read_text(encoding="utf-8"))
    assert facts["since"]["names_from"] == "002"
