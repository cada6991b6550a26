"""text: what makes two texts one, and what makes a text safe to show."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cib.text as text

SAME = "the polls close at eight tonight, go and vote now"
any_text = st.text(st.characters(codec=None), max_size=80)
tricky = st.lists(
    st.sampled_from(
        [
            "&",
            "amp;",
            "lt;",
            "#38;",
            "RT ",
            "rt:",
            "@",
            "a",
            "А",
            "ß",
            "İ",
            "ﬀ",
            "http://",
            "x.y/",
            " ",
            "\u200d",
            "\u202e",
            "ｈ",
            "\ud800",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    "variant",
    [
        "THE POLLS close at EIGHT tonight, go and vote now",
        "RT @somebody: the polls close at eight tonight, go and vote now",
        "RT @one: RT @two: the polls close at eight tonight, go and vote now",
        "the polls close at eight tonight, go and vote now https://example.org/a?b=c",
        "@friend the  polls\nclose at eight\ttonight, go and vote now",
        "the pol\u200bls clo\u00adse at ei\u2060ght tonight, go and vote now",
        "\u202ethe polls close at eight tonight, go and vote now\u202c",
        "the p\u043ells cl\u043ese at \u0435ight tonight, go and v\u043ete now",
        "ｔｈｅ polls close at eight tonight, go and vote now",
        "the polls close at eight tonight&#44; go and vote now",
    ],
)
def test_disguises_of_one_text_share_a_key(variant):
    assert text.key(variant) == SAME


def test_a_hashtag_stays_in_the_key():
    assert text.key("#vote the polls close at eight tonight") == "#vote the polls close at eight tonight"


def test_words_of_one_script_are_left_alone():
    assert text.key("Сегодня выборы президента") == "сегодня выборы президента"


@pytest.mark.parametrize(
    ("given_text", "is_evidence"),
    [
        ("x" * 19, False),
        ("x" * 20, True),
        ("@name " * 30, False),
        ("https://example.org/" + "x" * 50, False),
        ("今天去投票吧", False),
        ("今天我们一起去投票", True),
        ("오늘은투표하는날이다", True),
        ("ไปเลือกตั้งกันเถอะ", True),
        ("", False),
        (None, False),
    ],
)
def test_a_text_is_evidence_from_twenty_letters_or_eight_unspaced_ones(given_text, is_evidence):
    assert (text.key(given_text) is not None) == is_evidence


@given(any_text | tricky)
@example("&" + "amp;" * 60 + "lt; and more text behind it")
@example("&amp;#38;amp;amp;#x26;lt;b&gt;" * 3)
def test_the_key_of_a_key_is_itself(any_given):
    found = text.key(any_given)
    assert found is None or text.key(found) == found


@given(any_text | tricky)
def test_no_function_breaks_on_any_text(any_given):
    for function in (text.hashtags, text.mentions, text.urls):
        assert all(isinstance(found, str) and found for found in function(any_given))
    (text.key(any_given) or "").encode()
    text.visible(any_given).encode()
    text.whole(any_given).encode()


def test_hashtags_keep_marks_of_all_scripts_and_are_not_numbers_or_anchors():
    found = text.hashtags("#हिन्दी #عربي #Élection2024 #100 example.org/#top a#b ＃選挙 #vote,#vote &#39;")
    assert found == ["हिन्दी", "عربي", "Élection2024", "選挙", "vote"]


def test_mentions_know_servers_and_are_no_mail_addresses():
    assert text.mentions("@anna. (@ben) @carl@social.example mail@example.org ＠dora") == [
        "anna",
        "ben",
        "carl@social.example",
        "dora",
    ]


def test_urls_end_where_the_sentence_does():
    found = text.urls(
        "See https://example.org/a_(b), (http://example.org/c). www.example.org/d! youtu.be/abcdef “https://e.org/f”"
    )
    assert found == [
        "https://example.org/a_(b)",
        "http://example.org/c",
        "www.example.org/d",
        "youtu.be/abcdef",
        "https://e.org/f",
    ]


def test_a_cut_address_is_no_address():
    assert text.urls("read this https://t.co/ab…") == []


def test_the_name_before_a_retweeted_text_is_told_apart():
    assert text.without_rt("RT @anna_b: hello") == ("anna_b", "hello")
    assert text.without_rt("hello") == (None, "hello")


def test_what_cannot_be_seen_is_written_out():
    assert text.visible("a\u202eb\u200bc\x1b[31m\ud800\n") == "a⟨U+202E⟩b⟨U+200B⟩c⟨U+001B⟩[31m\ufffd\n"


def test_an_emoji_family_stays_in_one_piece():
    assert text.visible("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert text.visible("vo\u200dte") == "vo⟨U+200D⟩te"


@given(any_text)
def test_nothing_shown_hides_or_turns_the_line(any_given):
    shown = text.visible(any_given)
    kinds = {unicodedata.category(c) for c in shown if c not in "\n\t\u200d"}
    assert not kinds & {"Cc", "Cs"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff")


@given(any_text)
def test_xml_text_can_be_parsed(any_given):
    escaped = text.xml(any_given).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ElementTree.fromstring(f"<a>{escaped}</a>")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_never_computes_a_cell(start):
    assert text.cell(start + "1+1") == "'" + start + "1+1"
    assert text.cell("1+1") == "1+1"
