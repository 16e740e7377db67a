"""Kernels that count events and entities period by period, with the sums of a number, in one pass."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _u8, _f64 = types.int64, types.uint8, types.float64
_NAMES = (types.uint16, types.uint32)
EVENTS, ENTITIES, KNOWN, KNOWN_BY, HIGH, LOW = range(6)
"""Columns of a cell: events, entities; events with a number, entities with one, both 32-bit limbs of its sum."""
COLUMNS = 6
_ENTITY, _PERIOD, _MICRO, _HAS, _ALL_HIGH, _ALL_LOW, _ALL_HAS = range(7)
_LIMB = 2**32
_LONG_AGO = -(2**63)
Whole = np.int64 | int


@kernel(types.int64(_i64, read_only(_i64), _i64))
def _period_at(now: Whole, edges_us: NDArray[np.int64], low: Whole) -> Whole:
    """Return the period of a time, which is not before period ``low``; -1 before the first one, P after the last."""
    high: Whole = np.int64(edges_us.size - 1)
    if now < edges_us[0]:
        return -1
    if now >= edges_us[high]:
        return high
    low = low if low > 0 else np.int64(0)
    while high - low > 1:
        middle = (low + high) // 2
        if edges_us[middle] <= now:
            low = middle
        else:
            high = middle
    return low


@kernel(types.void(_i64, _i64, _i64, writable(_i64)))
def _weigh(high: Whole, low: Whole, entity: Whole, most: NDArray[np.int64]) -> None:
    """Keep the larger sum of two entities, the first of equal ones; limbs are brought into order."""
    above, rest = high + (low >> 32), low & (_LIMB - 1)
    if most[2] < 0 or above > most[0] or (above == most[0] and rest > most[1]):
        most[0] = above
        most[1] = rest
        most[2] = entity


@kernel(
    types.void(
        _i64, _i64, writable(_i64, 3), writable(_f64, 2), writable(_i64, 4), writable(_i64, 4)
    )
)
def _close(
    row: Whole,
    step: Whole,
    state: NDArray[np.int64],
    own: NDArray[np.float64],
    out: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Add the number that an entity had in a period which is over for it."""
    mine = state[row, step]
    if mine[_HAS] == 0:
        return
    micro = np.rint(own[row, step] * 1e6)
    above = np.floor(micro / _LIMB)
    high = (mine[_MICRO] >> 32) + np.int64(above)
    low = (mine[_MICRO] & (_LIMB - 1)) + np.int64(micro - above * _LIMB)
    cell = out[row, step, mine[_PERIOD]]
    cell[KNOWN_BY] += 1
    cell[HIGH] += high
    cell[LOW] += low
    _weigh(high, low, mine[_ENTITY], most[row, step, mine[_PERIOD]])
    mine[_ALL_HIGH] += high
    mine[_ALL_LOW] += low
    mine[_ALL_HAS] = 1
    mine[_MICRO] = 0
    mine[_HAS] = 0
    own[row, step] = 0.0


