"""The simulated world: the same every time, honest about who is who, and neither a toy nor a giveaway."""

import dataclasses
import hashlib
import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import schema
from cib.errors import CibError
from cib.simulator import acts, campaign, grid, hostile, plant, profiles, rotation, simulate, simulate_campaigns, tables, world
from cib.simulator.stream import PARTS, Stream, scramble

FILES = ("posts.parquet", "accounts.parquet", "truth.parquet", "world.json")
START = datetime(2024, 3, 4)
ACCOUNTS, DAYS = 600, 5
INNOCENT = {"wire_service", "rss_bots", "petition", "posting_app", "fandom", "breaking_news", "live_event", "journalist"}
INNOCENT |= {"volunteers", "press_office", "newcomers", "diaspora"}
COUNTS = {"retweet_count", "reply_count", "like_count"}


class Read:
    """A simulated folder, read back."""

    def __init__(self, path, summary):
        self.path, self.summary = path, summary
        self.posts = pq.read_table(path / "posts.parquet").to_pylist()
        self.accounts = pq.read_table(path / "accounts.parquet").to_pylist()
        self.truth = pq.read_table(path / "truth.parquet").to_pylist()
        self.group = {row["account_id"]: row["group"] for row in self.truth}
        self.by_id = {post["post_id"]: post for post in self.posts}

    def of(self, group):
        """Posts of a named group, or of ordinary people (None)."""
        return [post for post in self.posts if self.group.get(post["account_id"]) == group]

    def bytes(self):
        return {name: hashlib.sha256((self.path / name).read_bytes()).hexdigest() for name in FILES}


class Made(Read):
    """A world simulated for the test."""

    def __init__(self, path, **options):
        super().__init__(path, simulate(path, **{"accounts": ACCOUNTS, "days": DAYS, "seed": 11} | options))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def organic(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("organic"), campaigns="none")


@pytest.fixture(scope="module")
def camouflaged(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("camouflaged"), tier="camouflaged")


def strangers(made):
    """Posts of ordinary people and of those whom an event brought together."""
    return [post for post in made.posts if made.group.get(post["account_id"]) in (None, "live_event", "breaking_news")]


def lags(made, posts, *, column="retweet_of"):
    """Seconds between the posts that act on another one and that one."""
    acts = [post for post in posts if post[column]]
    return [(post["created_at"] - made.by_id[post[column]]["created_at"]).total_seconds() for post in acts]


def test_same_arguments_give_the_same_bytes(plain, tmp_path):
    assert Made(tmp_path / "again").bytes() == plain.bytes()


def test_another_seed_gives_another_world(plain, tmp_path):
    other = Made(tmp_path / "other", seed=12)
    assert not {post["post_id"] for post in plain.posts} & {post["post_id"] for post in other.posts}


def test_columns_and_types_are_those_of_an_input_file(plain):
    for name, table in (("posts", "post"), ("accounts", "account")):
        expected = [field for field in schema.arrow(table) if field.name not in tables.DERIVED]
        assert list(pq.read_schema(plain.path / f"{name}.parquet").remove_metadata()) == expected
    assert pq.read_schema(plain.path / "truth.parquet").remove_metadata() == schema.arrow("truth")


def test_truth_names_exactly_the_campaigns_and_the_innocent_groups(plain):
    sizes = Counter(plain.group.values())
    assert set(sizes) == INNOCENT | set(campaign.NAMES)
    assert len(plain.group) == len(plain.truth), "an account is in two groups"
    assert sizes == plain.summary["groups"]
    core = {row["group"] for row in plain.truth if row["role"] == "core"}
    assert core == set(campaign.NAMES)
    kinds = {row["group"]: row["kind"] for row in plain.truth}
    assert {kinds[name] for name in INNOCENT} == {"syndication", "crowd"}
    assert {plan.name: plan.kind for plan in campaign.PLAIN}.items() <= kinds.items()
    assert sizes["journalist"] == 1


def test_every_account_of_a_post_and_of_the_truth_is_in_the_account_table(plain):
    known = {account["account_id"] for account in plain.accounts}
    assert len(known) == len(plain.accounts)
    assert {post["account_id"] for post in plain.posts} | set(plain.group) <= known
    handles = [account["handle"].lower() for account in plain.accounts]
    assert len(set(handles)) == len(handles)


