"""Clusters over time: what counts in a slice, which group is which one again, and what is told of it."""

import datetime as dt
import itertools
from types import SimpleNamespace

import naive
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib import parquet, queryfile, runs, slices, spans, terminal
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.slices import lineages

DAY_S = 86_400

# Spans


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7d", (7 * DAY_S, 7 * DAY_S // 2)), ("1h", (3600, 1800)), ("2w/1d", (14 * DAY_S, DAY_S)), ("24h/24h", (DAY_S, DAY_S))],
)
def test_a_span_is_a_length_and_a_step_of_half_of_it_or_as_given(text, seconds):
    assert spans.slices(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "7", "d", "0d", "7d/", "/1d", "7d/1d/1h", "-7d", "7 d", "7d\n", "1.5d", "٧d", "99999d", "7D"]
)
def test_what_is_no_span_is_refused_with_an_example(text):
    with pytest.raises(CaseError, match="expected LENGTH or LENGTH/STEP in hours, days or weeks"):
        spans.slices(text)


@pytest.mark.parametrize("text", ["7d/2d", "1d/7d", "7d/5h"])
def test_a_length_is_a_whole_multiple_of_the_step(text):
    with pytest.raises(CaseError, match="no whole multiple of the step"):
        spans.slices(text)


def test_a_slice_holds_at_most_500_steps():
    assert spans.slices("500h/1h") == (1_800_000, 3600)
    with pytest.raises(CaseError, match=r"a slice holds 501 steps; expected at most 500\. Give a longer step\."):
        spans.slices("501h/1h")


@given(st.integers(1, 9999 * 3600))
def test_a_written_span_is_read_again_and_is_not_shorter(seconds):
    length_s, _ = spans.slices(spans.written(seconds))
    assert seconds <= length_s < seconds + 3600


# Lineages

ACCOUNTS = st.integers(0, 9)
LABELS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=10, max_size=10)
SLICES = st.lists(LABELS, max_size=7)


def groups_of(labels):
    """Disjoint groups of accounts 0 to 9, largest first, by their labels."""
    found = [frozenset(i for i, one in enumerate(labels) if one == label) for label in range(4)]
    return sorted((group for group in found if group), key=lambda group: (-len(group), sorted(group)))


def followed(*slices_, n_slices=None):
    """[(slice, lineage, event, other)] of the groups of consecutive slices, written as words of members."""
    groups = {i: [frozenset(word) for word in words.split()] for i, words in enumerate(slices_) if words}
    return [(e.slice_ix, e.lineage, e.what, e.other) for e in lineages.follow(groups, n_slices or len(slices_))]


def test_a_group_whose_half_stays_goes_on_and_one_that_changes_more_is_another():
    assert followed("abcd", "abef") == [(0, 0, "birth", None), (1, 0, "continuation", None)]
    assert followed("abcd", "aefg") == [(0, 0, "birth", None), (1, 0, "end", None), (1, 1, "birth", None)]


def test_a_group_that_pauses_and_comes_back_is_the_same():
    assert followed("abc", "", "", "abd", "abd") == [
        (0, 0, "birth", None),
        (1, 0, "dormancy", None),
        (3, 0, "return", None),
        (4, 0, "continuation", None),
    ]


def test_a_group_comes_back_while_another_goes_on():
    told = followed("abc xyz", "abc", "abc xyz")
    assert [row for row in told if row[1] == 1] == [(0, 1, "birth", None), (1, 1, "dormancy", None), (2, 1, "return", None)]


def test_two_groups_merge_and_part_again_under_their_own_names():
    assert followed("abcd wxy", "abcdwxy", "abcd wxy") == [
        (0, 0, "birth", None),
        (0, 1, "birth", None),
        (1, 0, "continuation", None),
        (1, 1, "merge", 0),
        (2, 0, "continuation", None),
        (2, 1, "split", 0),
    ]


def test_a_piece_that_comes_off_is_a_lineage_of_its_own_and_says_from_where():
    assert followed("abcdefgh", "abcde fgh")[1:] == [(1, 0, "continuation", None), (1, 1, "split", 0)]


def test_a_group_that_falls_to_pieces_ends_and_every_piece_says_from_where():
    told = followed("abcdefghijklmnop", "abcd efgh ijkl mnop")
    assert told[1:] == [(1, 0, "end", None), *((1, i, "split", 0) for i in range(1, 5))]


def test_what_is_there_in_the_last_slice_has_no_end():
    assert followed("abc") == [(0, 0, "birth", None)]
    assert followed("abc", n_slices=2) == [(0, 0, "birth", None), (1, 0, "end", None)]


