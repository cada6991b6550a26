"""What kind of group a cluster is: matched references, percentiles, no family that decides alone, flags that need level 3."""

import re
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from cib import clusters, runs
from cib.clusters import kinds, measures, reference, words
from cib.clusters.facts import CATEGORIES, Category, Facts, shared_texts
from cib.clusters.measures import MEASURES, Measure
from cib.clusters.reference import Trait
from cib.schema import FLAGGED_KINDS, KINDS

BY_NAME = {measure.name: measure for measure in MEASURES}
DAY_S = 86_400
NUMBERS = ("n_posts", "n_retweets", "n_replies", "n_liked", "likes", "n_fast", "n_reactions", "gap_cv", "reaction_s")
NUMBERS += ("created_at", "first_at", "followers", "following", "known")
TEXTS = ("platform", "account_id", "handle", "display_name", "description", "location")


def facts(n, *, number=None, category=None, text=None, shared=()) -> Facts:
    """Facts of n accounts; category as {what: {name: posts per account}}; shared as rows (text, account, first published);
    whatever is not given is unknown."""
    given = {name: np.broadcast_to(np.asarray(values, float), n).copy() for name, values in (number or {}).items()}
    numbers = {name: np.full(n, np.nan) for name in NUMBERS} | {"n_posts": np.full(n, 10.0)} | given
    categories = {}
    for what in CATEGORIES:
        columns = {name: np.broadcast_to(np.asarray(posts), n) for name, posts in sorted((category or {}).get(what, {}).items())}
        counts = np.stack(list(columns.values()), axis=1) if columns else np.zeros((n, 0))
        categories[what] = Category(csr_matrix(counts, dtype=np.int64), list(columns))
    texts = {name: [None] * n for name in TEXTS} | {"account_id": [f"id{i}" for i in range(n)]} | (text or {})
    columns = zip(*sorted(shared), strict=True) if shared else ((), (), ())
    rows = pa.table(
        {name: pa.array(c, pa.int64()) for name, c in zip(("text_ix", "account_ix", "first_at"), columns, strict=True)}
    )
    return Facts(numbers, categories, texts, shared_texts(rows, n))


def everybody(n):
    return np.arange(n)


# Reference groups


def stratified(n_strata, each):
    return np.repeat(np.arange(n_strata), each)


def test_reference_groups_are_matched_member_by_member():
    stratum = stratified(3, 60)
    group = np.array([0, 1, 2, 60, 61, 120])
    pool = np.setdiff1d(everybody(180), [*group, 7, 8])
    drawn = reference.draw(group, pool, stratum=stratum, rng=np.random.default_rng(1))
    assert len(drawn) == reference.N_GROUPS == 200
    for other in drawn:
        assert sorted(stratum[other]) == sorted(stratum[group])
        assert len(set(other.tolist())) == len(group)
        assert set(other.tolist()) <= set(pool.tolist())
    assert len({tuple(sorted(other.tolist())) for other in drawn}) > 190


def test_the_same_seed_draws_the_same_groups_and_another_seed_others():
    group, pool, stratum = everybody(5), np.arange(5, 80), np.zeros(80, int)
    first, again, other = (
        np.array(reference.draw(group, pool, stratum=stratum, rng=np.random.default_rng([seed, 3]))) for seed in (0, 0, 1)
    )
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(("n_others", "enough"), [(50, True), (49, False)])
def test_a_reference_needs_five_unclustered_accounts_per_member(n_others, enough):
    drawn = reference.draw(everybody(10), np.arange(10, 10 + n_others), stratum=np.zeros(60, int), rng=np.random.default_rng(0))
    assert isinstance(drawn, list) is enough
    if not enough:
        assert drawn.startswith("10 of 10 members have under 5 unclustered accounts of their language and activity")


@pytest.mark.parametrize(("n_rare", "enough"), [(2, True), (3, False)])
def test_one_member_in_ten_may_be_like_nobody_else(n_rare, enough):
    stratum = np.zeros(200, int)
    stratum[:n_rare] = 1
    drawn = reference.draw(everybody(20), np.arange(20, 200), stratum=stratum, rng=np.random.default_rng(0))
    assert isinstance(drawn, list) is enough
    if enough:
        assert {len(other) for other in drawn} == {20 - n_rare}


