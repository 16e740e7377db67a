"""The activity clock and the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from pathworth.learn.company import calendar, load_company
from pathworth.learn.company.clock import clock_of, is_frozen, season, utc_ms

COMPANY = load_company()


def test_a_day_taken_to_activity_and_back_is_the_same_day() -> None:
    clock = clock_of(COMPANY, COMPANY.rung["R3"])
    day = np.linspace(-20.0, 700.0, 997)
    for persona in range(4):
        who = np.full(len(day), persona)
        assert np.abs(clock.to_day(clock.to_active(day, who), who) - day).max() < 1e-7


def test_without_a_clock_activity_and_calendar_are_one() -> None:
    clock = clock_of(COMPANY, COMPANY.rung["R0"])
    day = np.array([0.25, 88.0])
    assert clock.to_active(day, np.array([0, 0])).tolist() == day.tolist()


def test_controllers_hardly_move_in_a_freeze_and_the_curious_do() -> None:
    clock = clock_of(COMPANY, COMPANY.rung["R3"])
    monday = float((date(2026, 3, 23) - COMPANY.first_day).days)
    week = np.array([monday, monday + 7.0])
    active = [np.diff(clock.to_active(week, np.full(2, who)))[0] for who in (0, 3)]
    assert active[0] == pytest.approx(0.15 * active[1])
    assert active[1] == pytest.approx(sum(COMPANY.clock.weekday))


def test_a_freeze_lasts_from_eleven_days_before_to_nine_after_a_quarter_end() -> None:
    days = [date(2025, 12, 19), date(2025, 12, 20), date(2026, 1, 9), date(2026, 1, 10)]
    assert [is_frozen(COMPANY, day) for day in days] == [False, True, True, False]
    assert season(COMPANY, date(2026, 8, 1)) == 0.75
    assert season(COMPANY, date(2026, 1, 1)) == 0.20
    assert season(COMPANY, date(2026, 1, 2)) == 1.0


def test_a_paused_trial_clock_waits_for_the_end_of_the_freeze() -> None:
    clock = clock_of(COMPANY, COMPANY.rung["R3"])
    begin = np.array([float((date(2025, 12, 13) - COMPANY.first_day).days)])
    assert clock.pause(begin, 7.0)[0] - begin[0] == pytest.approx(7.0, abs=1e-3)
    assert clock.pause(begin, 14.0)[0] - begin[0] == pytest.approx(14.0 + 21.0, abs=1e-3)


@pytest.mark.parametrize(
    ("zone", "hours"), [("Europe/Amsterdam", 1), ("Europe/London", 0), ("Europe/Helsinki", 2)]
)
def test_local_times_become_utc_as_the_time_zone_database_says(zone: str, hours: int) -> None:
    start = datetime.combine(COMPANY.first_day, datetime.min.time())
    locals_ = [start + timedelta(hours=5 + 37 * k) for k in range(240)]
    ms = np.array([(day - start) // timedelta(milliseconds=1) for day in locals_])
    got = utc_ms(COMPANY, ms, hours=np.full(len(ms), hours))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    want = [
        (day.replace(tzinfo=ZoneInfo(zone)) - epoch) // timedelta(milliseconds=1) for day in locals_
    ]
    assert got.tolist() == want


def test_the_calendar_names_every_window_that_touches_the_year() -> None:
    names = [name for name, _, _ in calendar(COMPANY)]
    assert sum(name.startswith("quarter end") for name in names) == 5
    assert ("quarter end December 2025", "2025-12-20", "2026-01-09") in calendar(COMPANY)
    assert ("quiet August 2026", "2026-08-01", "2026-08-31") in calendar(COMPANY)
