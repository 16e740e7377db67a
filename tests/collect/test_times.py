"""Times are read exactly as the standard library reads them, and impossible ones are not read."""

# ruff: noqa: DTZ001 - files hold times without a zone, and so do these tests.
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from pathworth.base.errors import BadInput
from pathworth.collect.times import parse_format, read_times, to_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]


def us(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)


def read(texts: list[str | None], form: str = "iso", zone: str = "UTC") -> list[int | None]:
    times = read_times(pa.array(texts, pa.string()), parse_format(form), zone=zone)
    return [int(t) if ok else None for t, ok in zip(times.time_us, times.ok, strict=True)]


EARLIEST, LATEST = datetime(1901, 1, 1), datetime(2099, 12, 30)
# A text cannot say which of two equal hours it means, so the drawn times must not either.
moments = st.datetimes(EARLIEST, LATEST).map(lambda moment: moment.replace(fold=0))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(moments, offsets), min_size=1, max_size=8))
def test_iso_texts_of_mixed_offsets_are_read_as_datetime_reads_them(
    rows: list[tuple[datetime, timezone]],
) -> None:
    zoned = [moment.replace(tzinfo=offset) for moment, offset in rows]
    assert read([z.isoformat() for z in zoned]) == [us(z) for z in zoned]
    assert read([z.isoformat(sep=" ") for z in zoned]) == [us(z) for z in zoned]


@settings(max_examples=200, deadline=None)
@given(st.lists(moments, min_size=1, max_size=8), st.sampled_from(ZONES))
def test_times_without_a_zone_are_read_in_the_given_zone(rows: list[datetime], zone: str) -> None:
    expected = [us(row.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)) for row in rows]
    assert read([row.isoformat() for row in rows], zone=zone) == expected
    wall = np.array([us(row.replace(tzinfo=UTC)) for row in rows], dtype=np.int64)
    assert to_utc(wall, zone).tolist() == expected


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_hour_around_a_clock_change_is_read_as_python_reads_it(zone: str) -> None:
    starts = [datetime(2024, month, 1) for month in (3, 4, 10, 11)]
    rows = [s + timedelta(minutes=15 * k) for s in starts for k in range(31 * 96)]
    expected = [us(row.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)) for row in rows]
    assert read([row.isoformat() for row in rows], zone=zone) == expected


@settings(max_examples=100, deadline=None)
@given(moments)
def test_patterns_give_what_strptime_gives(moment: datetime) -> None:
    for pattern in (
        "%d/%m/%Y %H:%M:%S",
        "%m-%d-%Y",
        "%Y%m%d",
        "%d %b %Y %H:%M",
        "%Y-%m-%d %H:%M:%S.%f",
    ):
        text = moment.strftime(pattern)
        expected = us(datetime.strptime(text, pattern).replace(tzinfo=UTC))
        assert read([text], pattern) == [expected]


def test_the_formats_of_real_files_are_read() -> None:
    expected = us(datetime(2019, 10, 1, 0, 0, 1, tzinfo=UTC))
    for text in (
        "2019-10-01 00:00:01 UTC",
        "2019-10-01T00:00:01Z",
        "2019-10-01 02:00:01+0200",
        "2019-10-01 02:00:01+02",
        "2019-10-01T00:00:01.000000000Z",
        "2019-10-01 00:00:01",
    ):
        assert read([text]) == [expected], text
    assert read(["2019-10-01 02:00"]) == [us(datetime(2019, 10, 1, 2, tzinfo=UTC))]
    assert read(["2019-10-01"]) == [us(datetime(2019, 10, 1, tzinfo=UTC))]
    assert read(["2011-10-11 13:45:40.276000+02:00"]) == [
        us(datetime(2011, 10, 11, 11, 45, 40, 276000, tzinfo=UTC))
    ]


def test_impossible_times_are_not_read_and_spoil_no_other_row() -> None:
    bad = [
        "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "2024-01-01 24:00:00", "2024-01-01 10:60",
        "2024-01-01 10:00:61", "2024-01-01T10:00:00+25:00", "2024-01-01Z", "yesterday", "",
        "2024-01-01 10:00:00 CET", "2024-01-01 10:00:00.", "1899-12-31", "2100-01-01", "20240101", "2024-1-1",
        "2024-01-01 ",
        None, "é" * 12,
        "2024-01-01T10:00:00.1234567890Z", "2024-01-01T10", "x" * 100,
    ]  # fmt: skip
    rows = [text for one in bad for text in (one, "2024-02-29")]
    good = us(datetime(2024, 2, 29, tzinfo=UTC))
    assert read(rows) == [None, good] * len(bad)


def test_epochs_are_read_in_their_unit_exactly() -> None:
    at = us(datetime(2024, 1, 1, 12, 30, 15, 123456, tzinfo=UTC))
    assert read([str(at)], "us") == [at]
    assert read([str(at // 1000)], "ms") == [at // 1000 * 1000]
    assert read([str(at * 1000 + 7)], "ns") == [at]
    assert read([f"{at // 10**6}.{at % 10**6:06d}"], "s") == [at]
    assert read(["1e9", "x", "", "-5"], "s") == [10**15, None, None, -5_000_000]
    for kind in (pa.int64(), pa.float64()):
        times = read_times(pa.array([at // 10**6, None], kind), parse_format("s"), zone="UTC")
        assert times.time_us[0] == at // 10**6 * 10**6
        assert times.ok.tolist() == [True, False]


@given(st.integers(-400, 900), st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_days_are_counted_on_the_calendar_of_the_zone(day: int, zone: str) -> None:
    local = datetime(2013, 10, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
    expected = us(local.astimezone(UTC))
    assert read([str(day), f"{day}.0"], "days:2013-10-01", zone) == [expected, expected]
    numbers = read_times(pa.array([day]), parse_format("days:2013-10-01"), zone=zone)
    assert numbers.time_us.tolist() == [expected]


def test_typed_times_and_dates_need_no_format() -> None:
    wall = datetime(2024, 7, 1, 12)
    form = parse_format("iso")
    for kind in ("s", "ms", "us", "ns"):
        naive = read_times(
            pa.array([wall, None], pa.timestamp(kind)), form, zone="Europe/Amsterdam"
        )
        assert naive.ok.tolist() == [True, False]
        assert naive.time_us[0] == us(wall.replace(tzinfo=ZoneInfo("Europe/Amsterdam")))
        zoned = read_times(
            pa.array([wall], pa.timestamp(kind, "UTC")), form, zone="Europe/Amsterdam"
        )
        assert zoned.time_us[0] == us(wall.replace(tzinfo=UTC))
    day = read_times(pa.array([date(2024, 7, 1)]), form, zone="UTC")
    assert day.time_us[0] == us(datetime(2024, 7, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", ["foo", "days:", "days:2013-13-01", "%Q", "%H:%M", "seconds"])
def test_an_unknown_format_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_format(text)
    assert caught.value.code == "UNKNOWN_TIME_FORMAT"
    assert "days:2013-10-01" in caught.value.hint


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        to_utc(np.zeros(1, dtype=np.int64), "Mars/Olympus")
    assert caught.value.code == "UNKNOWN_TIMEZONE"
