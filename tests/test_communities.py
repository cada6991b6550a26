"""Who belongs together: sources stand aside, chains fall away, Leiden answers the same, cohesion is what it says."""

import itertools
import random
from types import SimpleNamespace

import igraph
import naive
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cib import communities, parquet, queryfile
from cib.engines.duckdb import DuckDB

PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), max_size=30)


class Run:
    """Stands in for a run: tables given, tables written."""

    def __init__(self, *, seed=0, n_accounts=0, **tables):
        self.parameters = SimpleNamespace(seed=seed)
        self.n_rows = {"account_code": n_accounts}
        self.tables = tables
        self.notes = {}

    def part(self, table):
        return self.tables[table]

    read = part

    def put(self, table, rows):
        self.tables[table] = rows

    def note(self, section, **facts):
        self.notes[section] = facts


def gathered(ties, precedence=(), *, seed=0):
    """{account: (cluster, is_source, n_ties, bits)} of ties (a, b, bits) and precedence (account, led, met)."""
    a, b, bits = zip(*sorted(ties), strict=True) if ties else ((), (), ())
    account, led, met = zip(*precedence, strict=True) if precedence else ((), (), ())
    run = Run(
        seed=seed,
        tie_score=pa.table(
            {
                "account_a_ix": pa.array(a, pa.int32()),
                "account_b_ix": pa.array(b, pa.int32()),
                "surprise_bits": pa.array(bits, pa.float64()),
            }
        ),
        precedence=pa.table(
            {
                "account_ix": pa.array(account, pa.int32()),
                "n_led": pa.array(led, pa.int64()),
                "n_met": pa.array(met, pa.int64()),
            }
        ),
    )
    communities.gather(run)
    rows = run.tables["member_score"].to_pylist()
    assert [row["account_ix"] for row in rows] == sorted(row["account_ix"] for row in rows)
    return {row["account_ix"]: (row["cluster_id"], row["is_source"], row["n_ties"], row["bits"]) for row in rows}


def ring(accounts, bits=50.0):
    """Everybody of a list tied to everybody."""
    return [(a, b, bits) for a, b in itertools.combinations(accounts, 2)]


# Sources


@pytest.mark.parametrize(
    ("led", "met", "is_source"),
    [
        (2, 2, True),  # always first
        (1, 1, False),  # one post led is no habit
        (0, 4, False),  # only ever at one moment, or after
        (9, 10, True),
        (8, 9, False),  # more than one in ten was not first
        (10, 40, False),  # a copier behind some posts makes no source of a ring that posts in the same second
        (900, 1001, False),
        (0, 20, False),
    ],
)
def test_a_source_only_ever_comes_first(led, met, is_source):
    score = gathered([*ring(range(4)), *((a, 9, 50.0) for a in range(4))], [(9, led, met)])
    assert score[9][1] is is_source


def test_a_copied_journalist_is_no_vertex_and_stands_beside_the_ring_with_most_ties():
    ties = [*ring([0, 1, 2, 3]), *ring([4, 5, 6]), *((a, 9, 90.0) for a in (0, 1, 2, 4, 5))]
    score = gathered(ties, [(9, 40, 40), (0, 5, 10)])
    assert score[9] == (score[0][0], True, 3, 0.0)
    assert score[0][0] != score[4][0], "the journalist must not join two rings that are strangers"
    assert not any(is_source for account, (_, is_source, *_) in score.items() if account != 9)


def test_two_accounts_that_copy_a_source_are_no_cluster():
    assert gathered([*ring([0, 1]), (0, 9, 50.0), (1, 9, 50.0)], [(9, 30, 30)]) == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("meetings")


MEETINGS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(3, 5), st.integers(0, 4), st.integers(5, 9), st.integers(0, 5), st.integers(0, 5)),
    max_size=25,
)


@given(MEETINGS)
@settings(max_examples=25)
def test_precedence_equals_its_naive_twin(folder, meetings):
    names = ("account_a_ix", "account_b_ix", "post_a_ix", "post_b_ix", "acted_at_a", "acted_at_b")
    columns = list(zip(*meetings, strict=True)) or [()] * 6
    table = pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
    engine = DuckDB(threads=1)
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    parquet.write(path, table.schema, [table])
    engine.bind("meeting", [path])
    found = engine.read(queryfile.load("precedence").text).read_all().to_pylist()
    engine.close()
    assert {row["account_ix"]: (row["n_met"], row["n_led"]) for row in found} == naive.precedes(meetings)


# Clusters


