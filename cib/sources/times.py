"""Times of any usual shape to UTC microseconds. Every distinct value is read once, by Arrow's expressions, not row by row."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.errors import SchemaError
from cib.sources import dates
from cib.sources.cells import strings

FIRST = np.datetime64("1990-01-01", "us")
LAST = np.datetime64("2100-01-01", "us")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# RFC 2822, 4.3, and the European ones; others (IST, BST, AST) have several meanings and are not read.
ABBREVIATIONS = {
    "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800",
    "PDT": "-0700", "WET": "+0000", "WEST": "+0100", "CET": "+0100", "CEST": "+0200", "EET": "+0200", "EEST": "+0300",
    "MSK": "+0300",
}  # fmt: skip

_CLOCK = r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9})\d*)?)?"
_ZONE = rf"\s?(?P<zone>(?:Z|z|UTC|GMT|{'|'.join(ABBREVIATIONS)})?(?:[+-]\d{{2}}(?::?\d{{2}})?)?)"
_NAME = r"(?P<month>[A-Za-z]{3})[a-z]*"
_TAIL = rf"(?:,?\s+{_CLOCK}\s?(?P<half>[AaPp][Mm])?{_ZONE})?$"
SHAPES = (
    rf"^(?P<Y>\d{{4}})[-/](?P<M>\d{{1,2}})[-/](?P<D>\d{{1,2}})(?:(?:[Tt]|\s+){_CLOCK}{_ZONE})?$",
    rf"^[A-Za-z]{{3}} {_NAME} +(?P<D>\d{{1,2}}) {_CLOCK} (?P<zone>[+-]\d{{4}}|UTC|GMT) (?P<Y>\d{{4}})$",
    rf"^(?:[A-Za-z]{{3}}, )?(?P<D>\d{{1,2}}) {_NAME} (?P<Y>\d{{4}}) {_CLOCK}{_ZONE}$",
    rf"^(?P<D>\d{{1,2}})\.(?P<M>\d{{1,2}})\.(?P<Y>\d{{4}}){_TAIL}",
    rf"^(?P<D>\d{{1,2}})-(?P<M>\d{{1,2}})-(?P<Y>\d{{4}}){_TAIL}",
    r"^(?P<Y>(?:19|20)\d{2})(?P<M>\d{2})(?P<D>\d{2})(?:(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2}))?$",
)
MONTH_FIRST = rf"^(?P<M>\d{{1,2}})/(?P<D>\d{{1,2}})/(?P<Y>\d{{4}}){_TAIL}"
DAY_FIRST = rf"^(?P<D>\d{{1,2}})/(?P<M>\d{{1,2}})/(?P<Y>\d{{4}}){_TAIL}"
_ZULU = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3}|\.\d{6})?Z$"
_EPOCH = r"^[+]?\d{1,19}(?:\.\d*)?(?:[eE]\+?\d{1,2})?$"
_UNITS_US = (1_000_000, 1_000, 1)  # an epoch in s, ms or us: at most one of them lies between 1990 and 2100
_NANO = 1e17


@dataclass(frozen=True)
class Times:
    """Times of one batch, in its row order.

    values  timestamp[us], UTC; NULL where `reason` is not NULL, or where there was no time
    reason  string, why a time could not be read; NULL otherwise
    naive   number of times that came without a zone
    """

    values: pa.Array
    reason: pa.Array
    naive: int


def zone(name: str, *, place: str) -> str:
    """Return `name` when it is a time zone. Raises SchemaError that names `place` otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SchemaError(f"{place}: {name!r} is not a time zone; expected an IANA name such as Europe/Kyiv or UTC.") from error
    return name