def test_a_world_without_campaigns_has_no_core(organic):
    assert set(organic.group.values()) == INNOCENT
    assert not [row for row in organic.truth if row["role"]]


def test_campaigns_leave_the_organic_posts_as_they_were(plain, organic):
    for before in organic.posts:
        after = plain.by_id[before["post_id"]]
        assert {k: v for k, v in after.items() if k not in COUNTS} == {k: v for k, v in before.items() if k not in COUNTS}
    added = [post for post in plain.posts if post["post_id"] not in organic.by_id]
    core = {row["account_id"] for row in plain.truth if row["role"] == "core"}
    by_others = [post for post in added if post["account_id"] not in core]
    assert by_others, "nobody innocent is ever taken in"
    assert {post["retweet_of_account"] in core for post in by_others} == {True}


def test_campaigns_leave_the_organic_accounts_as_they_were(plain, organic):
    after = {account["account_id"]: account for account in plain.accounts}
    assert [after[account["account_id"]] for account in organic.accounts] == organic.accounts


def test_a_campaign_does_the_same_alone_as_among_others(plain, tmp_path):
    alone = Made(tmp_path / "alone", campaigns="hashtag_flood")
    ids = {post["post_id"]: post["created_at"] for post in alone.of("hashtag_flood")}
    assert ids == {post["post_id"]: post["created_at"] for post in plain.of("hashtag_flood")}


@pytest.mark.parametrize("made", ["plain", "organic", "camouflaged"])
def test_posts_lie_in_the_period_and_follow_what_they_act_on(made, request):
    made = request.getfixturevalue(made)
    assert len(made.by_id) == len(made.posts), "a post_id is used twice"
    for post in made.posts:
        assert START <= post["created_at"] < START + timedelta(days=DAYS)
    for column in ("retweet_of", "reply_to", "quote_of"):
        assert min(lags(made, made.posts, column=column)) > 0
        wrong = [p for p in made.posts if p[column] and made.by_id[p[column]]["account_id"] != p[f"{column}_account"]]
        assert not wrong


@pytest.mark.parametrize("made", ["plain", "camouflaged"])
def test_nobody_retweets_a_post_twice_or_retweets_itself(made, request):
    retweets = [post for post in request.getfixturevalue(made).posts if post["retweet_of"]]
    assert max(Counter((post["account_id"], post["retweet_of"]) for post in retweets).values()) == 1
    assert not [post for post in retweets if post["account_id"] == post["retweet_of_account"]]


def test_ids_and_order_say_nothing_of_the_truth(plain):
    """The mean rank of n of N shuffled ids is 1/2 with standard deviation sqrt((1 - n/N) / 12n); six of them are allowed."""
    core = {row["account_id"] for row in plain.truth if row["role"] == "core"}
    for rows, key in ((plain.accounts, "account_id"), (plain.posts, "post_id")):
        ranked = sorted(rows, key=lambda row: row[key])
        places = [place / len(ranked) for place, row in enumerate(ranked) if row["account_id"] in core]
        allowed = 6 * ((1 - len(places) / len(ranked)) / 12 / len(places)) ** 0.5
        assert abs(np.mean(places) - 0.5) < allowed, f"{key}: mean rank {np.mean(places):.3f}, allowed 0.5 +- {allowed:.3f}"
    order = [(post["created_at"], post["post_id"]) for post in plain.posts]
    assert order == sorted(order)
    assert [account["account_id"] for account in plain.accounts] == sorted(account["account_id"] for account in plain.accounts)


