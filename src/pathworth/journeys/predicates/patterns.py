"""Where a pattern is found in journeys: per event, and per entity how often and with which event first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US
from pathworth.base.predicate import Pattern
from pathworth.kernels.past.pattern import (
    AT_END,
    COMPLETE,
    count_matches,
    find_matches,
    sum_matches,
)

_NO_TIMES = np.empty(0, np.int64)


class Coded(Protocol):
    """Events as a pattern is looked for in them: a lane whose table holds the states that each code can enter."""

    @property
    def offset(self) -> NDArray[np.int64]:
        """Return int64[n + 1]: the events of each entity, or of each piece that journeys are cut into."""
        ...

    @property
    def codes(self) -> NDArray:
        """Return uint16 or uint32[n_event]: places in the table."""
        ...

    @property
    def table(self) -> NDArray[np.uint64]:
        """Return uint64 by code, as ``states_entered`` makes it."""
        ...

    @property
    def time_us(self) -> NDArray[np.int64]:
        """Return int64[n_event]."""
        ...

    @property
    def keep(self) -> NDArray[np.uint8]:
        """Return uint8[n_event], or an empty array when all events stay."""
        ...


@dataclass(frozen=True)
class Matched:
    """What was found in each journey.

    Parameters
    ----------
    times
        int64[n]: matches that share no event; no other choice of them has more.
    first
        int64[n]: the event that completes the first one, as a place in the lane; -1 without one.
    took_us
        int64[n]: the shortest time of a match that ends there, from its first event to its last; -1 without one.
    """

    times: NDArray[np.int64]
    first: NDArray[np.int64]
    took_us: NDArray[np.int64]


def states_entered(pattern: Pattern, table: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the states that an event can enter, by its code.

    Parameters
    ----------
    pattern
        What is looked for.
    table
        uint64 by code: bit k is set where an event has the k-th name of the pattern.
    """
    out = np.zeros(len(table), np.uint64)
    for state, names in enumerate(pattern.among):
        can = ((table & np.uint64(names)) != 0) ^ bool(pattern.negated >> state & 1)
        out |= can.astype(np.uint64) << np.uint64(state)
    return out


def marks_of(lane: Coded, pattern: Pattern, *, within_us: int | None) -> NDArray[np.uint8]:
    """Return uint8[n_event], 1 where a match is complete, 2 where one is if nothing follows."""
    marks = np.empty(len(lane.codes), np.uint8)
    find_matches(
        lane.offset,
        lane.codes,
        lane.table,
        lane.time_us,
        lane.keep,
        *_machine(pattern),
        FOREVER_US if within_us is None else within_us,
        marks,
        _NO_TIMES,
    )
    return marks


def matched(lane: Coded, pattern: Pattern, *, within_us: int | None = None) -> Matched:
    """Return how often each journey holds a pattern, and when first.

    Parameters
    ----------
    lane
        Of ``pattern_lane``.
    pattern
        What is looked for.
    within_us
        The longest time from the first event of a match to its last one.
    """
    out = np.empty((3, len(lane.offset) - 1), np.int64)
    window = FOREVER_US if within_us is None else within_us
    read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
    sum_matches(*read, *_machine(pattern), window, out)
    return Matched(*out)


def counted(
    lane: Coded, marks: NDArray[np.uint8], *, until_us: int = FOREVER_US
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return int64[n] matches before an instant, and int64[n] the event that completes the first, -1 without one."""
    times, first = (np.empty(len(lane.offset) - 1, np.int64) for _ in range(2))
    count_matches(lane.offset, marks, lane.keep, lane.time_us, until_us, times, first)
    return times, first


@lru_cache(maxsize=512)
def _machine(pattern: Pattern) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    ends = (pattern.first, pattern.first_at_start, pattern.last, pattern.last_at_end)
    return np.array(pattern.before, np.uint64), np.array(ends, np.uint64)


__all__ = [
    "AT_END",
    "COMPLETE",
    "Coded",
    "Matched",
    "counted",
    "marks_of",
    "matched",
    "states_entered",
]
