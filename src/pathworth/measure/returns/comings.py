"""The fold of retention: when entities began, and in which periods they came back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Part, Step, hit_lane
from pathworth.kernels.folds.retention import by_calendar, by_own_start, recurring
from pathworth.measure.calendar import (
    ROLLING_DAYS,
    Calendar,
    Slices,
    calendar,
    end_of_day_us,
    is_midnight,
    slices,
)
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
Marks = NDArray[np.uint8]
_NO_PARTS = np.empty(0, np.uint8)
_NO_MARKS = np.empty(0, np.uint8)
ANY_COHORT = -1
_COUNT = {
    "calendar": by_calendar,
    "rolling": by_own_start,
    "unbounded": by_calendar,
    "recurring": recurring,
}
BEGAN, CAME = 1, 2


def all_time(journeys: Journeys) -> Journeys:
    """Return the selection without its period, because who began when is a matter of all time."""
    return replace(journeys, period=Period(to_us=journeys.period.to_us))


@dataclass(frozen=True)
class Asked:
    """What is asked of everybody's comings: how they are counted, and which event that begins is meant (1, 2, ...)."""

    mode: str = "calendar"
    nth: int = 1


@dataclass(frozen=True)
class Comings:
    """When entities began and came back: int64[parts, P, cells] of entities by period of beginning and periods since.

    Parameters
    ----------
    asked
        What is asked of everybody.
    roles
        Steps named start and return; none when any event is both.
    edges, table
        The periods.
    end_us
        The instant up to which events are known.
    parts
        What a trait splits entities into, if one does.
    """

    asked: Asked
    roles: tuple[Step, ...]
    edges: Calendar
    table: Slices
    end_us: int
    parts: Parts | None = None

    @property
    def starts_us(self) -> Counts:
        """Return when each period begins."""
        return self.edges.edges_us[:-1]

    @property
    def rolls(self) -> bool:
        """Return whether periods begin with each entity's own start."""
        return self.asked.mode == "rolling"

    @property
    def width_us(self) -> int:
        """Return the length of a period that rolls."""
        return ROLLING_DAYS[self.edges.word] * DAY_US

    @property
    def length_of_all(self) -> int:
        """Return how many cells the oldest cohort has."""
        if not self.rolls:
            return self.edges.periods
        return max(-(-(self.end_us - int(self.edges.edges_us[0])) // self.width_us), 1)

    def fold(self, part: Part) -> Counts:
        """Count the returns of a part; those of a cell that counts later returns only at the last one."""
        return self._folded(part, _NO_MARKS, cohort=ANY_COHORT, k=0)

    def marks(self, part: Part, *, cohort: int = ANY_COHORT, k: int = 0) -> Marks:
        """Return uint8[n]: BEGAN for who is of a cohort, CAME for who is counted in its cell, 0 for all others."""
        mark = np.zeros(part.last - part.first, np.uint8)
        self._folded(part, mark, cohort=cohort, k=k)
        return mark

    def _folded(self, part: Part, mark: Marks, *, cohort: int, k: int) -> Counts:
        lane, asked = hit_lane(part, self.roles), self.asked
        mine = _NO_PARTS if self.parts is None else self.parts.of(part, lane)
        width = 1 if self.parts is None else self.parts.split.parts
        out = np.zeros((width, self.edges.periods, self.length_of_all), np.int64)
        later = int(asked.mode == "unbounded")
        numbers = (self.width_us, asked.nth, later, cohort, k)
        wanted = np.array([self.table.base_us, self.table.slice_us, *numbers], np.int64)
        read = (lane.offset, lane.codes, lane.table.astype(np.uint8), lane.time_us, lane.keep)
        _COUNT[asked.mode](*read, mine, self.table.period_of, wanted, out, mark)
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right

    def cells(self, folded: Counts) -> Counts:
        """Return the entities of every cell, from what the fold counted."""
        if self.asked.mode != "unbounded":
            return folded
        later: Counts = folded[..., ::-1].cumsum(axis=-1)[..., ::-1]
        return later

    def over(self, cohort: int, k: int) -> bool:
        """Return whether a cell's period is over for all of its cohort."""
        edges = self.edges.edges_us
        if k == 0:
            return True
        if not self.rolls:
            return int(edges[cohort + k + 1]) <= self.end_us
        return int(edges[cohort + 1]) + (k + 1) * self.width_us <= self.end_us

    def length(self, cohort: int) -> int:
        """Return how many cells a cohort has: the last one has at least begun."""
        if not self.rolls:
            return self.edges.periods - cohort
        return max(-(-(self.end_us - int(self.edges.edges_us[cohort])) // self.width_us), 1)

    def is_known(self, cohort: int, k: int) -> bool:
        """Return whether a cell has a number."""
        return 0 <= k < self.length(cohort) and self.over(cohort, k)


def plan_retention(
    journeys: Journeys, asked: Asked, *, start: str | None, return_: str | None, period: str
) -> Comings | None:
    """Return the fold of a retention question; null when no event lies in the period."""
    snapshot, chosen = journeys.snapshot, journeys.period
    first = max(snapshot.first_us, chosen.from_us)
    last = min(snapshot.last_us, chosen.to_us - 1)
    if not snapshot.events or first > last:
        return None
    edges = calendar(period, snapshot.timezone, first_us=first, last_us=last)
    roles = (Step("start", start or "true"), Step("return", return_ or "true"))
    table = slices(edges, first_us=snapshot.first_us, last_us=snapshot.last_us)
    end = min(known_until(snapshot.last_us, period, timezone=snapshot.timezone), chosen.to_us)
    return Comings(asked, roles, edges, table, end)


def known_until(last_us: int, period: str, *, timezone: str) -> int:
    """Return the instant up to which a period counts as over, from the last event there is.

    Weeks and months are over on their last day. A day is over only when an event comes after it, unless times
    are whole days.
    """
    if period != "day" or is_midnight(last_us, timezone):
        return end_of_day_us(last_us, timezone)
    return last_us
