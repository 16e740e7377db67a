"""How many sessions there are, and how long and busy the middle one is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import Duration
from pathworth.journeys import AsOf, Engine, Journeys, Part, local_engine, state_lane
from pathworth.kernels.folds.sessions import by_gap
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure import rules
from pathworth.measure.contracts import Interval, Sessions
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, median

Counts = NDArray[np.int64]


def sessions(
    journeys: Journeys, *, gap: Duration = "30m", engine: Engine | None = None
) -> Sessions:
    """Cut journeys into sessions by their pauses.

    Parameters
    ----------
    journeys
        Whose, and which events.
    gap
        A longer pause starts a new session.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    rules.check_period(journeys)
    question = ByGap(rules.check_gap(gap))
    found = (engine or local_engine()).total(journeys, question)
    snapshot, people = journeys.snapshot, int(found.totals[1])
    events, events_interval = _median(found.bins[0], people, 1.0)
    seconds, seconds_interval = _median(found.bins[1], people, 1_000.0)
    return Sessions(
        sessions=int(found.totals[0]),
        entities=people,
        median_events=events,
        median_seconds=seconds,
        median_events_interval=events_interval,
        median_seconds_interval=seconds_interval,
        why=TOO_FEW if people < FEW_UNITS else None,
        excluded=dict(snapshot.excluded),
        as_of=AsOf(snapshot.id, snapshot.seq),
    )


@dataclass(frozen=True)
class SessionCounts:
    """Sessions, entities, events and whole ms, int64[4]; sessions by bin of events and of ms, int64[2, BINS]."""

    totals: Counts
    bins: Counts


@dataclass(frozen=True)
class ByGap:
    """Sessions cut by pauses."""

    gap_us: int

    def fold(self, part: Part) -> SessionCounts:
        """Count the sessions of a part."""
        lane = state_lane(part)
        found = SessionCounts(np.zeros(4, np.int64), np.zeros((2, BINS), np.int64))
        by_gap(lane.offset, lane.time_us, lane.keep, self.gap_us, found.totals, found.bins)
        return found

    def merge(self, left: SessionCounts, right: SessionCounts) -> SessionCounts:
        """Add two partials."""
        return SessionCounts(left.totals + right.totals, left.bins + right.bins)


def _median(bins: Counts, people: int, unit: float) -> tuple[float | None, Interval | None]:
    """Return a median in its unit with its interval."""
    middle, low, high = median(bins, people)
    shown = None if middle is None else middle / unit
    return shown, None if low is None or high is None else (low / unit, high / unit)
