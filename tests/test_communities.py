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
from cib.communities import bootstrap, cohesion, leaders, partition
from cib.engines.duckdb import DuckDB
from cib.kernels import resample, tails

PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), max_size=30)


COUNTS = ("n_led", "n_followed", "n_others", "n_ahead_of", "n_behind")
LEADING = {"cluster_id": pa.string(), "account_ix": pa.int32(), **dict.fromkeys(COUNTS, pa.int64())}


class Run:
    """Stands in for a run: tables given, tables written; what a query would write is given."""

    def __init__(self, *, seed=0, n_accounts=0, **tables):
        self.parameters = SimpleNamespace(seed=seed, fdr=0.01, graphs=[])
        self.case = SimpleNamespace(runs=list)  # a case without a run before
        self.n_rows = {"account_code": n_accounts}
        self.tables = tables
        self.notes = {}

    def part(self, table):
        return self.tables[table]

    def read(self, query, _params=None):
        return self.tables[query]

    def put(self, table, rows):
        self.tables[table] = rows

    def write(self, table, **_):
        pass

    def note(self, section, **facts):
        self.notes[section] = facts


def gathering(ties, precedence=(), *, seed=0, items=None, least=2):
    """The run after gathering ties (a, b, bits) and precedence (account, is it first, others) per post.

    items: what each of the sorted ties met on, else ten objects of its own each; least: how many meetings a tie needs, 2 or 3.
    """
    a, b, bits = zip(*sorted(ties), strict=True) if ties else ((), (), ())
    items = items or [range(10 * tie, 10 * tie + 10) for tie in range(len(ties))]
    expected = {2: 0.1, 3: 0.2}[least]
    account, is_first, n_others = zip(*sorted(precedence), strict=True) if precedence else ((), (), ())
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
                "is_first": pa.array(is_first, pa.bool_()),
                "n_others": pa.array(n_others, pa.int64()),
                "n_around": pa.array(n_others, pa.int64()),
            }
        ),
        carrier=pa.table(
            {
                "graph": pa.array(["g"] * len(a), pa.string()),
                "account_a_ix": pa.array(a, pa.int32()),
                "account_b_ix": pa.array(b, pa.int32()),
                "n_shared": pa.array([len(met_on) for met_on in items], pa.int32()),
                "expected": pa.array([expected] * len(a), pa.float64()),
                "favourite_ix": pa.array([-1] * len(a), pa.int64()),
                "ln_cut": pa.array([-20.0] * len(a), pa.float64()),
            }
        ),
        footing=pa.table(
            {
                "edge_ix": pa.array([tie for tie, met_on in enumerate(items) for _ in met_on], pa.int64()),
                "item_ix": pa.array([item for met_on in items for item in met_on], pa.int64()),
            }
        ),
    )
    run.tables["leading"] = pa.table({name: pa.array([], kind) for name, kind in LEADING.items()})
    communities.gather(run)
    return run


def gathered(ties, precedence=(), **more):
    """{account: (cluster, is_source, n_ties, bits)}, gathered as above."""
    run = gathering(ties, precedence, **more)
    rows = run.tables["member_score"].to_pylist()
    assert [row["account_ix"] for row in rows] == sorted(row["account_ix"] for row in rows)
    return {row["account_ix"]: (row["cluster_id"], row["is_source"], row["n_ties"], row["bits"]) for row in rows}


def ring(accounts, bits=50.0):
    """Everybody of a list tied to everybody."""
    return [(a, b, bits) for a, b in itertools.combinations(accounts, 2)]


# Sources


def first(account, n_first, n_met=None, *, n_others=4):
    """Precedence of an account that came first with n_first of its posts, of which each met n_others accounts."""
    return [(account, n < n_first, n_others) for n in range(n_met or n_first)]


@pytest.mark.parametrize(
    ("n_first", "n_met", "n_others", "is_source"),
    [
        (2, 2, 2, False),  # one of three is first with both posts in one case of three
        (3, 3, 2, False),  # 3 / 27
        (4, 4, 2, True),  # 3 / 81
        (2, 2, 4, False),  # 5 / 25
        (3, 3, 4, True),  # 5 / 125
        (2, 2, 24, False),  # 25 (3 / 25)^2: one of the first three of 25
        (3, 3, 24, True),  # 25 (3 / 25)^3
        (2, 2, 9, False),  # 10 / 100
        (9, 10, 4, True),
        (6, 6, 1, True),  # 2 / 64
        (5, 5, 1, False),  # 2 / 32
    ],
)
def test_a_source_comes_first_and_not_by_luck(n_first, n_met, n_others, is_source):
    score = gathered([*ring(range(4)), *((a, 9, 50.0) for a in range(4))], first(9, n_first, n_met, n_others=n_others))
    assert score[9][1] is is_source