@kernel(
    types.void(
        _i64, _i64, writable(_i64, 3), writable(_f64, 2), writable(_i64, 4), writable(_i64, 4)
    )
)
def _leave(
    row: Whole,
    step: Whole,
    state: NDArray[np.int64],
    own: NDArray[np.float64],
    out: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Add the number that an entity had in all periods, after its last event in a row."""
    _close(row, step, state, own, out, most)
    mine = state[row, step]
    if mine[_ALL_HAS] == 0:
        return
    every = out.shape[2] - 1
    out[row, step, every, KNOWN_BY] += 1
    _weigh(mine[_ALL_HIGH], mine[_ALL_LOW], mine[_ENTITY], most[row, step, every])
    mine[_ALL_HIGH] = 0
    mine[_ALL_LOW] = 0
    mine[_ALL_HAS] = 0


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(types.uint64),
            read_only(_i64),
            read_only(_u8),
            read_only(_i64),
            read_only(types.int32),
            read_only(_u8),
            read_only(_i64),
            read_only(_f64),
            writable(_i64, 4),
            writable(_i64, 4),
        )
        for name in _NAMES
    )
)
def tally(
    offset: NDArray[np.int64],
    codes: NDArray,
    bits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    edges_us: NDArray[np.int64],
    row: NDArray[np.int32],
    split: NDArray[np.uint8],
    money: NDArray[np.int64],
    number: NDArray[np.float64],
    out: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Add events and entities by row, step and period, with the sum of a number and whose is the largest.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``bits``.
    bits
        uint64[codes there are]: bit k is set for an event that takes step k.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    edges_us
        int64[P + 1], rising: period p is ``edges_us[p]`` up to ``edges_us[p + 1]``; other events are passed over.
    row
        int32[n]: the row in which each entity counts.
    split
        uint8[n_event]: an event counts in row ``row + 1 + split`` as well; empty for no such rows.
    money, number
        int64[n_event] micro-units, 0 for none, or float64[n_event], not finite for none; one or both empty.
    out
        int64[rows, steps, P + 1, 2 or COLUMNS], added to; of the last period only entities and KNOWN_BY, over all
        periods. A number is summed in time order for each entity and cell, then rounded to 1e-6.
    most
        int64[rows, steps, P + 1, 3], -1 before the first call: limbs of the largest sum of one entity, and its place.
    """
    rows, steps, every = out.shape[0], out.shape[1], out.shape[2] - 1
    state = np.zeros((rows, steps, 7), np.int64)
    state[:, :, :2] = -1
    own = np.zeros((rows, steps), np.float64)
    for e in range(np.uint64(offset.size - 1)):
        period: Whole = np.int64(-1)
        ends = np.int64(_LONG_AGO)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            hit = bits[codes[i]]
            if hit == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if time_us[i] >= ends:
                period = _period_at(time_us[i], edges_us, period)
                if period >= every:
                    break
                ends = edges_us[period + 1]
            if period < 0:
                continue
            for line in range(2 if split.size > 0 else 1):
                place = np.int64(row[e]) + (1 + np.int64(split[i]) if line > 0 else 0)
                for step in range(steps):
                    if (hit >> np.uint64(step)) & np.uint64(1) == 0:
                        continue
                    mine = state[place, step]
                    if mine[_ENTITY] != e:
                        _leave(place, step, state, own, out, most)
                        out[place, step, every, ENTITIES] += 1
                        mine[_ENTITY] = e
                        mine[_PERIOD] = -1
                    if mine[_PERIOD] != period:
                        _close(place, step, state, own, out, most)
                        out[place, step, period, ENTITIES] += 1
                        mine[_PERIOD] = period
                    out[place, step, period, EVENTS] += 1
                    if money.size > 0 and money[i] != 0:
                        out[place, step, period, KNOWN] += 1
                        mine[_HAS] = 1
                        mine[_MICRO] += money[i]
                    if number.size > 0 and np.isfinite(number[i]):
                        out[place, step, period, KNOWN] += 1
                        mine[_HAS] = 1
                        own[place, step] += number[i]
    for filled in range(rows):
        for step in range(steps):
            _leave(filled, step, state, own, out, most)


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            read_only(_i64),
            writable(types.int32),
        )
        for name in _NAMES
    )
)
def periods_seen(
    offset: NDArray[np.int64],
    codes: NDArray,
    active: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    edges_us: NDArray[np.int64],
    out: NDArray[np.int32],
) -> None:
    """Write in how many periods each entity was active.

    Parameters
    ----------
    offset, codes, time_us, keep, edges_us
        As in ``tally``.
    active
        uint8[codes there are]: 1 for an event that counts as being active.
    out
        int32[n], written.
    """
    last = edges_us.size - 1
    for e in range(np.uint64(offset.size - 1)):
        period: Whole = np.int64(-1)
        ends = np.int64(_LONG_AGO)
        seen = 0
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if active[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if time_us[i] < ends:
                continue
            period = _period_at(time_us[i], edges_us, period)
            if period >= last:
                break
            ends = edges_us[period + 1]
            seen += 1 if period >= 0 else 0
        out[e] = seen
