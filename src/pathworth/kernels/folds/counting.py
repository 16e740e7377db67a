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
_SEEN, _KNOWN, _HELD, _REST = range(4)
"""Of each place of an entity: who was counted there last, who has a number there, and micro-units so far: in a
period all of them, over all periods the upper limbs apart from the lower ones."""
_SPOT, _WHOLE = range(2)
"""Of each sum of an entity: its place in a period, and that over all periods."""
_LIMB = 2**32
_FINE = 8
Whole = np.int64 | int
Place = np.uint64 | int


@kernel(types.uint64(read_only(_i64)))
def _slot_bits(edges_us: NDArray[np.int64]) -> Place:
    """Return of how many bits a slot is, a power of two of microseconds; a period is about eight slots long."""
    span = np.uint64(edges_us[edges_us.size - 1] - edges_us[0])
    bits = np.uint64(0)
    while (span >> bits) > np.uint64(_FINE * edges_us.size):
        bits += np.uint64(1)
    return bits


@kernel(types.void(read_only(_i64), types.uint64, writable(types.uint64)))
def _index(edges_us: NDArray[np.int64], bits: Place, out: NDArray[np.uint64]) -> None:
    """Write the period in which each slot begins, from which it is a step, if any, to that of a time in the slot."""
    period = np.uint64(0)
    for slot in range(out.size):
        begins = edges_us[0] + (np.int64(slot) << np.int64(bits))
        while edges_us[period + np.uint64(1)] <= begins:
            period += np.uint64(1)
        out[slot] = period


@kernel(types.void(_i64, _i64, _i64, types.uint64, writable(_i64, 2)))
def _weigh(high: Whole, low: Whole, entity: Whole, cell: Place, most: NDArray[np.int64]) -> None:
    """Keep the larger sum of two entities, the first of equal ones; limbs are brought into order."""
    above, rest = high + (low >> 32), low & (_LIMB - 1)
    first = most[cell, 2] < 0
    if first or above > most[cell, 0] or (above == most[cell, 0] and rest > most[cell, 1]):
        most[cell, 0] = above
        most[cell, 1] = rest
        most[cell, 2] = entity