def test_accounts_are_matched_on_language_and_third_of_activity():
    f = facts(
        6, number={"n_posts": [1, 2, 50, 1, 60, 2]}, category={"lang": {"en": [5, 5, 5, 0, 0, 0], "uk": [0, 0, 0, 5, 5, 0]}}
    )
    stratum = reference.strata(f)
    assert stratum[0] != stratum[2], "activity"
    assert stratum[0] != stratum[3], "language"
    assert stratum[2] != stratum[4]
    assert stratum[5] not in stratum[:5], "no language is a language of its own"
    twins = facts(2, number={"n_posts": [9, 9]}, category={"lang": {"en": [5, 1]}})
    assert reference.strata(twins)[0] == reference.strata(twins)[1]


# Percentiles


def told(monkeypatch, value, others, *, more=None, **changes) -> Trait:
    """The trait of a measure that gives `value` for the group [0] and others[i] for the i-th reference group."""
    answers = dict(enumerate([value, *others]))
    given = {"direction": 1, "material": 0.0} | changes
    measure = Measure("made_up", "share", "content", function=lambda f, g: answers[int(g[0])], **given)
    monkeypatch.setattr(reference, "MEASURES", (measure,))
    known = facts(len(answers), number=more)
    references = [np.array([i]) for i in range(1, len(answers))]
    (trait,) = reference.traits(known, known, group=np.array([0]), references=references)
    return trait


def test_a_percentile_is_the_share_of_groups_below_and_of_equals_the_half(monkeypatch):
    trait = told(monkeypatch, 5.0, [1.0] * 50 + [5.0] * 100 + [9.0] * 50)
    assert (trait.percentile, trait.log_odds, trait.n_reference, trait.missing_reason) == (0.5, 0.0, 200, None)
    assert told(monkeypatch, 5.0, [5.0] * 200).percentile == 0.5
    assert told(monkeypatch, 5.0, [1.0] * 150 + [9.0] * 50).percentile == 0.75


@pytest.mark.parametrize(("direction", "log_odds"), [(1, np.log(3) / 2), (-1, -np.log(3) / 2), (0, 0.0)])
def test_log_odds_are_half_the_logit_in_the_direction_of_the_measure(monkeypatch, direction, log_odds):
    trait = told(monkeypatch, 5.0, [1.0] * 150 + [9.0] * 50, direction=direction, material=5.0)
    assert trait.log_odds == pytest.approx(log_odds)


def test_no_trait_counts_more_than_its_cap(monkeypatch):
    assert told(monkeypatch, 5.0, [1.0] * 200).log_odds == reference.MAX_LOG_ODDS == 2.0
    assert told(monkeypatch, 5.0, [9.0] * 200).log_odds == -2.0


@pytest.mark.parametrize(("direction", "value"), [(1, 0.29), (-1, 0.31)])
def test_a_difference_of_no_importance_speaks_for_nothing_however_rare(monkeypatch, direction, value):
    others = [value - direction * 0.01] * 200
    trait = told(monkeypatch, value, others, direction=direction, material=0.3)
    assert trait.percentile == (1.0 if direction > 0 else 0.0)
    assert trait.log_odds == 0.0
    assert told(monkeypatch, 0.3, others, direction=direction, material=0.3).log_odds > 0, "the bound itself matters"
    against = told(monkeypatch, value, [value + direction * 0.01] * 200, direction=direction, material=0.3)
    assert against.log_odds == -2.0, "speaking against needs no material difference"


def test_the_absence_of_a_one_sided_sign_is_ordinary(monkeypatch):
    assert told(monkeypatch, 0.0, [0.5] * 200, one_sided=True).log_odds == 0.0
    assert told(monkeypatch, 0.9, [0.5] * 200, one_sided=True).log_odds == 2.0


def test_what_cannot_be_told_is_missing_and_says_why(monkeypatch):
    unknown = told(monkeypatch, np.nan, [1.0] * 200)
    assert (unknown.value, unknown.percentile, unknown.log_odds) == (None, None, 0.0)
    assert "do not hold enough" in unknown.missing_reason
    lonely = told(monkeypatch, 5.0, [1.0] * 49 + [np.nan] * 151)
    assert (lonely.value, lonely.percentile, lonely.n_reference) == (5.0, None, 49)
    assert "too few reference groups" in lonely.missing_reason
    assert told(monkeypatch, 5.0, [1.0] * 50 + [np.nan] * 150).n_reference == 50