def test_the_whole_matching_counts_and_not_the_best_pair_alone():
    """a-d goes on as the smaller half where that leaves a partner for the rest."""
    known = [frozenset("abcdef"), frozenset("abcghi")]
    groups = [frozenset("abcdefghi"), frozenset("abcdefj")]
    overlaps = [(i, j, len(a & b) / len(a | b)) for i, a in enumerate(known) for j, b in enumerate(groups)]
    matched = lineages.match([o for o in overlaps if o[2] >= lineages.MIN_JACCARD], [])
    assert {group: lineage for group, (lineage, _) in matched.items()} == {0: 1, 1: 0}


def test_of_equals_the_lineage_that_was_there_a_slice_ago_goes_on():
    assert followed("abxyz", "", "abuvw", "abuvwxyz")[-1] == (3, 1, "continuation", None)


@given(SLICES)
def test_lineages_are_matched_as_well_as_trying_all_would(labels):
    groups = {i: found for i, slice_ in enumerate(labels) if (found := groups_of(slice_))}
    last: dict[int, frozenset[int]] = {}
    for number, events in itertools.groupby(lineages.follow(groups, len(labels)), key=lambda e: e.slice_ix):
        present = [e for e in events if e.members]
        total = sum(e.jaccard or 0.0 for e in present)
        assert total == pytest.approx(naive.best_overlap(list(last.values()), groups.get(number, [])), abs=1e-6)
        for e in present:
            known = last.get(e.lineage)
            assert e.jaccard == (None if known is None else len(known & e.members) / len(known | e.members))
        last |= {e.lineage: e.members for e in present}


@given(SLICES)
def test_events_equal_their_naive_twin(labels):
    groups = {i: found for i, slice_ in enumerate(labels) if (found := groups_of(slice_))}
    events = lineages.follow(groups, len(labels))
    seen = {(e.slice_ix, e.lineage): e.members for e in events if e.members}
    assert {(e.slice_ix, e.lineage): (e.what, e.other) for e in events} == naive.lineage_events(seen, len(labels))


@given(SLICES)
def test_every_member_of_a_group_is_told_once_and_no_lineage_forks(labels):
    groups = {i: found for i, slice_ in enumerate(labels) if (found := groups_of(slice_))}
    events = lineages.follow(groups, len(labels))
    assert len({(e.slice_ix, e.lineage) for e in events}) == len(events)
    told = sorted((e.slice_ix, sorted(e.members)) for e in events if e.members)
    assert told == sorted((i, sorted(group)) for i, found in groups.items() for group in found)
    assert [e.lineage for e in events if e.what in ("birth", "split") and e.jaccard is None] == list(
        range(len({e.lineage for e in events}))
    )


@given(SLICES, st.permutations(range(10)))
def test_the_numbers_of_accounts_change_no_event(labels, order):
    groups = {i: found for i, slice_ in enumerate(labels) if (found := groups_of(slice_))}
    other = {i: [frozenset(order[a] for a in group) for group in found] for i, found in groups.items()}
    plain, renamed = (lineages.follow(given_, len(labels)) for given_ in (groups, other))
    assert [(e.slice_ix, e.lineage, e.what, e.other, e.jaccard) for e in plain] == [
        (e.slice_ix, e.lineage, e.what, e.other, e.jaccard) for e in renamed
    ]


# The step


