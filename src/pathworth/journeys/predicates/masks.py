"""Which events, or which entities, hold the tests that a predicate was bound to."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US
from pathworth.journeys.contracts import Part
from pathworth.journeys.fields import Arrays, EventArrays, Field, TraitArrays, ids_of
from pathworth.journeys.predicates.bind import (
    Bound,
    Codes,
    Deed,
    Every,
    Fixed,
    Match,
    Member,
    Pair,
    Some,
    Values,
)
from pathworth.journeys.predicates.patterns import counted, marks_of, states_entered
from pathworth.kernels.past.deeds import often_by_then, often_enough
from pathworth.kernels.past.pattern import COMPLETE, matched_by_then
from pathworth.kernels.select import look_up, look_up_packed

_ALL = np.empty(0, np.uint8)
_NAME = ("event", "event")
_FEW = 16
_NEAR = 1 << 14
"""A table of so many bytes stays in the nearest memory beside the columns that stream through it."""
Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class AtEvents:
    """A part's entities as of each of their events: their traits then, and what they had done by then."""

    part: Part

    @property
    def length(self) -> int:
        """Return how many events the part has."""
        return EventArrays(self.part).length

    def of(self, field: Field) -> NDArray:
        """Return the array of a field, one value per event."""
        if field.place != "person":
            return EventArrays(self.part).of(field)
        ids = ids_of(self.part.shard)[self.part.first : self.part.last]
        return np.repeat(ids, np.diff(self.part.offset))


def mask(bound: Bound, arrays: Arrays) -> Mask:
    """Return uint8[n]: 1 where the tests hold."""
    match bound:
        case Codes():
            out = np.empty(arrays.length, np.uint8)
            write_mask(bound, arrays, out=out)
            return out
        case Values(field, test):
            return test(arrays.of(field)).view(np.uint8)
        case Pair(left, right, compare):
            return compare(arrays.of(left), arrays.of(right)).view(np.uint8)
        case Fixed(holds):
            return np.full(arrays.length, holds, np.uint8)
        case Every(parts):
            return reduce(operator.iand, (mask(part, arrays) for part in parts))
        case Some(parts):
            return reduce(operator.ior, (mask(part, arrays) for part in parts))
        case Member():
            found: Mask = _member(bound, arrays)
        case Deed() | Match():
            found = _past(bound, arrays)
    if bound.negated:
        found ^= np.uint8(1)
    return found


def write_mask(bound: Bound, arrays: Arrays, *, out: Mask) -> None:
    """Write the mask of tests into an array, without another one in between where one column decides."""
    if not isinstance(bound, Codes):
        out[:] = mask(bound, arrays)
    elif len(bound.table) > _NEAR:
        look_up_packed(arrays.of(bound.field), bound.packed, out)
    else:
        look_up(arrays.of(bound.field), bound.table, out)


def _past(bound: Deed | Match, arrays: Arrays) -> Mask:
    """Return which events, or entities, have what is asked of their past, negated or not."""
    if isinstance(arrays, TraitArrays):
        return _by_instant(bound, arrays)
    part = _part_of(arrays)
    events, out = _events(part), np.empty(arrays.length, np.uint8)
    if isinstance(bound, Deed):
        holds = mask(bound.rule, EventArrays(part))
        within = FOREVER_US if bound.within_us is None else bound.within_us
        often_by_then(events.offset, holds, events.time_us, bound.at_least, within, out)
        return out
    lane = _lane(bound, part)
    marks = marks_of(lane, bound.pattern, within_us=bound.within_us)
    if isinstance(arrays, EventArrays):
        # A rule of events holds at the event that completes the pattern.
        complete: Mask = (marks == COMPLETE).view(np.uint8)
        return complete
    matched_by_then(lane.offset, marks, out)
    return out