def test_without_reference_groups_the_value_is_shown_and_nothing_follows_from_it():
    f = facts(12, number={"created_at": 0, "first_at": 400 * DAY_S})
    for trait in reference.traits(f, f, group=everybody(12), references="there are none"):
        assert trait.percentile is None
        assert trait.log_odds == 0.0
        assert trait.missing_reason
    age = next(
        t for t in reference.traits(f, f, group=everybody(12), references="there are none") if t.measure.name == "account_age"
    )
    assert (age.value, age.missing_reason) == (400.0, "there are none")


def test_who_they_are_is_read_from_posts_that_no_tie_rests_on(monkeypatch):
    measure = Measure("made_up", "share", "content", 1, 0.0, lambda f, g: float(f.number["n_posts"][g].sum()), free=True)
    monkeypatch.setattr(reference, "MEASURES", (measure,))
    every = facts(4, number={"n_posts": 100})
    for n_free, value in ((5, 20.0), (4.75, None)):
        (trait,) = reference.traits(every, facts(4, number={"n_posts": n_free}), group=everybody(4), references="none drawn")
        assert trait.value == value
        assert ("too little besides" in trait.missing_reason) == (value is None)


# Measures


def hours(*starts, n=9, posts=10):
    """{hour of the week: posts}, hour 0 a Thursday 0:00 UTC, from days and hours of a week that begins on Monday."""
    return {str((day * 24 + hour + i - 72) % 168): posts for day, hour in starts for i in range(n)}


def test_office_hours_are_nine_hours_of_five_working_days_in_whatever_zone():
    week = [(day, 8) for day in range(5)]
    assert measures.office_share(facts(3, category={"weekhour": hours(*week)}), everybody(3)) == pytest.approx(1.0)
    late = {"weekhour": hours(*((d, 20) for d in range(5)))}
    assert measures.office_share(facts(3, category=late), everybody(3)) == pytest.approx(1.0)
    weekend = {"weekhour": hours((5, 8), (6, 8))}
    assert measures.office_share(facts(3, category=weekend), everybody(3)) == 0.0
    round_the_clock = {"weekhour": {str(h): 1 for h in range(168)}}
    assert measures.office_share(facts(3, category=round_the_clock), everybody(3)) == pytest.approx(45 / 168)
    assert np.isnan(measures.office_share(facts(3, category={"weekhour": {"0": 33}}), everybody(3))), "99 posts tell no week"


def test_a_shifted_clock_is_measured_against_the_same_language():
    day = np.array([0] * 6 + [9] * 12 + [3] * 6)
    hour = {str(h): [*[day[h] * 100] * 20, *[day[(h + 7) % 24] * 5] * 4] for h in range(24)}
    f = facts(24, category={"hour": hour, "lang": {"en": [1000] * 24}})
    assert measures.clock_shift(f, np.arange(20, 24)) == 7.0
    assert np.isnan(measures.clock_shift(f, np.arange(0, 20))), "nobody is left to compare with"


def test_a_burst_is_accounts_opened_within_thirty_days_of_one():
    opened = [0, 10 * DAY_S, 30 * DAY_S, 31 * DAY_S, 900 * DAY_S]
    assert measures.creation_burst(facts(5, number={"created_at": opened}), everybody(5)) == 0.4
    assert measures.creation_burst(facts(5, number={"created_at": 7}), everybody(5)) == 0.8
    assert np.isnan(measures.creation_burst(facts(5, number={"created_at": [1, 1, 1, 1, np.nan]}), everybody(5)))


def test_handles_end_in_five_digits_or_more():
    handles = ["anna12345", "ben1234", "carl", "dora20241105", "12345678"]
    assert measures.handle_digits(facts(5, text={"handle": handles}), everybody(5)) == 0.6
    assert np.isnan(measures.handle_digits(facts(5, text={"handle": [*handles[:4], None]}), everybody(5)))


def test_an_empty_profile_is_none_or_one_that_another_member_has():
    bios = ["Patriot. ", "Patriot.", None, "  ", "Nurse, mother, reader"]
    assert measures.empty_bio(facts(5, number={"known": 1}, text={"description": bios}), everybody(5)) == 0.8
    assert np.isnan(measures.empty_bio(facts(5, number={"known": [1, 1, 1, 1, 0]}, text={"description": bios}), everybody(5)))


def test_followers_per_account_followed_are_a_median_in_bits():
    f = facts(5, number={"followers": [0, 7, 15, 63, 10**9], "following": [0, 7, 7, 7, 0]})
    assert measures.followers_ratio(f, everybody(5)) == 1.0


