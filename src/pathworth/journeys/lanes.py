"""Events of a part as kernels read them: codes with a table of what each code means, times, and the mask."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.predicate import Pattern
from pathworth.journeys.contracts import Part, Step
from pathworth.journeys.fields import EventArrays, Field, TraitArrays
from pathworth.journeys.predicates.names import Names
from pathworth.journeys.predicates.patterns import states_entered
from pathworth.journeys.predicates.terms import ByName
from pathworth.journeys.selection import ALL, event_mask, step_plan
from pathworth.journeys.slicing import units_of
from pathworth.store import Snapshot

_ANY_16 = 65_536


@dataclass(frozen=True)
class Lane:
    """What a kernel reads of a part, nothing copied unless a rule needs more than the event's name.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of each entity of the part in the arrays below.
    codes
        uint16 or uint32[n_event]: places in the table.
    table
        int32 states (-1 for none) or uint64 bits of steps, by code.
    time_us
        int64[n_event].
    keep
        uint8[n_event], or empty when all events stay.
    owner
        int64[n]: the entity of each unit, where journeys are cut into units; null when units are entities.
    order
        int64[n_event]: where in the part each event stands, where units pick their events; null when
        they stand as they are.
    """

    offset: NDArray[np.int64]
    codes: NDArray
    table: NDArray
    time_us: NDArray[np.int64]
    keep: NDArray[np.uint8]
    owner: NDArray[np.int64] | None = None
    order: NDArray[np.int64] | None = None

    @property
    def units(self) -> int:
        """Return how many units there are: entities, or what they are cut into."""
        return len(self.offset) - 1

    def of_events(self, values: NDArray) -> NDArray:
        """Return values of the part's events in the order of this lane."""
        return values if self.order is None else values[self.order]

    def of_units(self, values: NDArray) -> NDArray:
        """Return values of the part's entities, one for each unit."""
        return values if self.owner is None else values[self.owner]

    def kept_units(self) -> NDArray[np.bool_]:
        """Return bool[n]: which units have a kept event."""
        if not self.keep.size:
            found: NDArray[np.bool_] = np.diff(self.offset) > 0
            return found
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.keep, dtype=np.int64)])
        kept: NDArray[np.bool_] = np.diff(before[self.offset]) > 0
        return kept


def _constant(table: NDArray) -> NDArray:
    table.flags.writeable = False
    return table


_STATES = _constant(np.where(np.arange(_ANY_16) < 32_768, np.arange(_ANY_16), -1).astype(np.int32))
_BITS = _constant(np.arange(_ANY_16, dtype=np.uint64))


def state_lane(part: Part, steps: tuple[Step, ...] | None = None) -> Lane:
    """Return the part with the state of every event: its name, or the first step whose rule holds."""
    if steps is None:
        table = np.arange(max(len(part.snapshot.names), 1), dtype=np.int32)
        return _lane(part, part.shard.name[_span(part)], table)
    plan = step_plan(part.snapshot, steps)
    if isinstance(plan, ByName):
        return _lane(part, part.shard.name[_span(part)], plan.table.astype(np.int32))
    return _lane(part, plan.codes(EventArrays(part)).view(np.uint16), _STATES)


def hit_lane(part: Part, steps: tuple[Step, ...]) -> Lane:
    """Return the part with the bits of every step, at most 64, whose rule holds for an event."""
    plan = step_plan(part.snapshot, steps)
    if isinstance(plan, ByName):
        return _lane(part, part.shard.name[_span(part)], plan.allowed)
    if len(steps) <= 16:
        return _lane(part, plan.hits(EventArrays(part)), _BITS)
    span = _span(part)
    bits = np.zeros(span.stop - span.start, np.uint64)
    for k, step in enumerate(steps):
        bits |= event_mask(part, step.rule).astype(np.uint64) << np.uint64(k)
    table, codes = np.unique(bits, return_inverse=True)
    return _lane(part, codes.astype(np.uint32), table)


def pattern_steps(
    pattern: Pattern, snapshot: Snapshot, *, steps: tuple[Step, ...] = ()
) -> tuple[Step, ...]:
    """Return the names of a pattern with their rules: those of some steps, else of events of that name.

    Raises
    ------
    UnknownName
        ``UNKNOWN_STEP`` with near names, at its character.
    """
    names = Names.of(snapshot, steps)
    return tuple(Step(one.name, names.rule(one.name, at=one.at)) for one in pattern.names)


def pattern_lane(part: Part, pattern: Pattern, *, steps: tuple[Step, ...]) -> Lane:
    """Return the part as ``matched`` reads it: by code the states of a pattern that an event can enter.

    Parameters
    ----------
    part
        Whole entities.
    pattern
        What is looked for in their kept events.
    steps
        Of ``pattern_steps``.
    """
    lane = hit_lane(part, steps)
    # Sixteen bits and fewer are their own codes; the others never come.
    table = lane.table[: 1 << len(steps)] if lane.table is _BITS else lane.table
    return replace(lane, table=states_entered(pattern, table))


def trait_of(part: Part, field: Field, *, until_us: int | None) -> NDArray:
    """Return one trait of the part's entities as of an instant, coded as its field says."""
    if until_us is None:
        return part.shard.traits[field.name][part.first : part.last]
    return TraitArrays(part.shard, until_us).of(field)[part.first : part.last]


def column_of(part: Part, field: Field) -> NDArray:
    """Return a property of the part's events, aligned with its lane."""
    return EventArrays(part).of(field)


def _span(part: Part) -> slice:
    return slice(int(part.offset[0]), int(part.offset[-1]))


def _lane(part: Part, codes: NDArray, table: NDArray) -> Lane:
    """Return a lane whose arrays begin with the part."""
    span = _span(part)
    keep = part.keep[span] if part.keep.size else ALL
    time_us = part.shard.time_us[span]
    if part.slicing is None:
        return Lane(part.offset - span.start, codes, table, time_us, keep)
    units = units_of(part, part.slicing)
    if units.order is None:
        return Lane(units.offset, codes, table, time_us, keep, units.owner)
    # Units by key hold kept events only, so that no mask is left to read.
    codes, time_us = codes[units.order], time_us[units.order]
    return Lane(units.offset, codes, table, time_us, ALL, units.owner, units.order)