def _by_instant(bound: Deed | Match, arrays: TraitArrays) -> Mask:
    """Return which entities of a shard have by the instant what is asked of their past."""
    if arrays.snapshot is None:
        raise TypeError("what was done before needs the snapshot")
    shard = arrays.shard
    part = Part(-1, shard, arrays.snapshot, 0, shard.entities, _ALL)
    until = arrays.snapshot.last_us + 1 if arrays.until_us is None else arrays.until_us
    if isinstance(bound, Deed):
        begin = -FOREVER_US if bound.within_us is None else until - bound.within_us
        holds, out = mask(bound.rule, EventArrays(part)), np.empty(arrays.length, np.uint8)
        often_enough(shard.offset, holds, shard.time_us, begin, until, bound.at_least, out)
        return out
    lane = _lane(bound, part)
    marks = marks_of(lane, bound.pattern, within_us=bound.within_us)
    times, _ = counted(lane, marks, until_us=until)
    return (times > 0).view(np.uint8)


def _member(bound: Member, arrays: Arrays) -> Mask:
    """Return which entities are in a segment by the definition that counts at their instant."""
    if isinstance(arrays, TraitArrays):
        until = arrays.until_us
        last = bound.spans[-1][2]
        then = (who for begin, end, who in bound.spans if until is None or begin < until <= end)
        return mask(last if until is None else next(then, bound.spans[0][2]), arrays)
    part = _part_of(arrays)
    if len(bound.spans) == 1:
        return mask(bound.spans[0][2], AtEvents(part))
    time_us, out = _events(part).time_us, np.zeros(arrays.length, np.uint8)
    for begin, end, who in bound.spans:
        counts = (time_us >= begin) & (time_us < end)
        if counts.any():
            out |= mask(who, AtEvents(part)) & counts.view(np.uint8)
    return out


class _Events(NamedTuple):
    """The events of a part as a kernel of patterns or deeds reads them."""

    offset: NDArray[np.int64]
    codes: NDArray
    table: NDArray[np.uint64]
    time_us: NDArray[np.int64]
    keep: Mask


def _events(part: Part) -> _Events:
    """Return every event of a part, by name."""
    first, last = int(part.offset[0]), int(part.offset[-1])
    none, shard = np.empty(0, np.uint64), part.shard
    span = slice(first, last)
    return _Events(part.offset - first, shard.name[span], none, shard.time_us[span], _ALL)


def _lane(bound: Match, part: Part) -> _Events:
    """Return the events of a part with the states of a pattern that each can enter."""
    events = _events(part)
    by_name = _by_name(bound.rules)
    if by_name is not None:
        return events._replace(table=states_entered(bound.pattern, by_name))
    few = len(bound.rules) <= _FEW
    bits: NDArray = np.zeros(len(events.codes), np.uint16 if few else np.uint64)
    for k, rule in enumerate(bound.rules):
        bits |= mask(rule, EventArrays(part)).astype(bits.dtype) << bits.dtype.type(k)
    if few:
        table = np.arange(1 << len(bound.rules), dtype=np.uint64)
        return events._replace(codes=bits, table=states_entered(bound.pattern, table))
    table, codes = np.unique(bits, return_inverse=True)
    table = states_entered(bound.pattern, table)
    return events._replace(codes=codes.astype(np.uint32), table=table)


def _by_name(rules: tuple[Bound, ...]) -> NDArray[np.uint64] | None:
    """Return the names of a pattern that an event has, by its own name; null when a rule speaks of more."""
    tables = [one.table for one in rules if isinstance(one, Codes) and one.field.key == _NAME]
    if not tables or len(tables) < len(rules):
        return None
    out = np.zeros(max(map(len, tables)), np.uint64)
    for k, table in enumerate(tables):
        out |= table.astype(np.uint64) << np.uint64(k)
    return out


def _part_of(arrays: Arrays) -> Part:
    if isinstance(arrays, EventArrays | AtEvents):
        return arrays.part
    raise TypeError(arrays)


__all__ = ["AtEvents", "Mask", "mask", "write_mask"]
