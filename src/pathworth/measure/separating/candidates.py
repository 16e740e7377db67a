"""What may tell two groups apart: an event, an event so often, one event before another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part, Step, state_lane
from pathworth.kernels.cohorts.before import AT_LEAST, held_before, tally_before
from pathworth.measure.separating.moments import Moments

Counts = NDArray[np.int64]
Read = tuple[Counts, NDArray, NDArray[np.int32], Counts, NDArray[np.uint8]]
"""Offset, codes, table, times and mask."""
NONE = -1


@dataclass(frozen=True)
class Thing:
    """One thing that entities did or not: a state so often, or its first time before that of another."""

    state: int
    at_least: int = 1
    then: int = NONE

    def label(self, names: Sequence[str]) -> str:
        """Return how it is written in a cell."""
        name = names[self.state]
        if self.then != NONE:
            return f"{name} before {names[self.then]}"
        return name if self.at_least == 1 else f"{name} {self.at_least}+"


def things(states: int) -> Iterator[Thing]:
    """Yield everything that is looked at; of two orders of a pair the first one only."""
    for state in range(states):
        for times in AT_LEAST:
            yield Thing(state, times)
    for state in range(states):
        for then in range(state + 1, states):
            yield Thing(state, then=then)


@dataclass(frozen=True)
class States:
    """The states of events: ``place`` is int32[states of a lane], the place of each among ``names`` or -1."""

    steps: tuple[Step, ...] | None
    names: tuple[str, ...]
    place: NDArray[np.int32]

    def read(self, part: Part) -> Read:
        """Return what a kernel reads of a part."""
        lane = state_lane(part, self.steps)
        known = (lane.table >= 0) & (lane.table < len(self.place))
        table = np.full(len(lane.table), NONE, np.int32)
        table[known] = self.place[lane.table[known]]
        return lane.offset, lane.codes, table, lane.time_us, lane.keep


@dataclass(frozen=True)
class Tally:
    """Entities by cell, how often a state, int64[2 * strata, S, 4], and which of two first, int64[2 * strata, S, S]."""

    often: Counts
    order: Counts

    def of(self, thing: Thing) -> tuple[Counts, Counts]:
        """Return int64[2 * strata] twice: who did it, and, of an order, of how many who did both; else nobody."""
        if thing.then == NONE:
            return self.often[:, thing.state, AT_LEAST.index(thing.at_least)], np.zeros(0, np.int64)
        did = self.order[:, thing.state, thing.then]
        return did, did + self.order[:, thing.then, thing.state]


@dataclass(frozen=True)
class Tallied:
    """What the entities of both groups did before their moments."""

    moments: Moments
    states: States

    def fold(self, part: Part) -> Tally:
        """Count the entities of a part."""
        cut, cell = self.moments.of(part)
        size, cells = len(self.states.names), 2 * self.moments.strata
        often = np.zeros((cells, size, len(AT_LEAST)), np.int64)
        order = np.zeros((cells, size, size), np.int64)
        scratch = np.zeros((2, size), np.int64)
        tally_before(*self.states.read(part), cut, cell, scratch, often, order)
        return Tally(often, order)

    def merge(self, left: Tally, right: Tally) -> Tally:
        """Add two partials."""
        return Tally(left.often + right.often, left.order + right.order)


@dataclass(frozen=True)
class Held:
    """Entities of one group, those only who did a thing if one is named, or who are in neither group for a reason."""

    moments: Moments
    states: States
    group: int
    thing: Thing | None = None

    def chosen(self, part: Part) -> NDArray[np.bool_]:
        """Return bool[n]."""
        cut, cell = self.moments.of(part)
        if self.group < 0:
            aside: NDArray[np.bool_] = cell == self.group
            return aside
        found: NDArray[np.bool_] = (cell >= 0) & (cell // self.moments.strata == self.group)
        if self.thing is not None:
            out, thing = np.empty(len(cell), np.uint8), self.thing
            held_before(*self.states.read(part), cut, thing.state, thing.then, thing.at_least, out)
            found &= out.view(np.bool_)
        return found
