"""urls: when two addresses are one page, and when they are not."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cib import urls

PAGE = "https://example.org/a/b?id=1&x=2"
PIECES = (
    "http:// https:// www. m. amp. example.org google.com /url?q= /amp/s/ l.facebook.com/l.php?u= youtu.be/ "
    "% %25 %2F ? & = #! # / /amp .amp a utm_source=1 x=1 :80 :8080 .. ü @ ."
)
pieces = st.lists(st.sampled_from([" ", *PIECES.split()]), max_size=14).map("".join)


@pytest.mark.parametrize(
    "variant",
    [
        "https://example.org/a/b?id=1&x=2",
        "http://example.org/a/b/?x=2&id=1",
        "HTTPS://WWW.EXAMPLE.ORG:443/a/b?id=1&x=2#part",
        "https://user:secret@m.example.org/a/./c/../b?x=2&id=1",
        "https://mobile.example.org/a/b?x=2&id=1&utm_source=s&UTM_Medium=m&fbclid=f&gclid=g",
        "https://amp.example.org/a/b/amp/?x=2&id=1",
        "https://example.org/a/b.amp?x=2&id=1&amp=1",
        "https://www.google.com/amp/s/example.org/a/b?x=2&id=1",
        "https://example-org.cdn.ampproject.org/c/s/example.org/a/b?x=2&id=1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fx%3D2%26id%3D1%26fbclid%3Dz&h=AT0",
        "https://www.google.com/url?sa=t&q=https://example.org/a/b%3Fx%3D2%26id%3D1",
        "//example.org/a/b?x=2&id=1",
        "www.example.org/%61/b?x=2&id=1",
        "example.org./a/b?id=1&x=2",
    ],
)
def test_forms_of_one_page_share_a_key(variant):
    assert urls.canonical(variant) == PAGE


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/A/b?id=1&x=2",
        "https://example.org/a/b?id=2&x=2",
        "https://example.org/a/b?id=1",
        "https://example.org:8080/a/b?id=1&x=2",
        "https://news.example.org/a/b?id=1&x=2",
        "https://example.org/a/b?id=1&x=2#!c",
        "https://example.org/a/b?id=1&x=2&ref=3",
    ],
)
def test_other_pages_have_other_keys(other):
    assert urls.canonical(other) not in (None, PAGE)


@pytest.mark.parametrize(
    "video",
    ["youtu.be/abcDEF12345", "https://m.youtube.com/watch?feature=share&v=abcDEF12345&t=9", "https://www.youtube.com/shorts/abcDEF12345?si=q",
     "https://www.youtube-nocookie.com/embed/abcDEF12345", "https://music.youtube.com/watch?v=abcDEF12345"],
)  # fmt: skip
def test_a_video_has_one_key(video):
    assert urls.canonical(video) == "https://youtube.com/watch?v=abcDEF12345"


@pytest.mark.parametrize(
    "status",
    ["https://twitter.com/anna/status/12345?s=20", "https://x.com/i/web/status/12345", "https://mobile.twitter.com/ben/status/12345/photo/1",
     "http://www.twitter.com/statuses/12345"],
)  # fmt: skip
def test_a_status_has_one_key_whoever_is_named_in_it(status):
    assert urls.canonical(status) == "https://twitter.com/i/status/12345"


def test_facebook_stories_stay_apart():
    assert urls.canonical("https://m.facebook.com/story.php?story_fbid=1&id=9") != urls.canonical(
        "https://m.facebook.com/story.php?story_fbid=2&id=9"
    )


def test_a_short_link_is_its_own_key():
    assert urls.canonical("https://t.co/AbCd?amp=1") == "https://t.co/AbCd"


@pytest.mark.parametrize(
    "junk",
    ["", "not a url", "javascript:alert(1)", "mailto:a@b.org", "data:text/html,x", "http://", None, "x" * 9000, "https://[bad"],
)
def test_what_is_no_web_address_has_no_key(junk):
    assert urls.canonical(junk) is None


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://a.b.example.co.uk/x", "example.co.uk"),
        ("http://0x7f.1/x", "127.0.0.1"),
        ("http://[::1]:8080/x", "[::1]"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://alice.github.io/x", "alice.github.io"),
    ],
)
def test_the_domain_is_the_registered_one(url, domain):
    assert urls.domain(urls.canonical(url)) == domain


@given(pieces | st.text(max_size=40))
@example("https://google.com/url?q=" * 20 + "https://example.org/x")
@example("https://example.org/a/amp/.amp/amp//")
@example("https://example.org/%2561")
@example("https://www.m.www.example.org?&&=&a&=b")
def test_the_key_of_a_key_is_itself(url):
    key = urls.canonical(url)
    assert key is None or urls.canonical(key) == key
    assert key is None or urls.domain(key)


def test_the_rules_have_a_version():
    assert urls.RULE_VERSION


HOSTS = "example.org www.a.example m.b.co youtube.com x.com t.me a--b.de xn--a.org e.x 1.2.3.4"
PATHS = "/a /a.html /amp /.. /.a // / .amp.html ~ - _ A é"


@given(
    st.sampled_from(["http://", "https://", "HTTPS://", ""]),
    st.lists(st.sampled_from([*HOSTS.split(), *PATHS.split()]), max_size=6).map("".join),
)
def test_plain_addresses_have_the_key_that_the_long_way_gives(scheme, rest):
    short = urls.canonical(scheme + rest)
    plain, urls._PLAIN = urls._PLAIN, re.compile("(?!)")
    try:
        assert urls.canonical(scheme + rest) == short
    finally:
        urls._PLAIN = plain
