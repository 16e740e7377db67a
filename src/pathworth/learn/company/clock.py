"""The activity clock: active days against calendar days, per persona, with seasons and quarter-end freezes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.draws import Floats
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

DAY_MS = 86_400_000
BEFORE_DAYS = 28
AFTER_DAYS = 1_400


@dataclass(frozen=True)
class Clock:
    """Turns calendar days since the first day into active days, and back.

    Parameters
    ----------
    days
        float64[k]: calendar days, every hour.
    active
        float64[personas, k]: active days up to then; None where calendar and activity are one.
    open_days
        float64[k]: days outside of freezes up to then, by which a paused trial clock runs.
    """

    days: Floats
    active: Floats | None
    open_days: Floats

    def to_active(self, day: Floats, persona: NDArray) -> Floats:
        """Return active days at a calendar day, of each person's own clock."""
        return self._each(day, persona, back=False)

    def to_day(self, active: Floats, persona: NDArray) -> Floats:
        """Return the calendar day at which so many active days have passed."""
        return self._each(active, persona, back=True)

    def _each(self, value: Floats, persona: NDArray, *, back: bool) -> Floats:
        if self.active is None:
            return value.copy()
        out = np.empty(len(value))
        for code in range(len(self.active)):
            rows = np.flatnonzero(persona == code)
            if len(rows):
                knots = self.active[code]
                known, wanted = (knots, self.days) if back else (self.days, knots)
                out[rows] = along(value[rows], known=known, wanted=wanted)
        return out

    def pause(self, day: Floats, wait: float) -> Floats:
        """Return the calendar day at which ``wait`` days outside of freezes have passed since ``day``."""
        begun = along(day, known=self.days, wanted=self.open_days)
        return along(begun + wait, known=self.open_days, wanted=self.days)


def along(value: Floats, *, known: Floats, wanted: Floats) -> Floats:
    """Interpolate between knots; the same operations, in the same order, as for one number."""
    k = np.clip(np.searchsorted(known, value, side="right") - 1, 0, len(known) - 2)
    slope = (wanted[k + 1] - wanted[k]) / (known[k + 1] - known[k])
    return wanted[k] + (value - known[k]) * slope


@lru_cache(maxsize=16)
def clock_of(company: Company, rung: Rung) -> Clock:
    """Build the clock of a rung."""
    shape = company.clock
    count = BEFORE_DAYS + AFTER_DAYS
    first = company.first_day - timedelta(days=BEFORE_DAYS)
    dates = [first + timedelta(days=k) for k in range(count)]
    days = np.arange(count * 24 + 1) / 24.0 - BEFORE_DAYS
    hours = np.array(shape.hours) / np.sum(shape.hours)
    frozen = np.array([is_frozen(company, day) for day in dates])
    weight = np.array([shape.weekday[day.weekday()] * season(company, day) for day in dates])
    active = []
    for name in company.personas:
        slow = np.where(frozen, company.persona[name].freeze, 1.0)
        per_hour = ((weight * slow)[:, None] * hours[None, :]).reshape(-1)
        active.append(np.concatenate([[0.0], np.cumsum(per_hour)]))
    # A paused clock still creeps, so that it can be read backwards.
    open_hours = np.repeat(np.where(frozen, 1e-6, 1.0), 24) / 24.0
    open_days = np.concatenate([[0.0], np.cumsum(open_hours)])
    return Clock(days, np.array(active) if rung.clock else None, open_days)


def is_frozen(company: Company, day: date) -> bool:
    """Return whether a day lies in the freeze around a quarter end."""
    return any(
        start <= day <= end for start, end in freezes(company, range(day.year - 1, day.year + 2))
    )


def freezes(company: Company, years: range) -> list[tuple[date, date]]:
    """Return first and last day of every quarter-end freeze of these years."""
    shape = company.clock
    return [
        (end - timedelta(days=shape.freeze_before), end + timedelta(days=shape.freeze_after))
        for year in years
        for end in (date.fromisoformat(f"{year}-{text}") for text in shape.quarter_ends)
    ]


def season(company: Company, day: date) -> float:
    """Return the season's weight of a day."""
    weight = 1.0
    for _, first, last, factor in company.clock.seasons:
        text = f"{day:%m-%d}"
        inside = first <= text <= last if first <= last else text >= first or text <= last
        weight *= factor if inside else 1.0
    return weight


def utc_ms(company: Company, local_ms: NDArray[np.int64], *, hours: NDArray) -> NDArray[np.int64]:
    """Turn local milliseconds since the first day into UTC milliseconds since 1970.

    Parameters
    ----------
    hours
        Hours ahead of UTC in winter, one for each time; an hour more in European summer time.
    """
    start = epoch_ms(company.first_day)
    naive = local_ms + start
    summer = np.zeros(len(local_ms), dtype=np.int64)
    for year in range(company.first_day.year - 1, company.first_day.year + 6):
        begin, end = (epoch_ms(_last_sunday(year, month)) + 3_600_000 for month in (3, 10))
        zone = hours * 3_600_000
        summer += (naive - zone >= begin) & (naive - zone - 3_600_000 < end)
    return naive - (hours + summer) * 3_600_000


def epoch_ms(day: date) -> int:
    """Return milliseconds from 1970 to the beginning of a day, as if it were UTC."""
    return (day - date(1970, 1, 1)).days * DAY_MS


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def week_day(week: int, day: int = 1) -> float:
    """Return the calendar day at which a week (1 is the first) and day of the week (1 is Monday) begin."""
    return float((week - 1) * 7 + day - 1)