def test_an_own_domain_is_one_that_others_hardly_link_to():
    domain = {"own.org": [4, 4, 2, 0], "big.org": [5, 5, 0, 90], "rare.org": [4, 0, 0, 0]}
    assert measures.own_domain(facts(4, category={"domain": domain}), everybody(3)) == pytest.approx(10 / 24)
    domain["own.org"] = [4, 4, 2, 3]
    assert measures.own_domain(facts(4, category={"domain": domain}), everybody(3)) == 0.0


def test_a_second_language_is_what_an_account_writes_beside_its_own():
    lang = {"en": [40, 0, 0], "uk": [10, 50, 0]}
    assert measures.second_language(facts(3, category={"lang": lang}), everybody(2)) == pytest.approx(0.1)


def test_focus_is_the_share_of_all_posts_that_answer_one_account():
    f = facts(3, number={"n_posts": 20}, category={"answered": {"minister": [10, 5, 1], "friend": [5, 0, 0]}})
    assert measures.reply_focus(f, everybody(3)) == pytest.approx(16 / 60)
    assert np.isnan(measures.reply_focus(f, everybody(2))), "forty posts are too few"


def test_one_busy_member_is_not_the_group():
    """Nine accounts with forty posts by day and one with four thousand at night: the group is not one of the night."""
    hour = {"12": [*[40] * 9, 0], "3": [*[0] * 9, 4000]}
    f = facts(
        10, category={"weekhour": hour, "client": {"web": hour["12"], "tool": hour["3"]}}, number={"n_posts": [*[40] * 9, 4000]}
    )
    assert f.category["client"].balanced(everybody(10)).tolist() == [40.0, 360.0], "tool, web"
    assert measures.office_share(f, everybody(10)) == pytest.approx(0.9)
    answered = {"minister": [0] * 9 + [4000]}
    f = facts(10, number={"n_posts": [*[40] * 9, 4000]}, category={"answered": answered})
    assert measures.reply_focus(f, everybody(10)) == pytest.approx(0.1)


TAKEN = [  # text, account, first published
    *((text, 9, 100) for text in range(4)),  # the journalist, outside
    *((text, 0, 200) for text in range(3)),
    *((text, 1, 200) for text in range(2)),
    *((text, 2, 50) for text in range(4)),  # before the journalist
    *((text, 0, 300) for text in (4, 5, 6)),
    *((text, 1, 200) for text in (4, 5, 6)),  # taken from each other only
]


def test_taken_texts_are_those_that_somebody_outside_published_before():
    f = facts(10, shared=TAKEN, category={"text": {"some": 5}})
    assert f.shared.taken(everybody(3)).tolist() == [3, 2, 0]
    assert measures.taken_text(f, everybody(3)) == pytest.approx(1 / 3)
    assert f.shared.taken(np.array([0, 1, 2, 9])).tolist() == [0, 0, 0, 0], "the journalist is one of them now"
    assert f.shared.taken(np.array([5, 6])).tolist() == [0, 0]


@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 3)), max_size=30, unique_by=lambda r: r[:2]),
    group=st.sets(st.integers(0, 5), min_size=1),
)
def test_taken_texts_by_the_slow_way(rows, group):
    group = np.array(sorted(group))
    expected = [
        sum(
            any(other == text and there not in group and then < at for other, there, then in rows)
            for text, account, at in rows
            if account == member
        )
        for member in group
    ]
    assert facts(6, shared=rows).shared.taken(group).tolist() == expected


def test_a_clock_that_hangs_on_one_member_is_no_sign():
    """Four accounts of home and five that live seven hours off: with members drawn anew, the shift comes and goes."""
    day = np.array([0] * 6 + [9] * 12 + [3] * 6)
    home = [day[h] * 100 for h in range(24)]
    off = [day[(h + 7) % 24] * 100 for h in range(24)]
    hour = {str(h): [*[home[h] * 100] * 20, *[home[h]] * 4, *[off[h]] * 5] for h in range(24)}
    f = facts(29, category={"hour": hour, "lang": {"en": [20_000] * 29}})
    mixed, abroad = np.arange(20, 29), np.arange(24, 29)
    low, high = measures.clock_range(f, mixed)
    assert low < 3 <= high
    assert measures.clock_range(f, abroad) == (7.0, 7.0)
    assert measures.clock_offset(f, abroad) == 7.0, "their day begins earlier: east"