def read(column: pa.Array, *, timezone: str, day_first: bool | None = None) -> Times:
    """Return the times of `column` in UTC. A time without a zone is taken in `timezone`; of an hour that came twice, the first.

    column     timestamp, date, number (epoch) or string array
    day_first  order of dates with slashes; None: not known, and UndecidedError is raised where it matters. With dots
               and dashes the day comes first
    Cost: linear in the number of distinct values.
    """
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("us"))
    if pa.types.is_timestamp(column.type):
        naive = column.type.tz is None
        return _judge(_native(column, timezone), column, np.full(len(column), naive))
    if pa.types.is_floating(column.type):
        values, _ = _epochs(column.cast(pa.float64()))
        return _judge(values, column, np.zeros(len(column), bool))
    column = strings(column)
    coded = column.dictionary_encode()
    distinct = pc.utf8_trim_whitespace(coded.dictionary)
    dates.check(distinct, day_first=day_first)
    values, is_naive = _texts(distinct, timezone, slashed=DAY_FIRST if day_first else MONTH_FIRST)
    codes = coded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    if len(distinct) == 0:
        return _judge(np.full(len(column), np.datetime64("NaT"), "datetime64[us]"), column, np.zeros(len(column), bool))
    return _judge(values[codes], column, is_naive[codes])


def _judge(values: np.ndarray, column: pa.Array, is_naive: np.ndarray) -> Times:
    given = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_string(column.type):
        given &= pc.not_equal(pc.utf8_trim_whitespace(column), "").fill_null(False).to_numpy(zero_copy_only=False)
    unread = given & np.isnat(values)
    outside = given & ~unread & ((values < FIRST) | (values >= LAST))
    bad = ~given | unread | outside
    reason = np.full(len(values), None, object)
    reason[unread] = "this time cannot be read"
    reason[outside] = "this time lies outside 1990 to 2100"
    out = pa.array(values, mask=bad) if len(values) else pa.array([], pa.timestamp("us"))
    return Times(out.cast(pa.timestamp("us")), pa.array(reason, pa.string()), int((is_naive & ~bad).sum()))


def _native(column: pa.Array, timezone: str) -> np.ndarray:
    microseconds = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if column.type.tz is None:
        microseconds = _localise(microseconds, timezone)
    return microseconds.cast(pa.int64()).fill_null(np.iinfo(np.int64).min).to_numpy(zero_copy_only=False).astype("datetime64[us]")


def _localise(naive: pa.Array, timezone: str) -> pa.Array:
    if timezone == "UTC":
        return naive
    zoned = pc.assume_timezone(naive, timezone, ambiguous="earliest", nonexistent="earliest")
    return zoned.cast(pa.int64()).cast(pa.timestamp("us"))


def _texts(distinct: pa.Array, timezone: str, *, slashed: str) -> tuple[np.ndarray, np.ndarray]:
    values = np.full(len(distinct), np.datetime64("NaT"), "datetime64[us]")
    is_naive = np.zeros(len(distinct), bool)
    if (plain := _plain(distinct)) is not None:
        return plain, is_naive
    numeric = pc.match_substring_regex(distinct, _EPOCH).fill_null(False).to_numpy(zero_copy_only=False)
    if numeric.any():
        numbers = distinct.filter(pa.array(numeric))
        whole = pc.match_substring_regex(numbers, r"^\d{1,18}$")
        exact = pc.if_else(whole, numbers, None).cast(pa.int64())
        loose, _ = _epochs(numbers.cast(pa.float64()))
        tight, known = _epochs(exact)
        values[numeric] = np.where(known, tight, loose)
    for shape in (*SHAPES, slashed):
        todo = np.isnat(values) | (values < FIRST) | (values >= LAST)
        if not todo.any():
            break
        match = pc.extract_regex(distinct, shape)
        todo &= match.is_valid().to_numpy(zero_copy_only=False)
        if not todo.any():
            continue
        moments, naive = _moments(match.filter(pa.array(todo)), timezone)
        values[todo], is_naive[todo] = moments, naive
    return values, is_naive


def _plain(distinct: pa.Array) -> np.ndarray | None:
    """The moments where all are written as most interfaces write them, 2024-03-01T10:00:05.000Z; None where one is not."""
    if not pc.all(pc.match_substring_regex(distinct, _ZULU)).as_py():
        return None
    try:
        return distinct.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy(zero_copy_only=False).astype("datetime64[us]")
    except pa.ArrowInvalid:  # a date that no calendar has, second 60
        return None


