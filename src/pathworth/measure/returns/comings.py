"""The fold of retention: when entities began, and in which periods they came back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Lane, Part, Step, hit_lane
from pathworth.kernels.folds.retention import by_calendar, by_own_start
from pathworth.measure.calendar import (
    ROLLING_DAYS,
    Calendar,
    Slices,
    calendar,
    end_of_day_us,
    is_midnight,
    slices,
)

Counts = NDArray[np.int64]


def all_time(journeys: Journeys) -> Journeys:
    """Return the selection without its period, because who began when is a matter of all time."""
    return replace(journeys, period=Period(to_us=journeys.period.to_us))


@dataclass(frozen=True)
class Returns:
    """Entities by period of beginning and periods since: all that they came in, and the last one only."""

    came: Counts
    last: Counts

    def cells(self, mode: str) -> Counts:
        """Return the entities of every cell."""
        return self.later if mode == "unbounded" else self.came

    @property
    def later(self) -> Counts:
        """Return entities that came in a period or later."""
        found: Counts = self.last[..., ::-1].cumsum(axis=-1)[..., ::-1]
        return found


@dataclass(frozen=True)
class Comings:
    """When entities began and came back.

    Parameters
    ----------
    roles
        Steps named start and return; none when any event is both.
    edges, table
        The periods.
    mode
        ``rolling`` counts from each entity's own start.
    end_us
        The instant up to which events are known.
    """

    roles: tuple[Step, ...]
    edges: Calendar
    table: Slices
    mode: str
    end_us: int

    @property
    def width_us(self) -> int:
        """Return the length of a period that rolls."""
        return ROLLING_DAYS[self.edges.word] * DAY_US

    @property
    def cells(self) -> int:
        """Return how many cells the oldest cohort has."""
        if self.mode != "rolling":
            return self.edges.periods
        return max(-(-(self.end_us - int(self.edges.edges_us[0])) // self.width_us), 1)

    def fold(self, part: Part) -> Returns:
        """Count the returns of a part."""
        return self.with_cohorts(part)[0]

    def with_cohorts(self, part: Part) -> tuple[Returns, NDArray[np.int32]]:
        """Return the returns of a part, and int32[n] of the period each entity began in, -1 for none."""
        return self.of_lane(hit_lane(part, self.roles))

    def of_lane(self, lane: Lane) -> tuple[Returns, NDArray[np.int32]]:
        """Return what ``with_cohorts`` does, of the entities of a lane."""
        roles = lane.table.astype(np.uint8)
        cohort = np.empty(len(lane.offset) - 1, np.int32)
        came = np.zeros((self.edges.periods, self.cells), np.int64)
        last = np.zeros_like(came)
        read = (lane.offset, lane.codes, roles, lane.time_us, lane.keep)
        where = (self.table.period_of, self.table.base_us, self.table.slice_us)
        if self.mode == "rolling":
            by_own_start(*read, *where, self.width_us, cohort, came)
        else:
            by_calendar(*read, *where, cohort, came, last)
        return Returns(came, last), cohort

    def merge(self, left: Returns, right: Returns) -> Returns:
        """Add two partials."""
        return Returns(left.came + right.came, left.last + right.last)

    def over(self, cohort: int, k: int) -> bool:
        """Return whether a cell's period is over for all of its cohort."""
        edges = self.edges.edges_us
        if k == 0:
            return True
        if self.mode != "rolling":
            return int(edges[cohort + k + 1]) <= self.end_us
        return int(edges[cohort + 1]) + (k + 1) * self.width_us <= self.end_us

    def length(self, cohort: int) -> int:
        """Return how many cells a cohort has: the last one has at least begun."""
        if self.mode != "rolling":
            return self.edges.periods - cohort
        return max(-(-(self.end_us - int(self.edges.edges_us[cohort])) // self.width_us), 1)


def plan_retention(
    journeys: Journeys, *, start: str | None, return_: str | None, period: str, mode: str
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
    return Comings(roles, edges, table, mode, end)


def known_until(last_us: int, period: str, *, timezone: str) -> int:
    """Return the instant up to which a period counts as over, from the last event there is.

    Weeks and months are over on their last day. A day is over only when an event comes after it, unless times
    are whole days.
    """
    if period != "day" or is_midnight(last_us, timezone):
        return end_of_day_us(last_us, timezone)
    return last_us