def test_copied_text_is_text_that_two_members_published():
    text = {"alike": [3, 2, 0, 50], "mine": [5, 0, 0, 0], "theirs": [0, 0, 9, 1]}
    assert measures.copied_text(facts(4, category={"text": text}), everybody(3)) == pytest.approx(5 / 19)


def test_talk_inside_goes_to_members_by_id_or_handle():
    f = facts(
        3,
        category={"answered": {"id0": [0, 5, 0], "ben": [4, 0, 0], "stranger": [1, 0, 0]}},
        text={"handle": ["anna", "ben", None]},
    )
    assert measures.talk_inside(f, everybody(2)) == pytest.approx(0.9)


def test_a_rare_program_diverges_and_everybodys_does_not():
    client = {"web": [0, 0, 500, 500], "tool": [50, 50, 0, 0]}
    assert measures.client_divergence(facts(4, category={"client": client}), np.array([0, 1])) > 9
    assert measures.client_divergence(
        facts(4, category={"client": {"web": [50, 50, 500, 500]}}), np.array([0, 1])
    ) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_of_nothing_is_missing_and_no_error(measure):
    assert np.isnan(measure.function(facts(4, number={"n_posts": 0}), everybody(3)))


# Kinds


def sign(name, log_odds, *, percentile=0.99, value=None) -> Trait:
    measure = BY_NAME[name]
    return Trait(measure, measure.material if value is None else value, percentile, 200, log_odds, None)


def decided(*traits, n_accounts=20, declared=None, leads=False, judged=True):
    return kinds.decide(list(traits), n_accounts=n_accounts, declared=declared, leads=leads, judged=judged)


BOTS = (sign("gap_variation", 2.0), sign("client_divergence", 2.0), sign("handle_digits", 2.0), sign("night_share", 1.0))


def test_two_families_that_say_the_same_reach_level_3():
    verdict = decided(*BOTS)
    assert verdict.kind == "bot_cluster"
    assert verdict.claim_level >= 3
    assert [trait.measure.name for trait in verdict.reasons][:1] == ["gap_variation"]


@pytest.mark.parametrize("n_accounts", [3, 4])
def test_under_five_accounts_nothing_is_said_of_inauthenticity(n_accounts):
    verdict = decided(*BOTS, n_accounts=n_accounts)
    assert verdict.kind == "undetermined"
    assert verdict.claim_level == 1
    assert decided(*BOTS, n_accounts=5).claim_level >= 3


def test_a_case_that_is_too_thin_goes_no_further_than_coordination():
    verdict = decided(*BOTS, judged=False, leads=True)
    assert (verdict.kind, verdict.claim_level, verdict.note) == ("undetermined", 2, "too little to judge")


def test_no_family_decides_alone_and_its_traits_are_not_added_up():
    provenance = [sign(name, 2.0) for name in ("creation_burst", "account_age", "handle_digits", "empty_bio")]
    verdict = decided(*provenance)
    assert verdict.families == {"provenance": 2.0}
    assert verdict.claim_level == 1


def test_the_strongest_for_and_the_strongest_against_are_set_off():
    assert decided(sign("creation_burst", 2.0), sign("handle_digits", 1.0), sign("account_age", -0.5)).families == {
        "provenance": 1.5
    }
    assert decided(sign("creation_burst", -2.0), sign("account_age", -2.0)).families == {"provenance": -2.0}


def test_targets_never_count_as_a_strong_sign():
    verdict = decided(sign("reply_share", 2.0), sign("reply_focus", 2.0), sign("followers_ratio", 2.0))
    assert verdict.families == {"targeting": 1.0, "audience": 2.0}
    assert verdict.claim_level == 1


@pytest.mark.parametrize(
    ("odds", "level_3"),
    [
        ((1.5, 1.5, 0.0), True),
        ((2.0, 1.4, 0.0), False),  # one sign and one trace
        ((1.5, 0.75, 0.75), True),  # one sign and two traces
        ((1.5, 0.75, 0.74), False),
        ((1.4, 1.4, 1.4), False),  # traces only
        ((2.0, 2.0, -1.1), False),  # outweighed
        ((2.0, 2.0, -1.0), True),
    ],
)
def test_level_3_needs_two_signs_or_one_with_two_traces_and_nothing_that_outweighs_them(odds, level_3):
    names = ("gap_variation", "client_divergence", "followers_ratio")
    verdict = decided(*(sign(name, o) for name, o in zip(names, odds, strict=True) if o))
    assert (verdict.claim_level >= 3) is level_3