@given(
    st.dictionaries(st.integers(0, 5), st.lists(st.tuples(st.booleans(), st.integers(1, 6)), min_size=1, max_size=7)),
    st.integers(6, 40),
)
def test_luck_equals_its_naive_twin(posts, n_around):
    rows = sorted((account, is_first, n, n_around) for account, them in posts.items() for is_first, n in them)
    columns = list(zip(*rows, strict=True)) or [()] * 4
    kinds = {"account_ix": pa.int32(), "is_first": pa.bool_(), "n_others": pa.int64(), "n_around": pa.int64()}
    table = pa.table({name: pa.array(c, kind) for (name, kind), c in zip(kinds.items(), columns, strict=True)})
    luck = {account: naive.luck(them, n_around) for account, them in posts.items()}
    clear = {account for account, p in luck.items() if abs(p - 0.05) > 1e-9}
    assert set(communities._sources(table).tolist()) & clear == {account for account in clear if luck[account] <= 0.05}


def test_a_copied_journalist_is_no_vertex_and_stands_beside_the_ring_with_most_ties():
    ties = [*ring([0, 1, 2, 3]), *ring([4, 5, 6]), *((a, 9, 90.0) for a in (0, 1, 2, 4, 5))]
    score = gathered(ties, first(9, 40))
    assert score[9] == (score[0][0], True, 3, 0.0)
    assert score[0][0] != score[4][0], "the journalist must not join two rings that are strangers"
    assert not any(is_source for account, (_, is_source, *_) in score.items() if account != 9)


def test_two_accounts_that_copy_a_source_are_no_cluster():
    assert gathered([*ring([0, 1]), (0, 9, 50.0), (1, 9, 50.0)], first(9, 30)) == {}


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
    params = {"min_led": 2, "led_percent": 60}
    found = engine.read(queryfile.load("precedence").text, params).read_all().to_pylist()
    engine.close()
    assert [tuple(row.values()) for row in found] == naive.precedes(meetings, min_led=2, percent=60)


# Members


def test_who_met_a_whole_group_on_the_same_two_objects_is_no_member():
    """Six ties, all of them on objects 900 and 901; the group's own ties have ten objects each."""
    ties = sorted([*ring(range(6)), *((a, 9, 50.0) for a in range(6))])
    items = [[900, 901] if b == 9 else range(10 * n, 10 * n + 10) for n, (_, b, _) in enumerate(ties)]
    run = gathering(ties, items=items)
    assert {row["account_ix"] for row in run.tables["member_score"].to_pylist()} == set(range(6))
    assert run.notes["clusters"]["loose_members"] == 1


def test_a_cluster_of_which_fewer_than_three_are_firm_is_dropped():
    """Two accounts with objects of their own, and two who met them on the same two objects only."""
    ties = sorted(ring(range(4)))
    items = [range(10) if pair == (0, 1) else [900, 901] for pair in ((a, b) for a, b, _ in ties)]
    assert gathered(ties, items=items) == {}


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


