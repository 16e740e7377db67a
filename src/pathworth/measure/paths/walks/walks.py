"""Walks from anchors through the states of journeys, outward to one side or to both, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Lane, Part, Step, state_lane
from pathworth.kernels.folds.anchors import UNIT
from pathworth.kernels.folds.paths import TERMINALS, count_columns, walk
from pathworth.measure.paths.walks.anchors import Anchors

Counts = NDArray[np.int64]
_MOST_AT_ONCE = 1 << 18
"""Walks that are held in memory together."""
_UNTIMED = np.empty((0, 0), np.int64)


@dataclass(frozen=True)
class Walked:
    """Some walks of a part.

    Parameters
    ----------
    lane
        The part's events with their states.
    anchors
        int64[m, 3] as ``Anchors.places`` gives them.
    codes
        int32[m, columns]: what stands in each column of a walk.
    when
        int64[m, columns] of times, where they are asked for.
    """

    lane: Lane
    anchors: Counts
    codes: NDArray[np.int32]
    when: Counts


@dataclass(frozen=True)
class Walks:
    """How walks are made.

    Parameters
    ----------
    steps
        What stands for the events; null for events under their own names.
    names
        Of the states.
    anchors
        Where walks begin.
    sides
        1 for the events after the anchor, -1 for those before; with both, columns run from the past to the future.
    reach
        Columns of one side, the anchor included.
    fold
        Whether repeats of a state are one.
    within_us
        Longest time from the anchor.
    """

    steps: tuple[Step, ...] | None
    names: tuple[str, ...]
    anchors: Anchors
    sides: tuple[int, ...]
    reach: int
    fold: bool
    within_us: int

    @property
    def columns(self) -> int:
        """Return how many columns a walk has."""
        return len(self.sides) * (self.reach - 1) + 1

    @property
    def stop(self) -> int:
        """Return the first code that is no state."""
        return len(self.names) + 2

    @property
    def codes(self) -> int:
        """Return how many codes there are: states, anchor and end that are none, and why walks stop."""
        return self.stop + TERMINALS

    def name_of(self, code: int) -> str:
        """Return what a code below ``stop`` is called."""
        if code < len(self.names):
            return self.names[code]
        return self.anchors.name if code == len(self.names) else self.anchors.until or ""

    def each(self, part: Part, *, timed: bool = False) -> Iterator[Walked]:
        """Yield the walks of a part, so many at once as memory likes; at least once."""
        lane = state_lane(part, self.steps)
        anchors = self.anchors.places(part, lane)
        for first in range(0, max(len(anchors), 1), _MOST_AT_ONCE):
            some = anchors[first : first + _MOST_AT_ONCE]
            codes = np.empty((len(some), self.columns), np.int32)
            when = np.empty((len(some), self.columns), np.int64) if timed else _UNTIMED
            read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
            for how in self._how():
                walk(*read, some, how, codes, when)
            yield Walked(lane, some, codes, when)

    def _how(self) -> Iterator[Counts]:
        """Yield how the kernel walks to each side: one side outward from column 0, the past of both to the left."""
        both = len(self.sides) > 1
        middle = self.reach - 1 if both else 0
        for way in self.sides:
            asked = (way, self.fold, self.within_us, len(self.names))
            yield np.array([*asked, middle, way if both else 1, self.reach], np.int64)


@dataclass(frozen=True)
class Sight:
    """What a first pass sees: walks by column and code of a state, journeys there are, journeys with an anchor."""

    states: Counts
    units: int
    anchored: int


@dataclass(frozen=True)
class Seen:
    """The first pass over walks: which states there are in each column."""

    walks: Walks

    def fold(self, part: Part) -> Sight:
        """Look at the walks of a part."""
        plan = self.walks
        states = np.zeros((plan.columns, plan.codes), np.int64)
        units = anchored = 0
        last = -1
        for one in plan.each(part):
            count_columns(one.codes, states)
            units = int(one.lane.kept_units().sum())
            whose = one.anchors[:, UNIT]
            anchored += int((np.diff(whose, prepend=last) != 0).sum())
            last = int(whose[-1]) if len(whose) else last
        return Sight(states[:, : plan.stop], units, anchored)

    def merge(self, left: Sight, right: Sight) -> Sight:
        """Add two partials."""
        return Sight(
            left.states + right.states, left.units + right.units, left.anchored + right.anchored
        )