def test_hours_and_audience_alone_accuse_nobody():
    innocent = (sign("office_share", 2.0), sign("followers_ratio", 2.0))
    assert decided(*innocent).claim_level == 1
    assert decided(*innocent, sign("gap_variation", 1.4)).claim_level == 1
    for made in (sign("gap_variation", 1.5), sign("own_domain", 1.5), sign("taken_text", 1.5)):
        assert decided(*innocent, made).claim_level >= 3


def test_whom_they_answer_is_what_found_them_and_accuses_nobody():
    organised = (sign("reply_share", 2.0), sign("reply_focus", 2.0), sign("followers_ratio", 2.0), sign("night_share", 2.0))
    assert decided(*organised).claim_level == 1
    assert decided(*organised[:3], sign("client_divergence", 1.4)).claim_level == 1, "one sign and one trace beside it"
    assert decided(*organised[:3], sign("client_divergence", 1.5)).claim_level >= 3


def test_who_sleeps_posts_little_in_the_quietest_hours_however_busy():
    day = [0] * 5 + [1] * 2 + [4] * 17
    hour = {str(h): [day[h], 10 * day[h], 3, 1] for h in range(24)}
    f = facts(4, category={"hour": hour})
    assert f.night_share[0] == f.night_share[1] == pytest.approx(1 / 70)
    assert f.night_share[2] == 0.25
    assert np.isnan(f.night_share[3]), "24 posts tell no night"


def test_where_people_live_and_what_they_speak_is_no_sign_of_anything():
    home = (sign("clock_shift", 2.0), sign("second_language", 2.0), sign("clock_offset", 2.0))
    assert decided(*home, sign("followers_ratio", 2.0), sign("reply_focus", 2.0)).claim_level == 1
    assert decided(*home, sign("own_domain", 2.0)).claim_level == 1, "readers of one paper in exile"


def test_a_newsroom_without_profiles_is_not_accused_of_having_a_site_a_program_and_office_hours():
    desk = (sign("own_domain", 2.0), sign("client_divergence", 2.0), sign("office_share", 2.0))
    assert decided(*desk).claim_level == 1
    assert decided(*desk, sign("account_age", 0.0)).claim_level >= 3, "profiles are known, and do not say what they are"
    assert decided(*desk, sign("gap_variation", 2.0)).claim_level >= 3


def test_describing_traits_carry_no_weight():
    describing = [sign(m.name, 2.0) for m in MEASURES if m.direction == 0]
    assert decided(*describing).families == {}
    assert decided(*describing).claim_level == 1


def test_accounts_that_say_what_they_are_are_syndication_whatever_their_timing():
    aged = sign("account_age", 0.0, value=366.0)
    assert decided(*BOTS, aged, declared=0.6, leads=True).kind == "syndication"
    assert decided(*BOTS, aged, declared=0.6, leads=True).claim_level == 2
    for verdict in (
        decided(*BOTS, aged, declared=0.59),
        decided(*BOTS, aged, declared=None),
        decided(*BOTS, sign("account_age", 1.0, value=365.0), declared=1.0),
        decided(*BOTS, aged, sign("creation_burst", 1.5), declared=1.0),
        decided(*BOTS, declared=1.0),  # of unknown age
    ):
        assert verdict.kind == "bot_cluster"


def test_a_crowd_has_profiles_and_programs_of_ordinary_people():
    ordinary = (sign("account_age", -1.0), sign("client_divergence", -0.5))
    assert decided(*ordinary).kind == "crowd"
    assert decided(ordinary[0]).kind == "undetermined", "programs are not known"
    assert decided(*ordinary, sign("followers_ratio", 1.5)).kind == "undetermined", "something is a sign"
    assert decided(*ordinary, sign("reply_focus", 2.0)).kind == "undetermined"
    assert decided(sign("account_age", -0.5), sign("client_divergence", -0.2)).kind == "undetermined"
    assert decided(*ordinary, leads=True).claim_level == 2


def test_an_actor_that_leads_by_little_is_level_3_and_one_that_stands_out_level_4():
    plain = decided(*BOTS, sign("fast_share", 0.0))
    assert (plain.kind, plain.claim_level) == ("bot_cluster", 4)
    half_bot = (sign("gap_variation", 2.0), sign("client_divergence", 2.0), sign("handle_digits", 0.0), sign("night_share", 0.0))
    mixed = decided(*half_bot, sign("office_share", 1.0), sign("reply_share", 0.0))
    assert mixed.claim_level == 3


