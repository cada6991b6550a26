"""Pairs: the queries against the slow obvious counting, on any acts; bounded and honest about what a crowd hides."""

import naive
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import parquet, queryfile
from cib.engines.duckdb import DuckDB

WINDOWS = (10, 60, None, None, None, None)
ACTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 150), st.integers(0, 25)), max_size=40)


class Bench:
    """Runs the pair queries on acts given as (account, object, time, post)."""

    def __init__(self, folder):
        self.folder = folder
        self.n = 0

    def counts(self, acts, *, max_crowd, by_post, windows=WINDOWS, column="n"):
        engine = DuckDB(threads=1)
        acts = one_author_per_post(acts)
        columns = (
            dict(zip(("account_ix", "object_ix", "acted_at", "post_ix"), zip(*acts, strict=True), strict=True)) if acts else {}
        )
        action = pa.table(
            {name: pa.array(columns.get(name, ()), pa.int64()) for name in ("account_ix", "object_ix", "acted_at", "post_ix")}
        )
        self.bind(engine, "action", action.append_column("verb", pa.array(["v"] * len(acts), pa.string())))
        self.bind(engine, "giant", pa.table({"graph": pa.array([], pa.string()), "object_ix": pa.array([], pa.int64())}))
        params = {
            "graph": "g",
            "verb": "v",
            "cut_s": 0,
            "per_s": 10**12,
            "max_crowd": max_crowd,
            "min_shared": 1,
            "favourite": True,
            "slot_s": 21600,
        }
        objects = sorted({act[1] for act in acts})
        codes = pa.array(objects, pa.int64())
        interest = pa.array([o // 2 for o in objects], pa.int64())  # two objects are one interest
        self.bind(engine, "object_code", pa.table({"object_ix": codes, "interest_ix": interest}))
        params |= {"n_slots": 28} | {f"window_{i}_s": w for i, w in enumerate(windows, start=1)}
        grid = [(i, w) for i, w in enumerate(windows, start=1) if w]
        self.bind(
            engine,
            "grid",
            pa.table({"graph": ["g"] * len(grid), "level": [i for i, _ in grid], "window_s": [w for _, w in grid]}),
        )
        for table in ("act", "pair_count", "candidate", *(("probe", "coincidence", "favourite") if by_post else ())):
            self.bind(engine, table, self.read(engine, table, params))
        found = self.read(engine, "pair_by_post" if by_post else "candidate", params).to_pylist()
        return {(row["account_a_ix"], row["account_b_ix"]): [row[f"{column}_w{i}"] for i in range(1, 7)] for row in found}

    def read(self, engine, query, params):
        asked = queryfile.load(query)
        return engine.read(asked.text, {k: v for k, v in params.items() if k in asked.params}).read_all()

    def bind(self, engine, name, table):
        self.n += 1
        path = self.folder / f"{name}-{self.n}.parquet"
        parquet.write(path, table.schema, [table])
        engine.bind(name, [path])


def one_author_per_post(acts):
    """A post has one account and one time: number posts so."""
    number = {}
    return [(a, o, t, number.setdefault((a, t, p), len(number))) for a, o, t, p in sorted(set(acts))]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("pairs"))


@given(ACTS, st.integers(1, 6), st.booleans())
def test_pairs_equal_their_naive_twin_whatever_the_crowds(bench, acts, max_crowd, by_post):
    found = bench.counts(acts, max_crowd=max_crowd, by_post=by_post)
    wanted = naive.pairs(one_author_per_post(acts), WINDOWS, max_crowd, by_post=by_post)
    assert found == {pair: counts for pair, counts in wanted.items() if any(counts)}


@given(ACTS, st.integers(1, 6))
def test_what_is_left_without_the_favourite_equals_its_naive_twin(bench, acts, max_crowd):
    rest = bench.counts(acts, max_crowd=max_crowd, by_post=True, column="rest")
    top = bench.counts(acts, max_crowd=max_crowd, by_post=True, column="favourite")
    known = naive.crowds(one_author_per_post(acts), WINDOWS, max_crowd)
    interest = {o: o // 2 for _, o, _, _ in acts}
    for (a, b), counted in rest.items():
        for number, window in enumerate(WINDOWS, start=1):
            if window is None:
                continue
            met = naive.meetings(known, a, b, number, window)
            named = naive.favourite(met, interest)
            assert top[a, b][number - 1] == named
            assert counted[number - 1] == naive.by_posts([m for m in met if interest[m[0]] != named])


@given(ACTS)
def test_a_window_finer_than_the_data_is_not_tested_and_changes_no_other(bench, acts):
    coarse = (None, 60, 120, None, None, None)
    found = bench.counts(acts, max_crowd=4, by_post=False, windows=coarse)
    assert found == {pair: n for pair, n in naive.pairs(one_author_per_post(acts), coarse, 4, by_post=False).items() if any(n)}


def test_an_object_with_a_huge_crowd_costs_nothing_and_pairs_nobody(bench):
    acts = [(account, 0, 0, account) for account in range(5000)] + [(0, 1, 0, 0), (1, 1, 5, 1)]
    assert bench.counts(acts, max_crowd=300, by_post=False) == {(0, 1): [1, 1, None, None, None, None]}