class Run:
    """Stands in for a run: tables given, tables written; the query is asked of an engine."""

    def __init__(self, folder, text, meetings, *, sources=(), clusters=None, quiet_hour=0, resolution_s=1):
        self.parameters = runs.Parameters((), slices=text)
        self.quiet_hour, self.notes = quiet_hour, {"windows": {"g": {"resolution_s": resolution_s}}}
        self.folder, self.engine, self.written = folder, DuckDB(threads=1), 0
        names = ("account_a_ix", "account_b_ix", "post_a_ix", "post_b_ix", "acted_at_a", "acted_at_b")
        columns = list(zip(*sorted(meetings), strict=True)) or [()] * 6
        types = (pa.int32(), pa.int32(), *[pa.int64()] * 4)
        self.tables = {"meeting": pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=list(names))}
        self.put("meeting", self.tables["meeting"])
        ties = sorted({m[:2] for m in meetings})
        spans_ = [[t for m in meetings if m[:2] == tie for t in m[4:]] for tie in ties]
        self.tables["tie_score"] = pa.table(
            {
                "account_a_ix": pa.array([a for a, _ in ties], pa.int32()),
                "account_b_ix": pa.array([b for _, b in ties], pa.int32()),
                "first_at": pa.array([min(s) for s in spans_], pa.int64()),
                "last_at": pa.array([max(s) for s in spans_], pa.int64()),
            }
        )
        self.put("tie_score", self.tables["tie_score"])
        n = 1 + max((max(m[:2]) for m in meetings), default=0)
        placed = sorted((dict.fromkeys(range(n), "C001") if clusters is None else clusters).items())
        self.tables["member_score"] = pa.table(
            {
                "account_ix": pa.array([a for a, _ in placed], pa.int32()),
                "cluster_id": pa.array([c for _, c in placed], pa.string()),
                "is_source": pa.array([a in sources for a, _ in placed], pa.bool_()),
            }
        )
        self.tables["account_code"] = pa.table({"platform": ["t"] * n, "account_id": [f"a{i}" for i in range(n)]})

    def part(self, table):
        return self.tables[table]

    load = part

    def put(self, table, rows):
        self.tables[table] = rows
        self.written += 1
        path = self.folder / f"{table}-{id(self)}-{self.written}.parquet"
        parquet.write(path, rows.schema, [rows])
        self.engine.bind(table, [path])

    def stream(self, query, params):
        return self.engine.read(queryfile.load(query).text, params)

    def note(self, section, **facts):
        self.notes[section] = facts

    def story(self):
        columns = ("slice_ix", "lineage", "event", "other", "cluster_id", "n_accounts", "n_ties")
        return [tuple(row[c] for c in columns) for row in self.tables["slice"].to_pylist()]


def ring(accounts, times, *, step=1000):
    """Meetings of everybody with everybody, one post each at each of the times; posts are numbered by account and time."""
    return [
        (a, b, a * step + i, b * step + i, t, t + 5) for a, b in itertools.combinations(accounts, 2) for i, t in enumerate(times)
    ]