def test_signs_without_a_look_are_for_review_and_not_flagged():
    new = (sign("followers_ratio", 2.0), sign("creation_burst", 2.0), sign("handle_digits", 2.0))
    assert decided(*new).claim_level == 1, "being new is one fact, and accuses nobody"
    verdict = decided(*new, sign("own_domain", 2.0))
    assert verdict.claim_level == 3
    assert verdict.kind not in FLAGGED_KINDS


def test_pointing_abroad_needs_three_families_and_home_is_one_of_them():
    """Hours, language and place are shared by diaspora and exile media: they are one family together."""
    home = (sign("clock_shift", 2.0), sign("second_language", 2.0))
    assert decided(*home, sign("followers_ratio", 2.0), sign("own_domain", 0.0)).kind != "foreign_interference"
    abroad = decided(*home, sign("followers_ratio", 2.0), sign("own_domain", 2.0), sign("creation_burst", 2.0))
    assert abroad.kind == "foreign_interference"
    assert decided(*home, sign("own_domain", 0.0)).kind != "foreign_interference"


TRAITS = st.lists(
    st.builds(sign, st.sampled_from(sorted(BY_NAME)), st.floats(-2, 2), percentile=st.floats(0, 1), value=st.floats(-10, 400)),
    max_size=21,
    unique_by=lambda trait: trait.measure.name,
)


@given(TRAITS, st.integers(3, 50), st.none() | st.floats(0, 1), st.booleans(), st.booleans())
def test_whatever_the_traits_a_claim_of_inauthenticity_rests_on_several_families(traits, n_accounts, declared, leads, judged):
    verdict = decided(*traits, n_accounts=n_accounts, declared=declared, leads=leads, judged=judged)
    assert verdict.kind in KINDS
    assert all(abs(odds) <= kinds.CAPS.get(family, kinds.FAMILY_CAP) for family, odds in verdict.families.items())
    if verdict.claim_level >= 3:
        assert judged
        assert n_accounts >= 5
        assert sum(verdict.families.values()) >= 3.0
        assert sum(odds >= 0.75 for odds in verdict.families.values()) >= 2
    else:
        assert verdict.kind not in FLAGGED_KINDS
        assert verdict.claim_level == (2 if leads else 1)
    assert all(trait.log_odds > 0 for trait in verdict.reasons)
    assert all(trait.log_odds < 0 for trait in verdict.counter)


# Words and rows


def test_a_reason_says_the_value_and_where_it_stands():
    text = words.reason(sign("creation_burst", 2.0, value=0.8, percentile=0.995))
    assert text.startswith("Its accounts were opened within a few weeks of each other (80%; 100% of 200 matched groups")
    assert text.endswith("of other accounts lie below it).")
    assert "lie above it" in words.reason(sign("gap_variation", 2.0, value=0.3, percentile=0.02))


@pytest.mark.parametrize("graphs", [[], ["co_text"], ["co_link", "co_hashtag", "fast_retweet", "co_reply"], ["their_own"]])
def test_there_are_always_three_innocent_readings_each_with_what_would_tell(graphs):
    readings = words.benign(graphs)
    assert len(set(readings)) == len(readings) >= 3


def test_every_kind_of_act_has_its_innocent_reading_before_any_has_two():
    readings = words.benign(["co_hashtag", "co_retweet", "co_text", "near_text"])
    for kind in ("retweet", "text", "hashtag"):
        assert words.BENIGN[kind][0] in readings


def test_techniques_named_after_bots_are_kept_for_level_3():
    low, high = kinds.Verdict("undetermined", 2), kinds.Verdict("bot_cluster", 3)
    assert words.disarm(["fast_retweet", "co_link"], low) == ["T0118"]
    assert words.disarm(["fast_retweet", "co_link", "their_own"], high) == ["T0049.003", "T0118"]
    assert words.disarm(["co_link"], kinds.Verdict("crowd", 1)) == []


def rows(case, table):
    return runs.load(case / "runs" / "001", table).to_pylist()


