"""Sessions as figures: means and shares with jackknife intervals, quartiles with Woodruff's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys
from pathworth.kernels.folds.sessions import (
    ENTITY,
    EVENT,
    OF_ENTITY,
    OF_EVENTS,
    OF_TIME,
    SESSION,
    TIME,
)
from pathworth.measure.contracts import Interval
from pathworth.measure.intervals import FEW_FOR_GROUPS, FEW_UNITS, TOO_FEW, jackknife, quantile
from pathworth.measure.visits.contracts import SessionEdge, Spread
from pathworth.measure.visits.cutting import Counts, Cutting, SessionCounts

MOST_NAMES = 1_024
"""Up to this many events every group counts what its sessions begin and end with."""
MANY_NAMES = "more than 1,024 events"
QUARTILES = (0.25, 0.5, 0.75)
_MS = 1_000.0


@dataclass(frozen=True)
class Whole:
    """The figures of all sessions, or of those of one part."""

    sessions: int
    entities: int
    events: Spread
    seconds: Spread
    per_entity: Spread

    @property
    def median_events(self) -> float | None:
        """Return the events of the middle session."""
        return self.events.quartiles[1] if self.sessions else None

    @property
    def median_seconds(self) -> float | None:
        """Return the length of the middle session."""
        return self.seconds.quartiles[1] if self.sessions else None

    @property
    def why(self) -> str | None:
        """Return why there are no intervals, if there are none."""
        return TOO_FEW if self.entities < FEW_UNITS else None


@dataclass(frozen=True)
class Figures:
    """Counts of everybody, and of each unit of the jackknife.

    Parameters
    ----------
    total
        What all units add up to.
    totals
        int64[units, parts, 4], as ``SessionCounts.totals`` of every unit.
    edge_sessions
        int64[units, names, 2]: sessions that begin and end with an event; of no units where names are too many.
    """

    total: SessionCounts
    totals: Counts
    edge_sessions: Counts

    def figures(self, part: int | None = None) -> Whole:
        """Return the figures of all parts together, or of one."""
        parts = slice(None) if part is None else slice(part, part + 1)
        totals = self.totals[:, parts].sum(axis=1)
        bins = self.total.bins[parts].sum(axis=0)
        whole = self.total.totals[parts].sum(axis=0)
        people = int(whole[ENTITY])

        def spread(row: int, ratio: tuple[int, int], *, unit: float = 1.0) -> Spread:
            over, under = ratio
            mean = float(whole[over] / whole[under] / unit) if whole[under] else None
            middle = [quantile(bins[row], people, share=share) for share in QUARTILES]
            return Spread(
                mean,
                _mean_interval(totals[:, [over, under]], unit) if people >= FEW_UNITS else None,
                tuple(q / unit for q, _, _ in middle if q is not None),
                tuple(_pair(low, high, unit) for q, low, high in middle if q is not None),
            )

        return Whole(
            int(whole[SESSION]),
            people,
            events=spread(OF_EVENTS, (EVENT, SESSION)),
            seconds=spread(OF_TIME, (TIME, SESSION), unit=_MS),
            per_entity=spread(OF_ENTITY, (SESSION, ENTITY)),
        )

    def edges(self, side: int, names: tuple[str, ...]) -> tuple[SessionEdge, ...]:
        """Return the events that sessions begin (0) or end (1) with, the commonest first."""
        found, people = self.total.edges[:, side], int(self.total.totals[:, ENTITY].sum())
        some = np.flatnonzero(found[:, 0])
        order = sorted(some.tolist(), key=lambda code: (-int(found[code, 0]), names[code]))
        sessions = int(self.total.totals[:, SESSION].sum())
        few, known = people < FEW_UNITS, len(self.edge_sessions) > 0
        why = TOO_FEW if few else None if known else MANY_NAMES
        intervals: list[Interval | None] = [None] * len(order)
        if why is None:
            intervals = _share_intervals(self.edge_sessions[:, order, side], self.totals)
        return tuple(
            SessionEdge(
                names[code],
                int(found[code, 0]),
                int(found[code, 0]) / sessions,
                interval,
                int(found[code, 1]),
                why,
            )
            for code, interval in zip(order, intervals, strict=True)
        )


def counted(journeys: Journeys, cutting: Cutting, *, engine: Engine) -> Figures:
    """Return the sessions of a selection, with what each unit of the jackknife adds: groups, or few entities."""
    many = cutting.names > MOST_NAMES
    asked = Cutting(cutting.cut, 0, cutting.parts) if many else cutting
    units = engine.fold(journeys, asked)
    total = units[0]
    for one in units[1:]:
        total = asked.merge(total, one)
    if int(total.totals[:, ENTITY].sum()) < FEW_FOR_GROUPS:
        units = engine.units(journeys, asked) or units
    if many:
        total = engine.total(journeys, cutting)
    edges = [] if many else [one.edges[:, :, 0] for one in units]
    shape = (0, cutting.names, 2)
    return Figures(
        total,
        np.stack([one.totals for one in units]),
        np.stack(edges) if edges else np.zeros(shape, np.int64),
    )


def _mean_interval(rows: Counts, unit: float) -> Interval | None:
    """Return the interval of a ratio of sums, int64[units, 2], on the log scale."""
    _, low, high = jackknife(rows, lambda t: t[0] / t[1] / unit, log=True)
    return _pair(float(low), float(high), 1.0)


def _share_intervals(sessions: Counts, totals: Counts) -> list[Interval | None]:
    """Return the interval of each share of sessions, int64[units, names] of int64[units, parts, 4]."""
    every = totals[:, :, SESSION].sum(axis=1)[:, None]
    rows = np.concatenate([sessions, every], axis=1)

    def shares(t: NDArray) -> NDArray:
        found: NDArray = t[:-1] / t[-1]
        return found

    _, low, high = jackknife(rows, shares)
    pairs = zip(low.tolist(), high.tolist(), strict=True)
    return [_pair(max(a, 0.0), min(b, 1.0), 1.0) for a, b in pairs]


def _pair(low: float | None, high: float | None, unit: float) -> Interval | None:
    if low is None or high is None or not np.isfinite([low, high]).all():
        return None
    return low / unit, high / unit