def test_activity_and_cascades_have_heavy_tails(organic):
    per_account = sorted(Counter(post["account_id"] for post in organic.of(None)).values(), reverse=True)
    busiest = per_account[: len(per_account) // 20]
    assert sum(busiest) > 0.2 * sum(per_account), "the busiest twentieth writes a fifth and more"
    cascades = Counter(post["retweet_of"] for post in organic.posts if post["retweet_of"])
    assert max(cascades.values()) > 15 * np.median(list(cascades.values()))


def test_people_sleep_and_meet_at_the_debate(organic):
    hours = Counter(post["created_at"].hour for post in strangers(organic))
    assert sum(hours[h] for h in (2, 3, 4)) < 0.4 * sum(hours[h] for h in (12, 13, 14))
    debate = [post for post in strangers(organic) if "Debate24" in post["hashtags"] and not post["retweet_of"]]
    assert len({post["account_id"] for post in debate}) > 60
    assert {post["created_at"].date() for post in debate} == {START.date() + timedelta(days=3)}


def test_strangers_share_texts_word_for_word(organic):
    authors = defaultdict(set)
    for post in strangers(organic):
        if not post["retweet_of"] and len(post["text"]) > 30:
            authors[post["text"]].add(post["account_id"])
    assert sum(len(accounts) >= 3 for accounts in authors.values()) >= 5


def test_the_wire_service_says_what_it_is(plain):
    outlets = [account for account in plain.accounts if plain.group.get(account["account_id"]) == "wire_service"]
    assert len(outlets) == 12
    assert all("newsroom" in account["description"] and account["created_at"].year <= 2020 for account in outlets)
    sites = defaultdict(set)
    for post in plain.of("wire_service"):
        sites[post["account_id"]].add(post["urls"][0].split("/")[2])
    assert {len(own) for own in sites.values()} == {1}
    assert {post["client"] for post in plain.of("wire_service")} == {"Lantern CMS"}


def test_fans_are_old_accounts_that_talk_to_each_other(plain):
    fans = {account for account, group in plain.group.items() if group == "fandom"}
    asked = {(post["account_id"], post["reply_to_account"]) for post in plain.of("fandom") if post["reply_to_account"] in fans}
    assert sum((b, a) in asked for a, b in asked) > len(fans) / 2
    assert len({post["client"] for post in plain.of("fandom")}) > 3


def test_petition_signers_share_one_link_within_one_day(plain):
    signed = [post for post in plain.of("petition") if any("signhere" in url for url in post["urls"]) and not post["retweet_of"]]
    assert len({post["account_id"] for post in signed}) == len(signed) == plain.summary["groups"]["petition"]
    assert len({post["text"] for post in signed}) == len({post["created_at"].date() for post in signed}) == 1


def test_retweet_bots_are_faster_than_the_crowd(plain):
    candidate = Counter(post["retweet_of_account"] for post in plain.of("retweet_bots") if post["retweet_of"]).most_common(1)[0][
        0
    ]
    bots = lags(plain, [post for post in plain.of("retweet_bots") if post["retweet_of_account"] == candidate])
    crowd = lags(plain, plain.of(None))
    assert np.median(bots) < 120
    assert np.median(crowd) > 600


def test_the_journalist_writes_first_and_the_ring_word_for_word(plain):
    source = {post["text"]: post["created_at"] for post in plain.of("journalist") if not post["retweet_of"]}
    copies = [post for post in plain.of("copy_ring") if post["text"] in source and not post["reply_to"]]
    assert len(copies) > 100
    gaps = [(post["created_at"] - source[post["text"]]).total_seconds() for post in copies]
    assert min(gaps) > 0
    assert np.median(gaps) < 300


def test_the_launderers_keep_office_hours_far_from_their_audience(plain):
    own = [post for post in plain.of("link_launderers") if not post["retweet_of"] and "/2024/03/" in str(post["urls"])]
    sites = Counter(post["urls"][0].split("/")[2] for post in own).most_common(3)
    pushed = [post for post in own if post["urls"][0].split("/")[2] in dict(sites)]
    at_work = [post for post in pushed if post["created_at"].weekday() < 5 and 2 <= post["created_at"].hour < 13]
    assert len(at_work) > 0.75 * len(pushed)


def test_harassers_reply_to_the_same_posts(plain):
    targets = Counter(post["reply_to"] for post in plain.of("harassers") if post["reply_to"])
    assert sum(n for n in targets.values() if n >= 8) > 0.5 * sum(targets.values())


def test_not_every_member_shows_every_sign(plain):
    bots = [account for account in plain.accounts if plain.group.get(account["account_id"]) == "retweet_bots"]
    young = [account for account in bots if account["created_at"] > datetime(2023, 8, 1)]
    digits = [account for account in bots if account["handle"][-8:].isdigit()]
    assert 0.5 < len(young) / len(bots) < 1
    assert 0.5 < len(digits) / len(bots) < 1
    innocent = [account for account in plain.accounts if account["account_id"] not in plain.group]
    assert any(account["handle"][-8:].isdigit() for account in innocent)


def test_camouflage_slows_varies_and_dilutes(plain, camouflaged):
    def exact(made):
        texts = Counter(post["text"] for post in made.of("hashtag_flood") if not post["retweet_of"])
        return sum(n for n in texts.values() if n >= 3) / sum(texts.values())

    assert exact(camouflaged) < 0.25 < exact(plain)
    slow, fast = (np.median(lags(made, made.of("retweet_bots"))) for made in (camouflaged, plain))
    assert slow > 3 * fast
    assert len({post["client"] for post in camouflaged.of("hashtag_flood")}) > len(
        {post["client"] for post in plain.of("hashtag_flood")}
    )


def test_hostile_texts_and_handles_arrive_unharmed(plain):
    texts = "\n".join(post["text"] for post in plain.posts)
    assert all(text in texts for text in hostile.TEXTS)
    assert set(hostile.HANDLES) <= {account["handle"] for account in plain.accounts}
    assert "\0" not in texts


def test_world_json_tells_a_person_everything(plain):
    told = json.loads((plain.path / "world.json").read_text(encoding="utf-8"))
    assert told["parameters"] == {"accounts": ACCOUNTS, "days": DAYS, "seed": 11, "campaigns": "all", "tier": "plain"}
    assert {name: group["n_accounts"] for name, group in told["groups"].items()} == plain.summary["groups"]
    assert [plan["name"] for plan in told["campaigns"]] == list(campaign.NAMES)
    assert set(told["public_figures"].values()) <= {account["account_id"] for account in plain.accounts}


def test_the_smallest_world_works(tmp_path):
    made = Made(tmp_path / "small", accounts=200, days=1, seed=0)
    assert set(made.group.values()) <= INNOCENT | set(campaign.NAMES)
    assert {post["created_at"].date() for post in made.posts} == {START.date()}


def test_a_study_can_plant_campaigns_of_its_own(tmp_path):
    made = world.build(3, accounts=300, days=2)
    cell = campaign.Campaign("cell 17", "bot_cluster", "flood", size=5, objects=10, participation=1.0, jitter_s=30)
    plant(made, cell)
    tables.write(tmp_path, made)
    truth = pq.read_table(tmp_path / "truth.parquet").to_pylist()
    assert [(row["group"], row["role"]) for row in truth] == [("cell 17", "core")] * 5
    with pytest.raises(CibError, match="another name"):
        plant(made, cell)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"campaigns": "troll_farm,trolls"}, "'trolls'"),
        ({"campaigns": ""}, "known are"),
        ({"tier": "invisible"}, "'invisible'"),
        ({"tier": "adversary", "campaigns": "copy_ring"}, "in tier adversary is named 'copy_ring'"),
        ({"accounts": 10}, "accounts = 10"),
        ({"accounts": 1_000_001}, "at most 7,000,000 accounts times days"),
        ({"days": 0}, "days = 0"),
        ({"accounts": 200, "days": 367}, "1 to 366 days"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_wrong_arguments_are_named(tmp_path, options, message):
    with pytest.raises(CibError, match=message):
        simulate(tmp_path / "never", **options)
    assert not (tmp_path / "never").exists()


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(CibError, match="is a file"):
        simulate(tmp_path / "taken", accounts=200, days=1)


@given(st.lists(st.integers(0, 2**62), unique=True, max_size=50), st.integers(0, 2**40), st.integers(0, 9))
def test_scrambled_keys_stay_different(keys, seed, salt):
    assert len(set(scramble(np.array(keys, dtype=np.int64), seed, salt).tolist())) == len(keys)


def test_built_in_parts_share_no_key():
    assert len({Stream(1, part).number for part in PARTS}) == len(PARTS)


@given(st.text(max_size=20).filter(lambda name: name not in PARTS))
def test_parts_of_a_study_stay_clear_of_the_built_in_ones(name):
    stream = Stream(1, name)
    assert stream.number >= 1_000
    assert stream.keys(2)[-1] < 2**62


# Tiers and rotations


@pytest.fixture(scope="module")
def adversary(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("adversary"), tier="adversary", days=7)


def core_of(made):
    return {row["account_id"] for row in made.truth if row["role"] == "core"}


def test_the_adversary_runs_five_groups_of_fourteen_and_copies_nobody(adversary):
    sizes = Counter(row["group"] for row in adversary.truth if row["role"] == "core")
    assert sizes == {name: 14 for name in campaign.NAMES if name != "copy_ring"}


def test_the_adversarys_accounts_are_aged_and_use_what_people_use(adversary):
    core = core_of(adversary)
    mine = [account for account in adversary.accounts if account["account_id"] in core]
    assert max(account["created_at"] for account in mine) <= START - timedelta(days=365)
    clients = Counter(post["client"] for post in adversary.posts if post["account_id"] in core)
    ordinary = Counter(post["client"] for post in adversary.of(None))
    assert {name for name, _ in clients.most_common(3)} <= {name for name, _ in ordinary.most_common(5)}


def test_the_adversary_is_slow_and_lives_beside_the_campaign(adversary):
    """Of log-normal delays around 3.5 h with sigma 0.33 about 90 % lie between 2 and 6 h; decoys make up six acts of seven."""
    sites = acts.OWN_SITES
    pushed = [post for post in adversary.of("link_launderers") if any(site in str(post["urls"]) for site in sites)]
    first = {}
    for post in pushed:
        first.setdefault(post["urls"][0], []).append(post["created_at"])
    spans = [(max(times) - min(times)).total_seconds() for times in first.values() if len(times) > 2]
    assert np.median(spans) > 3_600
    assert len(pushed) < 0.3 * len(adversary.of("link_launderers"))
    assert max(len(times) for times in first.values()) <= 4, "more than a quarter of fourteen on one object"


def test_the_adversary_repeats_no_text_and_no_row_of_hashtags(adversary):
    mine = [post for post in adversary.of("hashtag_flood") if "RiseUp" in post["hashtags"] or "TheWave" in post["hashtags"]]
    assert mine
    assert max(Counter(post["text"] for post in mine).values()) == 1
    rows = Counter(tuple(post["hashtags"]) for post in mine)
    assert np.mean([n == 1 for n in rows.values()]) > 0.7


def test_the_adversary_is_the_same_on_every_day_it_is_asked(adversary, tmp_path):
    assert Made(tmp_path / "again", tier="adversary", days=7).bytes() == adversary.bytes()


def plan_of(**changes):
    given = {"size": 10, "objects": 3, "participation": 0.5, "jitter_s": 60} | changes
    return campaign.Campaign("one", "undetermined", "text", **given)


@given(st.integers(2, 40), st.floats(0.05, 1.0), st.integers(1, 60), st.integers(0, 2**32))
def test_a_rotating_subset_has_one_size_and_spreads_its_duties(size, participation, n_objects, seed):
    plan = plan_of(size=size, participation=participation)
    on = rotation.subset(np.random.default_rng(seed), n_objects, plan)
    n = min(max(2, round(participation * size)), size)
    assert on.sum(axis=1).tolist() == [n] * n_objects
    duties = on.sum(axis=0)
    assert duties.max() - duties.min() <= 3


@pytest.mark.parametrize(("size", "participation", "n_objects"), [(14, 0.25, 84), (14, 0.25, 42), (25, 0.6, 20), (100, 0.3, 80)])
def test_a_rotating_subset_spreads_pairs_far_more_evenly_than_chance(size, participation, n_objects):
    """Drawn at random, a pair's meetings are binomial with q = n (n - 1) / (N (N - 1)); at most half that variance is allowed."""
    on = rotation.subset(np.random.default_rng(5), n_objects, plan_of(size=size, participation=participation)).astype(np.int64)
    met = (on.T @ on)[np.triu_indices(size, 1)]
    n = on[0].sum()
    q = n * (n - 1) / (size * (size - 1))
    allowed = 0.5 * n_objects * q * (1 - q)
    assert met.var() < allowed, f"variance {met.var():.2f}, allowed {allowed:.2f}"
    assert met.mean() == pytest.approx(n_objects * q)


def test_shifts_take_turns_and_never_meet():
    plan = plan_of(size=11, participation=1.0, rotation="alternating", shifts=3)
    on = rotation.alternating(np.random.default_rng(3), 30, plan)
    met = on.T.astype(int) @ on
    shifts = {tuple(np.flatnonzero(row)) for row in met}
    assert sorted(len(shift) for shift in shifts) == [3, 4, 4]
    assert not (on[:-1] & on[1:]).any()


# The power grid


CELLS = grid.cells()


def test_the_grid_has_enough_distinct_cells_and_every_level_as_often_as_any_other():
    assert len(CELLS) >= 180
    assert len({dataclasses.replace(cell, number=0) for cell in CELLS}) == len(CELLS)
    for factor, levels in grid.LEVELS.items():
        of = [cell for cell in CELLS if cell.regime == "text" or factor != "paraphrase"]
        counts = Counter(getattr(cell, factor) for cell in of)
        assert set(counts) == set(levels)
        if factor != "paraphrase":
            assert max(counts.values()) - min(counts.values()) <= 1, f"{factor}: {counts}"
    assert min(Counter(cell.regime for cell in CELLS).values()) >= len(CELLS) // len(grid.REGIMES)


def test_every_pair_of_levels_occurs_in_the_grid():
    factors = [name for name in grid.LEVELS if name != "paraphrase"] + ["regime"]
    for a in factors:
        for b in factors:
            if a < b:
                seen = {(getattr(cell, a), getattr(cell, b)) for cell in CELLS}
                assert len(seen) == len({x for x, _ in seen}) * len({y for _, y in seen}), f"{a} x {b}"


def test_the_grid_is_fixed():
    assert grid.cells() == CELLS
    assert grid.cells(seed=1) != CELLS
    first = grid.Cell(0, "retweet", 10, 80, 0.6, 30.0, 0.0, 0.0, "all")
    assert CELLS[0] == first, "the design changed: results of before and after cannot be compared"


@pytest.mark.parametrize("n", [1, 5, 47, 2_000])
def test_a_grid_of_another_size_is_distinct_too(n):
    made = grid.cells(n)
    assert len({dataclasses.replace(cell, number=0) for cell in made}) == n


def test_cells_are_dealt_to_worlds_of_twenty_and_more():
    dealt = grid.worlds(CELLS)
    assert sorted(plan.name for hand in dealt for plan in hand) == sorted(cell.name for cell in CELLS)
    assert min(len(hand) for hand in dealt) >= 20
    assert [len(hand) for hand in grid.worlds(CELLS[:30])] == [30]
    weights = [sum(cell.acts for cell in CELLS if cell.name in {plan.name for plan in hand}) for hand in dealt]
    assert max(weights) < 1.1 * np.mean(weights), weights


def test_the_names_of_cells_share_no_stream():
    assert len({Stream(1, cell.name).number for cell in grid.cells(1_000)}) == 1_000


OBJECT = {
    "retweet": lambda post: post["retweet_of"],
    "link": lambda post: None if post["retweet_of"] else tuple(post["urls"]),
    "text": lambda post: post["text"],
    "sequence": lambda post: tuple(post["hashtags"]) if not post["retweet_of"] else None,
    "reply": lambda post: post["reply_to"],
}


@pytest.fixture(scope="module")
def single_verbs(tmp_path_factory):
    cells = [grid.Cell(n, regime, 8, 20, 1.0, 0.0, 0.0, 0.0, "all") for n, regime in enumerate(grid.REGIMES)]
    out = tmp_path_factory.mktemp("verbs")
    summary = simulate_campaigns(out, [cell.campaign(DAYS) for cell in cells], accounts=ACCOUNTS, days=DAYS, seed=2)
    return Read(out, summary), cells


@pytest.mark.parametrize("number", range(len(grid.REGIMES)))
def test_a_cell_acts_on_its_objects_in_one_way_and_in_no_other(single_verbs, number):
    """With participation 1 a member takes part in 70 % or more; without jitter all within one second."""
    made, cells = single_verbs
    cell = cells[number]
    acts_on = defaultdict(list)
    for post in made.of(cell.name):
        acts_on[OBJECT[cell.regime](post)].append(post)
    assert len(acts_on) == cell.objects
    assert min(len(posts) for posts in acts_on.values()) >= 0.5 * cell.size
    assert {len({post["created_at"] for post in posts}) for posts in acts_on.values()} == {1}
    others = set(OBJECT) - {cell.regime}
    for other in others:
        shared = Counter(OBJECT[other](post) for post in made.of(cell.name) if OBJECT[other](post))
        assert max(shared.values(), default=0) <= (1 if other == "text" and cell.regime != "retweet" else cell.size)
    accounts = [account for account in made.accounts if made.group.get(account["account_id"]) == cell.name]
    assert max(account["created_at"] for account in accounts) <= START - timedelta(days=365)


# Campaigns of one's own

OWN = """
[[campaign]]
name = "night shift"
kind = "troll_farm"
regime = "text"
size = 12
objects = 4
participation = 0.5
jitter_s = 90
rotation = "alternating"
"""


def test_campaigns_come_from_a_file(tmp_path):
    (tmp_path / "mine.toml").write_text(OWN + OWN.replace("night shift", "day shift").replace("12", "5"))
    options = {"campaigns": str(tmp_path / "mine.toml"), "accounts": 300, "days": 2}
    made = Made(tmp_path / "a", **options)
    assert {name: n for name, n in made.summary["groups"].items() if "shift" in name} == {"night shift": 12, "day shift": 5}
    assert len(core_of(made)) == 17
    assert json.loads((made.path / "world.json").read_text())["parameters"]["campaigns"] == "mine.toml"
    assert Made(tmp_path / "b", **options).bytes() == made.bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("jitter_s = 90", "jitter = 90"), r"mine.toml, campaign 1: unknown key jitter; known are name, kind"),
        (("size = 12\n", ""), "campaign 1 lacks size"),
        (("size = 12", 'size = "12"'), r"size = '12'; expected a whole number from 2 to 2,000"),
        (("size = 12", "size = 12.5"), r"size = 12.5; expected a whole number"),
        (("size = 12", "size = true"), "size = True"),
        (("size = 12", "size = 1"), "size = 1; expected a whole number from 2"),
        (("participation = 0.5", "participation = 0"), "participation = 0"),
        (("participation = 0.5", "participation = nan"), "participation = nan"),
        (("jitter_s = 90", "jitter_s = inf"), "jitter_s = inf"),
        (('"alternating"', '"sometimes"'), "rotation = 'sometimes'; expected one of all, alternating, subset"),
        (('"text"', '"dance"'), "regime = 'dance'; expected one of amplify"),
        (('"troll_farm"', '"villain"'), "kind = 'villain'"),
        (('"night shift"', '"petition"'), "that one is taken"),
        (('"night shift"', '"\\u202enight"'), "expected a name of letters"),
        (("[[campaign]]", "[campaign]"), r"expected tables \[\[campaign\]\]"),
        (("[[campaign]]", "[[campaigns]]"), r"holds campaigns; expected tables"),
        (("size = 12", "size = "), "is no TOML"),
        (("objects = 4", "objects = 9000\ndecoys = 100"), "acts; expected at most 500"),
    ],
)
def test_mistakes_in_a_campaign_file_are_named(tmp_path, change, message):
    assert change[0] in OWN
    (tmp_path / "mine.toml").write_text(OWN.replace(*change))
    with pytest.raises(CibError, match=message):
        simulate(tmp_path / "never", campaigns=str(tmp_path / "mine.toml"))
    assert not (tmp_path / "never").exists()