@given(st.integers(0, 200))
@settings(max_examples=15)
def test_planted_groups_are_recovered_whatever_the_seed(seed):
    """Four groups of 25, inside of which two in five are tied, and of pairs across one in a hundred: a fifth of the density
    that makes a cluster. Everybody has ten ties inside on average, so that nobody falls out of the 2-core."""
    draw = random.Random(seed)
    ties = [(a, b) for a, b in itertools.combinations(range(100), 2) if draw.random() < (0.4 if a // 25 == b // 25 else 0.01)]
    label, n_partitions = partition.consensus(100, np.array(ties), seed=seed)
    assert n_partitions == 15
    assert [len(set(label[group : group + 25].tolist())) for group in (0, 25, 50, 75)] == [1] * 4
    assert len(set(label.tolist())) == 4


def test_an_account_that_is_torn_between_two_groups_does_not_join_them():
    ties = [*itertools.combinations(range(30), 2), *itertools.combinations(range(30, 60), 2)]
    ties += [(a, 60) for a in (*range(15), *range(30, 45))]
    for seed in range(5):
        label, _ = partition.consensus(61, np.array(ties), seed=seed)
        assert label[0] != label[30]
        assert label[60] in (label[0], label[30])


@given(PAIRS, st.integers(0, 3), st.randoms())
@settings(max_examples=30)
def test_renaming_accounts_renames_clusters_and_no_more(pairs, seed, draw):
    """At most ten accounts, where the partition does not depend on the order of vertices."""
    new = list(range(10))
    draw.shuffle(new)
    score = gathered([(a, b, 50.0) for a, b in pairs], seed=seed)
    again = gathered([(*sorted((new[a], new[b])), 50.0) for a, b in pairs], seed=seed)
    groups = {frozenset(new[a] for a in score if score[a][0] == name) for name in {row[0] for row in score.values()}}
    assert {frozenset(a for a in again if again[a][0] == name) for name in {row[0] for row in again.values()}} == groups


# Stability


ITEMS = st.lists(st.lists(st.integers(0, 6), max_size=8), min_size=1, max_size=6)


@given(ITEMS, st.lists(st.integers(1, 5), min_size=6, max_size=6), st.integers(0, 2**64 - 1), st.integers(0, 22))
def test_survival_equals_its_naive_twin(items, least, seed, turn):
    start = np.cumsum([0, *map(len, items)])
    out = np.zeros(len(items), bool)
    flat = np.array([item for met_on in items for item in sorted(met_on)], np.int64)
    resample.survives(start, flat, np.array(least[: len(items)]), np.uint64(seed), turn, 23, out)
    assert out.tolist() == [naive.survives(met_on, n, seed, turn, 23) for met_on, n in zip(items, least, strict=False)]


def test_an_object_is_drawn_as_often_as_poisson_says():
    """100,000 draws of different objects, and of one object under different seeds: shares within five standard errors."""
    many, one = np.empty(100_000, np.int64), np.empty(1, np.int64)
    resample.times_drawn(np.arange(100_000) * 100_000, np.uint64(7), 5, 101, many)
    over_seeds = []
    for seed in np.random.default_rng(0).integers(0, 2**63, 20_000, dtype=np.uint64):
        resample.times_drawn(np.array([500_000]), seed, 5, 101, one)
        over_seeds.append(int(one[0]))
    for draws in (many, np.array(over_seeds)):
        for k in range(5):
            due = np.exp(-1.0) / [1, 1, 2, 6, 24][k]
            error = 5 * np.sqrt(due * (1 - due) / len(draws))
            assert abs((draws == k).mean() - due) <= error, f"{k}: {(draws == k).mean()}, due {due} +- {error}"


@pytest.mark.parametrize("n_turns", bootstrap.REPLICATES)
def test_every_object_is_left_out_as_often_as_any_other_and_two_objects_independently(n_turns):
    n_objects = 300
    drawn = np.empty((n_turns, n_objects), np.int64)
    for turn in range(n_turns):
        resample.times_drawn(np.arange(n_objects), np.uint64(3), turn, n_turns, drawn[turn])
    missing = drawn == 0
    due = n_turns / np.e
    assert set(missing.sum(axis=0).tolist()) <= {int(due), int(due) + 1}
    both = missing.astype(float).T @ missing / n_turns
    mean = both[np.triu_indices(n_objects, 1)].mean()
    error = 5 * np.exp(-1) / np.sqrt(n_objects * (n_objects - 1) / 2)
    assert abs(mean - np.exp(-2)) <= error, f"{mean}, due {np.exp(-2)} +- {error}"


@given(st.integers(1, 60), st.floats(1e-6, 50.0), st.sampled_from([0.5, 0.01, 1e-4, 1e-9]))
def test_the_fewest_coincidences_equal_their_naive_twin(n_shared, expected, p_value):
    out = np.empty(1, np.int64)
    tails.least(np.array([n_shared]), np.array([expected]), np.array([np.log(p_value)]), out)
    wanted = naive.least(n_shared, expected, p_value)
    near = abs(naive.poisson_upper(int(out[0]), expected) / p_value - 1.0) < 1e-9
    assert out[0] == wanted or near


def stabilities(run):
    return dict(zip(*(run.tables["stability"][c].to_pylist() for c in ("cluster_id", "stability")), strict=True))


def test_a_group_that_hangs_on_one_viral_object_is_dropped_and_counted_and_one_over_many_objects_is_stable():
    """Six accounts all passed one post on, and any two of them met once more elsewhere; six others met on twelve posts, all on
    each. The first fall apart at once when the post is not drawn, which is in 38 or 37 of 101 draws."""
    ties = ring(range(6)) + ring(range(6, 12))
    viral = [[0, 100 + tie] for tie in range(15)]
    run = gathering(ties, items=viral + [list(range(200, 212))] * 15)
    assert stabilities(run) == {"C001": 1.0}
    assert set(run.tables["member_score"]["account_ix"].to_pylist()) == set(range(6, 12))
    assert run.notes["clusters"]["unstable"] == 1
    assert run.notes["clusters"]["accounts_of_unstable"] == 6
    assert run.notes["clusters"]["clusters"] == 1


@pytest.mark.parametrize(("n_objects", "is_kept"), [(2, False), (4, True), (8, True)])
def test_a_group_stays_where_objects_beyond_two_carry_it(n_objects, is_kept):
    """Two objects must be drawn: of two, that is so in 0.40 of all draws; of three in 0.69, close to the cut; of four in 0.86."""
    run = gathering(ring(range(5)), items=[list(range(n_objects))] * 10)
    assert bool(stabilities(run)) is is_kept


def test_a_group_that_copies_one_text_over_and_over_hangs_on_one_object():
    """Twelve meetings of every two, all on the same text: drawn or not, they are one object."""
    run = gathering(ring(range(5)), items=[[7] * 12] * 10)
    assert stabilities(run) == {}
    assert run.notes["clusters"]["unstable"] == 1


@given(PAIRS, st.integers(0, 50))
@settings(max_examples=30)
def test_stability_equals_its_naive_twin(pairs, seed):
    """At most ten accounts, where clusters are the components of the 2-core."""
    ties = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    label = communities._by_size(partition.labels(10, ties, seed=0))
    kept = np.random.default_rng(seed).random((5, len(ties))) < 0.7
    found = bootstrap.stability(kept, ties, label, seed=0)
    groups = [{a for a in range(10) if label[a] == number} for number in range(label.max(initial=-1) + 1)]
    replicates = [{pair for pair, keep in zip(sorted(pairs), mask, strict=True) if keep} for mask in kept.tolist()]
    assert found.tolist() == pytest.approx([naive.stability(group, pairs, replicates) for group in groups])


def test_stability_does_not_depend_on_the_order_of_an_edges_meetings():
    items = [[draw % 7, draw % 5 + 10, draw % 3 + 20] for draw in range(15)]
    one = gathering(ring(range(6)), items=items, least=3)
    other = gathering(ring(range(6)), items=[list(reversed(met_on)) for met_on in items], least=3)
    assert stabilities(one) == stabilities(other)
    assert one.tables["member_score"].equals(other.tables["member_score"])


def test_the_same_seed_gives_the_same_stability_and_another_one_another():
    items = [[tie % 4, 10 + tie % 3, 20 + tie % 5] for tie in range(10)]
    answers = [stabilities(gathering(ring(range(5)), items=items, seed=seed)) for seed in (1, 1, 2, 3)]
    assert answers[0] == answers[1]
    assert answers[0] not in answers[2:]


EDGES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]),
    st.sampled_from([5.0, 10.0, 20.0, 40.0]),
    max_size=16,
)


