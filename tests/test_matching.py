"""Words that are disguised are found, names a letter away are found, and what only resembles them is not."""

import time

import naive
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib.matching.confusables import plain, skeleton
from cib.matching.names import LONG, Names, edits, letters
from cib.matching.terms import Matcher

TERMS = ["vote tomorrow", "голосуй", "投票明日", "suppress*", "Anna Weiß", "البداية", "выборы", "no"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Vоte tom0rrow!", ["vote tomorrow"]),  # Cyrillic о, digit 0
        ("v\u200bote\u2060 tomorrow", ["vote tomorrow"]),
        ("V.O.T.E t-o-m-o-r-r-o-w", ["vote tomorrow"]),
        ("#VoteTomorrow and vote_tomorrow", ["vote tomorrow"]),
        ("ｖｏｔｅ 🅣🅞🅜🅞🅡🅡🅞🅦", ["vote tomorrow"]),
        ("vo\u0336te tömorrow", ["vote tomorrow"]),
        ("vote &#116;omorrow", ["vote tomorrow"]),
        ("гoлocyй", ["голосуй"]),  # Latin o, c, y
        ("г о л о с у й", ["голосуй"]),
        ("明日ではなく投票明日です", ["投票明日"]),
        ("Suppressing them, suppressed", ["suppress*"]),
        ("ANNA WEISS; anna weiß", ["Anna Weiß"]),
        ("البِدايه", ["البداية"]),
        ("ВЫБОРЫ", ["выборы"]),
        ("devote tomorrows, pressing, knows", []),
        ("vote. Tomorrow we rest", ["vote tomorrow"]),
        ("vote and tomorrow", []),
        ("@votetomorrow https://x.example/vote-tomorrow", []),
        ("n o p e", []),
        ("", []),
    ],
)
def test_a_term_is_found_however_it_is_disguised_and_only_whole(text, terms):
    assert [TERMS[number] for number in Matcher(TERMS).find(text)] == terms


def test_a_word_of_one_script_is_not_taken_for_a_short_one_of_another():
    assert Matcher(["рот"]).find("the pot") == []
    assert Matcher(["pot"]).find("во рту, рот") == []
    assert Matcher(["paypal"]).find("раураӏ now") == [0], "six look-alike letters are no accident"
    assert Matcher(["сосоре"]).find("cocope") == [0]


WORDS = st.sampled_from(["ab", "abc", "vote", "late", "день", "x", "y1", "год"])
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(st.lists(PHRASES, max_size=6), st.lists(WORDS, max_size=12), st.sampled_from([" ", ", ", "_", "\n"]))
def test_plain_words_are_found_as_the_naive_twin_finds_them(terms, words, between):
    assert Matcher(terms).find(between.join(words)) == naive.terms_in(terms, words)


@given(st.text(max_size=60))
def test_plain_is_settled_after_one_round_and_a_text_holds_itself(text):
    once = plain(text)
    assert plain(once) == once
    assert isinstance(skeleton(once), str)
    Matcher([text]).find(text)


def test_the_cost_of_a_text_does_not_grow_with_the_terms():
    texts = [f"some words number {i} of nothing at all" for i in range(2_000)]
    many = Matcher([f"term{i} other{i}" for i in range(20_000)])
    started = time.process_time()
    assert not any(many.find(text) for text in texts)
    assert time.process_time() - started < 2


def test_a_hostile_text_takes_linear_time():
    matcher = Matcher(["vote tomorrow", "vote"])
    started = time.process_time()
    for text in ("a " * 50_000, "v" * 100_000, "vote " * 20_000, "投" * 100_000, "а1" * 50_000):
        matcher.find(text)
    assert time.process_time() - started < 5


# Names


@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7), st.integers(0, 3))
def test_edits_are_counted_as_the_naive_twin_counts_them(one, other, most):
    assert edits(one, other, most) == min(naive.edits(one, other), most + 1)


CHANGES = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["", "q", "z", "swap"])), max_size=3)


def changed(name, changes):
    """The name with letters exchanged, left out or swapped with the next, here and there."""
    letters = list(name)
    for at, what in changes:
        i = at % len(letters)
        if what == "swap":
            letters[i : i + 2] = letters[i : i + 2][::-1]
        else:
            letters[i] = what
    return "".join(letters)


@given(st.text("abcdefgh", min_size=5, max_size=12), st.lists(CHANGES, min_size=1, max_size=8))
def test_no_near_name_is_lost_by_the_sieves(one, changes):
    names = [changed(one, each) for each in changes]
    most = 2 if len(one) >= LONG else 1
    wanted = [(i, d) for i, name in enumerate(names) if (d := naive.edits(name, one)) <= most]
    assert list(Names(names).near(one)) == wanted


def test_handles_that_look_alike_are_no_letter_away():
    names = Names(["Anna_Weiss", "аnnaweiss", "ANNA.WE1SS", "annaweis", "bernd", "annaweiss_official", ""])
    assert dict(names.near("annaweiss")) == {0: 0, 1: 0, 2: 0, 3: 1}
    assert list(names.holding("annaweiss")) == [5]
    assert list(Names(["ann", "anne"]).near("anna")) == [], "four letters are too few to compare"
    assert letters("rnodem") == letters("Modern") == "modem"
    assert letters("Αnna") == letters("аnnа") == "anna"
    assert letters("Mіlena") == letters("Μilena") == letters("MILENA"), "a Cyrillic i is a small l, too; a Greek capital is no u"
    assert letters("ΝΙΚΟΣ") == letters("νίκος"), "a name of one script is compared in any case"
