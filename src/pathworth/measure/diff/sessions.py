"""How sessions differ between two selections."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part
from pathworth.kernels.folds.sessions import ANY, ENTITY, EVENT, SESSION, TIME
from pathworth.measure.asking import Mask, Pair
from pathworth.measure.contracts import Difference
from pathworth.measure.diff.sides import Each, by_unit, interval_of, marks, rows_by_entity, shared
from pathworth.measure.diff.wording import EVENTS, SECONDS, SESSIONS, Kind, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.visits.contracts import Sessions, SessionsDiff
from pathworth.measure.visits.cutting import Cutting

Counts = NDArray[np.int64]
_MS = 1_000.0


def compared(
    pair: Pair,
    cuts: tuple[Cutting, Cutting],
    *,
    answers: tuple[Sessions, Sessions],
    engine: Engine,
) -> SessionsDiff:
    """Compare the sessions of two selections of whole journeys, B less A."""
    a, b = answers
    each = [Each(_marks_of(cut), _row_of(cut)) for cut in cuts]
    sides = list(zip(pair, each, strict=True))
    both = shared(*(marks(one, two.mark, engine=engine) for one, two in sides))
    if by_unit(a.entities, b.entities):
        totals = rows_by_entity(sides, engine=engine)
    else:
        totals = np.stack(
            [_groups(one, cut, engine) for one, cut in zip(pair, cuts, strict=True)], 1
        )
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


def _marks_of(cut: Cutting) -> Callable[[Part], Mask]:
    return lambda part: cut.marks(part, side=ANY)


def _row_of(cut: Cutting) -> Callable[[Part], Counts]:
    return lambda part: cut.fold(part).totals[0]


def _groups(journeys: Journeys, cut: Cutting, engine: Engine) -> Counts:
    """Return int64[64, 4]: what each group adds."""
    return np.stack([one.totals[0] for one in engine.fold(journeys, cut)])