@given(EDGES)
def test_cohesion_equals_its_naive_twin(edges):
    rows = [(bits, a, b) for (a, b), bits in edges.items()]
    assert cohesion.cohesion(rows) == naive.cohesion(rows)


def test_a_weakly_attached_account_looks_weak():
    score = gathered([*ring([0, 1, 2], 60.0), (0, 3, 12.0), (1, 3, 9.0)])
    assert [score[a][3] for a in range(4)] == [60.0, 60.0, 60.0, 12.0]


@given(PAIRS, st.sampled_from([0.05, 0.3, 0.6]), st.integers(0, 3))
def test_no_account_would_be_better_off_in_another_community(pairs, resolution, seed):
    graph = igraph.Graph(10, edges=sorted(pairs))
    label = dict(enumerate(partition.leiden(graph, seed=seed, objective="CPM", resolution=resolution)))
    quality = naive.cpm_quality(pairs, label, resolution)
    for account in range(10):
        for other in {*label.values(), 99}:
            assert naive.cpm_quality(pairs, label | {account: other}, resolution) <= quality + 1e-9


def test_leiden_answers_the_same_for_the_same_seed_and_leaves_the_dice_of_others_alone():
    graph = igraph.Graph.Erdos_Renyi(60, 0.12)
    random.seed(5)
    state = random.getstate()
    answers = [partition.leiden(graph, seed=3, objective="CPM", resolution=0.2) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert random.getstate() == state
    assert partition.leiden(igraph.Graph(0), seed=0, objective="CPM", resolution=0.05) == []


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


# Leaders


LED = st.lists(st.tuples(*(st.integers(0, 60),) * 2, *(st.integers(0, 4),) * 3), max_size=12)


@given(LED)
def test_leaders_and_followers_equal_their_naive_twin(counts):
    n_led, n_followed, *rivals = np.array(counts, np.int64).reshape(-1, 5).T
    p, leads, follows = leaders.decide(n_led, n_followed, **dict(zip(COUNTS[2:], rivals, strict=True)))
    assert p.tolist() == pytest.approx([naive.sign_test(*row[:2]) for row in counts], rel=1e-9)
    assert [(bool(a), bool(b)) for a, b in zip(leads, follows, strict=True)] == naive.leaders(counts)


def led(meetings, members, folder):
    """The rows of `leader` of meetings (a, b, post_a, post_b, time_a, time_b) among the members of one cluster."""
    columns = list(zip(*meetings, strict=True)) or [()] * 6
    names = ("account_a_ix", "account_b_ix", "post_a_ix", "post_b_ix", "acted_at_a", "acted_at_b")
    given = {
        "meeting": pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)}),
        "member_score": pa.table(
            {"account_ix": members, "cluster_id": ["C001"] * len(members), "is_source": [False] * len(members)}
        ),
    }
    engine, run = DuckDB(threads=1), Run()
    for table, rows in given.items():
        path = folder / f"{len(list(folder.iterdir()))}.parquet"
        parquet.write(path, rows.schema, [rows])
        engine.bind(table, [path])
    run.read = lambda query, params: engine.read(queryfile.load(query).text, params).read_all()
    leaders.test(run)
    engine.close()
    assert run.notes["leaders"]["leaders"] == sum(run.tables["leader"]["leads"].to_pylist())
    return {row["account_ix"]: row for row in run.tables["leader"].to_pylist()}