def test_other_mistakes_with_campaigns_of_ones_own_are_named(tmp_path):
    file = tmp_path / "mine.toml"
    with pytest.raises(CibError, match="cannot be read"):
        simulate(tmp_path / "never", campaigns=str(file))
    file.write_text(OWN + OWN)
    with pytest.raises(CibError, match="night shift is the name of two campaigns"):
        simulate(tmp_path / "never", campaigns=str(file))
    with pytest.raises(CibError, match="tier 'adversary' is for the built-in"):
        simulate(tmp_path / "never", campaigns=str(file), tier="adversary")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CibError, match="is no TOML"):
        simulate(tmp_path / "never", campaigns=str(file))
    with pytest.raises(CibError, match="size = 1;"):
        simulate_campaigns(tmp_path / "never", [plan_of(size=1)])
    assert not (tmp_path / "never").exists()


# Breaking news and the live event


def test_breaking_news_is_passed_on_by_strangers_within_minutes(organic):
    """Median delays are 5 and 8 minutes after alerts that come within 40: half of it lies in the first 20 minutes."""
    members = {account for account, group in organic.group.items() if group == "breaking_news"}
    story = [post for post in organic.posts if "OldBridge" in post["hashtags"] or "Old bridge" in post["text"]]
    begun = min(post["created_at"] for post in story)
    after = [(post["created_at"] - begun).total_seconds() for post in story]
    assert np.median(after) < 1_200
    assert {post["account_id"] for post in story} - members <= set(organic_figures(organic))
    assert len({post["retweet_of"] for post in story if post["retweet_of"]}) == 4
    assert {post["lang"] for post in story} == {"en", "de"}
    by_account = Counter(post["account_id"] for post in story)
    assert np.mean([by_account[account] >= 2 for account in members]) > 0.5, "few of them act alike twice"


