"""Similar texts: the matches against a slow obvious twin, in many scripts; counts; what habits and crowds cannot do; recovery."""

import time
from pathlib import Path

import naive
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cib
from cib import graphdef, neartext, parquet, projection, queryfile, runs, text
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import GraphError
from cib.kernels import grams, tokens
from cib.runs import Parameters, Run

PIECES = (
    *("vote", "now", "don't", "dont", "x_1", "café", "2025", "голос", "сегодня", "صوت", "صـوت", "हिन्दी", "한국", "dé́jà"),
    *("選", "挙", "投", "票", "は", "ー", "ไ", "ป", "ห", "า", "🔥", "👍🏽", "❤", "#", "…"),
)
TEXTS = st.builds(str.join, st.sampled_from((" ", " ", "")), st.lists(st.sampled_from(PIECES), min_size=1, max_size=10))
POSTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 90), TEXTS), max_size=14)
WINDOWS = (10, 60, None, None, None, None)


def found(posts, window_s):
    """{(post, post): similarity} of posts given as (account, time, post, text), through the step's own functions."""
    known = sorted({words for *_, words in posts})
    rows = sorted(posts, key=lambda p: (p[1], p[2]))
    column = {i: np.array([row[i] for row in rows], np.int64) for i in range(3)}
    row_of = np.array([known.index(row[3]) for row in rows], np.int64)
    acts = neartext.Acts(post=column[2], account=column[0], text=row_of, acted_at=column[1])
    halves = [pa.array(known[: len(known) // 2], pa.string()), pa.array(known, pa.string()).slice(len(known) // 2)]
    batches = list(neartext.similar(acts, neartext.tokenised(iter(halves)), window_s=window_s))
    pairs = [row for batch in batches for row in batch.to_pylist()]
    assert len({(p["post_a_ix"], p["post_b_ix"]) for p in pairs}) == len(pairs)
    return {(p["post_a_ix"], p["post_b_ix"]): p["similarity"] for p in pairs}


def alike(*texts):
    """Whether posts with these texts, by one account each and a second apart, all match one another."""
    posts = [(i, i, i, text.key(words)) for i, words in enumerate(texts)]
    assert all(words for *_, words in posts)
    return len(found(posts, 60)) == len(texts) * (len(texts) - 1) // 2


# Matches


@given(POSTS, st.sampled_from((0, 20, 200)))
def test_matches_equal_their_naive_twin_in_any_mixture_of_scripts(posts, window_s):
    posts = [(account, at, number, words) for number, (account, at, words) in enumerate(posts)]
    assert found(posts, window_s) == pytest.approx(naive.similar(posts, window_s))


@given(POSTS, st.randoms(use_true_random=False))
def test_the_order_in_which_texts_are_read_changes_no_match(posts, random):
    posts = [(account, at, number, words) for number, (account, at, words) in enumerate(posts)]
    mixed = random.sample(posts, len(posts))
    assert found(mixed, 60) == found(posts, 60)


@pytest.mark.parametrize("bits", [1, 3])
def test_counting_grams_in_parts_changes_nothing(monkeypatch, bits):
    posts = [(i % 5, i, i, f"the {i % 7} answers to question number {i % 4} of the evening") for i in range(60)]
    whole = found(posts, 60)
    monkeypatch.setattr(neartext, "PART", sum(3 * len(p[3].split()) for p in posts) >> bits)
    assert found(posts, 60) == whole != {}


def test_results_that_fill_their_room_are_written_in_turns(monkeypatch):
    posts = [(i, i, i, "the same seven words in every post") for i in range(90)]
    monkeypatch.setattr(neartext, "ROOM", grams.MAX_GRAMS * grams.MAX_ACCOUNTS)
    assert len(found(posts, 100)) == 90 * 89 // 2


SCRIPTS = {  # a text, the same in other words, and one by a stranger
    "Latin": (
        "The harbour bridge will be closed again on Monday, thank the mayor for another wasted year",
        "The harbour bridge must be closed again on Tuesday, thank the council for another wasted decade",
        "I need another coffee before this meeting on Monday, so please be patient with me for once",
    ),
    "Cyrillic": (
        "Мост через гавань снова закроют в понедельник, спасибо мэру за ещё один потерянный год",
        "Мост через гавань опять закроют во вторник, спасибо мэру за ещё один пропавший месяц",
        "Перед встречей в понедельник мне нужна ещё одна чашка кофе, спасибо всем за терпение",
    ),
    "Arabic": (
        "سيغلق جسر الميناء مرة أخرى يوم الاثنين شكرا لرئيس البلدية على سنة ضائعة أخرى",
        "سيغلق جسر المينـاء مرة أخرى يوم الثلاثاء شكراً لرئيس البلدية على شهر ضائع آخر",
        "أحتاج إلى فنجان قهوة آخر قبل اجتماع يوم الاثنين وشكرا لكم جميعا على صبركم الجميل",
    ),
    "Chinese": (
        "港口大桥周一又要关闭，感谢市长又浪费了一年",
        "港口大桥周二还要关闭，感谢市长又浪费了半年",
        "周一开会之前我还需要一杯咖啡，谢谢大家的耐心",
    ),
    "Japanese": (
        "港の橋は月曜日にまた閉鎖される。市長のおかげだ",
        "港の橋は火曜日にまた閉鎖される。知事のおかげだ",
        "会議の前にもう一杯コーヒーが欲しい、皆さんありがとう",
    ),
    "Thai": (
        "สะพานท่าเรือจะปิดอีกครั้งในวันจันทร์ ขอบคุณนายก",
        "สะพานท่าเรือจะปิดอีกครั้งในวันอังคาร ขอบใจนายก",
        "ฉันอยากดื่มกาแฟก่อนเข้าประชุมตอนเช้า",
    ),
    "Korean": (
        "항구 다리는 월요일에 다시 폐쇄됩니다 시장님 덕분에 또 한 해를",
        "항구 다리는 화요일에 다시 폐쇄됩니다 시장님 덕분에 또 한 달을",
        "회의 전에 커피가 한 잔 더 필요해요 모두 기다려 주셔서 감사합니다",
    ),
    "pictures": (
        "🚢🌉🔒📅😡👎🗳️💸🕰️🔥⚓🏛️📣❌🧱🪧🚧🚫📉🤬",
        "🚢🌉🔒📅😂👎🗳️💸🕰️🔥⚓🏠📣❌🧱🪧🚧🚫📉😭",
        "🎂🎉🎈🥳🎁🍰🕯️🪅🎊🎶💃🕺🪩🍾🥂😄😍🤗👏🙌",
    ),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_paraphrase_matches_and_a_stranger_does_not(script):
    one, other, stranger = SCRIPTS[script]
    assert alike(one, other)
    assert not alike(one, stranger)
    assert not alike(other, stranger)


@pytest.mark.parametrize(
    "changed",
    [
        "the harbour 🔥 bridge 🔥 is closed 🔥 again 🔥",
        "the h\u0336arb\u0336our bri\u0337dge is clo\u0335sed again",
        "the har’bour bri'dge is closed again",
        "THE HARBOUR… BRIDGE / IS – CLOSED (AGAIN)",
        "the hаrbour bridgе is clоsed аgain",
    ],
    ids=["pictures", "marks", "apostrophes", "punctuation", "lookalikes"],
)
def test_what_is_strewn_between_the_letters_does_not_hide_a_copy(changed):
    posts = [(0, 0, 0, text.key("the harbour bridge is closed again")), (1, 1, 1, text.key(changed))]
    assert found(posts, 60) == {(0, 1): 1.0}


def test_identical_texts_are_similar_to_degree_one():
    assert found([(0, 0, 0, "one two three four"), (1, 5, 1, "one two three four")], 5) == {(0, 1): 1.0}


def test_a_habit_meets_once():
    words = "good morning friends have a lovely day with coffee number"
    days = [(n % 2, n // 2 * 86_400 + n % 2, n, f"{words} {n}") for n in range(60)]
    assert set(found(days, 60)) == {(0, 1)}


def test_a_phrase_of_more_than_a_hundred_accounts_is_not_rare():
    posts = [(account, account, account, "please share this so that it reaches more people") for account in range(101)]
    assert found(posts, 1000) == {}
    assert len(found(posts[:100], 1000)) == 100 * 99 // 2


def test_a_long_text_counts_with_its_beginning():
    head = [" ".join(f"{account}w{i}" for i in range(tokens.MAX_TOKENS)) for account in (0, 1)]
    tail = " and the same hundred words at the end"
    assert found([(account, 0, account, head[account] + tail) for account in (0, 1)], 60) == {}
    assert found([(account, 0, account, "and the same words first " + head[account]) for account in (0, 1)], 60)


def test_a_flood_of_one_phrase_costs_no_more_than_its_words():
    posts = [(n % 1000, n // 10, n, f"breaking news from the harbour tonight {n % 4000}") for n in range(20_000)]
    found(posts[:10], 60)  # compiled
    started = time.process_time()
    found(posts, 21_600)
    assert time.process_time() - started < 10  # most of it is this test's own lists


def test_no_texts_give_no_matches():
    assert found([], 60) == {}


# Counts


class Bench:
    """Runs the queries of a graph that joins similar texts, on given posts and matches."""

    def __init__(self, folder):
        self.folder = folder
        self.n = 0

    def read(self, posts, matches, max_crowd):
        """Return the counts per pair, the acts per post, and the exposure."""
        self.engine = DuckDB(threads=1)
        accounts, times = zip(*posts, strict=True)
        numbers = pa.array(range(len(posts)), pa.int64())
        action = {"account_ix": pa.array(accounts, pa.int64()), "object_ix": numbers, "acted_at": pa.array(times, pa.int64())}
        self.bind("action", pa.table({**action, "post_ix": numbers, "verb": ["text"] * len(posts)}))
        ends = {f"post_{s}_ix": pa.array([m[i] for m in matches], pa.int64()) for i, s in enumerate("ab")}
        self.bind("match", pa.table({**ends, "compared": pa.array(["text_key"] * len(matches), pa.string())}))
        grid = [("g", i, w) for i, w in enumerate(WINDOWS, start=1) if w]
        self.bind("grid", pa.table(dict(zip(("graph", "level", "window_s"), zip(*grid, strict=True), strict=True))))
        params = {
            "graph": "g",
            "verb": "text",
            "compared": "text_key",
            "max_crowd": max_crowd,
            "min_shared": 1,
            "favourite": False,
            "slot_s": 21_600,
            "n_slots": 28,
        }
        params |= {f"window_{i}_s": w for i, w in enumerate(WINDOWS, start=1)}
        self.bind("act", self.rows("act_similar", params))
        for table in ("pair_count", "candidate", "probe", "coincidence", "favourite"):
            self.bind(table, self.rows(table, params))
        counts = self.rows("pair_by_post", params).to_pylist()
        pairs = {(row["account_a_ix"], row["account_b_ix"]): [row[f"n_w{i}"] for i in range(1, 7)] for row in counts}
        acts = {row["post_ix"]: row for row in self.rows("act_similar", params).to_pylist()}
        return pairs, acts, self.rows("exposure_similar", params).to_pylist()

    def rows(self, query, params):
        asked = queryfile.load(query)
        return self.engine.read(asked.text, {k: v for k, v in params.items() if k in asked.params}).read_all()

    def bind(self, name, table):
        self.n += 1
        path = self.folder / f"{name}-{self.n}.parquet"
        parquet.write(path, table.schema, [table])
        self.engine.bind(name, [path])


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("similar"))


AUTHORS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100)), min_size=2, max_size=18)


@settings(max_examples=25)
@given(AUTHORS, st.data(), st.integers(1, 4))
def test_counts_are_the_smaller_direction_whatever_the_crowds(bench, posts, data, max_crowd):
    able = [(p, q) for q in range(len(posts)) for p in range(q) if posts[p][0] != posts[q][0]]
    matches = sorted(data.draw(st.sets(st.sampled_from(able), max_size=40))) if able else []
    by_number = dict(enumerate(posts))
    counts, acts, exposure = bench.read(posts, matches, max_crowd)
    wanted = naive.match_pairs(by_number, matches, WINDOWS, max_crowd)
    assert counts == {pair: n for pair, n in wanted.items() if any(n)}
    around = naive.match_crowds(by_number, matches, WINDOWS)
    assert {post: [row[f"m_w{i}"] for i in range(1, 7)] for post, row in acts.items()} == around
    for number, window in ((1, 10), (2, 60)):
        due = sum(ms[number - 1] for post, ms in around.items() if acts[post]["level"] >= number)
        assert sum(row[f"m_w{number}"] or 0 for row in exposure) == due, window


# The whole way


def run_of(case, threads):
    run = Run(Case.open(case), Parameters(graphdef.select("near_text")), DuckDB(threads=threads), name=f"near-{threads}")
    projection.act(run)
    neartext.match(run)
    return run


def test_threads_and_the_order_of_the_input_change_no_byte(world, case, tmp_path):
    rows = pq.read_table(world / "posts.parquet", partitioning=None)
    order = np.random.default_rng(3).permutation(rows.num_rows)
    pq.write_table(rows.take(pa.array(order)), tmp_path / "posts.parquet")
    cib.ingest(tmp_path / "case", [tmp_path / "posts.parquet"], sample="full")
    made = [run_of(case, 1), run_of(case, 4), run_of(tmp_path / "case", 2)]
    tables = [(run.path / "match" / "all.parquet").read_bytes() for run in made]
    n_matches = made[0].part("match").num_rows
    for run in made:
        run.discard()
    assert n_matches > 100
    assert tables[0] == tables[1] == tables[2]


@pytest.fixture(scope="module")
def camouflaged(tmp_path_factory):
    """A world with two campaigns that change a third of their words, run on near_text alone: its folder, its truth, its posts."""
    folder = tmp_path_factory.mktemp("camouflaged")
    cib.simulate(folder / "world", accounts=1000, seed=4, tier="camouflaged", campaigns="copy_ring,hashtag_flood")
    cib.ingest(folder / "case", [folder / "world" / "posts.parquet", folder / "world" / "accounts.parquet"], sample="full")
    result = cib.detect(folder / "case", graphs="near_text")
    truth = pq.read_table(folder / "world" / "truth.parquet", partitioning=None).to_pylist()
    return result, {row["account_id"]: row["group"] for row in truth}, Case.open(folder / "case")


def test_campaigns_that_change_a_third_of_their_words_are_found_and_nobody_else(camouflaged):
    result, group, _ = camouflaged
    members = {row["account_id"] for row in runs.load(Path(result["folder"]), "member").to_pylist() if row["role"] != "source"}
    campaign = {account for account, name in group.items() if name in ("copy_ring", "hashtag_flood")}
    assert len(members & campaign) > 0.7 * len(campaign)
    assert not {account for account in members if not group.get(account)}


def test_evidence_names_two_different_posts_and_the_text_of_the_earlier_one(camouflaged):
    result, _, case = camouflaged
    rows = [row for path in case.parts("post") for row in pq.read_table(path, columns=["post_id", "text_key"]).to_pylist()]
    key = {row["post_id"]: row["text_key"] for row in rows}
    evidence = runs.load(Path(result["folder"]), "evidence").to_pylist()
    assert evidence
    assert any(key[row["post_a"]] != key[row["post_b"]] for row in evidence)
    for row in evidence:
        first = row["post_a"] if row["acted_at_a"] <= row["acted_at_b"] else row["post_b"]
        assert row["object"] in ((key[row["post_a"]], key[row["post_b"]]) if row["gap_s"] == 0 else (key[first],))


def test_a_run_counts_what_it_compared_and_what_crowds_left_out(camouflaged):
    result, *_ = camouflaged
    notes = runs.manifest(Path(result["folder"]))["notes"]
    assert notes["similar_texts"]["posts"] >= notes["similar_texts"]["texts"] > 0
    assert notes["similar_texts"]["matches"] == runs.load(Path(result["folder"]), "match").num_rows
    assert notes["crowds"]["near_text"]["acts"] <= 2 * notes["similar_texts"]["matches"]
    assert set(notes["crowds"]["near_text"]["left_out_by_window"]) == {"60 s", "300 s", "3600 s", "21600 s", "86400 s"}


# The graph


@pytest.mark.parametrize("line", ['verb = "link"\nobject = "url_keys"', 'per = "day"', "multiple = false"])
def test_a_graph_joins_similar_texts_or_says_why_it_cannot(line):
    near = (queryfile.folder("graphs") / "near_text.toml").read_text(encoding="utf-8")
    keys = [word.split(" = ")[0] for word in line.splitlines()]
    rest = "\n".join(row for row in near.splitlines() if row.split(" = ")[0] not in keys)
    with pytest.raises(GraphError, match="go with it"):
        graphdef.parse(f"{rest}\n{line}\n", "my.toml")
