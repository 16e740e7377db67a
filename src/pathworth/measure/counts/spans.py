"""The periods that a selection shows: the calendar of its events, what is over, and what the selection cuts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported
from pathworth.base.instants import to_iso
from pathworth.journeys import Journeys
from pathworth.measure import rules
from pathworth.measure.calendar import Calendar, calendar
from pathworth.measure.returns.comings import known_until

MOST_CELLS = 20_000
"""Counts are kept for each of 64 groups; more cells would take more memory than an answer is worth."""


@dataclass(frozen=True)
class Spans:
    """Consecutive periods, from when on a selection has events and until when they are known."""

    edges: Calendar
    from_us: int
    end_us: int

    @property
    def periods(self) -> int:
        """Return how many periods there are."""
        return self.edges.periods

    @property
    def edges_us(self) -> NDArray[np.int64]:
        """Return int64[P + 1]: where they begin and end."""
        return self.edges.edges_us

    @property
    def starts(self) -> list[str]:
        """Return when each period begins."""
        return [to_iso(int(one)) for one in self.edges_us[:-1]]

    def over(self, period: int) -> bool:
        """Return whether all of a period is known and selected up to its end."""
        return int(self.edges_us[period + 1]) <= self.end_us

    def cut(self, period: int) -> bool:
        """Return whether the selection begins inside a period."""
        return int(self.edges_us[period]) < self.from_us

    @property
    def whole(self) -> list[int]:
        """Return the periods that are over and not cut."""
        return [p for p in range(self.periods) if self.over(p) and not self.cut(p)]


def spans(journeys: Journeys, period: str) -> Spans | None:
    """Return the periods of a selection, null when no event lies in it.

    Raises
    ------
    Refused
        ``UNKNOWN_PERIOD``, ``EMPTY_PERIOD``, ``NEEDS_WHOLE_JOURNEYS``.
    """
    rules.check_period_word(period)
    rules.check_period(journeys)
    rules.check_whole(journeys)
    snapshot, chosen = journeys.snapshot, journeys.period
    first = max(snapshot.first_us, chosen.from_us)
    last = min(snapshot.last_us, chosen.to_us - 1)
    if not snapshot.events or first > last:
        return None
    edges = calendar(period, snapshot.timezone, first_us=first, last_us=last)
    end = known_until(snapshot.last_us, period, timezone=snapshot.timezone)
    return Spans(edges, chosen.from_us, min(end, chosen.to_us))


def check_cells(cells: int) -> None:
    """Refuse an answer of more cells than a pass can hold.

    Raises
    ------
    NotSupported
        ``TOO_MANY_PERIODS``.
    """
    if cells > MOST_CELLS:
        raise NotSupported(
            "TOO_MANY_PERIODS",
            f"{cells:,} counts are asked for; {MOST_CELLS:,} is the most.",
            "Ask for weeks or months, a shorter time, fewer steps, or without by.",
        )