@kernel(
    types.void(
        _i64,
        types.uint64,
        types.uint64,
        read_only(_i64, 2),
        writable(_i64, 2),
        writable(_f64),
        writable(_i64, 2),
        writable(_i64, 2),
    )
)
def _settle(
    entity: Whole,
    base: Place,
    used: Place,
    places: NDArray[np.int64],
    own: NDArray[np.int64],
    sums: NDArray[np.float64],
    out: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Add the numbers that an entity has in its places, ``used`` of them, and over all periods."""
    for k in range(used):
        spot, whole = np.uint64(places[k, _SPOT]), np.uint64(places[k, _WHOLE])
        high, low = own[spot, _HELD] >> 32, own[spot, _HELD] & (_LIMB - 1)
        if sums[spot] != 0.0:
            micro = np.rint(sums[spot] * 1e6)
            above = np.floor(micro / _LIMB)
            high += np.int64(above)
            low += np.int64(micro - above * _LIMB)
        out[base + spot, KNOWN_BY] += 1
        out[base + spot, HIGH] += high
        out[base + spot, LOW] += low
        _weigh(high, low, entity, base + spot, most)
        own[whole, _HELD] += high
        own[whole, _REST] += low
    for k in range(used):
        whole = np.uint64(places[k, _WHOLE])
        if own[whole, _KNOWN] == entity:
            out[base + whole, KNOWN_BY] += 1
            _weigh(own[whole, _HELD], own[whole, _REST], entity, base + whole, most)
            own[whole, _HELD] = 0
            own[whole, _REST] = 0
            own[whole, _KNOWN] = -1


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
    steps, periods = np.uint64(out.shape[1]), np.uint64(out.shape[2])
    every = periods - np.uint64(1)
    cells, largest = out.reshape(-1, out.shape[3]), most.reshape(-1, 3)
    begins, ends, slot = edges_us[0], edges_us[-1], _slot_bits(edges_us)
    period_of = np.empty((np.uint64(ends - begins - 1) >> slot) + np.uint64(1), np.uint64)
    _index(edges_us, slot, period_of)
    # An entity stands in its own row and the parts of its events: places are counted from that row.
    wide = np.uint64(split.max()) + np.uint64(2) if split.size > 0 else np.uint64(1)
    size = np.int64(wide * steps * periods)
    own, places, sums = np.zeros((size, 4), np.int64), np.empty((size, 2), np.int64), np.empty(size)
    own[:, :_HELD] = -1
    for e in range(offset.size - 1):
        base = np.uint64(row[e]) * steps * periods
        used = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + 1])):
            hit, now = bits[codes[i]], time_us[i]
            if hit == 0 or (keep.size > 0 and keep[i] == 0) or now < begins:
                continue
            if now >= ends:
                break
            period = period_of[np.uint64(now - begins) >> slot]
            # One step is the most there nearly ever is, and nobody can foresee it.
            period += np.uint64(now >= edges_us[period + np.uint64(1)])
            while now >= edges_us[period + np.uint64(1)]:
                period += np.uint64(1)
            paid = money.size > 0 and money[i] != 0
            real = number.size > 0 and np.isfinite(number[i])
            for side in range(2 if split.size > 0 else 1):
                line = (np.uint64(1) + np.uint64(split[i])) * steps if side > 0 else np.uint64(0)
                for k in range(steps):
                    step = np.uint64(k)
                    if (hit >> step) & np.uint64(1) == 0:
                        continue
                    whole = (line + step) * periods + every
                    spot = whole - every + period
                    cells[base + spot, EVENTS] += 1
                    cells[base + spot, ENTITIES] += own[spot, _SEEN] != e
                    cells[base + whole, ENTITIES] += own[whole, _SEEN] != e
                    own[spot, _SEEN] = e
                    own[whole, _SEEN] = e
                    if not (paid or real):
                        continue
                    if own[spot, _KNOWN] != e:
                        own[spot, _KNOWN] = e
                        own[spot, _HELD] = 0
                        sums[spot] = 0.0
                        own[whole, _KNOWN] = e
                        places[used, _SPOT] = spot
                        places[used, _WHOLE] = whole
                        used += np.uint64(1)
                    cells[base + spot, KNOWN] += 1
                    if paid:
                        own[spot, _HELD] += money[i]
                    if real:
                        sums[spot] += number[i]
        if used > 0:
            _settle(e, base, used, places, own, sums, cells, largest)


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
            read_only(_i64),
            read_only(_f64),
            writable(_i64, 4),
            writable(_i64, 4),
        )
        for name in _NAMES
    )
)
def tally_one(
    offset: NDArray[np.int64],
    codes: NDArray,
    bits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    edges_us: NDArray[np.int64],
    row: NDArray[np.int32],
    money: NDArray[np.int64],
    number: NDArray[np.float64],
    out: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Add what ``tally`` does for one step and no split: an entity's periods rise, so that one is open at a time.

    Parameters
    ----------
    offset, codes, bits, time_us, keep, edges_us, row, money, number
        As in ``tally``.
    out, most
        As in ``tally``, of one step.
    """
    periods = np.uint64(out.shape[2])
    cells, largest = out.reshape(-1, out.shape[3]), most.reshape(-1, 3)
    begins, ends, slot = edges_us[0], edges_us[-1], _slot_bits(edges_us)
    period_of = np.empty((np.uint64(ends - begins - 1) >> slot) + np.uint64(1), np.uint64)
    _index(edges_us, slot, period_of)
    one = np.uint64(1)
    for e in range(np.uint64(offset.size - 1)):
        i, last = np.uint64(offset[e]), np.uint64(offset[e + one])
        base, entity = np.uint64(row[e]) * periods, np.int64(e)
        seen, numbers, upper, lower = False, np.int64(0), np.int64(0), np.int64(0)
        while i < last:
            now = time_us[i]
            if bits[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0) or now < begins:
                i += one
                continue
            if now >= ends:
                break
            period = period_of[np.uint64(now - begins) >> slot]
            period += np.uint64(now >= edges_us[period + one])
            while now >= edges_us[period + one]:
                period += one
            until, cell = edges_us[period + one], base + period
            events, known, held, total = np.int64(0), np.int64(0), np.int64(0), 0.0
            while i < last and time_us[i] < until:
                taken = bits[codes[i]] != 0
                if keep.size > 0:
                    taken = taken & (keep[i] != 0)
                events += taken
                if money.size > 0:
                    paid = money[i] if taken else np.int64(0)
                    known += paid != 0
                    held += paid
                elif number.size > 0 and taken and np.isfinite(number[i]):
                    known += 1
                    total += number[i]
                i += one
            seen = True
            cells[cell, EVENTS] += events
            cells[cell, ENTITIES] += 1
            if cells.shape[1] == COLUMNS:
                high, low = held >> 32, held & (_LIMB - 1)
                if total != 0.0:
                    micro = np.rint(total * 1e6)
                    above = np.floor(micro / _LIMB)
                    high, low = np.int64(above), np.int64(micro - above * _LIMB)
                # Nobody can foresee who has money: nothing is added for who has none.
                cells[cell, KNOWN] += known
                cells[cell, KNOWN_BY] += known > 0
                cells[cell, HIGH] += high
                cells[cell, LOW] += low
                numbers, upper, lower = numbers + known, upper + high, lower + low
                if (known > 0) & ((high >= largest[cell, 0]) | (largest[cell, 2] < 0)):
                    _weigh(high, low, entity, cell, largest)
        whole = base + periods - one
        cells[whole, ENTITIES] += seen
        if numbers > 0:
            cells[whole, KNOWN_BY] += 1
            _weigh(upper, lower, entity, whole, largest)


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
    begins, ends, slot = edges_us[0], edges_us[-1], _slot_bits(edges_us)
    period_of = np.empty((np.uint64(ends - begins - 1) >> slot) + np.uint64(1), np.uint64)
    _index(edges_us, slot, period_of)
    for e in range(np.uint64(offset.size - 1)):
        seen, before = 0, np.uint64(edges_us.size)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            now = time_us[i]
            if active[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0) or now < begins:
                continue
            if now >= ends:
                break
            period = period_of[np.uint64(now - begins) >> slot]
            while now >= edges_us[period + np.uint64(1)]:
                period += np.uint64(1)
            seen += period != before
            before = period
        out[e] = seen