def days(*numbers):
    """Noon of each of the days, and a minute later: two meetings a day."""
    return [n * DAY_S + DAY_S // 2 + s for n in numbers for s in (0, 60)]


@pytest.fixture
def step(tmp_path):
    """Run the step over meetings and return the run."""

    def make(text, meetings, **facts):
        run = Run(tmp_path, text, meetings, **facts)
        slices.follow(run)
        run.engine.close()
        return run

    return make


def test_a_ring_that_pauses_is_dormant_and_returns(step):
    run = step("1d/1d", ring(range(4), days(100, 101, 104, 105)))
    assert run.story() == [
        (0, "L001", "birth", None, "C001", 4, 6),
        (1, "L001", "continuation", None, "C001", 4, 6),
        (2, "L001", "dormancy", None, "C001", 0, 0),
        (4, "L001", "return", None, "C001", 4, 6),
        (5, "L001", "continuation", None, "C001", 4, 6),
    ]
    assert run.notes["slices"]["events"] == {"birth": 1, "continuation": 2, "dormancy": 1, "return": 1}
    rows = run.tables["slice_member"].to_pylist()
    assert [row["account_id"] for row in rows if row["slice_ix"] == 4] == ["a0", "a1", "a2", "a3"]
    assert {row["slice_ix"] for row in rows} == {0, 1, 4, 5}


def test_slices_overlap_by_half_where_no_step_is_given(step):
    run = step("2d", ring(range(3), days(100, 101, 102)))
    assert [(row["since"], row["until"]) for row in run.tables["slice"].to_pylist()] == [
        (dt.datetime(1970, 1, 1) + dt.timedelta(days=100 + i), dt.datetime(1970, 1, 1) + dt.timedelta(days=102 + i))
        for i in range(2)
    ]


def test_slices_of_days_begin_at_the_quietest_hour_and_those_of_hours_at_the_full_step(step):
    (row,) = step("1d/1d", ring(range(3), days(100)), quiet_hour=13).tables["slice"].to_pylist()
    assert row["since"] == dt.datetime(1970, 1, 1, 13) + dt.timedelta(days=99)
    (row,) = step("6h/6h", ring(range(3), days(100)), quiet_hour=13).tables["slice"].to_pylist()
    assert row["since"] == dt.datetime(1970, 1, 1, 12) + dt.timedelta(days=100)


def test_a_meeting_lies_where_its_later_act_does(step):
    midnight = 100 * DAY_S
    meetings = [
        (a, b, 10 * a + i, 10 * b + i, midnight - 1 - i, midnight + i)
        for a, b in itertools.combinations(range(3), 2)
        for i in range(2)
    ]
    assert [row[0] for row in step("1d/1d", meetings).story()] == [1]


def test_one_meeting_in_a_slice_makes_no_tie_there_and_silent_ties_are_counted(step):
    """Ties of the whole period whose posts lie one by one in different slices are active in none."""
    run = step("1d/1d", ring(range(4), [100 * DAY_S, 103 * DAY_S]))
    assert run.story() == []
    assert run.notes["slices"]["ties_in_no_slice"] == 6
    assert run.notes["slices"]["slices"] == 4
    assert run.tables["slice_member"].num_rows == 0


def test_a_source_of_the_whole_period_is_a_source_in_every_slice(step):
    meetings = ring(range(5), days(100))
    assert step("1d/1d", meetings, sources={4}).story() == [(0, "L001", "birth", None, "C001", 4, 6)]


def test_an_account_that_is_in_no_cluster_of_the_whole_period_is_named_in_no_slice(step):
    meetings = [*ring(range(4), days(100)), *ring(range(4, 7), days(100)), (3, 4, 30, 40, *days(100, 100)[:2])]
    assert step("1d/1d", meetings, clusters=dict.fromkeys(range(3), "C001")).story() == [(0, "L001", "birth", None, "C001", 3, 3)]


def test_a_pair_outside_every_group_counts_in_none(step):
    run = step("1d/1d", [*ring(range(3), days(100)), *ring([3, 4], days(100)), *ring([2, 5], days(100))])
    assert run.story() == [(0, "L001", "birth", None, "C001", 3, 3)]


def test_a_lineage_belongs_to_the_cluster_that_holds_most_of_it_or_to_none(step):
    meetings = ring(range(4), days(100))
    assert step("1d/1d", meetings, clusters={0: "C001", 1: "C001", 2: "C001", 3: "C002"}).story()[0][4] == "C001"
    assert step("1d/1d", meetings, clusters={0: "C001", 1: "C001", 2: "C002", 3: "C002"}).story()[0][4] is None


def test_a_case_without_a_tie_has_empty_tables_and_a_run_without_slices_has_none(step):
    run = step("1d", [])
    assert run.story() == []
    assert run.notes["slices"] == {
        "length_s": DAY_S, "step_s": DAY_S // 2, "origin_s": 0, "slices": 0, "lineages": 0, "events": {},
        "ties_in_no_slice": 0, "finer_than_data": False,
    }  # fmt: skip
    assert "slice" not in step(None, ring(range(3), days(100))).tables


def test_slices_finer_than_the_times_in_the_data_are_noted(step):
    assert step("12h", ring(range(3), days(100)), resolution_s=DAY_S).notes["slices"]["finer_than_data"]
    assert not step("2d", ring(range(3), days(100)), resolution_s=DAY_S).notes["slices"]["finer_than_data"]


def test_too_many_slices_are_refused_and_the_step_that_is_named_is_long_enough(step):
    meetings = ring(range(3), days(0, 400))
    with pytest.raises(CaseError, match="801 slices from the first meeting to the last; expected at most 500") as error:
        step("1d/12h", meetings)
    named = str(error.value).split("a step of ")[1].split()[0]
    assert step(f"{named}/{named}", meetings).notes["slices"]["slices"] <= slices.MAX_SLICES


MEETINGS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(3, 5), st.integers(0, 3), st.integers(0, 3), st.integers(0, 80), st.integers(0, 80)),
    max_size=25,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("slices")


@given(MEETINGS, st.sampled_from(["4h/1h", "2h/1h", "1h/1h", "3h/1h"]))
def test_active_ties_equal_their_naive_twin(folder, met, text):
    """Times are quarters of an hour."""
    meetings = sorted({(a, b, 10 * a + i, 10 * b + j, 900 * s, 900 * t) for a, b, i, j, s, t in met})
    run = Run(folder, text, meetings)
    grid = slices._grid(run, *run.parameters.slices_s)
    run.put("slice_cell", grid.cells())
    rows = run.stream("slice_tie", {"origin_s": grid.origin_s, "step_s": grid.step_s})
    found = {number: [tuple(pair) for pair in pairs.tolist()] for number, pairs in slices._by_slice(rows)}
    run.engine.close()
    wanted: dict[int, list[tuple[int, int]]] = {}
    for number in range(grid.n_slices):
        since = grid.origin_s + number * grid.step_s
        inside = [m for m in meetings if since <= max(m[4:]) < since + grid.length_s]
        for pair in sorted({m[:2] for m in inside}):
            if all(len({m[side] for m in inside if m[:2] == pair}) >= 2 for side in (2, 3)):
                wanted.setdefault(number, []).append(pair)
    assert found == wanted
    assert all(any(grid.origin_s + k * grid.step_s <= max(m[4:]) < grid.origin_s + k * grid.step_s + grid.length_s
                   for k in range(grid.n_slices)) for m in meetings)  # fmt: skip


