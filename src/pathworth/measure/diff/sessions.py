"""How sessions differ between two selections."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import Duration
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules
from pathworth.measure.contracts import Difference, SelectionCell, Sessions, SessionsDiff
from pathworth.measure.diff.sides import by_unit, interval_of, marks, shared
from pathworth.measure.diff.wording import EVENTS, SECONDS, SESSIONS, Kind, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.people import Selected, people
from pathworth.measure.sessions import ByGap, SessionCounts, sessions

Pair = tuple[Journeys, Journeys]
Counts = NDArray[np.int64]
_MS = 1_000.0
SESSION, ENTITY, EVENT, TIME = range(4)


def sessions_diff(
    pair: Pair, *, gap: Duration = "30m", engine: Engine | None = None
) -> SessionsDiff:
    """Compare the sessions of two selections, B less A.

    Parameters
    ----------
    pair
        A and B, of one snapshot.
    gap, engine
        As ``sessions`` takes them.

    Raises
    ------
    Refused
        As ``sessions``.
    """
    runs = engine or local_engine()
    a, b = (sessions(one, gap=gap, engine=runs) for one in pair)
    question = ByGap(rules.check_gap(gap))
    totals = _totals(pair, question, (a, b), runs)
    both = shared(*(marks(one, Selected().chosen, engine=runs) for one in pair))
    few = min(a.entities, b.entities) < FEW_UNITS

    def of(over: int, under: int, *, kind: Kind, scale: float = 1.0) -> Difference:
        def ratio(t: NDArray) -> NDArray:
            found: NDArray = np.atleast_1d(
                (t[1, over] / t[1, under] - t[0, over] / t[0, under]) / scale
            )
            return found

        whole = totals.sum(axis=0)
        sides = [float(side[over] / side[under] / scale) if side[under] else None for side in whole]
        interval = None if few else interval_of(totals, ratio)[0]
        return said(sides[0], sides[1], interval=interval, kind=kind)

    return SessionsDiff(
        a,
        b,
        per_entity=of(SESSION, ENTITY, kind=SESSIONS),
        events=of(EVENT, SESSION, kind=EVENTS),
        seconds=of(TIME, SESSION, kind=SECONDS, scale=_MS),
        shared=both,
    )


def _totals(
    pair: Pair, question: ByGap, answers: tuple[Sessions, Sessions], engine: Engine
) -> Counts:
    """Return int64[units, 2, 4]: what each group, or each entity of small selections, adds on both sides."""
    if not by_unit(*(one.entities for one in answers)):
        sides = [[one.totals for one in engine.fold(side, question)] for side in pair]
        return np.stack([np.stack(side) for side in sides], axis=1)
    rows: dict[str, Counts] = {}
    for k, side in enumerate(pair):
        ids = people(side, SelectionCell(), engine=engine).ids
        found: list[SessionCounts] = engine.units(side, question)
        for name, one in zip(ids, found, strict=True):
            rows.setdefault(name, np.zeros((2, 4), np.int64))[k] = one.totals
    return np.array([rows[name] for name in sorted(rows)], np.int64).reshape(-1, 2, 4)
