"""Partials of funnels: how many reached each step, how soon, and what became of those who did not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US
from pathworth.journeys import Part
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.funnels.plan import FunnelPlan, Reach, whole_ms
from pathworth.measure.intervals import bins_of
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
REACHED, OVER, CENSORED = 0, 1, 2
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Reached:
    """Units by part of a trait and step reached, and the entities whose units they are, int64[2, parts, steps]."""

    plan: FunnelPlan
    parts: Parts | None

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    def part_of(self, part: Part, reach: Reach) -> NDArray[np.uint8] | None:
        """Return uint8[n]: the part of each unit; null where there is one only."""
        return None if self.parts is None else self.parts.of(part, reach.lane)

    def places(self, part: Part, reach: Reach) -> Counts:
        """Return int64[n]: the part of each unit, 0 where there is one only."""
        part_of = self.part_of(part, reach)
        return np.zeros(reach.lane.units, np.int64) if part_of is None else part_of.astype(np.int64)

    def fold(self, part: Part) -> Counts:
        """Count the units of a part."""
        reach = self.plan.reach(part)
        return reach.counts(self.part_of(part, reach), self.width)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class Times(Reached):
    """Units by part of a trait, step and bin of the ms from the first step to it, int64[parts, steps, BINS].

    The time is that of the attempt which reaches the step first, of those the one that began last.
    """

    def fold(self, part: Part) -> Counts:
        """Count the units of a part."""
        reach = self.plan.reach(part, timed=True)
        at = self.places(part, reach)
        out = np.zeros((self.width, self.plan.width, BINS), np.int64)
        for k in range(1, self.plan.width):
            there = reach.has(k)
            took = reach.took[there, k]
            bins = bins_of(whole_ms(took[:, 0] - took[:, 1]))
            cells = at[there] * BINS + bins
            out[:, k] = np.bincount(cells, minlength=out[:, k].size).reshape(-1, BINS)
        return out


@dataclass(frozen=True)
class Outcomes(Reached):
    """Units by part of a trait, step, what became of them, and bin of when, int64[parts, steps, 3, BINS].

    The clock of a unit begins with the first event of the first step. What becomes of it: it reaches the step; it
    is over; or the time that is observed ends, ``end_us``.
    """

    end_us: int

    def fold(self, part: Part) -> Counts:
        """Count the units of a part."""
        reach = self.plan.reach(part, timed=True)
        at = self.places(part, reach)
        out = np.zeros((self.width, self.plan.width, 3, BINS), np.int64)
        began = reach.level > 0
        fates = self.fates(part, reach)
        for k in range(1, self.plan.width):
            what, ms = fates.of(k)
            cells = (at * 3 + what)[began] * BINS + bins_of(ms[began])
            out[:, k] = np.bincount(cells, minlength=out[:, k].size).reshape(-1, 3, BINS)
        return out

    def fates(self, part: Part, reach: Reach) -> Fates:
        """Return what becomes of the units of a part that do not reach a step."""
        over = over_at(part, reach)
        end = np.minimum(over, self.end_us)
        ms = whole_ms(np.maximum(end - reach.took[:, 0, 0], 0))
        return Fates(reach, np.where(over <= self.end_us, OVER, CENSORED), ms)


@dataclass(frozen=True)
class Fates:
    """What becomes of units that do not reach a step, and after how many whole ms, int64[n] each."""

    reach: Reach
    what: Counts
    ms: Counts

    def of(self, step: int) -> tuple[Counts, Counts]:
        """Return int64[n] of each unit: what became of it on the way to a step, and after how many whole ms."""
        there = self.reach.has(step)
        return np.where(there, REACHED, self.what), np.where(there, self.reach.ms(step), self.ms)


def over_at(part: Part, reach: Reach) -> NDArray[np.int64]:
    """Return int64[n]: the instant from which a unit can reach no step any more.

    Persons and units that hold a key never are over. A session is after its longest pause, or when the next one
    begins. An attempt is when its unit is, when the window from its first step ends, or when the next one begins.
    """
    plan, lane, slicing = reach.plan, reach.lane, part.slicing
    over = np.full(lane.units, _NEVER)
    if slicing is not None and slicing.kind == "session":
        units = plan.lane(part)
        paused = _last_kept(units.offset, units.time_us, units.keep) + slicing.gap_us
        ended = np.minimum(paused, _next_begins(units.offset, units.time_us, units.owner))
        over = ended if reach.unit is None else ended[reach.unit]
    if reach.unit is not None:
        over = np.minimum(over, _next_begins(lane.offset, lane.time_us, reach.unit))
        if plan.within_us < FOREVER_US:
            over = np.minimum(over, reach.took[:, 0, 0] + plan.within_us)
    return over


def _last_kept(
    offset: NDArray[np.int64], time_us: NDArray[np.int64], keep: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Return int64[n]: the instant of the last kept event of each unit; a unit begins with a kept event."""
    if len(offset) == 1:
        return np.empty(0, np.int64)
    kept = np.where(keep != 0, time_us, np.iinfo(np.int64).min) if keep.size else time_us
    found: NDArray[np.int64] = np.maximum.reduceat(kept, offset[:-1])
    return found


def _next_begins(
    offset: NDArray[np.int64], time_us: NDArray[np.int64], owner: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return int64[n]: the instant at which the next unit of the same owner begins, never for the last."""
    found = np.full(len(offset) - 1, _NEVER)
    if owner is not None and len(found) > 1:
        same = owner[1:] == owner[:-1]
        found[:-1][same] = time_us[offset[1:-1][same]]
    return found
