"""The scripts that measure: the usual rules, thresholds chosen by truth, and bounds, on cases that can be reckoned by hand."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))

import ablation  # noqa: E402
import agreement  # noqa: E402
import bench  # noqa: E402
import bench_ingest  # noqa: E402
import bench_rivals  # noqa: E402
import bench_ways  # noqa: E402
import calibrate  # noqa: E402
import duckdb  # noqa: E402
import framing  # noqa: E402
import inject  # noqa: E402
import kill  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import rivals  # noqa: E402
import speed  # noqa: E402
import worst  # noqa: E402

import cib  # noqa: E402
from cib import extent, pipeline, runs, significance  # noqa: E402
from cib.case import Case  # noqa: E402
from cib.graphdef import builtin, select  # noqa: E402

HEAD = "CREATE TABLE post (platform VARCHAR, account_id VARCHAR, created_at TIMESTAMP, retweet_of VARCHAR, url_keys VARCHAR[], "
ACCOUNTS = pa.table({"platform": ["x"] * 4, "account_id": list("abcd"), "account_ix": range(4)})


@pytest.fixture
def connection():
    """a and b retweet three posts, 5 s, 50 s and an hour apart; c one of them, a minute after b; d none of them."""
    made = duckdb.connect(config={"threads": 1})
    made.execute(HEAD + "hashtags VARCHAR[], text_key VARCHAR, reply_to VARCHAR)")
    for account, of, second in (
        *(("a", 1, 0), ("b", 1, 5), ("a", 2, 1000), ("b", 2, 1050), ("a", 3, 2000), ("b", 3, 5600), ("c", 1, 65)),
        ("d", 4, 0),
    ):
        made.execute(
            "INSERT INTO post VALUES ('x', $a, MAKE_TIMESTAMP(CAST($s AS BIGINT) * 1000000), $o, NULL, NULL, NULL, NULL)",
            {"a": account, "s": second, "o": str(of)},
        )
    return made


def test_window_and_count_counts_shared_objects_within_the_window(connection):
    acts = rivals.acts(connection, ACCOUNTS)
    scores = {name: score.tolist() for name, score in rivals.window_and_count(acts, connection).items()}
    assert scores == {"10 s": [1, 1, 0, 0], "60 s": [2, 2, 1, 0], "600 s": [2, 2, 1, 0], "3600 s": [3, 3, 1, 0]}


def test_fused_cosine_is_the_tf_idf_cosine_of_the_trace_that_is_most_alike(connection):
    _, strongest = rivals.fused_cosine(rivals.acts(connection, ACCOUNTS))
    once, twice = np.log(4 / 3), np.log(4 / 2)
    with_c = once / np.sqrt(once**2 + 2 * twice**2)
    np.testing.assert_allclose(strongest["1 objects"], [1.0, 1.0, with_c, 0.0], atol=1e-12)
    np.testing.assert_allclose(strongest["3 objects"], [1.0, 1.0, 0.0, 0.0], atol=1e-12)


def test_centrality_is_the_leading_eigenvector():
    rng = np.random.default_rng(1)
    network = np.triu(rng.random((12, 12)), 1)
    network += network.T
    values, vectors = np.linalg.eigh(network)
    leading = np.abs(vectors[:, values.argmax()])
    np.testing.assert_allclose(rivals.centrality(rivals.sparse.csr_matrix(network)), leading / leading.max(), atol=1e-9)


def test_the_best_threshold_is_the_best_of_all_thresholds():
    rng = np.random.default_rng(2)
    for _ in range(50):
        score, core = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.3
        f1s = [2 * np.sum((score >= t) & core) / (np.sum(score >= t) + core.sum()) for t in range(1, 6)]
        f1, threshold = rivals.best_f1(score, core)
        assert f1 == pytest.approx(max(f1s))
        assert f1 == pytest.approx(f1s[int(threshold) - 1])


def test_recall_at_a_rate_finds_whoever_shares_a_score_together():
    core = np.array([True, True, False, True, False, False])
    score = np.array([5.0, 4.0, 4.0, 3.0, 2.0, 0.0])
    assert rivals.recall_at(score, core, innocent=~core, rate=0.0) == pytest.approx(1 / 3)
    assert rivals.recall_at(score, core, innocent=~core, rate=1 / 3) == 1.0
    assert rivals.recall_at(np.zeros(6), core, innocent=~core, rate=1.0) == 0.0


def test_bounds_are_those_of_the_tables():
    assert bench.share_bounds(5, 50) == pytest.approx((0.0333, 0.2181), abs=5e-5)
    assert bench.share_bounds(0, 0) == (0.0, 1.0)
    assert bench.number_bounds(3) == pytest.approx((0.6187, 8.7673), abs=5e-5)


def test_ties_are_told_apart_by_what_they_join():
    label = {name: {"group": group, "role": role} for name, group, role in [
        ("a", "ring", "core"), ("b", "ring", "core"), ("c", "wire", ""), ("d", "wire", ""), ("e", "press", "")]}  # fmt: skip
    labels = {("x", name): row for name, row in label.items()}
    rows = [
        ("a", "b", "pair"),
        ("a", "b", "extent"),
        ("c", "d", "pair"),
        ("a", "c", "pair"),
        ("a", "e", "pair"),
        ("b", "z", "pair"),
    ]
    columns = {name: [row[at] for row in rows] for name, at in (("account_a", 0), ("account_b", 1), ("found_by", 2))}
    table = pa.table({**columns, "platform_a": ["x"] * 6, "platform_b": ["x"] * 6})
    counts = bench.tie_kinds(table, labels, {("x", "e")})
    assert counts == {"campaign": 1, "extent campaign": 1, "innocent group": 1, "false": 2, "source": 1}


def test_adjusted_mutual_information_is_that_of_shuffled_partitions():
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 4, 30), rng.integers(0, 3, 30)

    def information(left, right):
        joint = agreement.table(left, right) / 30
        due = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
        return float((joint[joint > 0] * np.log(joint[joint > 0] / due[joint > 0])).sum())

    shuffled = [information(a, rng.permutation(b)) for _ in range(4000)]
    counts = agreement.table(a, b)
    due = agreement.expected_mutual_information(counts.sum(axis=1), counts.sum(axis=0))
    assert abs(due - np.mean(shuffled)) < 5 * np.std(shuffled) / np.sqrt(4000)
    most = (information(a, a) + information(b, b)) / 2
    assert agreement.adjusted_mutual_information(a, b) == pytest.approx((information(a, b) - due) / (most - due))
    assert agreement.adjusted_mutual_information(a, 3 - a) == pytest.approx(1.0)
    assert agreement.adjusted_mutual_information(a, np.zeros(30, int)) == pytest.approx(0.0)


def test_a_shadow_repeats_seven_in_ten_posts_of_one_person_within_half_a_minute():
    posts = [
        {"account_id": f"p{who:02d}", "post_id": f"{who}-{n}", "created_at": datetime(2024, 3, 4, n % 24), "text": f"{who} {n}"}
        for who in range(40)
        for n in range(50)
    ]
    table = pa.Table.from_pylist(posts)
    victim, ring, added = framing.shadow(table, {f"p{who:02d}" for who in range(10)}, np.random.default_rng(1))
    assert int(victim[1:]) >= 10
    assert victim not in ring
    assert len(set(ring)) == framing.N_SHADOWS
    theirs = {post["text"]: post["created_at"] for post in posts if post["account_id"] == victim}
    late = [(post["created_at"] - theirs[post["text"]]).total_seconds() for post in added.to_pylist()]
    assert set(added["account_id"].to_pylist()) == set(ring)
    assert 2 <= min(late) <= max(late) <= 30
    assert 0.6 < added.num_rows / (20 * 50) < 0.8  # five standard errors of 1,000 draws are 0.07


def test_times_are_cut_to_the_minute_and_keep_their_type():
    table = pa.table(
        {"created_at": pa.array([datetime(2024, 3, 4, 5, 6, 59, 999), datetime(2024, 3, 4, 5, 7)], pa.timestamp("us"))}
    )
    cut = framing.cut(table)
    assert cut.schema == table.schema
    assert cut["created_at"].to_pylist() == [datetime(2024, 3, 4, 5, 6), datetime(2024, 3, 4, 5, 7)]


def test_an_injected_group_is_an_account_and_those_who_share_most_with_it():
    acts = [(f"a{who}", f"post {n}", 60.0 * n + who) for who in range(6) for n in range(12)]
    acts += [("loner", f"own {n}", 60.0 * n) for n in range(12)]
    retweets = dict.fromkeys(inject.CATEGORIES, sorted(acts, key=lambda act: act[2]))
    rows = inject.group(retweets, 5, np.random.default_rng(1))
    counts = Counter(account for account, _, _ in rows)
    assert len(counts) == 5
    assert "loner" not in counts
    assert min(counts.values()) >= inject.LEAST_ACTS


def test_injected_acts_keep_the_delays_of_their_group_on_posts_of_the_stream():
    posts = [{"text": str(n), "created_at": datetime(2024, 3, 4, n)} for n in range(4)]
    acts = [("a", "x", 100.0), ("b", "x", 400.0), ("a", "y", 900.0)]
    done = inject.repeat(acts, "in-", posts, free=iter([2, 0]), dilution=1, rng=np.random.default_rng(1))
    group, own = done[::2], done[1::2]
    assert [(row["text"], account) for row, account, _ in group] == [("2", "in-a"), ("2", "in-b"), ("0", "in-a")]
    late = [(when - row["created_at"]).total_seconds() for row, _, when in group]
    assert 0 <= late[0] < 60 <= 300 <= late[1] < 360
    assert 0 <= late[2] < 60
    assert [account for _, account, _ in own] == ["in-a", "in-b", "in-a"]


@pytest.mark.parametrize("part", ablation.PARTS)
def test_one_part_is_switched_off_and_everything_else_is_as_it_was(part, tmp_path):
    before = significance.fit_multiplier, extent.FAMILY_P
    with ablation.without(part, tmp_path / "graphs") as graphs:
        chosen, here = {graph.name: graph for graph in select(graphs)}, (significance.fit_multiplier, extent.FAMILY_P)
    assert (significance.fit_multiplier, extent.FAMILY_P) == before
    usual = {graph.name: graph for graph in builtin()}
    off = {
        "blocks": here[0] is ablation.no_multiplier,
        "favourites": not any(graph.favourite for graph in chosen.values()),
        "near texts": "near_text" not in chosen,
        "time scales": {graph.windows_s for graph in chosen.values()} <= {(60,), ()},
        "extent": here[1] < 0,
    }
    assert [name for name, is_off in off.items() if is_off] == [part] * bool(part)
    kept = {
        name: replace(graph, favourite=usual[name].favourite, windows_s=usual[name].windows_s) for name, graph in chosen.items()
    }
    assert kept == {name: graph for name, graph in usual.items() if name in chosen}
    assert set(usual) - set(chosen) <= {"near_text"}


def test_detecting_with_a_wider_rate_gives_the_same_run_and_more_ties(tmp_path):
    cib.simulate(tmp_path / "world", accounts=400, seed=5, campaigns="hashtag_flood")
    cib.ingest(tmp_path / "case", [tmp_path / "world" / "posts.parquet", tmp_path / "world" / "accounts.parquet"], sample="full")
    homes = [Path(cib.detect(tmp_path / "case", threads=1)["folder"])]
    with bench.wider(0.05) as ties:
        homes.append(Path(cib.detect(tmp_path / "case", threads=1)["folder"]))
    usual, again = (runs.load(home, "tie") for home in homes)
    assert usual.num_rows > 0
    assert usual.equals(again)
    assert runs.load(homes[0], "member").equals(runs.load(homes[1], "member"))
    usual_notes, again_notes = (runs.manifest(home)["notes"] | {"names": None} for home in homes)
    assert usual_notes == again_notes
    by_pair = [sum(one["found_by"] == "pair" for one in table.to_pylist()) for table in (usual, ties[0])]
    assert by_pair[0] <= by_pair[1]
    assert "ties of another rate" not in [name for name, _ in pipeline.STEPS]


def test_a_group_is_false_where_no_innocent_group_holds_half_of_it():
    rows = [("C1", "a", "member"), ("C1", "b", "member"), ("C1", "x", "member"), ("C1", "y", "source"), ("C2", "x", "member"),
            ("C2", "y", "member"), ("C3", "a", "member"), ("C3", "c", "member"), ("C3", "x", "member")]  # fmt: skip
    members = [{"cluster_id": cluster, "account_id": account, "role": role} for cluster, account, role in rows]
    assert calibrate.false_groups(members, {"a": "wire", "b": "wire", "c": "fans"}) == 2
    assert calibrate.false_groups([], {}) == 0


def test_a_case_is_as_before_or_as_after_whenever_its_ingest_is_killed(tmp_path):
    assert sum(kill.trials(tmp_path, kills=4).values()) == 4


def test_a_row_that_is_lost_or_a_part_that_is_cut_off_is_noticed(tmp_path):
    first, _ = kill.write(tmp_path)
    cib.ingest(tmp_path / "case", [first], threads=1)
    (part,) = Case.open(tmp_path / "case").parts("post")
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(AssertionError, match="not as it was committed"):
        kill.rows(tmp_path / "case")


def test_the_speed_of_ingest_is_told_beside_that_of_plain_duckdb(tmp_path):
    for shape in ("flat", "bare", "page"):
        bench_ingest.write(tmp_path / shape, shape=shape, n_bytes=300_000)
        (tmp_path / f"{shape}-plain").mkdir()
        bench_ingest.plain(tmp_path / f"{shape}-plain", tmp_path / shape, shape)
        bench_ingest.ingest(tmp_path / f"{shape}-ours", tmp_path / shape, "500MB")
        (record,) = Case.open(tmp_path / f"{shape}-ours" / "case").record["inputs"]
        assert (record["format"], record["rejected"]) == ("twitter_v2_page" if shape == "page" else "twitter_v2", 0)
        n_plain = pq.read_metadata(tmp_path / f"{shape}-plain" / "plain.parquet").num_rows
        assert record["posts"] == n_plain * (bench_ingest.PAGE if shape == "page" else 1)


@pytest.mark.parametrize(("task", "ways"), [("pairs", ("cib", "duckdb")), ("gexf", ("cib", "plain", "networkx"))])
def test_what_is_compared_with_rivals_finds_the_same(tmp_path, task, ways):
    bench_rivals.MAKERS[task](tmp_path, 0.003)
    found = [getattr(bench_ways, f"{task}_by_{way}")(tmp_path)["found"] for way in ways]
    assert min(found[0]) > 100
    assert all(other == found[0] for other in found[1:])


def test_texts_that_are_nearly_the_same_are_found(tmp_path):
    bench_rivals.MAKERS["texts"](tmp_path, 0.003)
    assert len(np.load(tmp_path / "true.npy")) > 100
    assert bench_ways.texts_by_cib(tmp_path)["found"] >= 0.99


@pytest.mark.parametrize("name", worst.CASES)
def test_the_worst_that_data_can_do_is_bounded_and_told(tmp_path, name):
    told = worst.measure(name, tmp_path, posts=4000)
    most = told["acts"] - told["narrow"]
    assert told["coincidences"] <= most * told["max_crowd"] / 2
    if name == "one_account":
        assert told["coincidences"] == 400
        assert told["narrow"] == told["wide"] == 0
    elif name == "one_object":
        assert told["narrow"] == told["wide"] == told["acts"] == 4000
    else:
        assert told["wide"] == 0
        assert told["coincidences"] > 4000


def test_the_ways_to_count_pairs_that_are_timed_find_the_same():
    acts = speed.acts(speed.world(3000, n_accounts=300, seed=1), (60,))
    ways = [{tuple(row.values()) for row in speed.WAYS[way](acts, (60,)).to_pylist()} for way in ("cib", "cib2", "duckdb")]
    assert len(ways[0]) > 100
    assert ways[0] == ways[1] == ways[2]
    assert acts["level"].to_pylist() == [1] * acts.num_rows
