"""Lists and calendars that the user gives: what their columns and lines mean, and what is said where they mean nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import electiondays, lists
from cib.errors import CaseError, CibError
from cib.lists.entries import Entry


def read(tmp_path, text, *, name="contestants", file="list.csv"):
    path = tmp_path / file
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return lists.read(name, path)


def found(known, *fields):
    return [tuple(getattr(entry, field) for field in fields) for entry in known.entries]


# Columns


def test_columns_are_guessed_in_any_case_and_the_guess_is_told(tmp_path):
    known = read(tmp_path, "Full Name;Twitter;Side;Sex;Website\nAnna Weiß;@Anna;L;f;https://anna.example/\n")
    assert known.columns == {"person": "Full Name", "twitter": "Twitter", "side": "Side", "gender": "Sex", "domain": "Website"}
    assert {(e.person, e.side, e.gender) for e in known.entries} == {("Anna Weiß", "L", "f")}
    assert found(known, "platform", "handle", "name", "domain") == [
        ("twitter", "anna", "", ""),
        ("", "", "Anna Weiß", ""),
        ("", "", "", "anna.example"),
    ]
    assert known.record["persons"] == 1
    assert known.record["entries"] == {"handle": 1, "name": 1, "domain": 1}


def test_several_handles_in_a_cell_and_several_rows_are_one_person(tmp_path):
    known = read(tmp_path, "name,platform,handle\nAnna Weiß,x,anna|@anna2\nAnna Weiß,,https://t.me/s/annaweiss?x=1\n")
    assert found(known, "platform", "handle") == [
        ("twitter", "anna"),
        ("twitter", "anna2"),
        ("", ""),
        ("telegram", "annaweiss"),
    ]
    assert known.record["persons"] == 1


def test_a_short_single_word_is_a_label_and_no_name_to_look_for(tmp_path):
    known = read(tmp_path, "name,handle,aliases\nBen,ben1,Benny B\nMaria,maria1,\n安倍晋三,abe,\n")
    assert [name for (name,) in found(known, "name") if name] == ["Benny B", "Maria", "安倍晋三"]


def test_a_list_of_terms_names_nobody_whatever_its_other_columns(tmp_path):
    known = read(tmp_path, "id,name,term\n1,wrong dates,vote on Monday\n2,,голосуй*\n", name="narratives")
    assert found(known, "topic", "term") == [("wrong dates", "vote on Monday"), ("", "голосуй*")]
    assert known.record["persons"] == 0


@pytest.mark.parametrize(
    ("name", "text", "field", "values"),
    [
        ("state_media", "# sites\nrt.example\n\nhttps://www.paper.example/\n", "domain", ["rt.example", "paper.example"]),
        ("anything", "@anna\n@ben\n", "handle", ["anna", "ben"]),
        ("protected", "anna\nben\n", "handle", ["anna", "ben"]),
        ("slurs", "#stopthem\nfoo bar\n", "term", ["#stopthem", "foo bar"]),
    ],
)
def test_a_file_without_a_header_is_read_line_by_line(tmp_path, name, text, field, values):
    known = read(tmp_path, text, name=name, file="list.txt")
    assert [value for (value,) in found(known, field)] == values
    assert list(known.columns.values()) == ["every line"]


def test_what_names_no_whole_site_is_refused_and_told(tmp_path):
    known = read(tmp_path, "domain\nfacebook.com/somepage\nnews.paper.example\npaper.example\n", name="state_media")
    assert found(known, "domain") == [("paper.example",)]
    assert known.record["refused"] == 2
    assert "row 2: 'facebook.com/somepage' is no whole site" in known.record["refused_first"][0]


def test_old_encodings_are_read(tmp_path):
    assert found(read(tmp_path, "name\nJürgen Groß\n".encode("cp1252")), "name") == [("Jürgen Groß",)]
    assert found(read(tmp_path, "name\nJürgen Groß\n".encode("utf-16")), "name") == [("Jürgen Groß",)]
    assert found(read(tmp_path, b"\xef\xbb\xbfname\nJ\xc3\xbcrgen Gro\xc3\x9f\n"), "name") == [("Jürgen Groß",)]


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "is empty"), ("name,side\n,L\n", "nothing to look for"), ("domain\nfacebook.com/x\n", "nothing to look for")],
)
def test_a_list_with_nothing_to_look_for_is_an_error(tmp_path, text, why):
    with pytest.raises(CaseError, match=why):
        read(tmp_path, text)


LINES = st.lists(st.sampled_from(["name,handle", "", '"', "a;b", "@x", "x.example", "term", "\x00", "# c"]), max_size=6)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | LINES.map("\n".join).map(str.encode))
def test_no_file_breaks_the_reader(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("list") / "l.csv"
    path.write_bytes(data)
    try:
        known = lists.read("any", path)
    except CibError:
        return
    assert known.entries
    assert all(any((e.handle, e.account_id, e.name, e.domain, e.term)) for e in known.entries)


# Where lists come from


def test_an_option_goes_before_case_toml_and_names_are_in_order(tmp_path):
    for file, text in (("a.txt", "@anna\n"), ("b.txt", "@ben\n"), ("s.txt", "rt.example\n")):
        (tmp_path / file).write_text(text)
    settings = {"lists": {"state_media": "s.txt", "protected": "a.txt"}, "contestants": [{"name": "Carla Weiß", "side": "R"}]}
    known = lists.gather(tmp_path, settings, [f"protected={tmp_path / 'b.txt'}"])
    assert [one.name for one in known] == ["contestants", "protected", "state_media"]
    assert known[0].entries == (Entry("Carla Weiß", name="Carla Weiß", side="R"),)
    assert found(known[1], "handle") == [("ben",)]
    assert len({one.sha256 for one in known}) == 3


@pytest.mark.parametrize("word", ["protected", "=x", "a b=x", "protected=no-such-file"])
def test_a_wrong_option_says_what_was_expected(tmp_path, word):
    with pytest.raises(CaseError, match=r"expected NAME=FILE|is named with|does not exist"):
        lists.gather(tmp_path, {}, [word])


# Calendar


def calendar(tmp_path, text, file="days.csv"):
    (tmp_path / file).write_text(text)
    return electiondays.gather(tmp_path, {}, tmp_path / file)


def test_a_date_is_a_whole_day_and_an_offset_moves_it(tmp_path):
    known = calendar(tmp_path, "from;to;event\n2024-03-09;2024-03-10;silence\n2024-03-08T20:00+02:00;;debate\n")
    assert known == (
        {"since": "2024-03-08 18:00:00", "until": "2024-03-08 18:00:00", "what": "debate"},
        {"since": "2024-03-09 00:00:00", "until": "2024-03-11 00:00:00", "what": "silence"},
    )
    toml = '[[calendar]]\ndate = 2024-03-09\nuntil = 2024-03-10\nwhat = "silence"\n'
    assert calendar(tmp_path, toml, "days.toml") == known[1:]
    settings = {"calendar": [{"date": dt.date(2024, 3, 9), "until": dt.date(2024, 3, 10), "what": "silence"}]}
    assert electiondays.gather(tmp_path, settings, tmp_path / "days.toml") == known[1:], "the same entry twice is one"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("date,what\nsoon,x\n", "calendar date|date 'soon'; expected one such as 2024-03-15"),
        ("day\n2024-03-09\n", "expected date, what"),
        ("date,until,what\n2024-03-09,2024-03-01,x\n", "before it begins"),
    ],
)
def test_a_wrong_calendar_says_what_was_expected(tmp_path, text, why):
    with pytest.raises(CaseError, match=why):
        calendar(tmp_path, text)
