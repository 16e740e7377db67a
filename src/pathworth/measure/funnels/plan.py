"""What a funnel asks, checked, and who reached which of its steps in a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.base.period import FOREVER_US
from pathworth.journeys import Journeys, Lane, Part, Step, hit_lane
from pathworth.kernels.folds.cuts import ordered_attempts
from pathworth.kernels.folds.funnel import any_attempts, any_order, ordered
from pathworth.kernels.folds.funnel_wide import attempts, furthest
from pathworth.kernels.folds.marks import count_levels
from pathworth.measure import rules
from pathworth.measure.asking import Mask
from pathworth.measure.funnels.words import (
    ExclusionWord,
    OptionalStep,
    StepWord,
    optional,
    read_exclusion,
    read_optional,
)
from pathworth.store import Snapshot

NO_TIMES = np.empty((0, 0, 0), np.int64)
_NO_BITS = np.empty(0, np.uint64)
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)
_EVERY = np.uint64(2**64 - 1)


@dataclass(frozen=True)
class Break:
    """An event strictly between the events of two steps, counted from 0, that ends an attempt."""

    step: Step
    after: int
    before: int


@dataclass(frozen=True)
class FunnelPlan:
    """A funnel that can be folded.

    Parameters
    ----------
    steps
        At most 64, with those that may be left out among them.
    breaks
        What ends an attempt.
    order
        ``ordered``, ``strict`` or ``any``.
    within_us, step_within_us
        Longest time from the first step to any other, and from one step to the next.
    each
        Whether every attempt counts, not every unit.
    """

    steps: tuple[Step, ...]
    breaks: tuple[Break, ...]
    order: str
    within_us: int
    step_within_us: int
    each: bool

    @property
    def width(self) -> int:
        """Return how many steps there are."""
        return len(self.steps)

    @cached_property
    def needed(self) -> tuple[bool, ...]:
        """Return of every step whether it must be taken."""
        return tuple(not isinstance(step, OptionalStep) for step in self.steps)

    def needed_before(self, step: int) -> int:
        """Return the last step before one that must be taken."""
        return max((k for k in range(step) if self.needed[k]), default=0)

    @property
    def plain(self) -> bool:
        """Return whether the quick kernel knows the answer."""
        timed = self.step_within_us < FOREVER_US
        return self.order == "ordered" and all(self.needed) and not self.breaks and not timed

    def lane(self, part: Part) -> Lane:
        """Return a part with the bits of every step and, above them, of every exclusion."""
        return hit_lane(part, (*self.steps, *(one.step for one in self.breaks)))

    def reach(self, part: Part, *, timed: bool = False) -> Reach:
        """Return who reached which step in a part, and when, if it is asked."""
        lane, unit, level = self.lane(part), None, None
        if self.each:
            unit, lane, level = self._cut(lane)
        took = NO_TIMES
        if timed:
            took = np.zeros((lane.units, self.width, 2), np.int64)
        if timed or level is None:
            level = self._levels(lane, took)
        bits = _NO_BITS if all(self.needed) else self._optional(lane, level)
        return Reach(self, lane, level, bits, took, unit)

    def began(self, part: Part) -> Mask:
        """Return bool[entities of the part]: of whom a unit took the first step."""
        reach = self.reach(part)
        found = np.zeros(part.last - part.first, np.bool_)
        owner = reach.lane.owner
        found[reach.level > 0 if owner is None else owner[reach.level > 0]] = True
        return found

    def _levels(self, lane: Lane, took: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8[n]: the furthest step that must be taken which each unit reached, from 1."""
        if not self.plain and self.order != "any":
            return self._furthest(lane, took)
        out = np.empty(lane.units, np.uint8)
        kernel = any_order if self.order == "any" else ordered
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        kernel(*read, self.width, self.within_us, out, took)
        return out

    def _furthest(
        self, lane: Lane, took: NDArray[np.int64], also: int | None = None
    ) -> NDArray[np.uint8]:
        out = np.empty(lane.units, np.uint8)
        hits, breaks, spoils = self._tables(lane)
        read = (lane.offset, lane.codes, hits, breaks, spoils, lane.time_us, lane.keep)
        furthest(*read, *self._asked(also), out, took)
        return out

    def _optional(self, lane: Lane, level: NDArray[np.uint8]) -> NDArray[np.uint64]:
        """Return uint64[n]: the steps that may be left out and that an attempt takes which comes as far as any.

        Each is found by the funnel that needs it: who comes as far there has such an attempt.
        """
        bits = np.zeros(lane.units, np.uint64)
        for k in (k for k in range(self.width) if not self.needed[k]):
            far = self._furthest(lane, NO_TIMES, also=k)
            bits |= ((far > k) & (far >= level)).astype(np.uint64) << np.uint64(k)
        return bits

    def _tables(
        self, lane: Lane
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
        """Return by code which steps an event can be, at which it ends attempts, and at which it spoils its own."""
        table: NDArray[np.uint64] = lane.table
        breaks = np.full(len(table), _EVERY if self.order == "strict" else 0, np.uint64)
        spoils = np.zeros(len(table), np.uint64)
        for place, one in enumerate(self.breaks, start=self.width):
            holds = (table >> np.uint64(place)) & np.uint64(1) != 0
            breaks[holds] |= _bits(range(one.after, one.before))
            spoils[holds] |= _bits(range(one.after + 1, one.before))
        return table & _bits(range(self.width)), breaks, spoils

    def _asked(self, also: int | None = None) -> tuple[NDArray, NDArray, np.uint64]:
        """Return what may precede each step, the windows, and what must be taken; with one more that must be."""
        must = [k for k in range(self.width) if self.needed[k] or k == also]
        before = [
            _bits(range(max((m for m in must if m < k), default=k), k)) for k in range(self.width)
        ]
        limits = np.array([self.within_us, self.step_within_us], np.int64)
        return np.array(before, np.uint64), limits, _bits(must)

    def _cut(self, lane: Lane) -> tuple[NDArray[np.int64], Lane, NDArray[np.uint8] | None]:
        """Return the unit of each stretch from one attempt to the next, the lane of these stretches, and their levels.

        Levels are null where the kernel that cuts does not know them.
        """
        begin, unit = np.empty((2, len(lane.codes) + 1), np.int64)
        level = np.empty(len(lane.codes), np.uint8) if self.plain else None
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        if level is not None:
            found = ordered_attempts(*read, self.width, self.within_us, begin, unit, level)
            level = level[:found].copy()
        elif self.order == "any":
            found = any_attempts(*read, self.width, self.within_us, begin, unit)
        else:
            hits, breaks, spoils = self._tables(lane)
            all_of = (lane.offset, lane.codes, hits, breaks, spoils, lane.time_us, lane.keep)
            found = attempts(*all_of, *self._asked(), begin, unit)
        unit = unit[:found].copy()
        owner = unit if lane.owner is None else lane.owner[unit]
        return unit, replace(lane, offset=begin[: found + 1].copy(), owner=owner), level


@dataclass(frozen=True)
class Reach:
    """Who reached which step in a part.

    Parameters
    ----------
    plan, lane
        The funnel, and the units that are counted: entities, what they are cut into, or their attempts.
    level
        uint8[n]: the furthest step that must be taken which each unit reached, from 1.
    bits
        uint64[n]: steps that may be left out which count for it; empty where there are none.
    took
        int64[n, steps, 2]: the instant at which each step was first reached, and that at which the attempt began.
    unit
        int64[n]: the unit of the part to which each attempt belongs; null where units are counted themselves.
    """

    plan: FunnelPlan
    lane: Lane
    level: NDArray[np.uint8]
    bits: NDArray[np.uint64]
    took: NDArray[np.int64]
    unit: NDArray[np.int64] | None

    def has(self, step: int) -> Mask:
        """Return bool[n]: who reached a step, from 0."""
        if self.plan.needed[step]:
            return self.level > step
        found: Mask = (self.bits >> np.uint64(step)) & np.uint64(1) != 0
        return found

    def counts(self, part_of: NDArray[np.uint8] | None, parts: int) -> NDArray[np.int64]:
        """Return int64[2, parts, steps]: units that reached each step, and the entities whose units they are."""
        found = np.zeros((2, parts, self.plan.width + 1), np.int64)
        owner = self.lane.owner
        whose = _NO_OWNER if owner is None else owner
        count_levels(self.level, whose, _NO_PARTS if part_of is None else part_of, found)
        # As if all must be taken: who came further came here.
        found = found[..., ::-1].cumsum(axis=-1)[..., ::-1][..., 1:].copy()
        for k in (k for k in range(self.plan.width) if not self.plan.needed[k]):
            has = self.has(k)
            first = has if owner is None else first_of(owner, has)
            found[0, :, k] = self._tally(has, part_of, parts)
            found[1, :, k] = self._tally(first, part_of, parts)
        return found

    def _tally(self, chosen: Mask, part_of: NDArray[np.uint8] | None, parts: int) -> NDArray:
        if part_of is None:
            return np.array([np.count_nonzero(chosen)])
        return np.bincount(part_of[chosen], minlength=parts)

    def ms(self, step: int) -> NDArray[np.int64]:
        """Return int64[n]: whole ms from the first step's first event to the first of a step."""
        return whole_ms(self.took[:, step, 0] - self.took[:, 0, 0])


def first_of(owner: NDArray[np.int64], chosen: Mask) -> Mask:
    """Return bool[n]: of the chosen units the first one of each owner; owners rise."""
    places = np.flatnonzero(chosen)
    owners = owner[places]
    found = np.zeros(len(owner), np.bool_)
    found[places[np.concatenate([[True], owners[1:] != owners[:-1]])[: len(places)]]] = True
    return found


def whole_ms(us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return microseconds as whole ms, rounded half up."""
    found: NDArray[np.int64] = (us + 500) // 1_000
    return found


def _bits(places: Sequence[int]) -> np.uint64:
    return np.uint64(sum(1 << k for k in places))


def funnel_steps(words: Sequence[StepWord], snapshot: Snapshot) -> tuple[Step, ...]:
    """Return the steps of a funnel, those that may be left out among them; raises as ``rules.as_steps``."""
    chosen: list[tuple[StepWord, bool]] = [
        read_optional(word, snapshot.names) if isinstance(word, str) else (word, False)
        for word in words
    ]
    steps = rules.as_steps([word for word, _ in chosen], snapshot)
    return tuple(
        optional(step) if may else step for step, (_, may) in zip(steps, chosen, strict=True)
    )


def check_optional(steps: Sequence[Step]) -> None:
    """Refuse a funnel whose first step may be left out: ``FIRST_STEP_OPTIONAL``."""
    if isinstance(steps[0], OptionalStep):
        raise WrongUsage(
            "FIRST_STEP_OPTIONAL",
            f"{steps[0].name!r} is the first step, of which all shares are, and cannot be left out.",
            "Take the question mark away, or begin with another step.",
        )


def read_breaks(
    words: Sequence[ExclusionWord], steps: Sequence[Step], *, snapshot: Snapshot
) -> tuple[Break, ...]:
    """Return what ends attempts.

    Raises
    ------
    WrongUsage
        ``BAD_EXCLUSION`` when it lies between no two steps, ``TOO_MANY_STEPS`` for more than 64 with the steps.
    NotSupported
        ``EXCLUSION_AT_OPTIONAL`` when one of its two steps may be left out.
    """
    if len(words) + len(steps) > rules.MOST_STEPS:
        raise WrongUsage(
            "TOO_MANY_STEPS",
            f"{len(steps)} steps and {len(words)} exclusions are more than {rules.MOST_STEPS}.",
            "Leave some out, or join exclusions with |.",
        )
    return tuple(_break(word, steps, snapshot) for word in words)


def _break(word: ExclusionWord, steps: Sequence[Step], snapshot: Snapshot) -> Break:
    read = read_exclusion(word, snapshot.names) if isinstance(word, str) else word
    step = rules.as_step(read.step, snapshot)
    before = len(steps) if read.before is None else read.before
    if not 1 <= read.after < before <= len(steps):
        raise WrongUsage(
            "BAD_EXCLUSION",
            f"{step.name!r} is excluded after step {read.after} and before step {before}, of {len(steps)}.",
            f"Write {step.name} after 1 before {max(len(steps), 2)}.",
        )
    for place in (read.after, before):
        if isinstance(steps[place - 1], OptionalStep):
            raise NotSupported(
                "EXCLUSION_AT_OPTIONAL",
                f"Step {place}, {steps[place - 1].name!r}, may be left out, so nothing begins or ends there.",
                "Exclude between steps that must be taken.",
            )
    return Break(step, read.after - 1, before - 1)


def check_together(plan: FunnelPlan) -> None:
    """Refuse what has no meaning in the order asked for: ``NEEDS_ORDER``, ``NOTHING_BETWEEN``."""
    what = None
    if not all(plan.needed):
        what = "step that may be left out"
    elif plan.breaks:
        what = "exclusion between two steps"
    elif plan.step_within_us < FOREVER_US:
        what = "window from step to step"
    if plan.order == "any" and what is not None:
        raise NotSupported(
            "NEEDS_ORDER", f"Steps in any order have no {what}.", "Ask in order, or take it away."
        )
    if plan.order == "strict" and plan.breaks:
        raise NotSupported(
            "NOTHING_BETWEEN",
            "Between steps straight after each other no other event lies that could be excluded.",
            "Take the exclusion away, or let other events lie between: order=ordered.",
        )


def end_of(journeys: Journeys) -> int:
    """Return the instant until which a selection is observed: its period's end, at most that of the data."""
    return min(journeys.period.to_us, journeys.snapshot.last_us)