@given(MEETINGS)
@settings(max_examples=25)
def test_leading_equals_its_naive_twin(folder, meetings):
    times = [(a, b, p, q, 1800 * s, 1800 * t) for a, b, p, q, s, t in meetings]
    found = led(times, [0, 1, 3, 4, 5], folder)
    assert {a: tuple(row[name] for name in COUNTS) for a, row in found.items()} == naive.leading(times, {0, 1, 3, 4, 5}, 3600)


def together(n_objects, order, *, every_s):
    """Meetings of all accounts on n_objects objects, one every so many seconds; order(object) gives who acts when, from 0."""
    meetings = []
    for k in range(n_objects):
        at = {account: every_s * k + 5 * place for place, account in enumerate(order(k))}
        meetings += [(a, b, 1000 * a + k, 1000 * b + k, at[a], at[b]) for a, b in itertools.combinations(sorted(at), 2)]
    return meetings


def test_an_account_that_acts_first_day_after_day_leads_and_the_last_only_follows(folder):
    draw = random.Random(0)
    found = led(together(30, lambda _: [0, *draw.sample([1, 2, 3], 3), 4], every_s=86_400), list(range(5)), folder)
    assert [found[a]["leads"] for a in range(5)] == [True, False, False, False, False]
    assert (found[0]["n_led"], found[4]["n_followed"]) == (30, 30)


def test_a_group_in_any_order_has_no_leader(folder):
    """20 groups of five, 40 days each: at 1 % over all members of a group a fifth of a leader is due."""
    draw = random.Random(1)
    n = sum(
        row["leads"]
        for _ in range(20)
        for row in led(together(40, lambda _: draw.sample(range(5), 5), every_s=86_400), list(range(5)), folder).values()
    )
    assert n <= 1


def test_thirty_posts_of_one_hour_make_no_leader(folder):
    found = led(together(30, lambda _: range(5), every_s=60), list(range(5)), folder)
    assert not any(row["leads"] for row in found.values())
    assert found[0]["n_led"] == 1


@pytest.mark.parametrize("n_accounts", [3, 5])
def test_one_straggler_makes_nobody_else_a_leader(folder, n_accounts):
    draw, last = random.Random(2), n_accounts - 1
    found = led(together(40, lambda _: [*draw.sample(range(last), last), last], every_s=86_400), list(range(n_accounts)), folder)
    assert not any(row["leads"] for row in found.values())
    assert found[last]["n_followed"] == 40


def test_a_leader_of_three_leads_though_the_last_of_them_follows(folder):
    draw = random.Random(3)
    found = led(together(30, lambda _: [0, *draw.sample([1, 2], 2)], every_s=86_400), [0, 1, 2], folder)
    assert [found[a]["leads"] for a in range(3)] == [True, False, False]
