"""Where walks begin: occurrences of a step, or of any event that has a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Lane, Part, Step, hit_lane
from pathworth.kernels.folds.anchors import UNIT, arrive, begins, find, find_ends
from pathworth.measure.paths.rules import EVERY, LAST

Counts = NDArray[np.int64]


class Anchors(Protocol):
    """Says where walks begin, and where they end if they must arrive somewhere."""

    @property
    def name(self) -> str:
        """Return what an anchor is called when it is no state itself."""
        ...

    @property
    def until(self) -> str | None:
        """Return what the end of a path is called; null when walks may end anywhere."""
        ...

    @property
    def single(self) -> bool:
        """Return whether a unit has one anchor at most."""
        ...

    def places(self, part: Part, lane: Lane) -> Counts:
        """Return int64[m, 3]: unit, event, and the event at which the path ends (-1 for none), by rising event.

        Parameters
        ----------
        part
            Whose events.
        lane
            The same with the states that are walked.
        """
        ...


@dataclass(frozen=True)
class Occurrences:
    """Occurrences of a step as anchors.

    Parameters
    ----------
    step
        What they are; null for every event that has a state.
    nth
        Which occurrence in a journey: 1 is the first, -1 the last, 0 every one.
    end
        The next event of this step after the anchor ends the path; an anchor without one in time is none.
    within_us
        Longest time from the anchor to that end.
    fold
        Whether anchors of one run, the same state with no other between, are one.
    """

    step: Step | None
    nth: int
    end: Step | None
    within_us: int
    fold: bool

    @property
    def name(self) -> str:
        """Return the step's name."""
        return "" if self.step is None else self.step.name

    @property
    def until(self) -> str | None:
        """Return the name of what ends a path."""
        return None if self.end is None else self.end.name

    @property
    def single(self) -> bool:
        """Return whether a unit has one anchor at most."""
        return self.nth != EVERY

    def places(self, part: Part, lane: Lane) -> Counts:
        """Return where the anchors stand; see ``Anchors``."""
        if self.step is None and self.end is None and self.nth == LAST:
            return self._ends(lane)
        found = self._found(part, lane)
        if self._first:
            return found
        if self.end is not None:
            ends = hit_lane(part, (self.end,))
            hits = _first_bit(ends)
            read = (ends.offset, ends.codes, hits, ends.time_us, ends.keep)
            found = found[: arrive(*read, self.within_us, found)]
        if self.fold and self.nth != 1:
            first = np.empty(len(found), np.uint8)
            begins(lane.codes, lane.table, lane.keep, found, first)
            found = found[first != 0]
        return _nth(found, self.nth)

    @property
    def _first(self) -> bool:
        """Return whether the first one is meant that there is, so that no other need be looked for."""
        return self.nth == 1 and self.end is None

    def _ends(self, lane: Lane) -> Counts:
        """Return the last event with a state of every unit, looked for from behind."""
        out = np.empty((lane.units, 3), np.int64)
        read = (lane.offset, lane.codes, lane.table, lane.keep)
        return out[: find_ends(*read, int(self.fold), out)]

    def _found(self, part: Part, lane: Lane) -> Counts:
        """Return every anchor, or the first of each unit where no other can be meant."""
        limit = int(self._first)
        out = np.empty((len(lane.codes), 3), np.int64)
        if self.step is None:
            hits = (lane.table >= 0).astype(np.uint8)
            return out[: find(lane.offset, lane.codes, hits, lane.keep, limit, out)]
        seen = hit_lane(part, (self.step,))
        return out[: find(seen.offset, seen.codes, _first_bit(seen), seen.keep, limit, out)]


def _first_bit(lane: Lane) -> NDArray[np.uint8]:
    return (lane.table & 1).astype(np.uint8)


def _nth(found: Counts, nth: int) -> Counts:
    """Return the n-th anchor of every unit that has so many."""
    if nth == EVERY or not len(found):
        return found
    unit = found[:, UNIT]
    first = np.flatnonzero(np.concatenate([[True], unit[1:] != unit[:-1]]))
    last = np.concatenate([first[1:], [len(found)]])
    place = last - 1 if nth == LAST else first + nth - 1
    return np.ascontiguousarray(found[place[place < last]])
