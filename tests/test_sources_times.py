"""times: every usual shape becomes UTC; what is no time stays none."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib.errors import SchemaError
from cib.sources import dates, times

MOMENT = dt.datetime(2008, 8, 27, 13, 8, 45)


def read(*texts, timezone="UTC", day_first=False):
    return times.read(pa.array(texts, pa.string()), timezone=timezone, day_first=day_first)


@pytest.mark.parametrize(
    "text",
    [
        "2008-08-27T13:08:45Z",
        "2008-08-27 13:08:45",
        "2008-08-27T13:08:45.000Z",
        "2008-08-27T15:08:45+02:00",
        "2008-08-27 06:08:45 -0700",
        "2008-08-27T18:38:45+0530",
        "2008-08-27 13:08:45 UTC",
        "2008/08/27 13:08:45",
        "Wed Aug 27 13:08:45 +0000 2008",
        "Wed Aug 27 15:08:45 +0200 2008",
        "Wed, 27 Aug 2008 13:08:45 GMT",
        "8/27/2008 13:08:45",
        "8/27/2008 1:08:45 PM",
        "8/27/2008, 13:08:45",
        "27.08.2008 13:08:45",
        "27.8.2008, 13:08:45",
        "27.08.2008 15:08:45 UTC+02:00",
        "27-08-2008 13:08:45",
        "1219842525",
        "1219842525.0",
        "1219842525000",
        "1219842525000000",
        "1219842525000000000",
        "1.219842525e9",
        "20080827130845",
        " 2008-08-27T13:08:45Z ",
    ],
)
def test_every_shape_of_one_moment_is_that_moment(text):
    assert read(text).values.to_pylist() == [MOMENT]


@pytest.mark.parametrize(
    "text",
    [
        "2008-13-01",
        "2008-02-30",
        "2008-08-27 24:00:00",
        "2008-08-27 10:61",
        "yesterday",
        "12345",
        "0",
        "-5",
        "1e400",
        "27.13.2008",
        "08-27-2008",
        "0001-01-01",
        "2100-01-01",
        "1989-12-31 23:59:59",
        "9999999999999999999",
        "99999999999999999999",
        "2008-08-27T13:08:45+99:00",
    ],
)
def test_what_is_no_time_has_a_reason(text):
    found = read(text)
    assert found.values.to_pylist() == [None]
    assert found.reason[0].as_py().startswith("this time")


def test_nothing_is_no_wrong_time():
    found = read("", None, " ")
    assert found.values.null_count == 3
    assert found.reason.null_count == 3


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()])
@pytest.mark.parametrize("unit", [1, 1000, 1_000_000])
def test_numbers_are_epochs_in_their_own_unit(kind, unit):
    column = pa.array([1219842525 * unit, None], kind)
    assert times.read(column, timezone="UTC").values.to_pylist() == [MOMENT, None]


def test_a_time_without_a_zone_is_taken_in_the_given_one():
    found = read("2024-07-01 12:00", "2024-01-01 12:00", "2024-01-01T12:00Z", timezone="Europe/Kyiv")
    assert [value.hour for value in found.values.to_pylist()] == [9, 10, 12]
    assert found.naive == 2


def test_of_an_hour_that_came_twice_the_first_is_taken():
    found = read("2024-10-27 03:30", timezone="Europe/Kyiv")
    assert found.values.to_pylist() == [dt.datetime(2024, 10, 27, 0, 30)]


def test_timestamps_of_parquet_follow_the_same_rules():
    zoned = pa.array([MOMENT], pa.timestamp("ms", "America/New_York"))
    assert times.read(zoned, timezone="UTC").values.to_pylist() == [MOMENT]
    naive = times.read(pa.array([MOMENT], pa.timestamp("ns")), timezone="America/New_York")
    assert naive.values.to_pylist() == [dt.datetime(2008, 8, 27, 17, 8, 45)]
    assert naive.naive == 1


def test_a_day_first_date_refuses_the_file():
    with pytest.raises(SchemaError, match="day first"):
        read("3/4/2024 10:00", "27/8/2024 10:00")
    with pytest.raises(SchemaError, match="month first"):
        read("3/4/2024 10:00", "8/27/2024 10:00", day_first=True)


def test_dates_alone_are_midnight_in_every_order_of_their_parts():
    found = read("27.08.2008", "27-8-2008", "2008/08/27", "27/08/2008", day_first=True)
    assert set(found.values.to_pylist()) == {dt.datetime(2008, 8, 27)}


def order(*columns):
    seen = dates.Order()
    for column in columns:
        seen.take(pa.array(column))
    return seen.day_first("x.csv")


def test_one_date_decides_the_order_of_a_whole_file():
    assert order(["3/4/2024"], ["27/8/2024 10:00", None]) is True
    assert order(["3/4/2024"], ["8/27/2024", "soon"]) is False
    assert order(["3/3/2024", "2024-03-04"]) is False


@pytest.mark.parametrize("texts", [["3/4/2024", "3/3/2024"], ["27/8/2024", "8/27/2024"]])
def test_an_order_that_is_open_or_contradicted_refuses_the_file(texts):
    with pytest.raises(SchemaError, match=r"x\.csv.*YYYY-MM-DD"):
        order(texts)


def test_a_date_with_two_readings_waits_for_the_rest_of_its_file():
    with pytest.raises(dates.UndecidedError):
        read("3/4/2024", day_first=None)
    assert read("3/3/2024", "2024-03-04", day_first=None).values.null_count == 0


def test_a_zone_that_does_not_exist_is_refused():
    with pytest.raises(SchemaError, match="Mars/Olympus"):
        times.zone("Mars/Olympus", place="--timezone")


@given(
    st.lists(
        st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}[T ][0-9]{1,2}:[0-9]{2}", fullmatch=True),
        max_size=20,
    ),
    st.booleans(),
)
def test_any_texts_are_read_judged_or_refused(texts, day_first):
    try:
        found = read(*texts, timezone="Europe/Kyiv", day_first=day_first)
    except SchemaError:
        return
    known = found.values.drop_null().to_numpy()
    assert ((known >= times.FIRST) & (known < times.LAST)).all()


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%fZ"]),
)
def test_a_written_moment_is_read_back(moment, shape):
    assert read(moment.strftime(shape)).values.to_pylist() == [moment]
