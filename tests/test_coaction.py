"""The co-action engine against slow obvious counting and against the SQL: on any acts, in any memory, by any threads."""

import tomllib
from types import SimpleNamespace

import naive
import numpy as np
import pytest
import test_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pairs import Bench, one_author_per_post

from cib import coaction, coincidences, communities, graphdef, neartext, projection
from cib.case import Case
from cib.coaction import Acts, Meetings, Rule
from cib.engines.duckdb import DuckDB
from cib.runs import Parameters, Run

WINDOWS = (None, 10, 60, 300, None, None)
TIMES = st.one_of(st.integers(0, 80), st.integers(0, 700), st.just(7))  # many in one second, or near each other, or far apart
ACTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), TIMES, st.integers(0, 4)), max_size=60)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("coaction"))


def acts_of(acts, max_crowd, windows):
    """First acts with their levels, sorted as the table `act` is, and the interest of each item."""
    rows = []
    for item, people in naive.first_acts(acts).items():
        for account, (time, post) in people.items():
            rows.append((item, time, account, naive.level(people, account, windows, max_crowd), post, item // 2))
    columns = list(zip(*sorted(rows), strict=True)) or [()] * 6
    kinds = (np.int64, np.int64, np.int32, np.int32, np.int64, np.int64)
    return Acts(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


def counted(acts, rule, *, block=None, room_bytes=1 << 20, n_threads=1):
    """{(a, b): (n, rest, favourite)} with a list per window, the rare sums, and the plan."""
    block = np.zeros(7, np.int32) if block is None else block
    meetings = Meetings(acts, rule, block=block, room_bytes=room_bytes, n_threads=n_threads)
    found = {}
    for pair, *columns in meetings.rows():
        for k, ends in enumerate(pair.tolist()):
            assert tuple(ends) not in found
            found[tuple(ends)] = tuple(column[k].tolist() for column in columns)
    assert list(found) == sorted(found)
    return SimpleNamespace(pairs=found, rare=meetings.rare, plan=meetings.plan)


FREE = st.dictionaries(  # any levels, also such as no crowd gives; few posts, so that they meet more than once
    st.tuples(st.integers(0, 4), st.integers(0, 7)),
    st.tuples(st.sampled_from((0, 5, 10, 15, 40, 90, 300)), st.integers(0, 2), st.sampled_from((0, 2, 3, 4, 4))),
    min_size=8,
    max_size=40,
)


def laid_out(free):
    """Acts of {(account, item): (time, post, level)}, as the engine takes them and as the slow twins do."""
    rows = sorted(
        (item, time, account, level, 3 * account + post, item // 2) for (account, item), (time, post, level) in free.items()
    )
    kinds = (np.int64, np.int64, np.int32, np.int32, np.int64, np.int64)
    known = {account: {} for account in range(7)}
    for item, time, account, level, post, _ in rows:
        known[account][item] = (time, post, level)
    return Acts(*(np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True))), known


def wanted(known, rule):
    """The pairs with their counts, slowly; without those that are too rare, and what these add up to in each window."""
    interest = {item: item // 2 for item in range(8)}
    pairs, rare = {}, {}
    for a in known:
        for b in range(a + 1, len(known)):
            met = [[] if w is None else naive.meetings(known, a, b, i, w) for i, w in enumerate(WINDOWS, start=1)]
            top = [naive.favourite(m, interest) if rule.favourite else None for m in met]
            n = [naive.by_posts(m) if rule.by_post else len(m) for m in met]
            if max(n) >= rule.min_shared:
                rest = [naive.by_posts([x for x in m if interest[x[0]] != t]) for m, t in zip(met, top, strict=True)]
                pairs[a, b] = (n, rest, [-1 if t is None else t for t in top]) if rule.by_post else (n,)
            else:
                items = [len(m) for m in met]
                rare[a, b] = n if max(items) >= rule.min_shared else items
    return pairs, rare


@given(FREE, st.integers(1, 3), st.booleans(), st.booleans())
def test_pairs_and_rare_sums_equal_their_naive_twin(free, min_shared, by_post, favourite):
    acts, known = laid_out(free)
    rule = Rule(WINDOWS, min_shared, by_post, favourite and by_post)
    block = np.array([0, 0, 1, 1, 1, 2, 2], np.int32)
    found = counted(acts, rule, block=block)
    pairs, rare = wanted(known, rule)
    assert found.pairs == pairs
    sums = np.zeros((4, 6), np.int64)
    for (a, b), n in rare.items():
        sums[block[a] if block[a] == block[b] else 3] += n
    assert found.rare.tolist() == sums.tolist()


@given(FREE, st.booleans(), st.integers(1, 40), st.integers(1, 3))
def test_neither_memory_nor_parts_nor_threads_change_a_row(free, by_post, room, threads):
    acts, _ = laid_out(free)
    rule = Rule(WINDOWS, 2, by_post, by_post)
    plain = counted(acts, rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coaction, "PART", 4)
        patch.setattr(coaction, "TASK", 5)
        patch.setattr(coaction, "WAVE", 3)
        narrow = counted(acts, rule, room_bytes=42 * room, n_threads=threads)
    assert list(narrow.pairs.items()) == list(plain.pairs.items())
    assert narrow.rare.tolist() == plain.rare.tolist()
    assert narrow.plan.coincidences == plain.plan.coincidences


@settings(max_examples=15)
@given(ACTS, st.integers(1, 6), st.sampled_from(("items", "n", "rest", "favourite")))
def test_rows_equal_those_of_the_sql(bench, acts, max_crowd, column):
    by_post, name = column != "items", column.replace("items", "n")
    found = counted(acts_of(one_author_per_post(acts), max_crowd, WINDOWS), Rule(WINDOWS, 1, by_post, by_post))
    at = ("n", "rest", "favourite").index(name)
    given_as = {pair: shown(columns[at], name) for pair, columns in found.pairs.items()}
    assert given_as == bench.counts(acts, max_crowd=max_crowd, by_post=by_post, windows=WINDOWS, column=name)


def shown(numbers, column):
    """Numbers as the tables have them: None where the window is not tested, or no favourite is."""
    return [None if w is None or (column == "favourite" and n < 0) else n for n, w in zip(numbers, WINDOWS, strict=True)]


def test_one_account_that_meets_everybody_is_divided_among_parts():
    n = 3000
    item = np.repeat(np.arange(n), 4)  # on every item the hub, and three others
    account = np.stack([np.zeros(n), *(1 + (np.arange(n) + 7 * k) % 999 for k in range(3))], axis=1).astype(np.int32)
    acts = Acts(item, np.zeros(4 * n, np.int64), account.ravel(), np.ones(4 * n, np.int32), coaction.NONE, coaction.NONE)
    rule = Rule((10, None, None, None, None, None), 2, False, False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coaction, "PART", 500)
        found = counted(acts, rule, block=np.zeros(1000, np.int32), room_bytes=26 * 2000)
    assert found.plan.divided == 1
    assert found.plan.parts > 5
    assert found.plan.buffer_bytes <= 26 * 2000
    assert found.plan.coincidences == 6 * n
    hub = {pair: n for pair, (n,) in found.pairs.items() if pair[0] == 0}
    assert sorted(hub) == [(0, k) for k in range(1, 1000)]
    assert sum(n[0] for n in hub.values()) == 3 * n


@pytest.mark.parametrize(
    "path", [p for p in test_golden.GOLDEN if p.stem.split("-")[0] == "pair_count"], ids=lambda path: path.stem
)
def test_the_golden_acts_of_the_sql_give_its_golden_pairs(path):
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = test_golden.arrow("act", golden["given"]["act"])
    rows = rows.filter(np.array(rows["graph"]) == golden["params"]["graph"]).sort_by(
        [("item_ix", "ascending"), ("acted_at", "ascending")]
    )
    windows = tuple(golden["params"].get(f"window_{i}_s") for i in range(1, 7))
    rule = Rule(windows, 1, by_post=False, favourite=False)
    found = counted(Acts.of(rows, rule), rule, block=np.zeros(1 + max(rows["account_ix"].to_pylist()), np.int32)).pairs
    wanted = {}
    for row in test_golden.rows(golden["expect"]):
        counts = [row.get(f"n_w{i}", "NULL") for i in range(1, 7)]
        wanted[int(row["account_a_ix"]), int(row["account_b_ix"])] = ([0 if n == "NULL" else int(n) for n in counts],)
    assert found == wanted


@pytest.fixture(scope="module")
def run(case):
    """A run of the suite's world that is ready for its pairs."""
    run = Run(Case.open(case), Parameters(graphdef.select(None)), DuckDB(threads=2), name="twins")
    try:
        for step in (projection.act, neartext.match, communities.block):
            step(run)
        yield run
    finally:
        run.discard()


def test_a_simulated_world_is_counted_alike_by_kernels_and_by_sql(run):
    kernels, sql = run.shadow("kernels"), run.shadow("sql")
    projection.project(kernels)
    projection.project(sql, by_sql=True)
    graphs = [graph for graph in run.parameters.graphs if not graph.timeless]
    assert sum(sql.part("pair", graph.name).num_rows for graph in graphs) > 1000
    for graph in graphs:
        for table in ("pair", "pair_total"):
            wanted = sql.part(table, graph.name)
            assert kernels.part(table, graph.name).cast(wanted.schema).equals(wanted), (graph.name, table)
        if graph.multiple or graph.favourite:
            kernels.put("candidate", sql.part("candidate", graph.name), part=graph.name)
            coincidences.write(kernels, graph.name)
            assert kernels.part("coincidence", graph.name).equals(sql.part("coincidence", graph.name)), graph.name
    kernels.fade()
    sql.fade()


@given(FREE, st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1), st.integers(1, 40))
def test_the_coincidences_of_chosen_pairs_are_theirs_and_no_other(free, pairs, room):
    acts, _ = laid_out(free)
    pairs = sorted({(min(ends), max(ends)) for ends in pairs})
    wanted = []
    for i in range(len(acts.item)):
        for j in range(len(acts.item)):
            level = min(acts.level[i], acts.level[j])
            near = level and abs(acts.acted_at[i] - acts.acted_at[j]) <= WINDOWS[level - 1]
            if i != j and acts.item[i] == acts.item[j] and near and (acts.account[i], acts.account[j]) in pairs:
                wanted.append((acts.account[i], acts.account[j], i, j))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coaction, "PART", 4)
        meetings = Meetings(acts, Rule(WINDOWS, 2, True, False), block=np.zeros(7, np.int32), room_bytes=42 * room)
        found = np.concatenate(list(meetings.of(np.array(pairs)))).tolist()
    assert found == [[i, j] for _, _, i, j in sorted(wanted)]