def organic_figures(made):
    return json.loads((made.path / "world.json").read_text(encoding="utf-8"))["public_figures"].values()


@pytest.mark.parametrize("made", ["plain", "organic", "camouflaged", "adversary"])
def test_innocent_groups_are_never_core(made, request):
    made = request.getfixturevalue(made)
    roles = {row["group"]: row["role"] for row in made.truth}
    assert {roles[name] for name in INNOCENT} == {""}
    assert {"breaking_news", "live_event"} <= set(roles)
    assert core_of(made).isdisjoint(row["account_id"] for row in made.truth if row["group"] in INNOCENT)


def test_the_live_crowd_is_named_after_three_acts_on_the_debate(organic):
    """Who wrote three posts about it is named, unless it belongs to another group; a figure is never in one for this."""
    debate = [post for post in organic.posts if "Debate24" in post["hashtags"]]
    acts_of = Counter(post["account_id"] for post in debate)
    wrote = Counter(post["account_id"] for post in debate if not post["retweet_of"])
    crowd = {account for account, group in organic.group.items() if group == "live_event"}
    assert crowd
    assert min(acts_of[account] for account in crowd) >= 3
    regulars = {account for account, n in wrote.items() if n >= 3} - set(organic_figures(organic))
    assert {organic.group.get(account) for account in regulars} <= INNOCENT