def test_pairs_are_given_slice_by_slice_however_the_rows_are_cut():
    slice_ix, a = [0, 0, 2, 2, 2, 5], [1, 2, 3, 4, 5, 6]
    rows = pa.table({"slice_ix": pa.array(slice_ix, pa.int32()), "account_a_ix": a, "account_b_ix": [x + 10 for x in a]})
    for size in range(1, 7):
        found = [(number, pairs[:, 0].tolist()) for number, pairs in slices._by_slice(rows.to_batches(max_chunksize=size))]
        assert found == [(0, [1, 2]), (2, [3, 4, 5]), (5, [6])]


PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), max_size=30)


@given(PAIRS)
def test_groups_of_a_slice_are_those_of_its_ties(pairs):
    """At most ten accounts: below one tie in twenty no component is split, so groups are the components of the 2-core."""
    found = slices._groups(np.array(sorted(pairs), np.int32).reshape(-1, 2), 0)
    core = naive.two_core(pairs)
    inside = naive.components([pair for pair in pairs if set(pair) <= core])
    assert found == sorted(map(frozenset, inside), key=lambda group: (-len(group), sorted(group)))


# The whole way


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """A case in which six accounts push the same addresses on days 0 to 2, pause, and push others on days 8 to 10; 260 people
    post addresses of their own."""
    rng = np.random.default_rng(5)
    rows = []
    start = dt.datetime(2024, 3, 4)
    for person in range(260):
        for _ in range(12):
            at = start + dt.timedelta(seconds=int(rng.integers(0, 11 * DAY_S)))
            rows.append((f"p{person:03d}", at, f"https://news.example/{rng.integers(0, 400)}"))
    for day in (0, 1, 2, 8, 9, 10):
        for hour in range(8, 20, 2):
            at = start + dt.timedelta(days=day, hours=hour)
            rows += [
                (f"ring{i}", at + dt.timedelta(seconds=int(rng.integers(0, 8))), f"https://push{hour}.example/{day}")
                for i in range(6)
            ]
    folder = tmp_path_factory.mktemp("campaign")
    account, at, url = zip(*rows, strict=True)
    text = [f"Look at this {u}" for u in url]
    pq.write_table(pa.table({"account_id": account, "created_at": at, "text": text}), folder / "posts.parquet")
    cib.ingest(folder / "case", [folder / "posts.parquet"], sample="full", threads=1)
    result = cib.detect(folder / "case", graphs="co_link", slices="2d/1d", threads=1)
    return SimpleNamespace(case=folder / "case", result=result)


def test_a_campaign_that_pauses_and_returns_is_told_as_one(campaign):
    rows = cib.sql(campaign.case, "SELECT lineage, event, n_accounts, cluster_id FROM slice ORDER BY slice_ix, lineage")["rows"]
    assert {row[0] for row in rows} == {"L001"}
    assert [row[1] for row in rows if row[1] != "continuation"] == ["birth", "dormancy", "return"]
    assert {row[2] for row in rows if row[1] != "dormancy"} == {6}
    assert {row[3] for row in rows} == {"C001"}
    members = cib.sql(campaign.case, "SELECT DISTINCT account_id FROM slice_member ORDER BY account_id")["rows"]
    assert [row[0] for row in members] == [f"ring{i}" for i in range(6)]


def test_slices_stand_in_the_manifest_and_change_no_other_table(campaign):
    with_slices = runs.manifest(campaign.case / "runs" / "001")
    assert with_slices["parameters"]["slices"] == "2d/1d"
    assert with_slices["notes"]["slices"]["lineages"] == 1
    cib.detect(campaign.case, graphs="co_link", run="plain", threads=2)
    plain = runs.manifest(campaign.case / "runs" / "plain")
    assert plain["parameters"]["slices"] is None
    assert plain["hashes"] == {k: v for k, v in with_slices["hashes"].items() if not k.startswith("slice")}
    cib.detect(campaign.case, graphs="co_link", run="again", slices="2d/1d", threads=2)
    assert runs.manifest(campaign.case / "runs" / "again")["hashes"] == with_slices["hashes"]


def test_a_terminal_tells_in_a_line_what_became_of_the_clusters(campaign):
    facts = campaign.result["slices"]
    assert facts["slices"] == 10
    line = next(line for line in terminal.as_text("detect", campaign.result).splitlines() if line.startswith("Over time"))
    assert line == "Over time, 10 slices of 2 days, one every 24 hours: 1 appeared, 1 paused, 1 came back."
    assert "Over time" not in terminal.as_text("detect", {**campaign.result, "slices": None})