@given(PAIRS)
def test_only_the_2_core_is_clustered(pairs):
    """At most ten accounts: below one tie in twenty no component is split, so clusters are the components of the 2-core."""
    score = gathered([(a, b, 50.0) for a, b in pairs])
    core = naive.two_core(pairs)
    assert set(score) == core
    inside = naive.components([pair for pair in pairs if set(pair) <= core])
    assert {frozenset(a for a in score if score[a][0] == name) for name in {row[0] for row in score.values()}} == set(
        map(frozenset, inside)
    )
    assert all(
        n_ties == sum(account in pair and set(pair) <= core for pair in pairs) for account, (_, _, n_ties, _) in score.items()
    )


def test_clusters_are_named_by_falling_size_then_by_their_first_account():
    score = gathered([*ring([7, 8, 9]), *ring([4, 5, 6]), *ring([0, 1, 2, 3])])
    assert [score[a][0] for a in (0, 4, 7)] == ["C001", "C002", "C003"]


@pytest.mark.parametrize(("n_between", "n_clusters"), [(1, 2), (27, 2), (63, 1)])
def test_two_rings_are_one_where_more_than_a_twentieth_of_the_ties_between_them_exist(n_between, n_clusters):
    between = [(k % 30, 30 + (k + k // 30) % 30, 50.0) for k in range(n_between)]
    score = gathered([*ring(range(30)), *ring(range(30, 60)), *between])
    assert len(set(between)) == n_between
    assert len({name for name, *_ in score.values()}) == n_clusters
    assert len({score[a][0] for a in range(30)}) == 1


EDGES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]),
    st.sampled_from([5.0, 10.0, 20.0, 40.0]),
    max_size=16,
)


@given(EDGES)
def test_cohesion_equals_its_naive_twin(edges):
    rows = [(bits, a, b) for (a, b), bits in edges.items()]
    assert communities._cohesion(rows) == naive.cohesion(rows)


def test_a_weakly_attached_account_looks_weak():
    score = gathered([*ring([0, 1, 2], 60.0), (0, 3, 12.0), (1, 3, 9.0)])
    assert [score[a][3] for a in range(4)] == [60.0, 60.0, 60.0, 12.0]


@given(PAIRS, st.sampled_from([0.05, 0.3, 0.6]), st.integers(0, 3))
def test_no_account_would_be_better_off_in_another_community(pairs, resolution, seed):
    graph = igraph.Graph(10, edges=sorted(pairs))
    label = dict(enumerate(communities._leiden(graph, seed=seed, objective="CPM", resolution=resolution)))
    quality = naive.cpm_quality(pairs, label, resolution)
    for account in range(10):
        for other in {*label.values(), 99}:
            assert naive.cpm_quality(pairs, label | {account: other}, resolution) <= quality + 1e-9


def test_leiden_answers_the_same_for_the_same_seed_and_leaves_the_dice_of_others_alone():
    graph = igraph.Graph.Erdos_Renyi(60, 0.12)
    random.seed(5)
    state = random.getstate()
    answers = [communities._leiden(graph, seed=3, objective="CPM", resolution=0.2) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert random.getstate() == state
    assert communities._leiden(igraph.Graph(0), seed=0, objective="CPM", resolution=0.05) == []


def test_no_tie_is_no_cluster():
    assert gathered([]) == {}


# Blocks


def test_blocks_are_communities_of_200_accounts_and_the_rest_shares_block_0():
    n = communities.MIN_BLOCK
    rng = np.random.default_rng(0)
    groups = [np.arange(0, n + 50), np.arange(n + 50, 2 * n + 60), np.arange(2 * n + 60, 2 * n + 100)]
    links = [(a, 1000 * k + o) for k, group in enumerate(groups) for a in group for o in rng.choice(40, 12, replace=False)]
    account, item = (np.array(column) for column in zip(*sorted(links), strict=True))
    n_accounts = 2 * n + 105  # the last five share nothing
    run = Run(
        n_accounts=n_accounts,
        community_link=pa.table({"account_ix": pa.array(account, pa.int32()), "object_ix": pa.array(item, pa.int64())}),
    )
    communities.block(run)
    block = run.tables["block"]["block"].to_numpy()
    assert run.tables["block"]["account_ix"].to_pylist() == list(range(n_accounts))
    assert [set(block[group].tolist()) for group in groups] == [{1}, {2}, {0}]
    assert set(block[-5:].tolist()) == {0}
    assert run.notes["blocks"]["sizes"] == [45, n + 50, n + 10]