# The tables


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 2_000), max_size=60))
def test_numbers_sort_as_their_decimal_texts(numbers):
    given_numbers = np.array(numbers, dtype=np.uint64)
    by_text = given_numbers[np.lexsort(tables._by_text(given_numbers))]
    assert [str(number) for number in by_text] == sorted(str(number) for number in numbers)


def test_posts_do_not_depend_on_how_many_are_made_at_a_time(plain, monkeypatch, tmp_path):
    before = pq.read_table(plain.path / "posts.parquet")
    monkeypatch.setattr("cib.parquet.ROW_GROUP", 777)
    simulate(tmp_path / "small", accounts=ACCOUNTS, days=DAYS, seed=11)
    assert pq.read_metadata(tmp_path / "small" / "posts.parquet").num_row_groups > 10
    assert pq.read_table(tmp_path / "small" / "posts.parquet").equals(before)


@given(
    st.lists(st.sampled_from(["Ann", "ann", "ANN2", "Maximilianastone", "maximilianastoneriver", "maximilianasto2"]), max_size=40)
)
def test_remembering_tried_numbers_changes_no_handle(wanted):
    slow, fast, tried = set(), set(), {}
    plainly = [profiles.unique(handle, slow) for handle in wanted]
    assert [profiles.unique(handle, fast, tried) for handle in wanted] == plainly
    assert len({handle.lower() for handle in plainly}) == len(wanted)