def test_only_three_kinds_at_level_3_are_flagged_and_sources_never(case):
    found = {row["cluster_id"]: row for row in rows(case, "cluster")}
    for cluster in found.values():
        assert cluster["flagged"] == (cluster["kind"] in FLAGGED_KINDS and cluster["claim_level"] >= 3)
        assert cluster["n_accounts"] >= 3
        assert len(cluster["benign"]) >= 3
    for member in rows(case, "member"):
        cluster = found[member["cluster_id"]]
        assert member["kind"] == cluster["kind"]
        assert member["flagged"] == (cluster["flagged"] and member["role"] != "source")
        assert 0.0 <= member["coordination"] <= 1.0
        assert (member["coordination"] == 0.0) == (member["role"] == "source")


def test_a_source_beside_a_flagged_cluster_is_shown_and_not_flagged():
    """Accounts 0 to 2 are members, 3 the source; 0 leads its ties, 1 passes on what others publish."""
    f = facts(4, number={"n_retweets": [0, 9, 7, 0]})
    score = {"account_ix": [0, 1, 2, 3], "cluster_id": ["C001"] * 4, "is_source": [False] * 3 + [True], "n_ties": [2, 2, 2, 1]}
    run = SimpleNamespace(part=lambda table: pa.table({**score, "bits": [640.0, 32.0, 16.0, 0.0]}))
    cluster = clusters.Cluster("C001", np.array([0, 1, 2]), np.array([3]), {}, ["g"], {0: ["g"]}, "ties", None)
    order = {i: {"n_led": 9 * (i == 0), "n_followed": i, "leader_p": 0.001, "leads": i == 0} for i in range(3)}
    members = clusters._member_rows(run, f, cluster, verdict=kinds.Verdict("bot_cluster", 3), order=order)
    assert [member["n_led"] for member in members] == [9, 0, 0, None]
    assert [member["role"] for member in members] == ["seeder", "amplifier", "member", "source"]
    assert [member["flagged"] for member in members] == [True, True, True, False]
    assert [member["coordination"] for member in members] == [1.0, 0.5, 0.25, 0.0]
    low = clusters._member_rows(run, f, cluster, verdict=kinds.Verdict("bot_cluster", 2), order={})
    assert not any(member["flagged"] for member in low)


def test_below_level_3_no_word_accuses(case):
    accusing = re.compile(r"inauthentic|\bbots?\b|troll|fake|T0049\.003", re.IGNORECASE)
    for cluster in rows(case, "cluster"):
        if cluster["claim_level"] < 3:
            for text in (*cluster["reasons"], *cluster["counter_evidence"], *cluster["benign"], *cluster["disarm"]):
                assert not accusing.search(text), text


def test_every_cluster_has_every_trait_measured_or_with_its_reason(case):
    traits = rows(case, "trait")
    names = {row["cluster_id"] for row in rows(case, "cluster")}
    assert {(row["cluster_id"], row["trait"]) for row in traits} == {
        (name, measure.name) for name in names for measure in MEASURES
    }
    for row in traits:
        assert (row["percentile"] is None) == (row["missing_reason"] is not None)
        assert abs(row["log_odds"]) <= 2.0
        assert row["percentile"] is None or 0.0 <= row["percentile"] <= 1.0
        if row["log_odds"]:
            assert (row["log_odds"] < 0) == (row["direction"] == "authentic")


def test_clusters_are_stable_and_their_seeders_come_first(case):
    for cluster in rows(case, "cluster"):
        assert 2 / 3 <= cluster["stability"] <= 1.0
    seeders = [m for m in rows(case, "member") if m["role"] == "seeder"]
    assert seeders
    for member in seeders:
        assert member["n_led"] >= 3 * member["n_followed"]
        assert member["leader_p"] <= 0.01
    for member in rows(case, "member"):
        if member["role"] == "source":
            assert member["n_led"] is None is member["leader_p"]
    notes = runs.manifest(case / "runs" / "001")["notes"]
    assert notes["leaders"]["leaders"] == len(seeders)
    assert notes["clusters"]["replicates"] == 101


def test_members_are_tied_inside_their_cluster(case):
    place = {(m["platform"], m["account_id"]): m for m in rows(case, "member")}
    n_ties = dict.fromkeys(place, 0)
    for tie in rows(case, "tie"):
        ends = [(tie["platform_a"], tie["account_a"]), (tie["platform_b"], tie["account_b"])]
        inside = [place[end] for end in ends if end in place]
        if (
            len(inside) == 2
            and inside[0]["cluster_id"] == inside[1]["cluster_id"]
            and "source" not in {m["role"] for m in inside}
        ):
            for end in ends:
                n_ties[end] += 1
    for key, member in place.items():
        if member["role"] != "source":
            assert member["n_ties"] == n_ties[key] >= 1
