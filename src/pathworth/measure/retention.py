"""Who comes back, by the period in which they began."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.base.instants import to_iso
from pathworth.base.period import Period
from pathworth.journeys import AsOf, Engine, Journeys, Part, Step, hit_lane, local_engine
from pathworth.kernels.retention import by_calendar, by_own_start
from pathworth.measure import rules
from pathworth.measure.calendar import (
    ROLLING_DAYS,
    Calendar,
    Slices,
    calendar,
    end_of_day_us,
    is_midnight,
    slices,
)
from pathworth.measure.contracts import Cohort, Interval, Retention
from pathworth.measure.intervals import FEW_UNITS, wilson

Counts = NDArray[np.int64]


def retention(
    journeys: Journeys,
    *,
    start: str | None = None,
    return_: str | None = None,
    period: str = "month",
    mode: str = "calendar",
    engine: Engine | None = None,
) -> Retention:
    """Count who comes back, by the period in which they began.

    A cohort is the entities whose first start event of all time lies in a calendar period. The period of
    the selection shows the cohorts that it touches and ends what is known; it never makes an old entity
    look new, and a cohort is the same in every selection of time.

    Parameters
    ----------
    journeys
        Whose, and which events.
    start, return_
        Predicates of the events that begin and that return; any event unless given.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    mode
        ``calendar``: any return in the k-th period after. ``rolling``: in [k, k + 1) times 1, 7 or 30 days
        after the entity's own start. ``unbounded``: in the k-th period after or later.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    rules.check_period_word(period)
    rules.check_mode(mode)
    rules.check_period(journeys)
    snapshot = journeys.snapshot
    plan = plan_retention(journeys, start=start, return_=return_, period=period, mode=mode)
    cohorts: tuple[Cohort, ...] = ()
    if plan is not None:
        found = (engine or local_engine()).total(all_time(journeys), plan)
        cohorts = _cohorts(plan, found.came if mode != "unbounded" else found.later)
    return Retention(cohorts, dict(snapshot.excluded), AsOf(snapshot.id, snapshot.seq))


def all_time(journeys: Journeys) -> Journeys:
    """Return the selection without its period, because who began when is a matter of all time."""
    return replace(journeys, period=Period(to_us=journeys.period.to_us))


@dataclass(frozen=True)
class Returns:
    """Entities by period of beginning and periods since: all that they came in, and the last one only."""

    came: Counts
    last: Counts

    @property
    def later(self) -> Counts:
        """Return entities that came in a period or later."""
        found: Counts = self.last[:, ::-1].cumsum(axis=1)[:, ::-1]
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
        lane = hit_lane(part, self.roles)
        roles = lane.table.astype(np.uint8)
        cohort = np.empty(part.last - part.first, np.int32)
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


def _cohorts(plan: Comings, counts: Counts) -> tuple[Cohort, ...]:
    """Return the cohorts that have anybody."""
    made = []
    for c in range(plan.edges.periods):
        size = int(counts[c, 0])
        if size == 0:
            continue
        retained = tuple(
            int(counts[c, k]) if plan.over(c, k) else None for k in range(plan.length(c))
        )
        intervals = tuple(_interval(k, n, size) for k, n in enumerate(retained))
        made.append(Cohort(to_iso(int(plan.edges.edges_us[c])), size, retained, intervals))
    return tuple(made)


def _interval(k: int, came: int | None, size: int) -> Interval | None:
    return None if k == 0 or came is None or size < FEW_UNITS else wilson(came, size)