def _epochs(numbers: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return datetime64[us] and which of them lie between 1990 and 2100; NaT where no number is."""
    known = numbers.is_valid().to_numpy(zero_copy_only=False)
    raw = numbers.fill_null(0).to_numpy(zero_copy_only=False)
    known = known & np.isfinite(raw) & (np.abs(raw) < 9e18)
    raw = np.where(known, raw, 0)
    out = np.full(len(raw), np.datetime64("NaT"), "datetime64[us]")
    seconds = np.where(known & (np.abs(raw) < 9e12), raw, 0)
    out[known] = _to_us(seconds, 1_000_000)[known]  # outside every unit's range: kept, and judged to be out of range
    low, high = FIRST.astype(np.int64), LAST.astype(np.int64)
    for unit in _UNITS_US:
        fits = known & (raw >= low / unit) & (raw < high / unit)
        out[fits] = _to_us(raw[fits], unit)
    nanos = known & (raw >= low * 1000.0) & (raw < high * 1000.0)
    out[nanos] = (raw[nanos] // 1000).astype(np.int64).astype("datetime64[us]")
    return out, known & (out >= FIRST) & (out < LAST)


def _to_us(raw: np.ndarray, unit: int) -> np.ndarray:
    if raw.dtype.kind == "f":
        return np.rint(raw * unit).astype(np.int64).astype("datetime64[us]")
    return (raw * unit).astype("datetime64[us]")


def _moments(match: pa.Array, timezone: str) -> tuple[np.ndarray, np.ndarray]:
    """Put the parts of a shape together; NaT where they are no date. Second 60 runs into the next minute."""
    names = {field.name for field in match.type}

    def text(name: str) -> pa.Array:
        return pc.struct_field(match, name) if name in names else pa.array([""] * len(match), pa.string())

    def number(name: str, otherwise: int = 0) -> np.ndarray:
        cells = text(name)
        return pc.if_else(pc.equal(cells, ""), str(otherwise), cells).cast(pa.int64()).to_numpy(zero_copy_only=False)

    year, day, hour, minute, second = (number(name) for name in ("Y", "D", "h", "m", "s"))
    month = number("M") if "M" in names else _months(text("month"))
    half = pc.utf8_lower(text("half")).to_numpy(zero_copy_only=False)
    noon = half != ""
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (hour <= np.where(noon, 12, 23)) & (minute <= 59) & (second <= 60)
    valid &= ~noon | (hour >= 1)
    hour = np.where(noon, hour % 12 + 12 * (half == "pm"), hour)
    months = ((year - 1970) * 12 + np.where(valid, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    valid &= days.astype("datetime64[M]") == months
    fraction = (
        pc.utf8_slice_codeunits(pc.utf8_rpad(text("f"), 6, padding="0"), 0, 6).cast(pa.int64()).to_numpy(zero_copy_only=False)
    )
    local = days.astype("datetime64[us]").astype(np.int64) + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    offset_s, naive, offset_valid = _offsets(text("zone"))
    moments = (local - offset_s * 1_000_000).astype("datetime64[us]")
    if naive.any() and timezone != "UTC":
        moments[naive] = _native(pa.array(local[naive]).cast(pa.timestamp("us")), timezone)
    moments[~(valid & offset_valid)] = np.datetime64("NaT")
    return moments, naive


def _months(names: pa.Array) -> np.ndarray:
    found = pc.index_in(pc.utf8_lower(names), pa.array(MONTHS)).fill_null(-1)
    return found.to_numpy(zero_copy_only=False).astype(np.int64) + 1


def _offsets(zones: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return seconds east of UTC, which zones are absent, and which offsets can be."""
    known = pc.index_in(zones, pa.array(list(ABBREVIATIONS)))
    zones = pc.coalesce(pa.array(list(ABBREVIATIONS.values())).take(known), zones)
    parts = pc.extract_regex(zones, r"(?P<sign>[+-])(?P<h>\d{2}):?(?P<m>\d{2})?$")
    sign = pc.struct_field(parts, "sign").fill_null("+").to_numpy(zero_copy_only=False)
    cells = (pc.struct_field(parts, name).fill_null("0") for name in ("h", "m"))
    hours, minutes = (pc.if_else(pc.equal(c, ""), "0", c).cast(pa.int64()).to_numpy(zero_copy_only=False) for c in cells)
    seconds = (hours * 60 + minutes) * 60 * np.where(sign == "-", -1, 1)
    return seconds, pc.equal(zones, "").to_numpy(zero_copy_only=False), (hours <= 18) & (minutes <= 59)
