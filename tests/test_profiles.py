"""Profiles: marks that two accounts share, said of both, and never a tie."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib import parquet, profiles, runs, schema
from cib.case import Case

NAMES = ("account_ix", "handle", "display_name", "created_at", "description", "profile_image")


def account(number: int = 0, **more) -> dict:
    return dict.fromkeys(NAMES) | {"account_ix": number} | more


def marks(**more) -> dict[str, str]:
    return {kind: value for _, kind, value in profiles._marks(account(**more))}


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        ("AlmaThu17326696", "a name and eight digits"),
        ("maria_1", "maria_ and digits"),
        ("MARIA_9921", "maria_ and digits"),
        ("bob7", None),
        ("12345678", None),
        ("maria", None),
        ("", None),
        (None, None),
    ],
)
def test_a_handle_bears_the_mark_of_its_pattern(handle, says):
    assert marks(handle=handle).get("handle") == says


def test_a_template_is_one_text_whatever_name_stands_in_it():
    one = marks(display_name="Oakridge Wire", description="Local news from Oakridge Wire. Since 2012: https://oak.example/a")
    other = marks(display_name="Ashford Wire", description="LOCAL news from Ashford Wire.  Since 1999: https://ash.example/")
    assert one["bio"] == other["bio"]
    assert one["bio"] != marks(display_name="Ashford", description="Local weather from Ashford. Since 1999.")["bio"]


def test_a_short_bio_and_the_picture_of_the_platform_say_nothing():
    assert marks(description="dog person", profile_image="https://pics.example/default_profile_normal.png") == {}
    assert marks(profile_image="https://pics.example/a/1f.jpg") == {"image": "https://pics.example/a/1f.jpg"}
    assert marks(profile_image="http://[broken/a.jpg") == {"image": "http://[broken/a.jpg"}


@given(st.fixed_dictionaries(dict.fromkeys(("handle", "display_name", "description", "profile_image"), st.none() | st.text())))
def test_whatever_accounts_say_of_themselves_each_bears_at_most_one_mark_of_a_kind(shown):
    kinds = [kind for _, kind, _ in profiles._marks(account(**shown))]
    assert len(kinds) == len(set(kinds))


def test_only_a_week_of_far_more_accounts_than_around_it_is_a_mark():
    steady = [account(n, created_at=(100 + n % 40) * profiles.WEEK_S) for n in range(200)]
    assert list(profiles._opened(steady)) == []
    burst = [account(200 + n, created_at=120 * profiles.WEEK_S + n) for n in range(25)]
    found = list(profiles._opened(steady + burst))
    assert {value for _, _, value in found} == {"120"}
    assert {number for number, _, _ in found} >= {one["account_ix"] for one in burst}
    assert list(profiles._opened([account(1), account(2)])) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six accounts made alike among sixty; a run that only describes them, and one that tests beside it."""
    home = tmp_path_factory.mktemp("profiles")
    monday = dt.datetime(2024, 3, 4)
    posts = [
        {"platform": "x", "post_id": f"{n}-{k}", "account_id": f"a{n:02d}", "created_at": monday + dt.timedelta(hours=n + 7 * k)}
        | {"text": f"words of their own number {n * k}"}
        for n in range(60)
        for k in range(3)
    ]
    shape = schema.arrow("account")
    known = [{"platform": "x", "account_id": f"a{n:02d}", "handle": f"person{chr(97 + n % 26)}", "posts": n} for n in range(60)]
    for n in range(6):
        known[n] |= {
            "handle": f"patriot_{n}7",
            "profile_image": "https://pics.example/eagle.jpg",
            "description": "=cmd</b> \u202e",
        }
    rows = [{name: row.get(name) for name in shape.names} for row in known]
    for name, table in (("posts", pa.Table.from_pylist(posts)), ("accounts", pa.Table.from_pylist(rows, schema=shape))):
        parquet.write(home / f"{name}.parquet", table.schema, [table])
    cib.ingest(home / "case", [home / "posts.parquet", home / "accounts.parquet"], threads=1)
    cib.detect(home / "case", graphs="profile", run="alone", threads=1)
    cib.detect(home / "case", graphs="profile,co_text", run="beside", threads=1)
    return home / "case"


@pytest.mark.parametrize("run", ["alone", "beside"])
def test_accounts_made_alike_have_edges_that_weigh_their_marks_and_no_tie(folder, run):
    home = Case.open(folder).run_folder(run)
    edges = [edge for edge in runs.load(home, "edge").to_pylist() if edge["graph"] == "profile"]
    assert len(edges) == 15
    assert {(edge["weight"], edge["n_shared"], edge["p_value"]) for edge in edges} == {(2.0, 2, None)}
    assert {edge[end] for edge in edges for end in ("account_a", "account_b")} == {f"a{n:02d}" for n in range(6)}
    assert runs.load(home, "tie").num_rows == runs.load(home, "member").num_rows == 0
    notes = runs.manifest(home)["notes"]
    assert notes["profiles"] == {"accounts": 60, "handle": 6, "bio": 0, "image": 6, "week": 0}
    assert "profile" not in notes["tests"]["too_little"]
